/* A server that does not answer is told on the page, and asked again as soon as the network is back. */
(function () {
  'use strict';
  const ASKED = '/_dash-update-component';
  const ask = window.fetch.bind(window);

  function show(isAway) {
    document.documentElement.classList.toggle('server-away', isAway);
  }

  window.fetch = async function (resource, ...options) {
    const isCallback = String(resource.url || resource).includes(ASKED);
    try {
      const answer = await ask(resource, ...options);
      if (isCallback) {
        show(answer.status >= 400);
      }
      return answer;
    } catch (error) {
      /* A page that is being left gives its questions up. */
      if (isCallback && error.name !== 'AbortError') {
        show(true);
      }
      throw error;
    }
  };

  window.addEventListener('online', () => {
    if (document.documentElement.classList.contains('server-away')) {
      window.btm.press('retry', null);
    }
  });
})();
