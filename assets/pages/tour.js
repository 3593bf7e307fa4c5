/* The tour: a card beside each of five places of the Time Machine, and a ring around the place. */
(function () {
  'use strict';
  const { element, filled } = window.btm.writing;
  /* Where a step points, the first of them that can be seen: small screens hide the panel and the links. */
  const AT = {
    verdict: ['#hero'],
    scenario: ['.scenario-panel', '.scenario-bar'],
    replay: ['.stage .transport'],
    chart: ['.stage-charts'],
    pages: ['.top-nav', '#menu-toggle'],
  };
  const GAP = 14;
  const BAR = 56;
  let words = null;
  let parts = null;
  let step = 0;
  let opener = null;

  function isSeen(node) {
    const box = node.getBoundingClientRect();
    return box.width > 0 && box.right > 0 && window.getComputedStyle(node).visibility === 'visible';
  }

  const place = () => AT[words.steps[step].at].map((at) => document.querySelector(at)).find((node) => node && isSeen(node));

  function button(kind, text, press) {
    const node = element('button', `btn btn-${kind}`, text);
    node.type = 'button';
    node.addEventListener('click', press);
    return node;
  }

  function build() {
    const dialog = element('dialog', 'tour');
    const told = element('div', 'tour-words');
    told.setAttribute('aria-live', 'polite');
    told.setAttribute('aria-atomic', 'true');
    const at = element('p', 'hint');
    const title = element('h2', 'h2');
    const text = element('p', 'tour-text');
    title.id = 'tour-title';
    text.id = 'tour-text';
    told.append(at, title, text);
    dialog.setAttribute('aria-labelledby', title.id);
    dialog.setAttribute('aria-describedby', text.id);
    const row = element('div', 'tour-row');
    const skip = button('quiet', words.skip, () => dialog.close());
    const back = button('secondary', words.back, () => go(step - 1));
    const next = button('primary', words.next, () => go(step + 1));
    row.append(skip, back, next);
    dialog.append(told, row);
    dialog.addEventListener('close', end);
    dialog.addEventListener('keydown', (event) => {
      const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (turn && step + turn >= 0 && step + turn < words.steps.length) {
        event.preventDefault();
        go(step + turn);
      }
    });
    return { dialog, at, title, text, back, next, ring: element('div', 'tour-ring') };
  }

  function go(to) {
    if (to >= words.steps.length) {
      parts.dialog.close();
      return;
    }
    step = Math.max(0, to);
    const last = step === words.steps.length - 1;
    parts.at.textContent = filled(words.at, { step: step + 1, steps: words.steps.length });
    parts.title.textContent = words.steps[step].title;
    parts.text.textContent = words.steps[step].text;
    parts.back.disabled = step === 0;
    parts.next.textContent = last ? words.done : words.next;
    if (document.activeElement !== parts.next && !parts.dialog.contains(document.activeElement)) {
      parts.next.focus();
    }
    const target = place();
    /* What keeps its place while the page scrolls is in sight already. */
    if (target && !target.closest('.top-bar, .scenario-panel')) {
      window.scrollTo({ top: window.scrollY + target.getBoundingClientRect().top - BAR - 2 * GAP, behavior: 'instant' });
    }
    lay();
  }

  /* Below, above, right or left of the ring, wherever there is room; over its lower part where there is none. */
  function spot(ring, card) {
    const [wide, high] = [window.innerWidth, window.innerHeight];
    const left = Math.min(Math.max(GAP, ring.left), wide - card.width - GAP);
    const top = Math.min(Math.max(BAR + GAP, ring.top), high - card.height - GAP);
    const spots = [
      [left, ring.bottom + GAP],
      [left, ring.top - GAP - card.height],
      [ring.right + GAP, top],
      [ring.left - GAP - card.width, top],
    ];
    const fits = ([x, y]) => x >= GAP && y >= GAP && x + card.width <= wide - GAP && y + card.height <= high - GAP;
    return spots.find(fits) || [wide - card.width - 2 * GAP, high - card.height - 2 * GAP];
  }

  function lay() {
    const target = parts && place();
    if (!target) {
      return;
    }
    const box = target.getBoundingClientRect();
    const ring = {
      left: Math.max(4, box.left - 8),
      top: Math.max(4, box.top - 8),
      right: Math.min(window.innerWidth - 4, box.right + 8),
      bottom: Math.min(window.innerHeight - 4, box.bottom + 8),
    };
    Object.assign(parts.ring.style, {
      left: `${ring.left}px`,
      top: `${ring.top}px`,
      width: `${ring.right - ring.left}px`,
      height: `${ring.bottom - ring.top}px`,
    });
    const [x, y] = spot(ring, parts.dialog.getBoundingClientRect());
    parts.dialog.style.setProperty('--x', `${x}px`);
    parts.dialog.style.setProperty('--y', `${y}px`);
  }

  function end() {
    window.removeEventListener('scroll', lay);
    window.removeEventListener('resize', lay);
    window.removeEventListener('btm-page', close);
    parts.dialog.remove();
    parts.ring.remove();
    parts = null;
    window.scrollTo({ top: 0, behavior: 'instant' });
    const back = opener && opener.isConnected && isSeen(opener) ? opener : document.getElementById('main');
    back?.focus({ preventScroll: true });
  }

  const close = () => parts && parts.dialog.close();

  window.btm.visit.tour = (from) => {
    const host = document.getElementById('invitation');
    if (parts || !host) {
      return;
    }
    words = JSON.parse(host.dataset.words);
    opener = from;
    window.btm.closePanel();
    window.btm.tourSeen();
    parts = build();
    document.body.append(parts.ring, parts.dialog);
    parts.dialog.showModal();
    window.addEventListener('scroll', lay, { passive: true });
    window.addEventListener('resize', lay);
    window.addEventListener('btm-page', close);
    go(0);
  };
})();
