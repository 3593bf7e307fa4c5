/* A server that does not answer, asks for patience, or wants the visitor to sign in, is told on the page; it is asked again
   as soon as that may help. */
(function () {
  'use strict';
  const ASKED = '/_dash-update-component';
  const FIRST = /\/_dash-(layout|dependencies)/;
  const [SIGNED_OUT, BUSY] = [401, 429];
  const LONGEST_WAIT = 60;
  const ask = window.fetch.bind(window);
  const page = document.documentElement.classList;
  let waiting = 0;

  const seconds = (answer) => Math.min(Math.max(Number(answer.headers.get('Retry-After')) || 1, 1), LONGEST_WAIT);
  const pause = (time) => new Promise((resolve) => { window.setTimeout(resolve, 1000 * time); });

  function askAgain() {
    /* Elsewhere nobody knows what was dropped: the notice stays, with its way to load the page again. */
    if (document.querySelector('[data-press="run"]')) {
      page.remove('server-busy');
      window.btm.press('retry', null);
    }
  }

  /* The way back leads to the scenario that the address holds. */
  function tellSignedOut() {
    const link = document.getElementById('sign-in-again');
    if (link) {
      link.href = `/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
    }
  }

  /* Being busy ends by its own clock: another question that got through does not bring back the one that did not. */
  function said(status, wait) {
    page.toggle('signed-out', status === SIGNED_OUT);
    page.toggle('server-away', status >= 400 && status !== SIGNED_OUT && status !== BUSY);
    if (status === SIGNED_OUT) {
      tellSignedOut();
    } else if (status === BUSY && wait) {
      page.add('server-busy');
      window.clearTimeout(waiting);
      waiting = window.setTimeout(askAgain, 1000 * wait);
    }
  }

  /* Dash reads some refusals twice, which answers do not bear. */
  async function keepText(answer) {
    if (answer.status >= 400) {
      const text = await answer.text();
      answer.text = () => Promise.resolve(text);
    }
  }

  /* Without these there is no page on which to tell anything. */
  async function first(answer, resource, options) {
    if (answer.status === SIGNED_OUT) {
      window.location.reload(); /* Leads to where to sign in. */
    }
    if (answer.status !== BUSY) {
      return answer;
    }
    const loading = document.querySelector('._dash-loading');
    if (loading) {
      loading.textContent = document.body.dataset.busy;
    }
    await pause(seconds(answer));
    return window.fetch(resource, ...options);
  }

  window.fetch = async function (resource, ...options) {
    const address = String(resource.url || resource);
    const isCallback = address.includes(ASKED);
    try {
      const answer = await ask(resource, ...options);
      if (isCallback) {
        said(answer.status, seconds(answer));
        await keepText(answer);
      } else if (FIRST.test(address)) {
        return await first(answer, resource, options);
      }
      return answer;
    } catch (error) {
      /* A page that is being left gives its questions up. */
      if (isCallback && error.name !== 'AbortError') {
        page.add('server-away');
      }
      throw error;
    }
  };

  document.addEventListener('click', (event) => {
    if (event.target.closest('#load-again')) {
      event.preventDefault();
      window.location.reload();
    }
  });

  window.addEventListener('online', () => {
    if (page.contains('server-away')) {
      window.btm.press('retry', null);
    }
  });

  window.btm = window.btm || {};
  /* For what asks the server in another way; a file that was refused says so itself. */
  window.btm.serverSaid = (status) => { if (status === SIGNED_OUT) { said(status); } };
})();
