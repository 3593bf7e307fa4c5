/* Light and dark. Runs in the head, before the first paint, so that no page flashes in the wrong theme. */
(function () {
  'use strict';
  const KEY = 'btm-theme';
  const BACKGROUND = { light: '#FFFFFF', dark: '#111418' };
  const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');

  /* Storage throws where a browser forbids it: the choice then lasts for the page only. */
  function stored() {
    try {
      const theme = window.localStorage.getItem(KEY);
      return theme === 'light' || theme === 'dark' ? theme : null;
    } catch {
      return null;
    }
  }

  function store(theme) {
    try {
      window.localStorage.setItem(KEY, theme);
    } catch {
      /* Nothing to do: see stored(). */
    }
  }

  function current() {
    return document.documentElement.getAttribute('data-bs-theme');
  }

  function show(theme) {
    document.documentElement.setAttribute('data-bs-theme', theme);
    const meta = document.querySelector('meta[name="theme-color"]');
    if (meta) {
      meta.setAttribute('content', BACKGROUND[theme]);
    }
  }

  function change(theme) {
    show(theme);
    document.dispatchEvent(new CustomEvent('btm:theme', { detail: theme }));
    return theme;
  }

  show(stored() || (prefersDark.matches ? 'dark' : 'light'));

  prefersDark.addEventListener('change', (event) => {
    if (stored()) {
      return;
    }
    const theme = change(event.matches ? 'dark' : 'light');
    if (window.dash_clientside.set_props) { /* The page to sign in has no Dash. */
      window.dash_clientside.set_props('theme', { data: theme });
    }
  });

  window.btm = window.btm || {};
  window.btm.theme = current;
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.btm_theme = {
    /* Without a click this tells the store which theme the page came up in. */
    toggle(clicks) {
      if (!clicks) {
        return current();
      }
      const theme = change(current() === 'dark' ? 'light' : 'dark');
      store(theme);
      return theme;
    },
  };
})();
