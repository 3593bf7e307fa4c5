/* The replay: one position in the campaign, and everything on the page that follows it.

   A Dash interval ticks `btm_replay.tick` twice a second; each tick lets the replay go on for two seconds, in which
   the browser's own frames move the position and draw. A tick goes through every component of the page, which costs more
   than the drawing: thirty of them a second would halve the frame rate. The run arrives once in stores; nothing here asks
   the server. Plotly draws a chart once, then only the traces are moved (moving-traces.js). Which trace is what is read
   from `layout.meta`, written by components/charts; every sentence comes from components/cards/stage.py as data on the
   stage. */
(function () {
  'use strict';
  const btm = (window.btm = window.btm || {});
  const RUN_MILLISECONDS = 20000;
  const STILL_MILLISECONDS = 250;
  const LONGEST_TICK = 250;
  const LEASE_MILLISECONDS = 2500;
  const DRAW_MILLISECONDS = 1000 / 30;
  const EARLY_MILLISECONDS = 4;
  const LABEL_GAP = 16;
  const CELL = 14.5;
  const SQUARE = 11.5;
  const SVG = 'http://www.w3.org/2000/svg';
  const GRAPHS = ['conversions-graph', 'regret-graph', 'reward-dynamics-graph'];
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');
  const phone = window.matchMedia('(max-width: 767.98px)');

  let run = null;
  let stage = null;
  let position = 0;
  let playing = false;
  let speed = 1;
  let moved = 0;
  let due = 0;
  let leasedUntil = 0;
  let looping = false;
  let dragging = false;

  const byId = (id) => document.getElementById(id);

  /* ---- words and numbers ---- */

  const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  const count = (number) => GROUPED.format(Math.round(number) || 0).replace('-', '\u2212');
  const signed = (number) => (number > 0 ? '+' : '') + count(number);
  const percent = (share) => `${(100 * share).toFixed(1)}%`;
  const filled = (template, values) => template.replace(/\{(\w+)\}/g, (match, name) => values[name] ?? match);

  /* Policy labels are the visitor's own words: they only ever become text, never HTML. */
  function write(node, template, values) {
    const key = template + JSON.stringify(values);
    if (!node || node.btmWritten === key) {
      return;
    }
    node.btmWritten = key;
    const parts = template.split('**').map((part, index) => {
      const text = filled(part, values);
      return index % 2 ? element('strong', '', text) : document.createTextNode(text);
    });
    node.replaceChildren(...parts);
  }

  function setText(node, text) {
    if (node && node.btmWritten !== text) {
      node.btmWritten = text;
      node.textContent = text;
    }
  }

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) {
      node.className = className;
    }
    if (text !== undefined) {
      node.textContent = text;
    }
    return node;
  }

  function drawing(tag, attributes) {
    const node = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    return node;
  }

  const hueClass = (slot) => (slot === null ? 'race-oracle' : `race-hue-${slot}`);

  function policyMark(slot) {
    const shape = slot === null ? 'oracle' : `${run.places.shapes[slot]} p${slot}`;
    const mark = element('span', `mark mark-${shape}`);
    mark.setAttribute('aria-hidden', 'true');
    return mark;
  }

  function armLetter(index) {
    let letters = '';
    for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) {
      letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
    }
    return letters;
  }

  /* ---- the run, made ready ---- */

  function prepared(race, figures, words) {
    const arms = race.arms.length;
    const places = figures[0].layout.meta;
    const policies = race.policies.map((policy) => ({
      ...policy,
      totals: race.at.map((_, frame) => {
        let sum = 0;
        for (let arm = 0; arm < arms; arm += 1) {
          sum += policy.conversions[frame * arms + arm];
        }
        return sum;
      }),
    }));
    const shown = new Set(places.rows);
    const others = race.arms.map((_, arm) => arm).filter((arm) => !shown.has(arm));
    const rows = places.rows.map((arm) => [arm]).concat(others.length ? [others] : []);
    return { race, figures, words, arms, places, policies, rows, last: race.at.length - 1, key: race.key };
  }

  /* A value between two frames; `stride` and `offset` pick one arm out of a flat row-by-frame list. */
  function between(values, place, stride = 1, offset = 0) {
    const before = values[place.frame * stride + offset];
    if (!place.part) {
      return before;
    }
    const after = values[(place.frame + 1) * stride + offset];
    if (before === null || after === null) {
      return before === null ? after : before;
    }
    return before + (after - before) * place.part;
  }

  function placeAt(where) {
    const frame = Math.min(Math.floor(where), run.last);
    const part = frame === run.last ? 0 : where - frame;
    const place = { frame, part };
    place.sends = between(run.race.at, place);
    return place;
  }

  /* ---- DOM: strip and bars ---- */

  const cells = () => (phone.matches ? 25 : 60);
  const total = () => run.race.sends;
  const label = (policy) => run.policies[policy].label;

  function stripRow(policy) {
    const slot = run.places.slots[policy];
    const name = element('span', 'strip-name');
    name.append(policyMark(slot), element('span', 'strip-label', label(policy)));
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
    run.strip = { rows, ticks };
  }

  function barRow(arms) {
    const row = element('div', 'bar-row');
    const many = arms.length > 1;
    const chip = element('span', many ? 'arm-chip bar-others' : `arm-chip a${arms[0] % 8}`, many ? `+${arms.length}` : armLetter(arms[0]));
    const words = many ? filled(run.words.others, { count: arms.length }) : run.race.arms[arms[0]].name;
    chip.title = words;
    const track = element('span', 'bar-track');
    const pale = element('span', 'bar-pale');
    const solid = element('span', 'bar-solid');
    track.append(pale, solid);
    const share = element('span', 'bar-share');
    const sends = element('span', 'bar-sends');
    row.append(chip, track, share, sends);
    return { arms, row, pale, solid, share, sends };
  }

  function buildBars() {
    const columns = run.places.order.map((policy) => {
      const slot = run.places.slots[policy];
      const column = element('div', `bar-column ${hueClass(slot)}${policy === run.race.baseline ? ' is-baseline' : ''}`);
      const head = element('h3', 'bar-head');
      const name = element('span', 'bar-name', label(policy));
      const number = element('span', 'bar-total');
      head.append(policyMark(slot), name, number);
      const rows = run.rows.map(barRow);
      column.append(head, ...rows.map((row) => row.row));
      return { policy, column, number, rows };
    });
    const host = byId('race-bars');
    host.replaceChildren(...columns.map((column) => column.column));
    run.columns = columns;
    const others = run.arms - run.places.rows.length;
    write(byId('race-bars-note'), others ? run.words.bars_others : run.words.bars, { count: others });
  }

  function buildScrub() {
    const host = byId('replay-scrub');
    let scrub = host.querySelector('input');
    if (!scrub) {
      scrub = element('input', 'scrub');
      scrub.type = 'range';
      scrub.min = '0';
      scrub.step = '1';
      scrub.setAttribute('aria-label', run.words.scrub);
      scrub.addEventListener('input', () => seek(Number(scrub.value)));
      scrub.addEventListener('pointerdown', () => { dragging = true; });
      scrub.addEventListener('pointerup', () => { dragging = false; });
      host.replaceChildren(scrub);
    }
    scrub.max = String(run.last);
    run.scrub = scrub;
    const all = run.figures[0].layout.xaxis.tickvals;
    const ticks = phone.matches && total() > 200000 ? all.filter((_, index) => index % 2 === 0 || index === all.length - 1) : all;
    byId('replay-ticks').replaceChildren(
      ...ticks.map((tick) => {
        const node = element('span', '', count(tick));
        node.style.left = `${(100 * tick) / total()}%`;
        return node;
      }),
    );
  }

  function build() {
    stage.style.setProperty('--policies', run.policies.length);
    stage.style.setProperty('--rows', run.rows.length);
    stage.style.setProperty('--digits', count(total()).length);
    stage.dataset.policies = run.policies.length;
    write(byId('race-title'), run.words.title, { count: run.words.counts[run.policies.length] });
    buildScrub();
    buildStrip();
    buildBars();
    describeDynamics();
    setText(byId('regret-deck'), run.figures[1].layout.meta.deck);
  }

  function describeDynamics() {
    const marks = run.places.order.map((policy) => {
      const slot = run.places.slots[policy];
      const shape = slot === null ? 'oracle' : run.places.shapes[slot];
      return filled(run.words.dynamics_mark, { shape: run.words.shapes[shape], policy: label(policy) });
    });
    const values = {
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

  /* ---- DOM: one position ---- */

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
    if (run.stripFrame === frame) {
      return;
    }
    run.stripFrame = frame;
    const many = cells();
    const seen = run.strip.rows.map((row) => (run.policies[row.policy].strip[frame] || '').slice(-many));
    run.strip.rows.forEach((row, index) => {
      row.full.setAttribute('d', squares(seen[index], '1'));
      row.empty.setAttribute('d', squares(seen[index], '0'));
    });
    const less = tickPath(seen[0], seen[1]);
    const more = tickPath(seen[1], seen[0]);
    run.strip.ticks.less.setAttribute('d', less);
    run.strip.ticks.more.setAttribute('d', more);
    const end = run.race.at[frame];
    const title = seen[0].length ? run.words.recipients : run.words.recipients_none;
    write(byId('race-strip-title'), title, { first: count(end - seen[0].length + 1), last: count(end) });
    const { order, challenger } = run.places;
    write(byId('race-strip-legend'), run.policies.length > 2 ? run.words.legend_pair : run.words.legend, {
      more: occurrences(more),
      fewer: occurrences(less),
      challenger: label(challenger),
      baseline: label(order[0]),
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
    const whole = place.sends || 1;
    run.columns.forEach(({ policy, number, rows }) => {
      const source = run.policies[policy];
      const converted = Math.floor(between(source.totals, place));
      write(number, converted === 1 ? run.words.conversion : run.words.conversions, { number: count(converted) });
      rows.forEach((row) => {
        const sends = sum(source, 'sends', row.arms, place);
        row.pale.style.transform = `scaleX(${(sends / whole).toFixed(4)})`;
        row.solid.style.transform = `scaleX(${(sum(source, 'conversions', row.arms, place) / whole).toFixed(4)})`;
        setText(row.share, place.sends ? percent(sends / whole) : '\u2013');
        setText(row.sends, count(Math.floor(sends)));
      });
    });
  }

  /* The oracle is a ceiling, not a choice: it leads the sentence only when it is the only challenger. */
  function leader(place) {
    const { order, slots } = run.places;
    const real = order.slice(1).filter((policy) => slots[policy] !== null);
    const candidates = real.length ? real : order.slice(1);
    const won = (policy) => Math.floor(between(run.policies[policy].totals, place));
    const best = candidates.reduce((a, b) => (won(b) > won(a) ? b : a));
    return { best, extra: won(best) - won(order[0]) };
  }

  function sentence(place) {
    const { best, extra } = leader(place);
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
        leader: label(best),
        extra: signed(extra),
        baseline: label(order[0]),
        conversions: run.words.conversion_words[Math.abs(extra) === 1 ? 0 : 1],
      },
    ];
  }

  function drawPosition(place) {
    const sends = count(Math.floor(place.sends));
    write(byId('race-sentence'), ...sentence(place));
    setText(byId('replay-count'), sends);
    const at = run.last ? place.frame + place.part : 0;
    run.scrub.style.setProperty('--done', (at / (run.last || 1)).toFixed(4));
    if (!dragging) {
      run.scrub.value = String(Math.round(at));
    }
    if (!playing) {
      run.scrub.setAttribute('aria-valuetext', filled(run.words.position, { sends, total: count(total()) }));
    }
  }

  /* ---- charts ---- */

  function upTo(values, place) {
    const past = values.slice(0, place.frame + 1);
    if (place.part) {
      past.push(between(values, place));
    }
    return past;
  }

  /* Moves heights (pixels) apart, upwards in their order, and back inside the chart. */
  function pushApart(heights, room) {
    const order = heights.map((_, index) => index).sort((a, b) => heights[a] - heights[b]);
    const moved = heights.map((height) => Math.max(height, LABEL_GAP / 2));
    order.forEach((index, rank) => {
      if (rank) {
        moved[index] = Math.max(moved[index], moved[order[rank - 1]] + LABEL_GAP);
      }
    });
    for (let rank = order.length - 1, ceiling = room; rank >= 0; rank -= 1, ceiling -= LABEL_GAP) {
      moved[order[rank]] = Math.min(moved[order[rank]], ceiling);
    }
    return moved;
  }

  /* Plotly takes the element of an empty text away for good; a space keeps it. */
  const BLANK = '\u00a0';
  const textWidth = (text) => 7.2 * text.length + 12;

  /* Each note is {at: index, text, height, side}; gives the arrays of the notes trace. */
  function placed(notes, size, meta, place) {
    const unit = (meta.high - meta.low) / meta.height;
    const arrays = { x: [], y: [], text: [], textposition: [] };
    for (let index = 0; index < size; index += 1) {
      arrays.x.push(place.sends);
      arrays.y.push(meta.low);
      arrays.text.push(BLANK);
      arrays.textposition.push('middle left');
    }
    for (const side of ['left', 'right']) {
      const group = notes.filter((note) => note.side === side);
      const heights = pushApart(group.map((note) => note.height), meta.height);
      group.forEach((note, index) => {
        arrays.y[note.at] = meta.low + heights[index] * unit;
        arrays.text[note.at] = side === 'left' ? `${note.text}\u2002` : `\u2002${note.text}`;
        arrays.textposition[note.at] = `middle ${side}`;
      });
    }
    return arrays;
  }

  function conversionNotes(place, values, meta, width) {
    const pixels = values.map((value) => ((value - meta.low) / (meta.high - meta.low)) * meta.height);
    const across = (place.sends / total()) * width;
    const whole = values.map(Math.floor);
    const { best, extra } = leader(place);
    if (place.frame === 0 && !place.part) {
      return [];
    }
    const difference = extra === 0 ? '\u00b10' : signed(extra);
    const atEnd = place.frame === run.last;
    const crowded = values.length > 2;
    const lead = crowded ? run.places.order.indexOf(best) : pixels[1] >= pixels[0] ? 1 : 0;
    const texts = whole.map((value, at) => (crowded && at === lead ? `${count(value)} (${difference})` : count(value)));
    const fitsRight = across + Math.max(...texts.map(textWidth)) < width;
    if (crowded) {
      if (fitsRight) {
        return texts.map((text, at) => ({ at, text, height: pixels[at], side: 'right' }));
      }
      return [{ at: lead, text: atEnd ? difference : texts[lead], height: Math.max(...pixels) + 12, side: 'left' }];
    }
    const low = 1 - lead;
    const upper = { at: lead, text: texts[lead], height: pixels[lead] + 11, side: across > 48 ? 'left' : 'right' };
    const gap = { at: 2, text: difference, height: (pixels[0] + pixels[1]) / 2, side: 'right' };
    if (fitsRight) {
      const lower = { at: low, text: texts[low], height: Math.min(pixels[low] - 14, gap.height - LABEL_GAP), side: 'right' };
      return [upper, gap, lower];
    }
    /* Near the end there is no room at the right: the lines' own labels stand there and say the numbers. */
    const narrow = (pixels[lead] - pixels[low]) * (1 - textWidth(difference) / across) < LABEL_GAP + 2;
    return [...(atEnd ? [] : [upper]), ...(narrow ? [] : [{ ...gap, height: gap.height * (1 - 28 / across), side: 'left' }])];
  }

  function drawLines(meta, lines, place, notes) {
    const { order } = run.places;
    const x = upTo(run.race.at, place);
    const values = order.map((policy) => between(lines[policy], place));
    const data = order.map((policy) => ({ x, y: upTo(lines[policy], place) }));
    const traces = [...meta.past];
    if (meta.realised) {
      order.forEach((policy) => data.push({ x, y: upTo(run.policies[policy].realised, place) }));
      traces.push(...meta.realised);
    }
    data.push({ x: [place.sends, place.sends] }, { x: values.map(() => place.sends), y: values }, notes(values));
    traces.push(meta.cursor, meta.marks, meta.notes);
    return { data, traces };
  }

  function conversionsFrame(place, plot) {
    const meta = run.figures[0].layout.meta;
    const width = plot._fullLayout._size.w;
    return drawLines(meta, run.policies.map((policy) => policy.totals), place, (values) =>
      placed(conversionNotes(place, values, meta, width), values.length + 1, meta, place));
  }

  function regretFrame(place, plot) {
    const meta = run.figures[1].layout.meta;
    const lines = run.policies.map((policy) => policy.regret);
    const width = plot._fullLayout._size.w;
    const notes = (values) => (place.sends ? regretNotes(place, values, lines, meta, width) : []);
    return drawLines(meta, lines, place, (values) => placed(notes(values), values.length, meta, place));
  }

  /* Above the line at its left, as a reader expects it; below, and at the right if there is room, where another line
     runs through that spot. */
  function regretNotes(place, values, lines, meta, width) {
    const { order } = run.places;
    const toPixels = (value) => ((value - meta.low) / (meta.high - meta.low)) * meta.height;
    const across = (place.sends / total()) * width;
    const earlier = placeAt((place.frame + place.part) * Math.max(0, 1 - 40 / across));
    return values.map((value, at) => {
      const text = Math.abs(value) < 9.95 ? value.toFixed(1) : count(value);
      const height = toPixels(value) + 11;
      const crossed = order.some((policy, other) => other !== at
        && toPixels(between(lines[policy], earlier)) < height + 9 && toPixels(values[other]) > height - 9);
      const right = across < 44 || (crossed && across + textWidth(text) < width);
      return { at, text, height: crossed && across >= 44 ? height - 24 : height, side: right ? 'right' : 'left' };
    });
  }

  function dynamicsFrame(place) {
    const meta = run.figures[2].layout.meta;
    const capped = (value) => Math.min(value, meta.high);
    const across = (sends) => (sends > 0 ? Math.sqrt(sends / place.sends) : meta.off);
    const whiskers = meta.order.map((index) => {
      const policy = run.policies[index];
      const line = { x: [], y: [] };
      meta.lettered[index].forEach((arm) => {
        const x = across(between(policy.sends, place, run.arms, arm));
        const low = between(policy.low, place, run.arms, arm);
        const high = between(policy.high, place, run.arms, arm);
        line.x.push(x, x, null);
        line.y.push(capped(low), capped(high), null);
      });
      return line;
    });
    const points = meta.order.map((index) => {
      const policy = run.policies[index];
      const mark = { x: [], y: [] };
      for (let arm = 0; arm < run.arms; arm += 1) {
        const sends = between(policy.sends, place, run.arms, arm);
        mark.x.push(across(sends));
        mark.y.push(sends > 0 ? capped(between(policy.conversions, place, run.arms, arm) / sends) : 0);
      }
      return mark;
    });
    return { data: [...whiskers, ...points], traces: [...meta.whiskers, ...meta.points] };
  }

  const FRAMES = [conversionsFrame, regretFrame, dynamicsFrame];
  const followed = new WeakSet();
  const inView = new Map();
  const watcher = new IntersectionObserver((entries) => {
    entries.forEach((entry) => {
      const index = GRAPHS.findIndex((graphId) => entry.target.contains(byId(graphId)));
      inView.set(GRAPHS[index], entry.isIntersecting);
      if (entry.isIntersecting && run && run.stale[index]) {
        drawGraph(index, placeAt(position));
      }
    });
  }, { rootMargin: '80px' });

  function drawGraph(index, place) {
    const chart = run.charts[index];
    if (!chart) {
      return;
    }
    run.stale[index] = inView.get(GRAPHS[index]) === false;
    if (run.stale[index]) {
      return;
    }
    const { data, traces } = FRAMES[index](place, chart.plot);
    traces.forEach((trace, at) => chart.move(trace, data[at]));
    btm.replay.charts += 1;
  }

  /* On a narrow chart every other tick would touch its neighbour; the first and the last stay. */
  function fitted(figure, plot) {
    const axis = figure.layout.xaxis;
    const width = plot.clientWidth - figure.layout.margin.l - figure.layout.margin.r;
    const last = axis.tickvals.length - 1;
    const needed = textWidth(axis.ticktext[last]) + textWidth(axis.ticktext[last - 1]);
    const gap = ((axis.tickvals[last] - axis.tickvals[last - 1]) / axis.range[1]) * width;
    if (last < 2 || needed / 2 < gap) {
      return figure;
    }
    const keep = (_, index) => index === 0 || index === last || (last > 2 && index % 2 === 0 && index < last - 1);
    const [tickvals, ticktext] = [axis.tickvals.filter(keep), axis.ticktext.filter(keep)];
    return { ...figure, layout: { ...figure.layout, xaxis: { ...axis, tickvals, ticktext } } };
  }

  /* Draws a whole figure anew, in the colours of now; the config is passed on, or Plotly would start from nothing. */
  function react(index) {
    const plot = btm.plot(GRAPHS[index]);
    const { data, layout } = fitted(btm.resolve(run.figures[index]), plot);
    if (!followed.has(plot)) {
      followed.add(plot);
      plot.on('plotly_afterplot', () => follow(index, plot));
    }
    window.Plotly.react(plot, data, layout, { ...plot._context });
  }

  /* Whenever Plotly has drawn, for a new run, a new theme or another size: brings its drawing to the position. */
  function follow(index, plot) {
    if (run && plot.isConnected && plot.layout.meta?.key === run.key) {
      run.charts[index] = { plot, move: btm.mover(plot) };
      drawGraph(index, placeAt(position));
    }
  }

  /* dcc.Graph loads Plotly when it is first needed and then draws an empty chart: wait for that, without polling. Until
     then another element stands in under the graph's id, so the frame around it is what can be watched. */
  function whenReady(graphId, then) {
    const host = byId(graphId) && byId(graphId).closest('.graph');
    if (!host) {
      return;
    }
    watcher.observe(host);
    const ready = () => btm.plot(graphId) && !host.querySelector('.dash-graph--pending');
    if (ready()) {
      then();
      return;
    }
    const observer = new MutationObserver(() => {
      if (!host.isConnected) {
        observer.disconnect();
      } else if (ready()) {
        observer.disconnect();
        then();
      }
    });
    observer.observe(host, { childList: true, subtree: true, attributes: true, attributeFilter: ['class'] });
  }

  function reactAll() {
    const current = run;
    GRAPHS.forEach((graphId, index) => whenReady(graphId, () => run === current && react(index)));
  }

  /* ---- one draw of everything ---- */

  function draw() {
    const place = placeAt(position);
    drawPosition(place);
    drawStrip(place.frame);
    drawBars(place);
    GRAPHS.forEach((_, index) => drawGraph(index, place));
    btm.replay.draws += 1;
  }

  function summarise() {
    const place = placeAt(position);
    const { words, policies, places } = run;
    const values = { sends: count(place.sends), total: count(total()) };
    const summary = (graphId, item) => setText(
      byId(`${graphId}-summary`),
      filled(words.conversions_summary, { ...values, list: places.order.map(item).join(words.and) }),
    );
    summary('conversions-graph', (at) => filled(words.conversions_item, { policy: label(at), number: count(between(policies[at].totals, place)) }));
    summary('regret-graph', (at) => filled(words.regret_item, {
      policy: label(at),
      number: count(between(policies[at].regret, place)),
      realised: count(between(policies[at].realised, place)),
    }));
    summary('reward-dynamics-graph', (at) => {
      const sends = between(policies[at].sends, place, run.arms, run.race.best);
      return filled(words.dynamics_item, { policy: label(at), share: percent(place.sends ? sends / place.sends : 0) });
    });
  }

  /* Said aloud when the picture comes to rest, never while it moves. */
  function announce() {
    const [template, values] = sentence(placeAt(position));
    setText(byId('replay-status'), filled(template, values).replaceAll('**', ''));
    summarise();
  }

  /* ---- transport ---- */

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
    moved = due = performance.now();
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
      summarise();
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
    if (!playing || !run) {
      return;
    }
    if (!stage.isConnected) {
      playing = false;
      return;
    }
    leasedUntil = performance.now() + LEASE_MILLISECONDS;
    if (!looping) {
      looping = true;
      window.requestAnimationFrame(loop);
    }
  }

  function loop(now) {
    looping = playing && run !== null && stage.isConnected && now < leasedUntil;
    if (!looping) {
      return;
    }
    if (now > due - EARLY_MILLISECONDS) {
      /* After one late frame the next draw comes sooner, so that the rate holds. */
      due = Math.max(due + (still.matches ? STILL_MILLISECONDS : DRAW_MILLISECONDS), now);
      advance(now);
    }
    window.requestAnimationFrame(loop);
  }

  function advance(now) {
    if (still.matches) {
      position = Math.floor(position) + speed;
    } else {
      const passed = Math.min(Math.max(now - moved, 0), LONGEST_TICK);
      position += (passed / RUN_MILLISECONDS) * speed * run.last;
    }
    moved = now;
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
    if (!run || !stage.isConnected || !(event.target instanceof Element)) {
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
    if (!action || !run || !stage.isConnected || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (!wants(event.target, event.key) && listens(event.target)) {
      event.preventDefault();
      action(event);
    }
  });

  document.addEventListener('btm:theme', () => run && stage.isConnected && reactAll());
  document.addEventListener('visibilitychange', () => document.hidden && run && stage.isConnected && pause());
  phone.addEventListener('change', () => {
    if (run && stage.isConnected) {
      run.stripFrame = null;
      build();
      draw();
      reactAll();
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
    const moved = run && host === stage && playing ? position / (run.last || 1) : null;
    if (host !== stage) {
      playing = false;
      dragging = false;
      speed = 1;
      inView.clear();
    }
    stage = host;
    run = prepared(race, figures, JSON.parse(host.dataset.words));
    run.stale = [false, false, false];
    run.charts = [null, null, null];
    position = moved === null ? run.last : moved * run.last;
    stage.classList.add('is-ready');
    build();
    showPlaying();
    draw();
    reactAll();
    if (!playing) {
      summarise();
    }
  }

  btm.replay = {
    draws: 0,
    charts: 0,
    get position() { return position; },
    get playing() { return playing && stage.isConnected; },
    get frames() { return run ? run.last + 1 : 0; },
    get sends() { return run ? placeAt(position).sends : 0; },
  };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.btm_replay = { load, tick };
})();
