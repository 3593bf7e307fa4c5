/* Plan: what is typed into the bar presses the panel's buttons; the aims stand in the address. */
(function () {
  'use strict';
  const dash = () => window.dash_clientside;

  function press(presses) {
    for (const [what, at] of presses || []) {
      window.btm.press(what, at);
    }
    return dash().no_update;
  }

  /* The page's own scenario with the usual aims needs no address. */
  function address(aims, _job, scenario, usual) {
    const isUsual = scenario === '' && Object.keys(usual).every((name) => aims[name] === usual[name]);
    window.btm.replaceQuery((query) => {
      for (const [name, value] of Object.entries(aims)) {
        const shown = name === 'worth' || value === null ? value : Number((100 * value).toFixed(4));
        if (isUsual || shown === null) {
          query.delete(name);
        } else {
          query.set(name, String(shown));
        }
      }
    });
    return dash().no_update;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, { btm_plan: { press, address } });
})();
