/* First visits and what is kept for later ones: offers the tour, and fetches the tour, the story, the cards and the saved
   scenarios when somebody asks for them. */
(function () {
  'use strict';
  const SEEN = 'btm-tour';
  const SCENARIO = ['s', 'c', 'story'];
  const byId = (id) => document.getElementById(id);
  const parts = {}; /* what the fetched scripts can do, by their names */
  const loading = {};
  let styles = null;

  function fetched(tag, attributes) {
    return new Promise((resolve, reject) => {
      const node = Object.assign(document.createElement(tag), attributes);
      node.onload = resolve;
      node.onerror = () => reject(new Error(`${attributes.src || attributes.href} could not be loaded.`));
      document.head.append(node);
    });
  }

  function load(name) {
    const sources = byId('visit').dataset;
    styles = styles || fetched('link', { rel: 'stylesheet', href: sources.styles });
    loading[name] = loading[name] || fetched('script', { src: sources[name] });
    return Promise.all([styles, loading[name]]).catch((error) => {
      styles = null;
      delete loading[name];
      throw error;
    });
  }

  function open(name, opener) {
    load(name).then(() => parts[name](opener));
  }

  /* A browser that keeps nothing would be asked at every visit: then it is never asked. */
  function isNew() {
    try {
      return window.localStorage.getItem(SEEN) === null;
    } catch {
      return false;
    }
  }

  function seen() {
    byId('invitation')?.toggleAttribute('hidden', true);
    try {
      window.localStorage.setItem(SEEN, 'seen');
    } catch {
      /* See isNew(). */
    }
  }

  /* Whoever comes by a link came for that campaign; a program that drives the browser came for something else. */
  let hasArrived = false;

  function arrive(shown) {
    if (!shown || hasArrived) {
      return;
    }
    hasArrived = true;
    const query = new URLSearchParams(window.location.search);
    if (query.has('story')) {
      open('story');
    } else if (isNew() && !navigator.webdriver && !SCENARIO.some((key) => query.has(key))) {
      byId('invitation').hidden = false;
    }
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-visit], [data-dismiss="tour"]');
    if (!button) {
      return;
    }
    if (button.dataset.dismiss) {
      seen();
      byId('main').focus({ preventScroll: true });
    } else {
      open(button.dataset.visit, button);
    }
  });

  function tell(told) {
    parts.told?.(told);
    return window.dash_clientside.no_update;
  }

  window.btm = Object.assign(window.btm || {}, { visit: parts, tourSeen: seen });
  window.dash_clientside = Object.assign({}, window.dash_clientside, { btm_visit: { arrive, tell } });
})();
