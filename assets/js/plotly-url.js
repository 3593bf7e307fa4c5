/* Makes dcc.Graph load our own, smaller build of plotly.js instead of the 4.8 MB one that Dash names.

   Dash assigns window._dashPlotlyJSURL when its bundle runs, and dcc.Graph reads it when the first graph is drawn. This
   script runs before that bundle and fixes the value; the setter swallows Dash's assignment, because a read-only property
   would make its strict-mode code throw. */
(function () {
  'use strict';
  const url = document.currentScript.dataset.plotly;
  Object.defineProperty(window, '_dashPlotlyJSURL', { get: () => url, set: () => {} });
})();
