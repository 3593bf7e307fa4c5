/* How numbers look: the menu in the top bar. A choice is a cookie, which the server reads with the next request. */
(function () {
  'use strict';
  const YEAR_SECONDS = 31536000;
  const CHOSEN = 'btm-numbers-chosen';
  const place = () => document.querySelector('.numbers-place');
  const parts = (host) => [host.querySelector('#numbers-toggle'), host.querySelector('#numbers-menu')];

  function kept(name) {
    const found = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`));
    return found ? found.slice(name.length + 1) : '';
  }

  function keep(name, value) {
    const secure = window.location.protocol === 'https:' ? '; secure' : '';
    document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR_SECONDS : 0}; samesite=lax${secure}`;
  }

  /* Chosen in another tab: what the server answers from now on would not go with what this one was loaded with. */
  const chosen = () => ['btm-numbers', 'btm-currency'].map(kept).join();
  const atFirst = chosen();

  function follow() {
    if (!document.hidden && chosen() !== atFirst) {
      window.location.reload();
    }
  }

  document.addEventListener('visibilitychange', follow);
  window.addEventListener('pageshow', follow);

  const nameOf = (choice) => choice.closest('[data-cookie]').dataset.cookie;

  function show(host, open) {
    const [toggle, menu] = parts(host);
    menu.hidden = !open;
    toggle.setAttribute('aria-expanded', String(open));
    for (const choice of menu.querySelectorAll('[data-value]')) {
      choice.setAttribute('aria-pressed', String(choice.dataset.value === kept(nameOf(choice))));
    }
  }

  /* The tab remembers which choice was pressed, so that the page opens with it: one can be followed by another. */
  function choose(choice) {
    keep(nameOf(choice), choice.dataset.value);
    try {
      window.sessionStorage.setItem(CHOSEN, `[data-cookie="${nameOf(choice)}"] [data-value="${choice.dataset.value}"]`);
    } catch {
      /* The menu then stays closed. */
    }
    window.location.reload();
  }

  function reopen() {
    try {
      const pressed = window.sessionStorage.getItem(CHOSEN);
      window.sessionStorage.removeItem(CHOSEN);
      if (pressed && place()) {
        show(place(), true);
        place().querySelector(pressed).focus({ preventScroll: true });
      }
    } catch {
      /* As above. */
    }
  }

  document.addEventListener('click', (event) => {
    const host = place();
    if (!host) {
      return;
    }
    const choice = event.target.closest('.numbers-choice');
    if (choice) {
      choose(choice);
    } else if (event.target.closest('#numbers-toggle')) {
      show(host, parts(host)[1].hidden);
    } else if (!host.contains(event.target)) {
      show(host, false);
    }
  });

  document.addEventListener('keydown', (event) => {
    const host = place();
    if (event.key === 'Escape' && host && !parts(host)[1].hidden) {
      show(host, false);
      parts(host)[0].focus();
    }
  });

  document.addEventListener('focusin', (event) => {
    /* Some browsers take the decimal sign of a field from its language; the page's own is that of its words. */
    if (event.target.type === 'number') {
      event.target.lang = window.btm.writing.language;
    }
    const host = place();
    if (host && !host.contains(event.target)) {
      show(host, false);
    }
  });

  window.addEventListener('btm-page', reopen, { once: true });
})();
