/* What the entries of the report menu do: files from the server, pictures made here, words to paste. */
(function () {
  'use strict';
  const { btm } = window;
  const [COPIED_MS, KEPT_MS] = [2000, 10000];

  function save(blob, name) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
  }

  /* The day where the visitor is. */
  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, '0');
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  async function fetched({ page, kind, stores }) {
    const answer = await fetch(`/report/${page}.${kind}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ stores, today: today() }),
    });
    if (!answer.ok) {
      btm.serverSaid(answer.status);
      const told = await answer.json().catch(() => ({}));
      throw new Error(told.error || '');
    }
    return answer;
  }

  /* --- Pictures ----------------------------------------------------------------------------------------------------- */

  const bytesOf = (url) => Uint8Array.from(window.atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));

  async function pictures(page) {
    const plots = [...document.querySelectorAll('#main .js-plotly-plot')].filter((plot) => (
      plot.offsetParent && plot._fullLayout && plot.data.length
    ));
    const found = [];
    for (const plot of plots) {
      const name = plot.closest('[id$="-graph"]').id.replace(/-graph$/, '');
      found.push({ name: `${page}-${name}.png`, bytes: bytesOf(await window.Plotly.toImage(...btm.picture(plot))) });
    }
    return found;
  }

  const CRC = Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      value = value & 1 ? (value >>> 1) ^ 0xEDB88320 : value >>> 1;
    }
    return value >>> 0;
  });

  function checksum(bytes) {
    let sum = 0xFFFFFFFF;
    for (const byte of bytes) {
      sum = CRC[(sum ^ byte) & 0xFF] ^ (sum >>> 8);
    }
    return (sum ^ 0xFFFFFFFF) >>> 0;
  }

  /* Fields of two and four bytes, as ZIP writes numbers. */
  function packed(...fields) {
    const view = new DataView(new ArrayBuffer(fields.reduce((size, [, width]) => size + width, 0)));
    let at = 0;
    for (const [value, width] of fields) {
      view[width === 2 ? 'setUint16' : 'setUint32'](at, value, true);
      at += width;
    }
    return new Uint8Array(view.buffer);
  }

  const FIRST_OF_1980 = 0x21;
  const UTF8 = 0x800;

  /* PNGs are compressed already: they are only put one after the other. */
  function zipped(files) {
    const [parts, list] = [[], []];
    let at = 0;
    for (const { name, bytes } of files) {
      const title = new TextEncoder().encode(name);
      const about = [[20, 2], [UTF8, 2], [0, 2], [0, 2], [FIRST_OF_1980, 2], [checksum(bytes), 4], [bytes.length, 4],
        [bytes.length, 4], [title.length, 2], [0, 2]];
      const head = packed([0x04034B50, 4], ...about);
      parts.push(head, title, bytes);
      list.push(packed([0x02014B50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), title);
      at += head.length + title.length + bytes.length;
    }
    const size = list.reduce((sum, part) => sum + part.length, 0);
    const end = packed([0x06054B50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [at, 4], [0, 2]);
    return new Blob([...parts, ...list, end], { type: 'application/zip' });
  }

  /* --- What is asked for -------------------------------------------------------------------------------------------- */

  async function takePictures({ page, words, tell }) {
    const found = await pictures(page);
    if (!found.length) {
      tell(words.none);
      return;
    }
    const name = `${page}-${today()}-charts.zip`;
    save(zipped(found), name);
    tell(words.saved.replace('{name}', name));
  }

  async function takeText(asked) {
    const text = await (await fetched(asked)).text();
    const box = asked.host.querySelector('.report-text');
    const field = box.querySelector('textarea');
    field.value = text;
    box.hidden = false;
    asked.tell('');
    field.focus();
    field.select();
    field.scrollTop = 0;
  }

  async function takeFile(asked) {
    const answer = await fetched(asked);
    const [, name] = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition'));
    save(await answer.blob(), name);
    asked.tell(asked.words.saved.replace('{name}', name));
  }

  const KINDS = { png: takePictures, txt: takeText };

  btm.report = async (asked) => {
    asked.tell(asked.words.working);
    try {
      await (KINDS[asked.kind] || takeFile)(asked);
    } catch (error) {
      asked.tell((error instanceof TypeError ? '' : error.message) || asked.words.away);
    }
  };

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('.report-copy');
    if (!button) {
      return;
    }
    const host = button.closest('[data-report]');
    const words = JSON.parse(host.dataset.words);
    const label = button.querySelector('span');
    const field = host.querySelector('textarea');
    const told = await btm.copy(field.value).then(() => words.copied, () => words.uncopied);
    label.textContent = told;
    window.dash_clientside.set_props('live', { children: told });
    field.select();
    window.setTimeout(() => { label.textContent = words.copy; }, COPIED_MS);
  });
})();
