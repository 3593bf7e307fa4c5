/* Saved scenarios: the browser keeps the query of each one's address under a key of its own, so that two tabs never write
   over each other's. What they are, and why one cannot be opened, is said by the server. */
(function () {
  'use strict';
  const { element, filled, setText, day } = window.btm.writing;
  const KEY = 'btm-scenario-';
  const LONGEST_NAME = 80;
  const MOST_BYTES = 2000000;
  const byId = (id) => document.getElementById(id);
  let words = null;
  let parts = null;
  let told = { now: null, entries: {} };
  let chosen = [];
  let renaming = null;

  /* --- What is kept ------------------------------------------------------------------------------------------------ */

  function read(key) {
    try {
      const entry = JSON.parse(window.localStorage.getItem(key));
      const is = entry && typeof entry.name === 'string' && /^\?[sc]=/.test(entry.query);
      return is ? { key, name: entry.name.slice(0, LONGEST_NAME), query: entry.query, at: Number(entry.at) || 0 } : null;
    } catch {
      return null;
    }
  }

  function kept() {
    try {
      const keys = Object.keys(window.localStorage).filter((key) => key.startsWith(KEY));
      return keys.map(read).filter(Boolean).sort((one, other) => other.at - one.at || one.name.localeCompare(other.name));
    } catch {
      return [];
    }
  }

  /* Whether the browser took it. */
  function keep({ key, name, query, at }) {
    try {
      window.localStorage.setItem(key, JSON.stringify({ name, query, at }));
      return true;
    } catch {
      say(words.refused);
      return false;
    }
  }

  const newKey = () => KEY + Date.now().toString(36) + Math.random().toString(36).slice(2, 8);

  function free(name) {
    const taken = new Set(kept().map((entry) => entry.name));
    let number = 1;
    let called = name;
    while (taken.has(called)) {
      number += 1;
      called = filled(words.another, { name, number });
    }
    return called;
  }

  /* --- What can be done -------------------------------------------------------------------------------------------- */

  function say(text, undo) {
    parts.said.replaceChildren(element('span', '', text));
    if (undo) {
      parts.said.append(' ', button('link-button', words.undo, undo));
    }
  }

  function save() {
    const name = parts.name.value.trim();
    if (!name) {
      say(words.no_name);
      parts.name.focus();
      return;
    }
    const called = free(name.slice(0, LONGEST_NAME));
    if (keep({ key: newKey(), name: called, query: told.now.query, at: Date.now() })) {
      say(filled(words.saved, { name: called }));
      ask();
    }
  }

  /* Another tab may have deleted it meanwhile. */
  function there(entry) {
    const now = read(entry.key);
    if (!now) {
      say(filled(words.gone_elsewhere, { name: entry.name }));
      render();
    }
    return now;
  }

  function rename(entry, name) {
    const now = there(entry);
    const wanted = name.trim().slice(0, LONGEST_NAME);
    if (now && wanted && keep({ ...now, name: wanted === now.name ? wanted : free(wanted) })) {
      say(filled(words.renamed, { name: read(entry.key).name }));
    }
    stopRenaming(entry);
  }

  function stopRenaming(entry) {
    renaming = null;
    render();
    parts.list.querySelector(`[data-key="${entry.key}"] [data-does="rename"]`)?.focus();
  }

  function remove(entry) {
    window.localStorage.removeItem(entry.key);
    say(filled(words.deleted, { name: entry.name }), () => {
      if (keep(entry)) {
        say(filled(words.back_again, { name: entry.name }));
        render();
        parts.list.querySelector(`[data-key="${entry.key}"] a`)?.focus();
      }
    });
    render();
    parts.said.querySelector('button').focus();
  }

  /* --- Files --------------------------------------------------------------------------------------------------------- */

  function exportAll() {
    const scenarios = kept().map(({ name, query }) => ({ name, link: `${window.location.origin}/${query}` }));
    const content = JSON.stringify({ bandit_time_machine: 1, scenarios }, null, 2);
    const link = element('a');
    link.href = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
    link.download = words.file;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function queryOf(link) {
    try {
      const found = new URL(link, window.location.origin).searchParams;
      const held = ['s', 'c'].filter((key) => found.get(key)).map((key) => [key, found.get(key)]);
      return held.length ? `?${new URLSearchParams(held)}` : null;
    } catch {
      return null;
    }
  }

  function listOf(text) {
    try {
      const held = JSON.parse(text);
      return Array.isArray(held?.scenarios) ? held.scenarios : null;
    } catch {
      return null;
    }
  }

  async function importFile(file) {
    const list = file.size <= MOST_BYTES ? listOf(await file.text()) : null;
    if (!list) {
      say(words.not_ours);
      return;
    }
    const here = new Set(kept().map((entry) => `${entry.name}\n${entry.query}`));
    let count = 0;
    for (const one of list) {
      const query = typeof one?.link === 'string' && typeof one.name === 'string' && one.name.trim() && queryOf(one.link);
      if (query && !here.has(`${one.name}\n${query}`)) {
        if (!keep({ key: newKey(), name: free(one.name.trim().slice(0, LONGEST_NAME)), query, at: Date.now() })) {
          return;
        }
        count += 1;
      }
    }
    const skipped = list.length - count;
    say(filled(skipped ? words.imported_some : words.imported, { count, skipped }));
    ask();
  }

  /* --- The sheet ----------------------------------------------------------------------------------------------------- */

  function button(className, text, press, label) {
    const node = element('button', className, text);
    node.type = 'button';
    node.addEventListener('click', press);
    if (label) {
      node.setAttribute('aria-label', label);
    }
    return node;
  }

  function build() {
    const dialog = element('dialog', 'sheet');
    const title = element('h2', 'sheet-title', words.title);
    title.id = 'saved-title';
    dialog.setAttribute('aria-labelledby', title.id);
    const close = button('btn btn-quiet btn-icon', '', () => dialog.close(), words.close);
    close.append(element('span', 'icon icon-close'));
    const head = element('div', 'sheet-head');
    head.append(title, close);
    const form = element('form', 'saved-form');
    const label = element('label', 'form-label', words.name);
    label.htmlFor = 'saved-name';
    const name = Object.assign(element('input', 'form-control'), { id: 'saved-name', maxLength: LONGEST_NAME, autocomplete: 'off' });
    const saves = Object.assign(element('button', 'btn btn-primary', words.save), { type: 'submit' });
    form.append(label, name, saves);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      save();
    });
    const cannot = element('p', 'hint saved-cannot');
    const said = element('p', 'saved-said');
    said.setAttribute('role', 'status');
    const list = element('ul', 'saved-list');
    const none = element('p', 'hint', words.none);
    const file = Object.assign(element('input', 'visually-hidden'), { type: 'file', accept: '.json,application/json', tabIndex: -1 });
    file.setAttribute('aria-label', words.import);
    file.addEventListener('change', () => {
      if (file.files[0]) {
        importFile(file.files[0]);
      }
      file.value = '';
    });
    const compare = element('a', 'btn btn-secondary', words.compare);
    const hint = element('span', 'hint', words.choose_two);
    const exports = button('btn btn-quiet', words.export, exportAll);
    const row = element('div', 'saved-foot');
    row.append(compare, hint, exports, button('btn btn-quiet', words.import, () => file.click()), file);
    dialog.append(head, element('p', 'sheet-text', words.text), form, cannot, said, none, list, row);
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    return { dialog, form, name, saves, cannot, said, list, none, compare, hint, exports };
  }

  /* The page that is open, where it shows a scenario. */
  const here = () => (byId('panel-body') ? window.location.pathname : '/');

  function row(entry) {
    const node = element('li', 'saved-row');
    node.dataset.key = entry.key;
    const { words: line, problem } = told.entries[entry.query] || {};
    const body = element('div', 'saved-body');
    const named = (template) => filled(template, { name: entry.name });
    if (renaming === entry.key) {
      body.append(renameForm(entry, named));
    } else {
      body.append(element('strong', '', entry.name));
    }
    body.append(element('span', problem ? 'hint saved-problem' : 'hint', problem || line || ''));
    if (entry.at) {
      body.append(element('span', 'hint', filled(words.kept, { day: day(entry.at) })));
    }
    const pick = Object.assign(element('input', 'form-check-input'), {
      type: 'checkbox',
      checked: chosen.includes(entry.key),
      disabled: Boolean(problem),
    });
    pick.setAttribute('aria-label', named(words.choose));
    pick.addEventListener('change', () => choose(entry.key, pick.checked));
    const opens = element('a', 'btn btn-secondary', words.open);
    opens.href = `${here()}${entry.query}`;
    opens.setAttribute('aria-label', named(words.open_named));
    const renames = button('btn btn-quiet', words.rename, () => {
      renaming = entry.key;
      render();
    }, named(words.rename_named));
    renames.dataset.does = 'rename';
    const removes = button('btn btn-quiet', words.delete, () => remove(entry), named(words.delete_named));
    const actions = element('div', 'saved-actions');
    actions.append(...(problem ? [] : [opens]), renames, removes);
    node.append(pick, body, actions);
    return node;
  }

  function renameForm(entry, named) {
    const form = element('form', 'saved-rename');
    const name = Object.assign(element('input', 'form-control'), { value: entry.name, maxLength: LONGEST_NAME });
    name.setAttribute('aria-label', named(words.new_name));
    const keeps = Object.assign(element('button', 'btn btn-secondary', words.keep), { type: 'submit' });
    form.append(name, keeps, button('btn btn-quiet', words.cancel, () => stopRenaming(entry)));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      rename(entry, name.value);
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        stopRenaming(entry);
      }
    });
    window.requestAnimationFrame(() => name.select());
    return form;
  }

  /* The two chosen last. */
  function choose(key, is) {
    chosen = [...chosen.filter((other) => other !== key), ...(is ? [key] : [])].slice(-2);
    const entries = kept();
    for (const node of parts.list.children) {
      node.querySelector('input[type="checkbox"]').checked = chosen.includes(node.dataset.key);
    }
    renderCompare(entries);
  }

  function renderCompare(entries) {
    const pair = chosen.map((key) => entries.find((entry) => entry.key === key)).filter(Boolean);
    const is = pair.length === 2;
    parts.compare.hidden = entries.length < 2;
    parts.hint.hidden = entries.length < 2 || is;
    parts.compare.classList.toggle('disabled', !is);
    if (!is) {
      parts.compare.removeAttribute('href');
      parts.compare.setAttribute('aria-disabled', 'true');
      return;
    }
    const query = new URLSearchParams();
    pair.forEach((entry, place) => {
      const held = new URLSearchParams(entry.query);
      const side = 'ab'[place];
      query.set(held.has('s') ? side : `${side}c`, held.get('s') || held.get('c'));
      query.set(`${side}n`, entry.name);
    });
    parts.compare.href = `/saved?${query}`;
    parts.compare.removeAttribute('aria-disabled');
  }

  function render() {
    const entries = kept();
    parts.list.replaceChildren(...entries.map(row));
    parts.none.hidden = entries.length > 0;
    parts.exports.hidden = entries.length === 0;
    const problem = told.now ? told.now.problem : words.nothing_here;
    parts.form.hidden = Boolean(problem);
    setText(parts.cannot, problem || '');
    renderCompare(entries);
  }

  /* Asks the server what there is to say; it answers to `told`. */
  function ask() {
    const scenario = byId('panel-body') ? window.btm.scenario : null;
    const data = { n: Date.now(), scenario, queries: kept().map((entry) => entry.query) };
    window.dash_clientside.set_props('saved-asked', { data });
  }

  window.btm.visit.told = (answer) => {
    if (!parts || !answer) {
      return;
    }
    told = answer;
    if (told.now && told.now.name && !parts.name.dataset.typed) {
      parts.name.value = free(told.now.name);
    }
    render();
  };

  window.addEventListener('storage', (event) => {
    if (parts?.dialog.open && (event.key === null || event.key.startsWith(KEY))) {
      ask();
    }
  });
  window.addEventListener('btm-page', () => parts?.dialog.close());

  window.btm.visit.saved = () => {
    words = JSON.parse(byId('visit').dataset.words);
    parts = parts || build();
    chosen = [];
    renaming = null;
    parts.said.replaceChildren();
    render();
    ask();
    parts.dialog.showModal();
  };
})();
