/* Audit: the grid's cells, rows, sends and pages. `assets/js/audit.js` fetches this before the grid's own script. */
(function () {
  'use strict';
  const { count, percent } = window.btm.writing;
  const dash = () => window.dash_clientside;
  const GRID = { type: 'audit-grid', of: 'log' };
  const PAGE_ROWS = 15;
  const WAIT_MS = 50;
  const MOST_TRIES = 1200; /* A minute for the grid to come. */
  const h = (...args) => window.React.createElement(...args);

  /* --- Cells ------------------------------------------------------------------------------------------------------------- */

  function line({ data }) {
    return data && h('span', { className: 'audit-line' },
      h('span', { className: `arm-chip a${data.slot}` }, data.letter), h('span', { className: 'audit-name' }, data.arm));
  }

  function decider({ data }) {
    if (!data) {
      return null;
    }
    const mark = data.mark === null ? 'mark mark-oracle' : `mark mark-${SHAPES[data.mark]} p${data.mark}`;
    return data.is_rail ? h('span', { className: 'tag' }, data.guardrail)
      : h('span', { className: 'audit-line' }, h('span', { className: mark, 'aria-hidden': 'true' }),
        h('span', { className: 'audit-name' }, data.guardrail));
  }

  const SHAPES = ['square', 'circle', 'triangle-up', 'diamond', 'plus', 'triangle-down', 'pentagon', 'hexagon'];
  const WIDE_ENOUGH = 0.16; /* Share of the bar in which a letter fits. */

  /* Chances in a fixed order; the pointer stands under the middle of the line that was sent. */
  function chances({ data, order, letters, slots }) {
    if (!data) {
      return null;
    }
    let left = 0;
    let pointer = 0;
    const parts = order.map((arm, place) => {
      const share = data.chances[arm];
      if (arm === data.place) {
        pointer = left + share / 2;
      }
      left += share;
      return h('span', { key: arm, className: 'chance-part',
        style: { width: `${100 * share}%`, background: `var(--a${slots[place]})`, color: `var(--a${slots[place]}o)` } },
        share >= WIDE_ENOUGH ? letters[place] : '');
    });
    const told = order.map((arm, place) => `${letters[place]} ${percent(data.chances[arm])}`).join(', ');
    return h('span', { className: 'chance-bar', role: 'img', 'aria-label': told, title: told },
      h('span', { className: 'chance-parts' }, parts),
      h('span', { className: 'chance-pointer', style: { left: `${100 * pointer}%` } }));
  }

  const numbered = ({ data }) => data && data.number;

  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  Object.assign(components, { BtmLine: line, BtmDecider: decider, BtmChances: chances, BtmNumber: numbered });

  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  functions.leaveTheGrid = () => false;

  /* --- Rows and pages ------------------------------------------------------------------------------------------------------ */

  let wanted = null; /* The send whose row is to be marked once it is there. */

  const api = () => {
    try {
      const grid = document.querySelector('.audit-grid') && window.dash_ag_grid.getApi(GRID);
      return grid && !grid.isDestroyed() ? grid : null;
    } catch {
      return null;
    }
  };

  function say(grid) {
    const place = document.getElementById('audit-rows');
    const rows = grid.getDisplayedRowCount();
    if (place && grid.isLastRowIndexKnown()) {
      const first = rows ? grid.paginationGetCurrentPage() * PAGE_ROWS : 0;
      dash().set_props('audit-rows', { children: rows
        ? `${count(first + 1)} to ${count(Math.min(first + PAGE_ROWS, rows))} of ${count(rows)}`
        : document.getElementById('audit-grid-place').dataset.none });
    }
  }

  let target = null; /* The page on which it stands, until it is there. */

  function mark(grid) {
    const node = wanted !== null && grid.getRowNode(String(wanted));
    if (node && node.data) {
      target = null;
      if (!node.isSelected()) {
        node.setSelected(true, true);
      }
    } else if (target !== null && grid.paginationGetCurrentPage() !== target) {
      go(grid);
    }
  }

  function go(grid) {
    /* How many rows there are is known only once some were asked for. */
    if (!grid.isLastRowIndexKnown()) {
      grid.setRowCount(Math.max(grid.getDisplayedRowCount(), (target + 1) * PAGE_ROWS), false);
    } else if (target >= grid.paginationGetTotalPages()) {
      target = null;
      return;
    }
    grid.paginationGoToPage(target);
  }

  let watched = null;

  function watch(grid) {
    if (watched === grid) {
      return;
    }
    watched = grid;
    /* What happened to a grid may be told when another policy's has taken its place. */
    const follow = () => {
      if (!grid.isDestroyed()) {
        say(grid);
        mark(grid);
      }
    };
    for (const event of ['paginationChanged', 'modelUpdated']) {
      grid.addEventListener(event, follow);
    }
    follow();
  }

  let asked = '';

  /* Other filters, or another log: rows are asked for anew, from the first page on. */
  function refresh(filters, shown) {
    const grid = api();
    const words = filters.map((value) => (value === undefined || value === null || value === 'any' ? '' : String(value)));
    const now = JSON.stringify([words.some(Boolean) ? words : [], shown]);
    if (grid && asked && asked !== now) {
      watch(grid);
      target = null;
      grid.paginationGoToFirstPage();
      grid.purgeInfiniteCache();
    }
    asked = now;
    return dash().no_update;
  }

  function chosen([rows]) {
    const grid = api();
    if (grid) {
      watch(grid);
    }
    if (!rows || !rows.length) {
      return dash().no_update;
    }
    wanted = rows[0].send;
    return wanted;
  }

  function found(place) {
    if (!place) {
      return dash().no_update;
    }
    wanted = place.send;
    target = place.page;
    const wait = (tries) => {
      const grid = api();
      if (grid) {
        watch(grid);
        mark(grid);
      } else if (tries) {
        window.setTimeout(() => wait(tries - 1), WAIT_MS);
      }
    };
    wait(MOST_TRIES);
    return place.send;
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-audit-page]');
    const grid = button && api();
    if (grid) {
      watch(grid);
      target = null;
      grid[button.dataset.auditPage === 'left' ? 'paginationGoToPreviousPage' : 'paginationGoToNextPage']();
    }
  });

  window.btm_grid = { refresh, chosen, found };
})();
