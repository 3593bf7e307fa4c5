/* Stress test: cells and arrow keys, what is ticked, and what of it stands in the address. */
(function () {
  'use strict';
  const dash = () => window.dash_clientside;
  const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  /* --- Cells --------------------------------------------------------------------------------------------------------- */

  const cells = () => [...document.querySelectorAll('.heat button')];

  function choose(cell) {
    for (const one of cells()) {
      one.setAttribute('aria-pressed', String(one === cell));
      one.tabIndex = one === cell ? 0 : -1;
    }
    dash().set_props('stress-cell', { data: { stress: cell.dataset.stress, policy: Number(cell.dataset.policy) } });
  }

  /* The next button in a direction; columns that are still to come are jumped over. */
  function neighbour(cell, [down, across]) {
    let { rowIndex } = cell.closest('tr');
    let { cellIndex } = cell.closest('td');
    const { rows } = cell.closest('table');
    for (;;) {
      rowIndex += down;
      cellIndex += across;
      const place = rows[rowIndex] && rows[rowIndex].cells[cellIndex];
      if (!place || place.tagName !== 'TD') {
        return null;
      }
      if (place.querySelector('button')) {
        return place.querySelector('button');
      }
    }
  }

  document.addEventListener('keydown', (event) => {
    const cell = MOVES[event.key] && event.target.closest('.heat button');
    const next = cell && neighbour(cell, MOVES[event.key]);
    if (cell) {
      event.preventDefault();
    }
    if (next) {
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  });

  /* The table is drawn anew while columns come in: the focus stays where it was. */
  let held = null;

  document.addEventListener('focusin', (event) => {
    const cell = event.target.closest('.heat button');
    held = cell && { stress: cell.dataset.stress, policy: cell.dataset.policy };
  });

  function giveBackFocus() {
    if (held && document.activeElement === document.body) {
      const cell = cells().find((one) => one.dataset.stress === held.stress && one.dataset.policy === held.policy);
      if (cell) {
        cell.focus({ preventScroll: true });
      }
    }
  }

  /* --- What is ticked -------------------------------------------------------------------------------------------------- */

  const pressed = (part, what) =>
    [...part.querySelectorAll(`[data-tick="${what}"][aria-pressed="true"]`)].map((button) => button.dataset.name);

  function toggle(button) {
    button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
  }

  function tick(button) {
    toggle(button);
    const part = button.closest('.ticks');
    const rows = pressed(part, 'row').map(Number);
    dash().set_props('stress-choice', { data: { stresses: pressed(part, 'stress'), rows, of: part.dataset.of } });
  }

  /* What is ticked last comes last: of two guardrails of a kind it is the one that stays. */
  function tickGuardrail(button) {
    toggle(button);
    const all = [...document.querySelectorAll('[data-ticks][aria-pressed="true"]')].filter((one) => one !== button);
    const names = all.map((one) => one.dataset.ticks);
    if (button.getAttribute('aria-pressed') === 'true') {
      names.push(button.dataset.ticks);
    }
    dash().set_props('menu-ticked', { data: { key: button.closest('table').dataset.key, names } });
  }

  document.addEventListener('click', (event) => {
    const hit = (selector) => event.target.closest(selector);
    if (hit('.heat button')) {
      choose(hit('.heat button'));
    } else if (hit('[data-tick]')) {
      tick(hit('[data-tick]'));
    } else if (hit('[data-ticks]')) {
      tickGuardrail(hit('[data-ticks]'));
    }
  });

  /* --- The address ----------------------------------------------------------------------------------------------------- */

  function address(shown) {
    if (shown) {
      window.requestAnimationFrame(giveBackFocus);
      window.btm.replaceQuery((query) => {
        for (const [name, list] of [['stress', shown.stresses], ['rows', shown.rows]]) {
          if (list) {
            query.set(name, list.join(',') || 'none');
          } else {
            query.delete(name);
          }
        }
      });
    }
    return dash().no_update;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, { btm_stress: { address } });
})();
