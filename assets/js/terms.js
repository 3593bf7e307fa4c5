/* Special terms: their definition on hover, focus and tap; the way into the guide; and the guide's own script, fetched with its page. */
(function () {
  'use strict';
  const GAP = 8;
  const EDGE = 12;
  const WAIT_MS = 250;
  const dash = () => window.dash_clientside;

  /* --- The definition ------------------------------------------------------------------------------------------------------- */

  let card = null;
  let shownFor = null;
  let waiting = 0;

  function made() {
    card = document.createElement('div');
    card.id = 'term-card';
    card.className = 'term-card';
    card.setAttribute('role', 'tooltip');
    card.append(document.createElement('strong'), document.createElement('span'));
    card.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && hide());
    document.body.append(card);
  }

  function show(link) {
    if (!card) {
      made();
    }
    if (shownFor) {
      shownFor.removeAttribute('aria-describedby');
    }
    shownFor = link;
    card.children[0].textContent = link.dataset.term;
    card.children[1].textContent = link.dataset.says;
    card.hidden = false;
    link.setAttribute('aria-describedby', card.id);
    const at = link.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const above = at.bottom + GAP + size.height > window.innerHeight && at.top > size.height + GAP;
    const left = Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - size.width - EDGE));
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${(above ? at.top - GAP - size.height : at.bottom + GAP) + window.scrollY}px`;
  }

  function hide() {
    window.clearTimeout(waiting);
    if (shownFor) {
      shownFor.removeAttribute('aria-describedby');
      card.hidden = true;
      shownFor = null;
    }
  }

  const termAt = (event) => (event.target.closest ? event.target.closest('a.term') : null);

  document.addEventListener('pointerover', (event) => {
    const link = termAt(event);
    if (event.pointerType !== 'mouse') {
      return;
    }
    window.clearTimeout(waiting);
    if (link && link !== shownFor) {
      waiting = window.setTimeout(() => link.isConnected && show(link), WAIT_MS);
    } else if (!link && shownFor && !event.target.closest('.term-card')) {
      waiting = window.setTimeout(hide, WAIT_MS);
    }
  });

  document.addEventListener('focusin', (event) => {
    const link = termAt(event);
    if (link && link.matches(':focus-visible')) {
      show(link);
    } else if (!link) {
      hide();
    }
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && shownFor) {
      event.stopPropagation();
      hide();
    }
  }, true);

  window.addEventListener('btm-page', hide);

  /* --- The way into the guide ------------------------------------------------------------------------------------------------ */

  /* The scenario goes along, and no new document is loaded. */
  function go(link) {
    const to = new URL(link.href);
    if (to.pathname !== window.location.pathname) {
      window.history.pushState({}, '', `${to.pathname}${window.location.search}${to.hash}`);
      window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
      window.scrollTo(0, 0);
    } else {
      window.location.hash = to.hash;
    }
  }

  let touched = false;
  document.addEventListener('pointerdown', (event) => { touched = event.pointerType !== 'mouse'; }, true);

  document.addEventListener('click', (event) => {
    const link = termAt(event);
    if (!link) {
      if (shownFor && !event.target.closest('.term-card')) {
        hide();
      }
      return;
    }
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    /* A finger cannot hover: the first tap shows the definition, the second one follows. */
    if (touched && event.detail && shownFor !== link) {
      show(link);
      return;
    }
    hide();
    go(link);
  });

  /* --- The guide's own script ------------------------------------------------------------------------------------------------- */

  let loading = null;

  function load() {
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = document.getElementById('guide').dataset.script;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${script.src} could not be loaded.`));
      document.body.append(script);
    });
    loading.catch(() => { loading = null; });
    return loading.then(() => {
      window.btm_guide_page.open();
      return true;
    });
  }

  const counted = (ready, ticked) => (window.btm_guide_page ? window.btm_guide_page.counted(ready, ticked) : dash().no_update);

  window.dash_clientside = Object.assign({}, window.dash_clientside, { btm_guide: { load, counted } });
})();
