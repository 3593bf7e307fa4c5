/* The scenarios to start from, as cards: opens them, marks the one that is shown, and closes them with a choice. */
(function () {
  'use strict';
  const dialog = () => document.getElementById('gallery-sheet');

  function mark() {
    const shown = document.querySelector('[id*=\'"what":"preset"\']')?.value;
    for (const card of dialog().querySelectorAll('[data-preset]')) {
      card.toggleAttribute('data-current', card.dataset.preset === shown);
    }
  }

  function listen() {
    dialog().dataset.listens = 'true';
    dialog().addEventListener('click', (event) => {
      /* A choice is heard by the page first, which listens at the document. */
      if (event.target === dialog() || event.target.closest('a, button')) {
        window.setTimeout(() => {
          dialog().close();
          if (event.target.closest('[data-press]')) {
            window.btm.closePanel();
          }
        });
      }
    });
    new MutationObserver(mark).observe(dialog(), { childList: true, subtree: true });
  }

  window.btm.visit.gallery = () => {
    if (!dialog().dataset.listens) {
      listen();
    }
    window.dash_clientside.set_props('gallery-wanted', { data: true });
    mark();
    dialog().showModal();
  };
})();
