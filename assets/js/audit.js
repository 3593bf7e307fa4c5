/* Audit: fetches the grid's scripts, which no other page loads; the address, the time of a re-run, the printer. */
(function () {
  'use strict';
  const dash = () => window.dash_clientside;

  function fetched(source) {
    return new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = source;
      /* The grid finds the rest of itself beside the last script that is not loaded at leisure. */
      script.async = false;
      script.onload = () => resolve(true);
      script.onerror = () => reject(new Error(`${source} could not be loaded.`));
      document.body.append(script);
    });
  }

  let loading = null;

  function load() {
    const { cells, script } = document.getElementById('audit-grid-place').dataset;
    loading = loading || Promise.all([cells, script].map(fetched)).then(() => true);
    loading.catch(() => { loading = null; });
    return loading;
  }

  /* What the grid does is in its own file; before it is there, there is nothing to do. */
  const by = (name) => (...args) => (window.btm_grid ? window.btm_grid[name](...args) : dash().no_update);

  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) {
      window.print();
    }
  });

  /* --- The address, and the time of a re-run ------------------------------------------------------------------------------------ */

  function address(job) {
    if (job && job.scenario) {
      window.btm.replaceQuery((query) => {
        const chosenOnes = job.chosen || {};
        for (const name of ['policy', 'campaign']) {
          if (Number.isInteger(chosenOnes[name])) {
            query.set(name, String(job[name] + 1));
          } else {
            query.delete(name);
          }
        }
      });
    }
    return dash().no_update;
  }

  function stamp(rerun) {
    if (!rerun) {
      return dash().no_update;
    }
    if (rerun.words) {
      return rerun.words;
    }
    const now = new Date().toLocaleTimeString(window.btm.writing.language, { hour: '2-digit', minute: '2-digit' });
    return [
      { type: 'Strong', namespace: 'dash_html_components', props: { className: rerun.same ? 'is-ok' : 'is-bad', children: rerun.title } },
      { type: 'Div', namespace: 'dash_html_components', props: { className: 'hint', children: `${now}, ${rerun.text}` } },
    ];
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    btm_audit: { load, refresh: by('refresh'), chosen: by('chosen'), found: by('found'), address, stamp },
  });
})();
