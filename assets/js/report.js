/* The menu of what can be taken away: opens, closes, keyboard. What its entries do comes with a script of its own. */
(function () {
  'use strict';
  const HOST = '[data-report]';
  const buttonOf = (host) => host.querySelector('.report-button');
  const menuOf = (host) => host.querySelector('.report-menu');
  const isOpen = (host) => !menuOf(host).hidden;
  const steps = (host) => [...menuOf(host).querySelectorAll('button, textarea')].filter((one) => one.offsetParent);

  let loading = null;

  function load({ dataset }) {
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = dataset.script;
      script.onload = resolve;
      script.onerror = () => { loading = null; reject(new Error('not loaded')); };
      document.body.append(script);
    });
    return loading;
  }

  function say(host, text) {
    menuOf(host).querySelector('.report-status').textContent = text;
  }

  function show(host, open) {
    if (open === isOpen(host)) {
      return;
    }
    menuOf(host).hidden = !open;
    buttonOf(host).setAttribute('aria-expanded', String(open));
    if (open) {
      say(host, '');
      menuOf(host).querySelector('.report-text').hidden = true;
      load(host).catch(() => {});
      steps(host)[0].focus();
    }
  }

  function move(host, event) {
    const all = steps(host);
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined && event.target.tagName !== 'TEXTAREA') {
      event.preventDefault();
      all[(to + all.length) % all.length].focus();
    }
  }

  document.addEventListener('click', (event) => {
    const host = event.target.closest(HOST);
    if (host && event.target.closest('.report-button')) {
      show(host, !isOpen(host));
    }
    document.querySelectorAll(HOST).forEach((other) => other !== host && show(other, false));
  });

  document.addEventListener('keydown', (event) => {
    const host = event.target.closest && event.target.closest(HOST);
    if (!host || !isOpen(host)) {
      return;
    }
    if (event.key === 'Escape') {
      show(host, false);
      buttonOf(host).focus();
    } else {
      move(host, event);
    }
  });

  document.addEventListener('focusin', (event) => {
    document.querySelectorAll(HOST).forEach((host) => host.contains(event.target) || show(host, false));
  });

  /* The buttons' clicks, then what the page keeps. */
  function take(...given) {
    const { no_update: nothing, callback_context: context } = window.dash_clientside;
    const [pressed] = context.triggered;
    if (!pressed || !pressed.value) {
      return nothing;
    }
    const { page, kind } = JSON.parse(pressed.prop_id.slice(0, pressed.prop_id.lastIndexOf('.')));
    const host = document.querySelector(`[data-report="${page}"]`);
    const names = JSON.parse(host.dataset.stores);
    const kept = given.slice(given.length - names.length);
    const stores = Object.fromEntries(names.map((name, place) => [name, kept[place] ?? null]));
    const words = JSON.parse(host.dataset.words);
    const tell = (text) => say(host, text);
    load(host).then(() => window.btm.report({ host, page, kind, stores, words, tell }), () => tell(words.away));
    return nothing;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, { btm_report: { take } });
})();
