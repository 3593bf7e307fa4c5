/* Compare: the order of the leaderboard, rows that open a policy, and leaving a job with the page. */
(function () {
  'use strict';
  const LEAVE = '/jobs/leave';
  const dash = () => window.dash_clientside;

  /* --- The order of the rows ----------------------------------------------------------------------------------------- */

  let shown = []; /* keys of the rows, in the order on the page */

  const keyOf = (entry) => entry.row.props.key;
  const body = () => document.getElementById('leaderboard-body');

  /* Rows do not move under a pointer or away from the focus. */
  function isHeld() {
    return Boolean(body() && (body().matches(':hover') || body().contains(document.activeElement)));
  }

  function compared(one, other, sort) {
    const [a, b] = [one.values[sort.by], other.values[sort.by]];
    const order = typeof a === 'string' ? a.localeCompare(b) : a - b;
    return sort.descending ? -order : order;
  }

  function inSameOrder(rows) {
    return [...rows].sort((one, other) => shown.indexOf(keyOf(one)) - shown.indexOf(keyOf(other)));
  }

  function markSorted(sort) {
    for (const button of document.querySelectorAll('.sort-button')) {
      const isBy = button.dataset.sort === sort.by;
      button.closest('th').setAttribute('aria-sort', isBy ? (sort.descending ? 'descending' : 'ascending') : 'none');
    }
  }

  function order(rows, sort) {
    if (!rows) {
      return dash().no_update;
    }
    const isChosen = dash().callback_context.triggered.some((input) => input.prop_id.startsWith('leaderboard-sort'));
    const isKnown = rows.length === shown.length && rows.every((entry) => shown.includes(keyOf(entry)));
    const ordered =
      isKnown && !isChosen && isHeld() ? inSameOrder(rows) : [...rows].sort((one, other) => compared(one, other, sort));
    shown = ordered.map(keyOf);
    window.requestAnimationFrame(() => markSorted(sort));
    return ordered.map((entry) => entry.row);
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('.sort-button');
    if (button) {
      const heading = button.closest('th');
      const now = heading.getAttribute('aria-sort');
      const descending = now === 'none' ? button.dataset.descending === 'true' : now === 'ascending';
      dash().set_props('leaderboard-sort', { data: { by: button.dataset.sort, descending } });
      return;
    }
    const row = event.target.closest('tr[data-opens]');
    if (row && !event.target.closest('a') && !String(window.getSelection())) {
      row.querySelector('a').click();
    }
  });

  /* --- The job that the page follows ---------------------------------------------------------------------------------- */

  let visitor = null;

  /* Jobs that nobody waits for should not go on; a page that is closed can still say that it is. */
  function leave() {
    if (visitor) {
      for (const one of visitor.split(' ')) {
        navigator.sendBeacon(LEAVE, new Blob([JSON.stringify({ visitor: one })], { type: 'application/json' }));
      }
      visitor = null;
    }
  }

  /* Every page that is laid out is another visitor, also when it is this page with another scenario. */
  function watch(_job, holder) {
    if (visitor !== holder) {
      leave();
    }
    visitor = holder;
    return dash().no_update;
  }

  /* Two jobs of one kind: each has a visitor of its own. */
  const watchPair = (job, holder) => watch(job, `${holder}a ${holder}b`);

  window.addEventListener('pagehide', leave);

  window.addEventListener('btm-page', leave);

  /* Back from the browser's own memory of the page: the jobs that it left are asked for again. */
  window.addEventListener('pageshow', (event) => {
    if (event.persisted && document.querySelector('#leaderboard-body, #stress-table, #plan-body, #campaign-body, #audit-body')) {
      window.btm.press('retry');
    }
  });

  document.addEventListener('click', (event) => {
    const cancel = event.target.closest('[data-job="cancel"]');
    if (cancel) {
      const place = cancel.closest('[data-jobs]');
      const job = place ? place.dataset.jobs : 'job';
      dash().set_props(`${job}-tick`, { disabled: true }); /* A later tick would replace the answer to this. */
      dash().set_props(`${job}-cancelled`, { data: Date.now() });
      /* Whatever became of the answer: as long as the button is there, the page asks again, and is told. */
      setTimeout(() => {
        if (cancel.isConnected && cancel.dataset.job === 'cancel') dash().set_props(`${job}-tick`, { disabled: false });
      }, 2000);
    }
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, { btm_compare: { order, watch, watch_pair: watchPair } });
})();
