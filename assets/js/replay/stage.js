/* What the stage shows beside its charts: the sentence, the strip of recipients, the bars, and the charts in words. */
(function () {
  'use strict';
  const btm = window.btm;
  const { count, percent, filled, letter, element, drawing, write, setText } = btm.writing;
  const { between, leader } = btm.race;
  const CELL = 14.5;
  const SQUARE = 11.5;
  const phone = window.matchMedia('(max-width: 767.98px)');

  let run = null;
  let strip = null;
  let columns = [];
  let shownFrame = null;
  let linesAt = null;

  const byId = (id) => document.getElementById(id);

  const hueClass = (slot) => (slot === null ? 'race-oracle' : `race-hue-${slot}`);

  function policyMark(slot) {
    const shape = slot === null ? 'oracle' : `${run.places.shapes[slot]} p${slot}`;
    const mark = element('span', `mark mark-${shape}`);
    mark.setAttribute('aria-hidden', 'true');
    return mark;
  }

  /* ---- built once a run ---- */

  const cells = () => (phone.matches ? 25 : 60);

  function stripRow(policy) {
    const slot = run.places.slots[policy];
    const name = element('span', 'strip-name');
    name.append(policyMark(slot), element('span', 'strip-label', run.label(policy)));
    const picture = drawing('svg', { viewBox: `0 0 ${cells() * CELL - 3} 12`, class: `strip-row ${hueClass(slot)}` });
    picture.setAttribute('aria-hidden', 'true');
    const empty = drawing('path', { class: 'strip-empty' });
    const full = drawing('path', { class: 'strip-full' });
    picture.append(empty, full);
    return { policy, nodes: [name, picture], empty, full };
  }

  function tickRow() {
    const { order, challenger, slots } = run.places;
    const picture = drawing('svg', { viewBox: `0 0 ${cells() * CELL - 3} 19`, class: 'strip-row strip-ticks' });
    picture.setAttribute('aria-hidden', 'true');
    const less = drawing('path', { class: `strip-tick ${hueClass(slots[order[0]])}` });
    const more = drawing('path', { class: `strip-tick ${hueClass(slots[challenger])}` });
    picture.append(less, more);
    return { nodes: [element('span', 'strip-name'), picture], less, more };
  }

  /* The baseline and the first challenger stand together, with the ticks between them. */
  function buildStrip() {
    const { order, challenger } = run.places;
    const rest = order.slice(1).filter((policy) => policy !== challenger);
    const first = stripRow(order[0]);
    const ticks = tickRow();
    const rows = [first, stripRow(challenger), ...rest.map(stripRow)];
    const nodes = rows.flatMap((row, index) => (index === 0 ? [...row.nodes, ...ticks.nodes] : row.nodes));
    byId('race-strip').replaceChildren(...nodes);
    strip = { rows, ticks };
    shownFrame = null;
  }

  function barRow(arms) {
    const row = element('div', 'bar-row');
    const many = arms.length > 1;
    const chip = element('span', many ? 'arm-chip bar-others' : `arm-chip a${arms[0] % 8}`, many ? `+${arms.length}` : letter(arms[0]));
    const words = many ? filled(run.words.others, { count: arms.length }) : run.race.arms[arms[0]].name;
    chip.title = words;
    const track = element('span', 'bar-track');
    const pale = element('span', 'bar-pale');
    const solid = element('span', 'bar-solid');
    track.append(pale, solid);
    const share = element('span', 'bar-share');
    const sends = element('span', 'bar-sends');
    row.append(chip, track, share, sends);
    return { arms, row, chip, pale, solid, share, sends };
  }

  function buildBars() {
    columns = run.places.order.map((policy) => {
      const slot = run.places.slots[policy];
      const column = element('div', `bar-column ${hueClass(slot)}${policy === run.race.baseline ? ' is-baseline' : ''}`);
      const head = element('h3', 'bar-head');
      const name = element('span', 'bar-name', run.label(policy));
      const number = element('span', 'bar-total');
      head.append(policyMark(slot), name, number);
      const rows = run.rows.map(barRow);
      const queue = element('p', 'bar-queue');
      column.append(head, ...rows.map((row) => row.row), ...(run.late ? [queue] : []));
      return { policy, column, number, rows, queue };
    });
    byId('race-bars').replaceChildren(...columns.map(({ column }) => column));
    const others = run.arms - run.places.rows.length;
    write(byId('race-bars-note'), others ? run.words.bars_others : run.words.bars, { count: others });
  }

  /* Everything that stays for the whole run; the rest comes with each draw. */
  function build(newRun, host) {
    run = newRun;
    host.style.setProperty('--policies', run.policies.length);
    host.style.setProperty('--rows', run.rows.length);
    host.style.setProperty('--digits', count(run.race.sends).length);
    host.dataset.policies = run.policies.length;
    write(byId('race-title'), run.words.title, { count: run.words.counts[run.policies.length] });
    linesAt = null;
    buildStrip();
    buildBars();
    byId('race-now').hidden = !run.moves;
    describeDynamics();
    setText(byId('conversions-title'), run.figures[0].layout.meta.title);
    setText(byId('regret-title'), run.figures[1].layout.meta.title);
    setText(byId('regret-deck'), run.figures[1].layout.meta.deck);
  }

  function describeDynamics() {
    const marks = run.places.order.map((policy) => {
      const slot = run.places.slots[policy];
      const shape = slot === null ? 'oracle' : run.places.shapes[slot];
      return filled(run.words.dynamics_mark, { shape: run.words.shapes[shape], policy: run.label(policy) });
    });
    const truth = run.moves ? run.words.dynamics_truth_now
      : run.race.wears_out ? run.words.dynamics_truth_fresh
        : run.race.segments ? run.words.dynamics_truth_all : run.words.dynamics_truth;
    const values = {
      truth,
      marks: marks.join('. '),
      many: run.arms > run.places.rows.length ? run.words.dynamics_many : '',
      edge: overflows() ? run.words.dynamics_edge : '',
    };
    write(byId('reward-dynamics-deck'), phone.matches ? run.words.dynamics_deck_short : run.words.dynamics_deck, values);
  }

  function overflows() {
    const high = run.figures[2].layout.meta.high;
    return run.policies.some((policy) => policy.sends.some((sends, at) => sends > 0 && policy.conversions[at] / sends > high));
  }

  /* ---- drawn at a place ---- */

  function squares(outcomes, wanted) {
    let path = '';
    const inset = wanted === '1' ? 0 : 0.5;
    const side = SQUARE - 2 * inset;
    for (let at = 0; at < outcomes.length; at += 1) {
      if (outcomes[at] === wanted) {
        const straight = side - 5;
        path += `M${at * CELL + inset + 2.5} ${0.25 + inset}h${straight}q2.5 0 2.5 2.5v${straight}q0 2.5 -2.5 2.5h${-straight}q-2.5 0 -2.5 -2.5v${-straight}q0 -2.5 2.5 -2.5z`;
      }
    }
    return path;
  }

  function tickPath(outcomes, other) {
    let path = '';
    for (let at = 0; at < outcomes.length; at += 1) {
      if (outcomes[at] === '1' && other[at] === '0') {
        path += `M${at * CELL + SQUARE / 2} 2v15`;
      }
    }
    return path;
  }

  const occurrences = (path) => path.split('M').length - 1;

  function drawStrip(frame) {
    if (shownFrame === frame) {
      return;
    }
    shownFrame = frame;
    const many = cells();
    const seen = strip.rows.map((row) => (run.policies[row.policy].strip[frame] || '').slice(-many));
    strip.rows.forEach((row, index) => {
      row.full.setAttribute('d', squares(seen[index], '1'));
      row.empty.setAttribute('d', squares(seen[index], '0'));
    });
    const less = tickPath(seen[0], seen[1]);
    const more = tickPath(seen[1], seen[0]);
    strip.ticks.less.setAttribute('d', less);
    strip.ticks.more.setAttribute('d', more);
    const end = run.race.at[frame];
    const title = seen[0].length ? run.words.recipients : run.words.recipients_none;
    write(byId('race-strip-title'), title, { first: count(end - seen[0].length + 1), last: count(end) });
    const { order, challenger } = run.places;
    write(byId('race-strip-legend'), run.policies.length > 2 ? run.words.legend_pair : run.words.legend, {
      gaps: seen.some((row) => row.includes('-')) ? run.words.gaps : '',
      more: occurrences(more),
      fewer: occurrences(less),
      challenger: run.label(challenger),
      baseline: run.label(order[0]),
    });
  }

  function sum(policy, name, arms, place) {
    let all = 0;
    for (const arm of arms) {
      all += between(policy[name], place, run.arms, arm);
    }
    return all;
  }

  function drawBars(place) {
    columns.forEach(({ policy, number, rows }) => {
      const source = run.policies[policy];
      const whole = between(source.emails, place) || 1;
      const gained = run.whole(between(source.totals, place));
      write(number, run.words.gained, { number: run.number(gained), unit: run.unit(gained) });
      rows.forEach((row) => {
        const sends = sum(source, 'sends', row.arms, place);
        row.pale.style.transform = `scaleX(${(sends / whole).toFixed(4)})`;
        row.solid.style.transform = `scaleX(${(sum(source, 'conversions', row.arms, place) / whole).toFixed(4)})`;
        setText(row.share, place.sends ? percent(sends / whole) : '\u2013');
        setText(row.sends, count(Math.floor(sends)));
      });
    });
  }

  /* Nobody can tell a miss from a late conversion before the window closes. */
  function drawQueue(place) {
    columns.forEach(({ policy, queue }) => {
      const { unanswered, known, converted } = run.policies[policy];
      const [waiting, arrived, all] = [unanswered, known, converted].map((counts) => count(Math.floor(between(counts, place))));
      write(queue, run.words.queue, { waiting, known: arrived, all });
    });
  }

  /* Which line is best now, and which are not there: they have not joined, or have left. */
  function drawLines(place) {
    const best = run.race.best_now[place.frame];
    const rateOf = (arm) => run.race.rates[place.frame * run.arms + arm];
    const absent = run.race.arms.map((_, arm) => arm).filter((arm) => rateOf(arm) === null);
    write(byId('race-now'), run.words.best_now + (absent.length ? run.words.absent : ''), {
      letter: letter(best),
      name: run.race.arms[best].name,
      rate: percent(rateOf(best)),
      letters: absent.map(letter).join(', '),
    });
    columns.forEach(({ rows }) => rows.forEach(({ arms, chip }) => {
      chip.classList.toggle('is-best-now', arms.length === 1 && arms[0] === best);
      chip.classList.toggle('is-absent', arms.length === 1 && rateOf(arms[0]) === null);
    }));
  }

  /* A template and its values. */
  function sentence(place) {
    const { best, extra } = leader(run, place);
    const { order, slots } = run.places;
    const plain = run.policies.length === 2 && slots[order[0]] === 0;
    let template = run.words.start;
    if (place.sends) {
      const ahead = plain ? run.words.ahead : run.words.ahead_of;
      template = extra > 0 ? ahead : extra < 0 ? run.words.behind : run.words.level;
    }
    return [
      template,
      {
        sends: count(Math.floor(place.sends)),
        leader: run.label(best),
        extra: run.difference(extra),
        baseline: run.label(order[0]),
        unit: run.unit(extra),
      },
    ];
  }

  /* What each chart shows, for those who cannot see it. */
  function summarise(place) {
    const { words, policies, places } = run;
    const values = { sends: count(place.sends), total: count(run.race.sends) };
    const summary = (graphId, item) => setText(
      byId(`${graphId}-summary`),
      filled(words.conversions_summary, { ...values, list: places.order.map(item).join(words.and) }),
    );
    summary('conversions-graph', (at) => filled(words.conversions_item, { policy: run.label(at), number: run.number(run.whole(between(policies[at].totals, place))), unit: run.unit(0) }));
    summary('regret-graph', (at) => filled(words.regret_item, {
      policy: run.label(at),
      number: run.written(between(policies[at].regret, place), 0),
      realised: run.written(between(policies[at].realised, place), 0),
    }));
    summary('reward-dynamics-graph', (at) => {
      const { sends: counts, to_best: moving, emails } = policies[at];
      const sends = moving ? between(moving, place) : between(counts, place, run.arms, run.race.best);
      return filled(moving ? words.dynamics_item_moving : words.dynamics_item, { policy: run.label(at), share: percent(place.sends ? sends / between(emails, place) : 0) });
    });
  }

  function draw(place) {
    write(byId('race-sentence'), ...sentence(place));
    drawStrip(place.frame);
    drawBars(place);
    if (run.late) {
      drawQueue(place);
    }
    if (run.moves && linesAt !== place.frame) {
      linesAt = place.frame;
      drawLines(place);
    }
  }

  btm.replayStage = { build, draw, sentence, summarise };
})();
