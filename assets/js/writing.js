/* Numbers as words, and words into the page. Which signs numbers have is said by the server on the page's first element,
   so that what is written here equals what components/formats.py writes. */
(function () {
  'use strict';
  const btm = (window.btm = window.btm || {});
  const SVG = 'http://www.w3.org/2000/svg';
  const MINUS = '\u2212';
  const PLACE = '#';
  const CENTS_BELOW = 10;
  const { language, decimal: point, group, amounts } = JSON.parse(document.documentElement.dataset.numbers);

  /* The server rounds what lies exactly half-way to the even digit, toFixed always up. */
  function fixed(number, digits) {
    const steps = Math.abs(number) * 10 ** digits;
    const isHalf = steps % 1 === 0.5 && Number.isInteger(number * 2 ** (digits + 1));
    const down = isHalf && Math.floor(steps) % 2 === 0;
    return (down ? Math.floor(steps) / 10 ** digits : Math.abs(number)).toFixed(digits);
  }

  /* A number without its sign, with so many decimals. */
  function size(number, digits) {
    const [whole, part] = fixed(number, digits).split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, () => group);
    return part ? grouped + point + part : grouped;
  }

  /* 0 for what is rounded to nothing. */
  const signOf = (number, digits) => Math.sign(number) * Math.sign(Number(fixed(number, digits)));

  function decimal(number, digits) {
    return (signOf(number, digits) < 0 ? MINUS : '') + size(number, digits);
  }

  const count = (number) => decimal(number || 0, 0);
  const signed = (number) => (signOf(number, 0) > 0 ? '+' : '') + count(number);
  const percent = (share, digits = 1) => `${decimal(100 * share, digits)}%`;
  /* With the decimals that it has. */
  const compact = (number) => decimal(number, (String(number).split('.')[1] || '').length);

  /* An amount of money, in the currency that was chosen; `above` is how one above zero is written. */
  function money(number, digits, above = amounts.plain) {
    const sign = signOf(number, digits);
    const frame = sign > 0 ? above : sign < 0 ? amounts.loss : amounts.plain;
    return frame.replace(PLACE, () => size(number, digits));
  }

  const cents = (number) => (number && Math.abs(number) < CENTS_BELOW ? 2 : 0);
  const amount = (number) => money(number, cents(number));
  const gain = (number) => money(number, cents(number), amounts.gain);
  const day = (milliseconds) => new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(milliseconds);
  const filled = (template, values) => template.replace(/\{(\w+)\}/g, (match, name) => values[name] ?? match);
  /* A line's name: 0 is A, 25 is Z, 26 is AA. */
  function letter(index) {
    let letters = '';
    for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) {
      letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
    }
    return letters;
  }

  /* Roughly how many pixels a chart's text takes. */
  const textWidth = (text) => 7.2 * text.length + 12;

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) {
      node.className = className;
    }
    if (text !== undefined) {
      node.textContent = text;
    }
    return node;
  }

  function drawing(tag, attributes) {
    const node = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    return node;
  }

  /* Fills in {name} and sets **...** in bold. Policy labels are the visitor's own words: they only ever become text,
     never HTML. */
  function write(node, template, values) {
    const key = template + JSON.stringify(values);
    if (!node || node.btmWritten === key) {
      return;
    }
    node.btmWritten = key;
    const parts = template.split('**').map((part, index) => {
      const text = filled(part, values);
      return index % 2 ? element('strong', '', text) : document.createTextNode(text);
    });
    node.replaceChildren(...parts);
  }

  function setText(node, text) {
    if (node && node.btmWritten !== text) {
      node.btmWritten = text;
      node.textContent = text;
    }
  }

  btm.writing = {
    language, decimal, count, signed, percent, compact, money, amount, gain, day, filled, letter, textWidth, element, drawing, write, setText,
  };
})();
