/* Moves scatter traces that Plotly has drawn, by writing to Plotly's own SVG elements.

   Plotly.animate does it too, but first goes over the defaults of the whole figure, which takes several times as long as
   the drawing: too long for thirty updates a second of three charts. Axes, styles and hover stay Plotly's. What is moved
   is written into the figure as well, so that a picture saved from it shows the same.

   It moves lines, bands between a trace and the one before it ("tonexty"), marks, and texts whose `textposition` begins
   with "middle". Each point and text must have been drawn once, so none may start as null or empty. */
(function () {
  'use strict';
  const btm = (window.btm = window.btm || {});
  const ANCHORS = { left: 'end', center: 'middle', right: 'start' };
  /* How far below its point a text's baseline stands, in letter sizes: as Plotly does it. */
  const TEXT_DROP = 0.25;

  const tenth = (pixels) => Math.round(10 * pixels) / 10;

  /* The points as "x,y" in pixels, null for a gap. */
  function pixels({ x, y }, { xaxis, yaxis }) {
    return x.map((across, index) => (
      y[index] === null ? null : `${tenth(xaxis.l2p(across))},${tenth(yaxis.l2p(y[index]))}`
    ));
  }

  /* A path through the points, which starts anew after every gap. */
  function linePath(points) {
    let path = '';
    let join = 'M';
    for (const point of points) {
      path += point === null ? '' : join + point;
      join = point === null ? 'M' : 'L';
    }
    return path;
  }

  /* Plotly makes an element for every stretch of a line; the first one can hold them all. */
  function lineOf(group) {
    const [line, ...others] = group.querySelectorAll('.js-line');
    others.forEach((node) => node.removeAttribute('d'));
    return line;
  }

  function pointsOf(group) {
    const nodes = [...group.querySelectorAll('.point')];
    nodes.forEach((node) => node.removeAttribute('display'));
    return nodes;
  }

  /* From now on only the group around a text moves: letters that move themselves are laid out anew each time. */
  function textsOf(group) {
    const nodes = [...group.querySelectorAll('.textpoint')];
    nodes.forEach((node) => {
      node.removeAttribute('display');
      const text = node.firstElementChild;
      if (text) {
        text.setAttribute('x', 0);
        text.setAttribute('y', TEXT_DROP * parseFloat(text.style.fontSize));
      }
    });
    return nodes;
  }

  function elements(groups, index, trace) {
    return {
      line: lineOf(groups[index]),
      band: trace.fill === 'tonexty' ? groups[index - 1].querySelector('.js-fill') : null,
      points: pointsOf(groups[index]),
      texts: textsOf(groups[index]),
    };
  }

  function place(node, point) {
    node.setAttribute('transform', `translate(${point})`);
  }

  function write(node, words, position) {
    const text = node.firstElementChild;
    if (text.textContent !== words) {
      text.textContent = words;
    }
    text.setAttribute('text-anchor', ANCHORS[position.split(' ')[1]]);
  }

  /* Gives `move(index, values)`, with any of the trace's x, y, text and textposition as full lists. It is good for one
     drawing: when Plotly draws anew ("plotly_afterplot"), ask for another. */
  btm.mover = (plot) => {
    const axes = plot._fullLayout;
    const groups = plot.querySelectorAll('.scatterlayer > .trace');
    const known = [];
    return (index, values) => {
      const trace = Object.assign(plot.data[index], values);
      known[index] ??= elements(groups, index, trace);
      const { line, band, points, texts } = known[index];
      const at = pixels(trace, axes);
      line?.setAttribute('d', linePath(at));
      band?.setAttribute('d', `${linePath(at)}L${pixels(plot.data[index - 1], axes).reverse().join('L')}Z`);
      [points, texts].forEach((nodes) => nodes.forEach((node, point) => place(node, at[point])));
      values.text?.forEach((words, point) => write(texts[point], words, values.textposition[point]));
    };
  };
})();
