/* Draws a report's figures as the pages do, in the light theme's colours. Everything is in the file. */
(function () {
  'use strict';
  const held = (id) => JSON.parse(document.getElementById(id).textContent);
  const [figures, config] = [held('figures'), held('config')];
  const plots = [...document.querySelectorAll('[data-chart]')];

  for (const plot of plots) {
    const { data, layout } = window.btm.resolve(figures[plot.dataset.chart]);
    window.Plotly.newPlot(plot, data, { ...layout, height: undefined }, config)
      .then(() => plot.closest('figure').classList.add('is-drawn'));
  }

  window.addEventListener('beforeprint', () => plots.forEach((plot) => window.Plotly.Plots.resize(plot)));
})();
