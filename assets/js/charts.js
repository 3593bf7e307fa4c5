/* Puts the colours of the theme into figures. A figure names colours as "token:<name>" or "token:<name>/<opacity>", so
   that the server makes it once for both themes; the opacity is a number or itself the name of a custom property. */
(function () {
  'use strict';
  const btm = (window.btm = window.btm || {});
  const [SOON, LATEST] = [100, 1500];
  const TOKEN = /token:([a-z0-9-]+)(?:\/([a-z0-9.-]+))?/gi;

  function transparent(colour, opacity) {
    const hex = /^#([0-9a-f]{6})$/i.exec(colour);
    if (hex) {
      const value = parseInt(hex[1], 16);
      return `rgba(${value >> 16}, ${(value >> 8) & 255}, ${value & 255}, ${opacity})`;
    }
    const parts = colour.match(/[\d.]+/g) || [0, 0, 0];
    return `rgba(${parts[0]}, ${parts[1]}, ${parts[2]}, ${opacity})`;
  }

  /* Asks the style of the page once per name and figure, not once per use. */
  function palette() {
    const style = window.getComputedStyle(document.documentElement);
    const known = {};
    const property = (name) => {
      if (!(name in known)) {
        known[name] = style.getPropertyValue(`--${name}`).trim();
      }
      return known[name];
    };
    return (match, name, opacity) => {
      const colour = property(name);
      if (!opacity || !colour) {
        return colour || match;
      }
      return transparent(colour, Number.isNaN(Number(opacity)) ? property(opacity) : opacity);
    };
  }

  function copied(value, colour) {
    if (typeof value === 'string') {
      return value.includes('token:') ? value.replace(TOKEN, colour) : value;
    }
    if (Array.isArray(value)) {
      return value.map((item) => copied(item, colour));
    }
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item, colour)]));
    }
    return value;
  }

  btm.resolve = (figure) => copied(figure, palette());

  /* The element that Plotly draws in, once it has drawn there; null before. */
  btm.plot = (graphId) => {
    const host = document.getElementById(graphId);
    const plot = host && host.querySelector('.js-plotly-plot');
    return plot && plot._fullLayout && window.Plotly ? plot : null;
  };

  /* What Plotly makes a picture of: a chart as it stands, on the page's ground. Made in the browser: nothing leaves it. */
  btm.picture = (plot) => {
    const background = window.getComputedStyle(document.documentElement).getPropertyValue('--bs-body-bg').trim();
    const { offsetWidth: width, offsetHeight: height } = plot;
    const layout = { ...plot.layout, paper_bgcolor: background };
    return [{ data: plot.data, layout }, { format: 'png', width, height, scale: 2 }];
  };

  btm.downloadPng = (graphId, name) => {
    const plot = btm.plot(graphId);
    if (!plot) {
      return Promise.resolve();
    }
    const [figure, settings] = btm.picture(plot);
    return window.Plotly.downloadImage(figure, { ...settings, filename: name });
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-png]');
    if (button) {
      btm.downloadPng(button.dataset.png, button.dataset.name);
    }
  });

  window.dash_clientside = window.dash_clientside || {};
  function isInSight(graphId) {
    const host = document.getElementById(graphId);
    return !host || host.getBoundingClientRect().top < window.innerHeight;
  }

  /* What has to be scrolled to is drawn when the browser has drawn what is in sight. */
  function inAMoment(make) {
    const wait = window.requestIdleCallback || ((then) => window.setTimeout(then, SOON));
    return new Promise((resolve) => { wait(() => resolve(make()), { timeout: LATEST }); });
  }

  window.dash_clientside.btm_charts = {
    draw(figure) {
      if (!figure) {
        return window.dash_clientside.no_update;
      }
      const { outputs_list: place } = window.dash_clientside.callback_context;
      return isInSight(place && place.id) ? btm.resolve(figure) : inAMoment(() => btm.resolve(figure));
    },
  };
})();
