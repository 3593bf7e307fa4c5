/* Numbers as words, and words into the page. */
(function () {
  'use strict';
  const btm = (window.btm = window.btm || {});
  const SVG = 'http://www.w3.org/2000/svg';
  const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

  const count = (number) => GROUPED.format(Math.round(number) || 0).replace('-', '\u2212');
  const signed = (number) => (number > 0 ? '+' : '') + count(number);
  const percent = (share) => `${(100 * share).toFixed(1)}%`;
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

  btm.writing = { count, signed, percent, filled, letter, textWidth, element, drawing, write, setText };
})();
