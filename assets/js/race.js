/* Reads the shown run at any place of it; nothing here touches the page.

   A place is {frame, part, sends}: `part` of the way from that frame to the next, and the sends so far. */
(function () {
  'use strict';
  const btm = (window.btm = window.btm || {});

  /* The stored run with what every draw needs: for each policy and frame its conversions, its e-mails and its total in
     the unit of the goal; and the rows of lines that the bars show. */
  function prepared(race, figures, words) {
    const arms = race.arms.length;
    const places = figures[0].layout.meta;
    const overLines = (counts) => race.at.map((_, frame) => {
      let sum = 0;
      for (let arm = 0; arm < arms; arm += 1) {
        sum += counts[frame * arms + arm];
      }
      return sum;
    });
    /* It comes with each line's numbers together; all that follows reads it frame by frame. */
    const byFrame = (numbers) => race.at.flatMap((_, frame) => race.arms.map((__, arm) => numbers[arm * race.at.length + frame]));
    const policies = race.policies.map((packed) => {
      const policy = { ...packed };
      for (const measure of ['sends', 'conversions', 'low', 'high']) {
        policy[measure] = byFrame(packed[measure]);
      }
      const converted = overLines(policy.conversions);
      return { ...policy, converted, emails: overLines(policy.sends), totals: policy.gained || converted };
    });
    const shown = new Set(places.rows);
    const others = race.arms.map((_, arm) => arm).filter((arm) => !shown.has(arm));
    const rows = places.rows.map((arm) => [arm]).concat(others.length ? [others] : []);
    const label = (policy) => race.policies[policy].label;
    const { count, signed, decimal, money, amount, gain } = btm.writing;
    const isMoney = race.goal !== 'conversions';
    /* Between two frames a conversion has not happened yet; money is shown as it is. */
    const whole = isMoney ? (number) => number : Math.floor;
    const rounded = isMoney ? (number) => Math.round(100 * number) / 100 : Math.round;
    const [number, difference, written] = isMoney ? [amount, gain, money] : [count, signed, decimal];
    const unit = (many) => words.units[race.goal][Math.abs(many) === 1 ? 0 : 1];
    const late = race.policies.some((policy) => policy.unanswered.some((number) => number > 0));
    const moves = Boolean(race.rates) && !race.wears_out;
    return {
      race, figures, words, arms, places, policies, label, rows, late, moves,
      unit, whole, rounded, number, difference, written,
      last: race.at.length - 1, key: race.key,
    };
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

  function placeAt(run, position) {
    const frame = Math.min(Math.floor(position), run.last);
    const part = frame === run.last ? 0 : position - frame;
    const place = { frame, part };
    place.sends = between(run.race.at, place);
    return place;
  }

  const positionOf = (place) => place.frame + place.part;

  /* The oracle is a ceiling, not a choice: it leads the sentence only when it is the only challenger. */
  function leader(run, place) {
    const { order, slots } = run.places;
    const real = order.slice(1).filter((policy) => slots[policy] !== null);
    const candidates = real.length ? real : order.slice(1);
    const won = (policy) => run.whole(between(run.policies[policy].totals, place));
    const best = candidates.reduce((a, b) => (won(b) > won(a) ? b : a));
    return { best, extra: run.rounded(won(best) - won(order[0])) };
  }

  btm.race = { prepared, between, placeAt, positionOf, leader };
})();
