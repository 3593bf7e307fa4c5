/* The guide's own script, loaded with that page alone: goes to the place in the address, marks where the reader is, counts ticks. */
(function () {
  'use strict';
  const contents = () => [...document.querySelectorAll('.guide-contents a')];

  /* --- Where the reader is ---------------------------------------------------------------------------------------------- */

  function mark(slug) {
    for (const link of contents()) {
      link.toggleAttribute('aria-current', link.hash === `#${slug}`);
      if (link.hasAttribute('aria-current')) {
        link.setAttribute('aria-current', 'true');
      }
    }
  }

  let watching = null;

  function watch() {
    if (watching) {
      watching.disconnect();
    }
    const sections = [...document.querySelectorAll('.guide-section')];
    const inSight = new Set();
    watching = new IntersectionObserver((seen) => {
      for (const one of seen) {
        inSight[one.isIntersecting ? 'add' : 'delete'](one.target);
      }
      const first = sections.find((section) => inSight.has(section));
      if (first) {
        mark(first.id);
      }
    }, { rootMargin: '-80px 0px -60% 0px' });
    sections.forEach((section) => watching.observe(section));
  }

  /* --- The place in the address, which was there before the page was ---------------------------------------------------- */

  function arrive() {
    const place = window.location.hash && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (place) {
      /* Setting the hash anew makes the browser go there, and lets the style sheet know. */
      window.location.replace(window.location.hash);
      place.scrollIntoView();
    }
  }

  function open() {
    watch();
    arrive();
  }

  /* --- Ticks -------------------------------------------------------------------------------------------------------------- */

  function counted(_ready, ticked) {
    const all = document.querySelectorAll('.guide-tick').length;
    const done = ticked.reduce((sum, part) => sum + (part || []).length, 0);
    return document.getElementById('guide').dataset.counted.replace('{done}', done).replace('{all}', all);
  }

  window.btm_guide_page = { open, counted };
})();
