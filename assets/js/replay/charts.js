/* The charts that follow the replay: Plotly draws each of them once, then their traces are moved to its place.

   Which trace is what is read from `layout.meta`, written by components/charts. */
(function () {
  'use strict';
  const btm = window.btm;
  const { percent, textWidth, letter } = btm.writing;
  const { between } = btm.race;

  let run = null;
  let place = null;
  let moves = 0;

  /* ---- what moves where, as a list of [trace, values] ---- */

  function upTo(values) {
    const past = values.slice(0, place.frame + 1);
    if (place.part) {
      past.push(between(values, place));
    }
    return past;
  }

  function lineMoves(meta, lines, notes, plot) {
    const { order } = run.places;
    const x = upTo(run.race.at);
    const values = order.map((policy) => between(lines[policy], place));
    const scene = { run, place, meta, lines, values, width: plot._fullLayout._size.w };
    return [
      ...meta.past.map((trace, rank) => [trace, { x, y: upTo(lines[order[rank]]) }]),
      [meta.cursor, { x: [place.sends, place.sends] }],
      [meta.marks, { x: values.map(() => place.sends), y: values }],
      [meta.notes, notes(scene)],
    ];
  }

  function conversionMoves(meta, plot) {
    return lineMoves(meta, run.policies.map((policy) => policy.totals), btm.replayNotes.conversions, plot);
  }

  function regretMoves(meta, plot) {
    const x = upTo(run.race.at);
    return [
      ...lineMoves(meta, run.policies.map((policy) => policy.regret), btm.replayNotes.regret, plot),
      ...meta.realised.map((trace, rank) => [trace, { x, y: upTo(run.policies[run.places.order[rank]].realised) }]),
    ];
  }

  const fromArm = (values, arm) => between(values, place, run.arms, arm);
  const share = (policy, sends, meta) => (sends > 0 ? Math.sqrt(sends / between(policy.emails, place)) : meta.off);

  function whisker(policy, arms, meta) {
    const values = { x: [], y: [] };
    for (const arm of arms) {
      const across = share(policy, fromArm(policy.sends, arm), meta);
      const [low, high] = [policy.low, policy.high].map((ends) => Math.min(fromArm(ends, arm), meta.high));
      values.x.push(across, across, null);
      values.y.push(low, high, null);
    }
    return values;
  }

  function points(policy, meta) {
    const values = { x: [], y: [] };
    for (let arm = 0; arm < run.arms; arm += 1) {
      const sends = fromArm(policy.sends, arm);
      values.x.push(share(policy, sends, meta));
      values.y.push(sends > 0 ? Math.min(fromArm(policy.conversions, arm) / sends, meta.high) : 0);
    }
    return values;
  }

  /* True rates jump at a change, so those of the frame hold until the next one. */
  const rateNow = (arm) => run.race.rates[place.frame * run.arms + arm];

  function truth(meta) {
    return {
      x: meta.named.flatMap(() => [0, 1, null]),
      y: meta.named.flatMap((arm) => [rateNow(arm), rateNow(arm), null]),
    };
  }

  function truthLabels(meta) {
    const rates = meta.named.map((arm) => rateNow(arm) ?? 0);
    const heights = btm.replayNotes.pushApart(rates.map((rate) => (rate / meta.high) * meta.height), meta.height - 6);
    const best = run.race.best_now[place.frame];
    const text = (arm) => {
      return `\u2002\u2009${letter(arm)} ${percent(rateNow(arm), meta.digits)}${arm === best ? ` ${run.words.best_label}` : ''}`;
    };
    return {
      x: meta.named.map(() => 1),
      y: heights.map((height) => (height / meta.height) * meta.high),
      text: meta.named.map((arm) => (rateNow(arm) === null ? btm.replayNotes.BLANK : text(arm))),
      textposition: meta.named.map(() => 'middle right'),
    };
  }

  function dynamicsMoves(meta) {
    const policies = meta.order.map((index) => run.policies[index]);
    const moving = meta.moves ? [[meta.truth, truth(meta)], [meta.labels, truthLabels(meta)]] : [];
    return [
      ...moving,
      ...meta.whiskers.map((trace, rank) => [trace, whisker(policies[rank], meta.lettered[meta.order[rank]], meta)]),
      ...meta.points.map((trace, rank) => [trace, points(policies[rank], meta)]),
    ];
  }

  /* ---- the charts ---- */

  const chart = (id, movesOf) => ({ id, movesOf, figure: null, plot: null, move: null, visible: true, stale: false });
  const charts = [
    chart('conversions-graph', conversionMoves),
    chart('regret-graph', regretMoves),
    chart('reward-dynamics-graph', dynamicsMoves),
  ];
  const followed = new WeakSet();

  /* A chart that cannot be seen waits until it can. */
  const watcher = new IntersectionObserver((entries) => {
    entries.forEach(({ target, isIntersecting }) => {
      if (!target.isConnected) {
        watcher.unobserve(target);
        return;
      }
      const seen = charts.find(({ id }) => target.id === `${id}-frame`);
      seen.visible = isIntersecting;
      if (isIntersecting && seen.stale) {
        drawChart(seen);
      }
    });
  }, { rootMargin: '80px' });

  function drawChart(one) {
    if (!one.move) {
      return;
    }
    one.stale = !one.visible;
    if (!one.stale) {
      one.movesOf(one.figure.layout.meta, one.plot).forEach(([trace, values]) => one.move(trace, values));
      moves += 1;
    }
  }

  function draw(newPlace) {
    place = newPlace;
    charts.forEach(drawChart);
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

  /* Has Plotly draw a whole figure in the colours of now; the config is passed on, or Plotly would start from nothing. */
  function react(one) {
    const plot = btm.plot(one.id);
    if (!followed.has(plot)) {
      followed.add(plot);
      plot.on('plotly_afterplot', () => follow(one, plot));
    }
    const { data, layout } = fitted(btm.resolve(one.figure), plot);
    window.Plotly.react(plot, data, layout, { ...plot._context });
  }

  /* Whenever Plotly has drawn, for a new run, another theme or size, its drawing is brought to the place. */
  function follow(one, plot) {
    if (plot.isConnected && plot.layout.meta?.key === run.key) {
      one.plot = plot;
      one.move = btm.mover(plot);
      drawChart(one);
    }
  }

  /* dcc.Graph loads Plotly when it is first needed and then draws an empty chart: wait for that, without polling. Until
     then another element stands in under the graph's id, so the frame around it is what can be watched. */
  function whenReady(graphId, then) {
    const frame = document.getElementById(`${graphId}-frame`);
    if (!frame) {
      return;
    }
    watcher.observe(frame);
    const ready = () => btm.plot(graphId) && !frame.querySelector('.dash-graph--pending');
    if (ready()) {
      then();
      return;
    }
    const observer = new MutationObserver(() => {
      if (!frame.isConnected) {
        observer.disconnect();
      } else if (ready()) {
        observer.disconnect();
        then();
      }
    });
    observer.observe(frame, { childList: true, subtree: true, attributes: true, attributeFilter: ['class'] });
  }

  /* Draws the figures anew: they are new, or their colours are. */
  function redraw() {
    const current = run;
    charts.forEach((one) => whenReady(one.id, () => run === current && react(one)));
  }

  function show(newRun, newPlace) {
    run = newRun;
    place = newPlace;
    charts.forEach((one, index) => {
      Object.assign(one, { figure: run.figures[index], move: null, stale: false });
    });
    redraw();
  }

  btm.replayCharts = { show, draw, redraw, get moves() { return moves; } };
})();
