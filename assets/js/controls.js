/* The scenario's controls: what a visitor types and presses becomes a numbered log that goes to the server; sliders show
   their value while dragged, focus and open rows outlive controls that are made anew, errors are tied to their fields. */
(function () {
  'use strict';
  const TYPING_MS = 300; /* Typing counts once it has paused this long. */
  const DRAGGING_MS = 100;
  const RESEND_MS = 1000; /* What a draft does not hold so long after it came is sent again. */
  const REMEMBERED = 50; /* Events that a draft holds already, in case an earlier answer still comes in. */
  const FOCUSABLE = 'button:enabled, input:enabled, select:enabled';
  const dash = () => window.dash_clientside;
  const panelBody = () => document.getElementById('panel-body');

  /* Dash writes ids made of several parts as JSON with sorted keys. */
  function partsOf(element) {
    return element.id.startsWith('{') ? JSON.parse(element.id) : {};
  }

  const idOf = (parts) => JSON.stringify(parts, Object.keys(parts).sort());

  /* --- The log ----------------------------------------------------------------------------------------------------- */

  let log = [];
  let count = 0;
  let handled = 0; /* The last event that the page's draft holds. */
  let timer = 0;
  let resending = 0;
  const touched = new Map(); /* path -> control: typed in, not in the log yet */

  function valueOf(control) {
    if (control.type === 'checkbox') {
      return control.checked;
    }
    if (control.type === 'number' || control.type === 'range') {
      return control.value === '' ? null : Number(control.value);
    }
    return control.value;
  }

  function note(event) {
    count += 1;
    log.push({ n: count, ...event });
  }

  /* What is typed in a field replaces what was typed there before. */
  function noteTouched() {
    window.clearTimeout(timer);
    for (const [path, control] of touched) {
      log = log.filter((event) => event.field !== path || event.n <= handled);
      note({ field: path, value: valueOf(control) });
    }
    touched.clear();
  }

  /* Everything since the draft that the page holds, so that no request depends on the answer to another. */
  function send() {
    const events = log.filter((event) => event.n > handled);
    if (events.length) {
      dash().set_props('edits', { data: { events } });
    }
  }

  function sendTouched() {
    noteTouched();
    send();
  }

  function press(what, at) {
    noteTouched();
    note({ press: what, at });
    send();
  }

  /* A draft has come. A page opens with a draft that holds nothing. */
  function hear(draft) {
    window.btm.scenario = draft.scenario; /* what could be saved */
    if (draft.handled === 0) {
      log = [];
      count = 0;
      touched.clear();
      open.clear();
    }
    handled = draft.handled;
    log = log.filter((event) => event.n > handled - REMEMBERED);
    window.requestAnimationFrame(settleFocus);
    /* An earlier answer that came in after a later one takes back what that held, and an answer can be dropped when
       another comes in: what is still missing a moment later is sent again. */
    window.clearTimeout(resending);
    resending = window.setTimeout(send, RESEND_MS);
    return dash().no_update;
  }

  document.addEventListener('input', (event) => {
    const control = event.target;
    const { type, path } = partsOf(control);
    if (type !== 'field') {
      return;
    }
    touched.set(path, control);
    window.clearTimeout(timer);
    timer = window.setTimeout(sendTouched, control.type === 'range' ? DRAGGING_MS : TYPING_MS);
    const shown = control.type === 'range' && control.closest('.field').querySelector('.field-value');
    if (shown) {
      shown.textContent = window.btm.writing.compact(Number(control.value));
    }
  });

  /* A field that is left, or in which Enter was pressed, waits no longer; a choice never waits. */
  document.addEventListener('change', (event) => {
    const { type, what } = partsOf(event.target);
    if (type === 'field') {
      sendTouched();
    } else if (type === 'pick' && event.target.value) {
      press(`pick-${what}`, event.target.value);
    }
  });

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-press]');
    if (button) {
      press(button.dataset.press, JSON.parse(button.dataset.at || 'null'));
    }
  });

  /* --- Focus and open rows ------------------------------------------------------------------------------------------- */

  let focused = null; /* The element with the focus, and what could stand in for it. */
  const open = new Set();

  function remember(element) {
    const place = element.closest('[id*=\'"type":"section"\'], .notices');
    focused = { element, place: place && place.id };
  }

  const isLost = () => focused && !focused.element.isConnected && document.activeElement === document.body;

  function refocus(element) {
    if (element) {
      element.focus({ preventScroll: true });
    }
  }

  const actionOf = (parts, changes) => document.getElementById(idOf({ ...parts, ...changes }));

  /* The same button one place before (1 before 2, "audience.1" before "audience.2"), else what adds to such a list. */
  function neighbour(parts) {
    const [, list, place] = /^(?:(.*)\.)?(\d+)$/.exec(parts.at) || [];
    const at = list ? `${list}.${place - 1}` : place - 1;
    const before = place > 0 && actionOf(parts, { at });
    return before || (list && actionOf(parts, { do: parts.do.replace('remove', 'add'), at: list }));
  }

  /* Where the focus goes when its button is gone: to the button beside it, else to what is near. */
  function nearest() {
    const parts = partsOf(focused.element);
    const beside = parts.type === 'action' && neighbour(parts);
    const section = focused.place && document.getElementById(focused.place);
    return beside || (section && section.querySelector(FOCUSABLE)) || document.getElementById('main');
  }

  function settleFocus() {
    if (isLost()) {
      refocus(nearest());
    }
  }

  document.addEventListener('focusin', (event) => {
    if (event.target.closest('.scenario-panel, .notices')) {
      remember(event.target);
    } else {
      focused = null;
    }
  });

  /* An element that is taken away loses the focus too; only one that is still there was left on purpose. */
  document.addEventListener('focusout', (event) => {
    window.setTimeout(() => {
      if (focused && focused.element === event.target && event.target.isConnected && document.activeElement !== event.target) {
        focused = null;
      }
    });
  });

  document.addEventListener(
    'toggle',
    (event) => {
      if (event.target.matches('details[id]') && event.target.isConnected) {
        open[event.target.open ? 'add' : 'delete'](event.target.id);
      }
    },
    true,
  );

  function restore(body) {
    for (const row of body.querySelectorAll('details[id]:not([open])')) {
      row.open = open.has(row.id);
    }
    if (isLost()) {
      refocus(document.getElementById(focused.element.id));
    }
  }

  /* The panel comes and goes with its page: only the document is always there to be observed. */
  new MutationObserver((changes) => {
    const body = panelBody();
    if (body && changes.some((change) => change.addedNodes.length && body.contains(change.target))) {
      restore(body);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  /* --- What the page says about itself ------------------------------------------------------------------------------- */

  let draft = null;
  let answer = null;
  let completion = null;

  /* The words of the last answer hold while the panel holds its scenario; else those of the draft. */
  function told() {
    const isAnswered = answer && answer.key === draft.key;
    const isComplete = isAnswered && completion && completion.key === draft.key;
    const { status, notice } = isComplete ? completion : isAnswered ? answer : draft;
    return [status, notice];
  }

  function settle(newDraft, answers) {
    draft = newDraft;
    if (answers[0] !== answer) {
      answer = answers[0];
      completion = null;
    }
    return told();
  }

  function complete(completions) {
    completion = completions[0];
    return draft ? told() : [dash().no_update, dash().no_update];
  }

  const toldAt = new WeakSet();

  /* A row that is closed, alone or within another, must not hide what is wrong in it; who closes it again knows. */
  function openAt(error) {
    const isNew = error.textContent && !toldAt.has(error);
    toldAt[error.textContent ? 'add' : 'delete'](error);
    for (let row = isNew && error.closest('details'); row; row = row.parentElement.closest('details')) {
      row.open = true;
    }
  }

  /* What an error is about: a field, or a list to choose from. */
  function controlOf(error) {
    const { path } = partsOf(error);
    return document.getElementById(idOf({ type: 'field', path })) || document.getElementById(idOf({ type: 'pick', what: path }));
  }

  function describe() {
    for (const error of document.querySelectorAll('.field-error[id]')) {
      const control = controlOf(error);
      openAt(error);
      if (!control) {
        continue;
      }
      if (error.textContent) {
        control.setAttribute('aria-invalid', 'true');
        control.setAttribute('aria-describedby', error.id);
      } else {
        control.removeAttribute('aria-invalid');
        control.removeAttribute('aria-describedby');
      }
    }
    return dash().no_update;
  }

  window.btm = Object.assign(window.btm || {}, { press });
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    btm_controls: { hear, settle, complete, describe },
  });
})();
