/* The story for a room: five large pages made of what stands on the Time Machine. The page's own words and pictures are
   shown or hidden by the number of the step; the replay is moved by its own buttons. */
(function () {
  'use strict';
  const { element, filled, setText } = window.btm.writing;
  const root = document.documentElement;
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');
  const byId = (id) => document.getElementById(id);
  const STEPS = 5;
  let step = 0;
  let bar = null;
  let words = null;
  let opener = null;

  function pause() {
    if (window.btm.replay.playing) {
      byId('replay-play').click();
    }
  }

  function toStart() {
    pause();
    const scrub = document.querySelector('#replay-scrub input');
    scrub.value = '0';
    scrub.dispatchEvent(new Event('input'));
  }

  /* With reduced motion the replay waits for whoever presents. */
  function learn() {
    toStart();
    if (!still.matches) {
      byId('replay-play').click();
    }
  }

  const toEnd = () => byId('replay-end').click();
  const SCENES = [toEnd, learn, toEnd, toEnd, pause];

  function button(kind, text, press, label) {
    const node = element('button', `btn btn-${kind}`, text);
    node.type = 'button';
    node.addEventListener('click', press);
    return label ? Object.assign(node, { title: label }) : node;
  }

  function build() {
    const host = element('div', 'story-bar');
    host.setAttribute('role', 'region');
    host.setAttribute('aria-label', words.label);
    const at = element('p', 'story-at');
    at.setAttribute('role', 'status');
    const back = button('secondary', words.back, () => show(step - 1));
    const next = button('primary', words.next, () => show(step + 1));
    const full = button('quiet', words.full, fullScreen);
    full.hidden = !document.fullscreenEnabled;
    host.append(button('quiet', words.leave, end, words.keys), full, element('p', 'hint story-keys', words.keys), at, back, next);
    return { host, at, back, next };
  }

  function fullScreen() {
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else {
      root.requestFullscreen();
    }
  }

  function titleOf(number) {
    return document.querySelector(`#story-words > li:nth-child(${number}) > .story-title`).textContent;
  }

  function show(to) {
    if (to < 1 || to > STEPS) {
      return;
    }
    step = to;
    root.dataset.story = String(step);
    SCENES[step - 1]();
    setText(bar.at, `${filled(words.at, { step, steps: STEPS })}: ${titleOf(step)}`);
    bar.back.disabled = step === 1;
    bar.next.disabled = step === STEPS;
    if (step === STEPS) {
      document.querySelector('#story-words > li:last-child a')?.focus({ preventScroll: true });
    } else if (!bar.host.contains(document.activeElement) || document.activeElement.disabled) {
      bar.next.focus({ preventScroll: true });
    }
    window.scrollTo({ top: 0, behavior: 'instant' });
  }

  const KEYS = {
    ArrowRight: () => show(step + 1),
    ArrowLeft: () => show(step - 1),
    PageDown: () => show(step + 1),
    PageUp: () => show(step - 1),
    Escape: () => end(),
  };

  /* Before the replay hears the key; a slider that has the focus keeps its arrows. */
  function press(event) {
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (KEYS[event.key] && isPlain && !event.target.matches?.('input')) {
      event.preventDefault();
      event.stopPropagation();
      KEYS[event.key]();
    }
  }

  function keepInAddress(is) {
    window.btm.replaceQuery((query) => (is ? query.set('story', '1') : query.delete('story')));
  }

  /* Leaving the page takes its address along: only the page's own buttons and Escape change it. */
  function close() {
    if (!bar) {
      return;
    }
    delete root.dataset.story;
    document.removeEventListener('keydown', press, true);
    window.removeEventListener('btm-page', close);
    bar.host.remove();
    bar = null;
    if (document.fullscreenElement) {
      document.exitFullscreen();
    }
  }

  function end() {
    close();
    keepInAddress(false);
    toEnd();
    const back = opener && opener.isConnected ? opener : byId('main');
    back.focus();
  }

  window.btm.visit.story = (from) => {
    const told = byId('story-words');
    if (bar || !told || !document.querySelector('#race-stage.is-ready')) {
      return;
    }
    words = JSON.parse(told.dataset.words);
    opener = from;
    bar = build();
    document.body.append(bar.host);
    document.addEventListener('keydown', press, true);
    window.addEventListener('btm-page', close);
    keepInAddress(true);
    show(1);
  };
})();
