/* The top bar and the scenario panel: copy link, current page, phone menu, and the panel that opens below 1200 px. */
(function () {
  'use strict';
  const COPIED_MS = 2000;
  const WIDE = window.matchMedia('(min-width: 1200px)');
  const FOCUSABLE = 'button, input, select, textarea, a[href], [tabindex]:not([tabindex="-1"])';
  const byId = (id) => document.getElementById(id);

  function announce(text) {
    window.dash_clientside.set_props('live', { children: text });
  }

  /* --- Copy link ------------------------------------------------------------------------------------------------- */

  /* The clipboard API exists on https and localhost only; the older command covers a plain http host. */
  async function copy(text) {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return;
    }
    const field = document.createElement('textarea');
    field.value = text;
    field.setAttribute('readonly', '');
    field.className = 'visually-hidden';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    if (!done) {
      throw new Error('copy refused');
    }
  }

  let restoring = 0;

  async function copyLink(clicks) {
    if (!clicks) {
      return window.dash_clientside.no_update;
    }
    const words = byId('copy-link').dataset;
    const query = new URLSearchParams(window.location.search);
    let told = query.has('c') && !query.has('s') ? words.own : words.copied;
    if (!hasLink) {
      told = words.none;
    } else {
      try {
        await copy(window.location.href.split('#')[0]);
      } catch {
        told = words.failed;
      }
    }
    announce(told);
    window.clearTimeout(restoring);
    restoring = window.setTimeout(() => {
      window.dash_clientside.set_props('copy-link-label', { children: words.idle });
      announce('');
    }, COPIED_MS);
    return told;
  }

  /* --- Address ----------------------------------------------------------------------------------------------------- */

  /* The scenario itself, and the place of what this browser's visitor brought. */
  const KEYS = ['s', 'c'];
  let hasLink = true;

  /* The address is the scenario, and what a page keeps beside it; replacing it neither draws the page anew nor fills
     the history. */
  function replaceQuery(change) {
    const query = new URLSearchParams(window.location.search);
    change(query);
    const text = String(query).replaceAll('%2C', ',');
    window.history.replaceState(window.history.state, '', window.location.pathname + (text && `?${text}`));
  }

  function address(query) {
    hasLink = typeof query === 'string';
    const scenario = new URLSearchParams(query || '');
    replaceQuery((now) => {
      for (const key of KEYS) {
        if (scenario.has(key)) {
          now.set(key, scenario.get(key));
        } else {
          now.delete(key);
        }
      }
    });
    carryScenario();
    return window.dash_clientside.no_update;
  }

  /* Every way to a page takes the scenario along. */
  function carryScenario() {
    const now = new URLSearchParams(window.location.search);
    const scenario = new URLSearchParams(KEYS.filter((key) => now.has(key)).map((key) => [key, now.get(key)]));
    for (const link of document.querySelectorAll('.brand, a.top-link')) {
      const id = JSON.parse(link.id);
      window.dash_clientside.set_props(id, { href: String(scenario) ? `${id.to}?${scenario}` : id.to });
    }
  }

  /* --- Current page ---------------------------------------------------------------------------------------------- */

  const trimmed = (path) => path.replace(/\/+$/, '') || '/';

  function markCurrent(pathname) {
    for (const link of document.querySelectorAll('.top-nav a.top-link')) {
      if (trimmed(new URL(link.href).pathname) === trimmed(pathname || '/')) {
        link.setAttribute('aria-current', 'page');
      } else {
        link.removeAttribute('aria-current');
      }
    }
    carryScenario();
    showMenu(false);
    /* For what a page left running: Dash changes pages without a new document. */
    window.dispatchEvent(new CustomEvent('btm-page'));
  }

  /* --- Phone menu ------------------------------------------------------------------------------------------------ */

  function showMenu(open) {
    const button = byId('menu-toggle');
    if (button) {
      button.setAttribute('aria-expanded', String(open));
      button.closest('.top-bar').classList.toggle('menu-open', open);
    }
  }

  const menuIsOpen = () => Boolean(document.querySelector('.top-bar.menu-open'));

  /* --- Scenario panel -------------------------------------------------------------------------------------------- */

  const page = () => document.querySelector('.page-with-panel');
  const panelIsOpen = () => Boolean(page() && page().classList.contains('panel-open'));

  /* While the panel lies over the page, everything else is inert: focus and screen readers stay inside. */
  function showPanel(open) {
    const host = page();
    if (!host || open === panelIsOpen()) {
      return;
    }
    const panel = host.querySelector('.scenario-panel');
    const rest = [
      ...document.querySelectorAll('.skip-link, .top-bar'),
      ...host.querySelectorAll('.scenario-bar, .page-main'),
    ];
    host.classList.toggle('panel-open', open);
    document.documentElement.classList.toggle('no-scroll', open);
    rest.forEach((part) => part.toggleAttribute('inert', open));
    byId('edit-scenario').setAttribute('aria-expanded', String(open));
    if (open) {
      panel.setAttribute('role', 'dialog');
      panel.setAttribute('aria-modal', 'true');
      panel.querySelector(FOCUSABLE).focus();
    } else {
      panel.removeAttribute('role');
      panel.removeAttribute('aria-modal');
      byId('edit-scenario').focus();
    }
  }

  WIDE.addEventListener('change', () => {
    showPanel(false);
    showMenu(false);
  });

  /* Leaving the page takes the panel's markup away, and with it the way to give the rest of the page back. */
  window.addEventListener('popstate', () => showPanel(false));

  document.addEventListener('click', (event) => {
    const hit = (selector) => event.target.closest(selector);
    if (hit('#edit-scenario')) {
      showPanel(true);
    } else if (hit('[data-panel-close]')) {
      showPanel(false);
    } else if (hit('#menu-toggle')) {
      showMenu(!menuIsOpen());
    } else if (menuIsOpen() && !hit('.top-nav')) {
      showMenu(false);
    }
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') {
      return;
    }
    if (panelIsOpen()) {
      showPanel(false);
    } else if (menuIsOpen()) {
      showMenu(false);
      byId('menu-toggle').focus();
    }
  });

  /* --- Sliders --------------------------------------------------------------------------------------------------- */

  /* Chromium and Safari cannot colour the part of a track before the thumb: the stylesheet does it with --fill. */
  function fillRange(range) {
    const low = Number(range.min || 0);
    const high = Number(range.max || 100);
    const share = high > low ? (Number(range.value) - low) / (high - low) : 0;
    const half = 10 - 20 * share; /* The thumb stays inside the track: its middle moves less than the track is long. */
    range.style.setProperty('--fill', `calc(${(100 * share).toFixed(3)}% + ${half.toFixed(2)}px)`);
  }

  /* Components write the value straight into the element, which fires no event: listen in on the writing. The
     descriptor is React's own where React watches the element, so its book-keeping goes on. */
  function watchRange(range) {
    fillRange(range);
    if (range.dataset.filled) {
      return;
    }
    range.dataset.filled = 'true';
    const written =
      Object.getOwnPropertyDescriptor(range, 'value') ||
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    Object.defineProperty(range, 'value', {
      configurable: true,
      enumerable: written.enumerable,
      get: written.get,
      set(value) {
        written.set.call(this, value);
        fillRange(this);
      },
    });
  }

  document.addEventListener('input', (event) => {
    if (event.target.matches('input[type="range"]')) {
      fillRange(event.target);
    }
  });

  /* Sliders arrive with the page, and their limits may change while they stand there. */
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'attributes') {
        if (change.target.matches('input[type="range"]')) {
          fillRange(change.target);
        }
        continue;
      }
      for (const node of change.addedNodes) {
        /* Charts add SVG by the thousand: no slider is in there. */
        if (node instanceof HTMLElement) {
          const ranges = node.matches('input[type="range"]') ? [node] : node.querySelectorAll('input[type="range"]');
          ranges.forEach(watchRange);
        }
      }
    }
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ['min', 'max'] });

  window.btm = window.btm || {};
  window.btm.copy = copy;
  window.btm.fillRange = fillRange;
  window.btm.replaceQuery = replaceQuery;
  window.btm.closePanel = () => showPanel(false);
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.btm_shell = { copy_link: copyLink, mark_current: markCurrent, address };
})();
