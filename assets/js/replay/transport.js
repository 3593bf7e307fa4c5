/* The replay: one position in the campaign, and everything on the page that follows it.

   A Dash interval ticks `btm_replay.tick` once a second; each tick lets the replay go on for a little longer than that, in
   which the browser's own frames move the position and draw. A tick goes through every component of the page, which costs
   several frames: thirty of them a second would stop the page. The run arrives once in stores; nothing here asks the
   server. Every sentence comes from components/cards/stage.py as data on the stage. */
(function () {
  'use strict';
  const btm = window.btm;
  const { count, filled, element, setText } = btm.writing;
  const { prepared, placeAt, positionOf } = btm.race;
  const RUN_MILLISECONDS = 20000;
  const DRAW_MILLISECONDS = 1000 / 30;
  const STILL_MILLISECONDS = 250;
  /* A frame that comes this much too early is drawn, or the next one would be too late. */
  const EARLY_MILLISECONDS = 4;
  const LONGEST_MOVE = 250;
  const LEASE_MILLISECONDS = 2500;
  const CROWDED_TICKS = 200000;
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');
  const phone = window.matchMedia('(max-width: 767.98px)');

  let run = null;
  let stage = null;
  let scrub = null;
  let position = 0;
  let playing = false;
  let speed = 1;
  let movedAt = 0;
  let due = 0;
  let leasedUntil = 0;
  let looping = false;
  let draws = 0;
  let dragging = false;

  const byId = (id) => document.getElementById(id);
  const shown = () => run !== null && stage.isConnected;
  const place = () => placeAt(run, position);
  const pace = () => (still.matches ? STILL_MILLISECONDS : DRAW_MILLISECONDS);

  /* ---- the picture ---- */

  function newScrub() {
    const input = element('input', 'scrub');
    Object.assign(input, { type: 'range', min: '0', step: '1' });
    input.setAttribute('aria-label', run.words.scrub);
    input.addEventListener('input', () => seek(Number(input.value)));
    input.addEventListener('pointerdown', () => { dragging = true; });
    input.addEventListener('pointerup', () => { dragging = false; });
    return input;
  }

  function buildScrub() {
    const host = byId('replay-scrub');
    scrub = host.querySelector('input');
    if (!scrub) {
      scrub = newScrub();
      host.replaceChildren(scrub);
    }
    scrub.max = String(run.last);
    const total = run.race.sends;
    const all = run.figures[0].layout.xaxis.tickvals;
    const few = phone.matches && total > CROWDED_TICKS;
    const ticks = few ? all.filter((_, index) => index % 2 === 0 || index === all.length - 1) : all;
    const nodes = ticks.map((tick) => {
      const node = element('span', '', count(tick));
      node.style.left = `${(100 * tick) / total}%`;
      return node;
    });
    byId('replay-ticks').replaceChildren(...nodes);
  }

  function build() {
    buildScrub();
    btm.replayStage.build(run, stage);
  }

  function drawScrub(here) {
    const sends = count(Math.floor(here.sends));
    const at = positionOf(here);
    setText(byId('replay-count'), sends);
    scrub.style.setProperty('--done', (at / (run.last || 1)).toFixed(4));
    if (!dragging) {
      scrub.value = String(Math.round(at));
    }
    if (!playing) {
      scrub.setAttribute('aria-valuetext', filled(run.words.position, { sends, total: count(run.race.sends) }));
    }
  }

  function draw() {
    const here = place();
    drawScrub(here);
    btm.replayStage.draw(here);
    btm.replayCharts.draw(here);
    draws += 1;
  }

  /* Said aloud when the picture comes to rest, never while it moves. */
  function announce() {
    const [template, values] = btm.replayStage.sentence(place());
    setText(byId('replay-status'), filled(template, values).replaceAll('**', ''));
    btm.replayStage.summarise(place());
  }

  /* ---- moving ---- */

  function showPlaying() {
    const button = byId('replay-play');
    const words = run.words;
    const name = playing ? words.pause : words.play;
    button.setAttribute('aria-label', name);
    button.title = `${name} (${words.keys.play})`;
    button.firstElementChild.className = `icon icon-${playing ? 'pause' : 'play'}`;
    stage.classList.toggle('is-playing', playing);
  }

  function setPlaying(value) {
    playing = value;
    movedAt = performance.now();
    due = movedAt + pace();
    window.dash_clientside.set_props('replay-tick', { disabled: !value });
    showPlaying();
    if (value) {
      tick();
    }
  }

  function play() {
    if (position >= run.last) {
      position = 0;
      draw();
    }
    setPlaying(true);
  }

  function pause() {
    if (!playing) {
      return;
    }
    setPlaying(false);
    position = Math.round(position);
    draw();
    announce();
  }

  /* Goes to a frame; a replay that plays goes on from there, as a film does. */
  function seek(frame) {
    position = Math.max(0, Math.min(run.last, frame));
    if (playing && position >= run.last) {
      setPlaying(false);
    }
    draw();
    if (!playing) {
      btm.replayStage.summarise(place());
    }
  }

  function step(frames) {
    pause();
    seek(Math.round(position) + frames);
    announce();
  }

  function jump(frame) {
    pause();
    seek(frame);
    announce();
  }

  function setSpeed(value) {
    speed = value;
    byId('replay-speed').querySelectorAll('[data-speed]').forEach((button) => {
      button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === speed));
    });
  }

  function tick() {
    playing &&= shown();
    if (!playing) {
      return;
    }
    leasedUntil = performance.now() + LEASE_MILLISECONDS;
    if (!looping) {
      looping = true;
      window.requestAnimationFrame(loop);
    }
  }

  function loop(now) {
    looping = playing && shown() && now < leasedUntil;
    if (!looping) {
      return;
    }
    if (now > due - EARLY_MILLISECONDS) {
      /* After one late frame the next draw comes sooner, so that the rate holds. */
      due = Math.max(due + pace(), now);
      advance(now);
    }
    window.requestAnimationFrame(loop);
  }

  function advance(now) {
    if (still.matches) {
      position = Math.floor(position) + speed;
    } else {
      const passed = Math.min(Math.max(now - movedAt, 0), LONGEST_MOVE);
      position += (passed / RUN_MILLISECONDS) * speed * run.last;
    }
    movedAt = now;
    if (position < run.last) {
      draw();
    } else {
      position = run.last;
      pause();
    }
  }

  /* ---- pointer, keys, theme, visibility ---- */

  const ACTIONS = {
    'replay-play': () => (playing ? pause() : play()),
    'replay-back': () => step(-1),
    'replay-forward': () => step(1),
    'replay-end': () => jump(run.last),
  };

  document.addEventListener('click', (event) => {
    if (!shown() || !(event.target instanceof Element)) {
      return;
    }
    const button = event.target.closest('button');
    if (button && ACTIONS[button.id]) {
      ACTIONS[button.id]();
    } else if (button && button.closest('#replay-speed')) {
      setSpeed(Number(button.dataset.speed));
    }
  });

  /* A field or button that has the focus keeps the keys that it needs itself. */
  function wants(target, key) {
    if (target.matches('input[type="range"]')) {
      return key !== ' ';
    }
    if (target.matches('input, select, textarea') || target.isContentEditable) {
      return true;
    }
    if (target.matches('button, summary, [role="button"], [role="option"], [role="combobox"]')) {
      return key === ' ' || key === 'Enter' || !stage.contains(target);
    }
    return Boolean(target.closest('[role="dialog"], [role="menu"], [role="listbox"], .ag-root'));
  }

  /* Without focus inside it, the stage takes keys only while it can be seen: elsewhere space and End scroll the page. */
  function listens(target) {
    if (stage.contains(target)) {
      return true;
    }
    const box = stage.getBoundingClientRect();
    return box.top < window.innerHeight * 0.75 && box.bottom > window.innerHeight * 0.25;
  }

  const KEYS = {
    ' ': () => (playing ? pause() : play()),
    ArrowLeft: (event) => step(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
    Home: () => jump(0),
    End: () => jump(run.last),
  };

  document.addEventListener('keydown', (event) => {
    const action = KEYS[event.key];
    if (!action || !shown() || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (!wants(event.target, event.key) && listens(event.target)) {
      event.preventDefault();
      action(event);
    }
  });

  document.addEventListener('btm:theme', () => shown() && btm.replayCharts.redraw());
  document.addEventListener('visibilitychange', () => document.hidden && shown() && pause());
  phone.addEventListener('change', () => {
    if (shown()) {
      build();
      draw();
      btm.replayCharts.redraw();
    }
  });

  /* ---- a new run ---- */

  function load(race, ...figures) {
    const host = byId('race-stage');
    if (!host || !race || figures.some((figure) => !figure || figure.layout.meta.key !== race.key)) {
      return;
    }
    if (run && host === stage && run.key === race.key) {
      return;
    }
    const part = run && host === stage && playing ? position / (run.last || 1) : null;
    if (host !== stage) {
      playing = false;
      dragging = false;
      speed = 1;
    }
    stage = host;
    run = prepared(race, figures, JSON.parse(host.dataset.words));
    position = part === null ? run.last : part * run.last;
    stage.classList.add('is-ready');
    build();
    showPlaying();
    btm.replayCharts.show(run, place());
    draw();
    if (!playing) {
      btm.replayStage.summarise(place());
    }
  }

  btm.replay = {
    get draws() { return draws; },
    get charts() { return btm.replayCharts.moves; },
    get position() { return position; },
    get playing() { return playing && shown(); },
    get frames() { return run ? run.last + 1 : 0; },
    get sends() { return run ? place().sends : 0; },
  };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.btm_replay = { load, tick };
})();
