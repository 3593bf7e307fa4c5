/* The numbers beside the cursor of a chart of lines, where they hide neither a line nor each other.

   A note is {at, text, height, side}: which text of the notes trace, and how many pixels above the axis. A scene is what
   the notes stand in: {run, place, meta, lines, values, width}, with the values at the cursor in racing order and the
   width of the plot in pixels. */
(function () {
  'use strict';
  const btm = window.btm;
  const { textWidth } = btm.writing;
  const { between, placeAt, positionOf, leader } = btm.race;
  const GAP = 16;
  /* Plotly takes the element of an empty text away for good; a space keeps it. */
  const BLANK = '\u00a0';

  const height = (value, { meta }) => ((value - meta.low) / (meta.high - meta.low)) * meta.height;
  const across = ({ run, place, width }) => (place.sends / run.race.sends) * width;
  const fitsRight = (texts, scene) => across(scene) + Math.max(...texts.map(textWidth)) < scene.width;

  /* Moves heights apart, upwards in their order, and back inside the chart. */
  function pushApart(heights, room) {
    const order = heights.map((_, index) => index).sort((a, b) => heights[a] - heights[b]);
    const apart = heights.map((pixels) => Math.max(pixels, GAP / 2));
    order.forEach((index, rank) => {
      if (rank) {
        apart[index] = Math.max(apart[index], apart[order[rank - 1]] + GAP);
      }
    });
    for (let rank = order.length - 1, ceiling = room; rank >= 0; rank -= 1, ceiling -= GAP) {
      apart[order[rank]] = Math.min(apart[order[rank]], ceiling);
    }
    return apart;
  }

  /* The notes as values of their trace, which has `size` texts. */
  function placed(notes, size, { meta, place }) {
    const unit = (meta.high - meta.low) / meta.height;
    const values = {
      x: Array(size).fill(place.sends),
      y: Array(size).fill(meta.low),
      text: Array(size).fill(BLANK),
      textposition: Array(size).fill('middle left'),
    };
    for (const side of ['left', 'right']) {
      const group = notes.filter((note) => note.side === side);
      const heights = pushApart(group.map((note) => note.height), meta.height);
      group.forEach((note, index) => {
        values.y[note.at] = meta.low + heights[index] * unit;
        values.text[note.at] = side === 'left' ? `${note.text}\u2002` : `\u2002${note.text}`;
        values.textposition[note.at] = `middle ${side}`;
      });
    }
    return values;
  }

  /* Of three and more each number stands at the right of its mark; where there is no room only the leader's is said. */
  function manyNotes(scene, best, difference) {
    const { run, place, values } = scene;
    const heights = values.map((value) => height(value, scene));
    const lead = run.places.order.indexOf(best);
    const numbers = values.map((value) => run.number(run.whole(value)));
    const texts = numbers.map((number, at) => (at === lead ? `${number} (${difference})` : number));
    if (fitsRight(texts, scene)) {
      return texts.map((text, at) => ({ at, text, height: heights[at], side: 'right' }));
    }
    const text = place.frame === run.last ? difference : texts[lead];
    return [{ at: lead, text, height: Math.max(...heights) + 12, side: 'left' }];
  }

  /* Of two the difference stands between them, the higher number above at the left, the lower one below at the right. */
  function pairNotes(scene, difference) {
    const { run, place, values } = scene;
    const heights = values.map((value) => height(value, scene));
    const texts = values.map((value) => run.number(run.whole(value)));
    const room = across(scene);
    const [low, lead] = heights[1] >= heights[0] ? [0, 1] : [1, 0];
    const upper = { at: lead, text: texts[lead], height: heights[lead] + 11, side: room > 48 ? 'left' : 'right' };
    const gap = { at: 2, text: difference, height: (heights[0] + heights[1]) / 2, side: 'right' };
    if (fitsRight(texts, scene)) {
      const below = Math.min(heights[low] - 14, gap.height - GAP);
      return [upper, gap, { at: low, text: texts[low], height: below, side: 'right' }];
    }
    /* Near the end there is no room at the right: the lines' own labels stand there and say the numbers. */
    const notes = place.frame === run.last ? [] : [upper];
    const narrow = (heights[lead] - heights[low]) * (1 - textWidth(difference) / room) < GAP + 2;
    return narrow ? notes : [...notes, { ...gap, height: gap.height * (1 - 28 / room), side: 'left' }];
  }

  function conversions(scene) {
    const { run, place, values } = scene;
    const { best, extra } = leader(run, place);
    const difference = extra === 0 ? '\u00b10' : run.difference(extra);
    const pair = values.length === 2;
    const notes = pair ? pairNotes(scene, difference) : manyNotes(scene, best, difference);
    return placed(positionOf(place) ? notes : [], values.length + 1, scene);
  }

  /* Above the line at its left, as a reader expects it; below, and at the right if there is room, where another line
     runs through that spot. */
  function regretNotes(scene) {
    const { run, place, lines, values } = scene;
    const room = across(scene);
    const earlier = placeAt(run, positionOf(place) * Math.max(0, 1 - 40 / room));
    return values.map((value, at) => {
      const text = run.written(value, Math.abs(value) < 9.95 ? 1 : 0);
      const above = height(value, scene) + 11;
      const crossed = run.places.order.some((policy, other) => other !== at
        && height(between(lines[policy], earlier), scene) < above + 9 && height(values[other], scene) > above - 9);
      const right = room < 44 || (crossed && fitsRight([text], scene));
      return { at, text, height: crossed && room >= 44 ? above - 24 : above, side: right ? 'right' : 'left' };
    });
  }

  function regret(scene) {
    const { run, place, values } = scene;
    /* At the end the lines' own labels say the numbers. */
    return placed(place.sends && place.frame !== run.last ? regretNotes(scene) : [], values.length, scene);
  }

  btm.replayNotes = { conversions, regret, pushApart, BLANK };
})();
