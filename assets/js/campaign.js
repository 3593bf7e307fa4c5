/* Campaign files: chosen or dropped, sent as they are, and what the server says of them; nothing of them stays here. */
(function () {
  'use strict';
  const PERCENT = 100;
  const dash = () => window.dash_clientside;
  let sending = null; /* The request under way: another file replaces it. */

  function say(place, status, error) {
    place.querySelector('.file-status').textContent = status || '';
    place.querySelector('.file-error').textContent = error || '';
    place.classList.toggle('is-busy', Boolean(status));
  }

  function answered(place, request) {
    sending = null;
    let told = {};
    try {
      told = JSON.parse(request.responseText);
    } catch {
      /* Another program between here and the server answered. */
    }
    if (request.status === 201) {
      say(place, place.dataset.reading, '');
      window.location.assign(told.go);
    } else {
      window.btm.serverSaid(request.status);
      say(place, '', told.error || place.dataset.away);
    }
  }

  function post(place, query, name, content) {
    if (sending) {
      sending.abort();
    }
    const request = new XMLHttpRequest();
    sending = request;
    request.open('POST', place.dataset.upload + query);
    request.setRequestHeader('X-File-Name', encodeURIComponent(name));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => {
      const share = event.lengthComputable ? ` ${Math.round((PERCENT * event.loaded) / event.total)}%` : '';
      say(place, event.loaded < event.total ? place.dataset.sending + share : place.dataset.reading, '');
    });
    request.addEventListener('load', () => answered(place, request));
    request.addEventListener('error', () => {
      sending = null;
      say(place, '', place.dataset.away);
    });
    say(place, place.dataset.reading, '');
    request.send(content);
  }

  function bring(place, file) {
    if (file.size > Number(place.dataset.most)) {
      say(place, '', place.dataset.tooLarge);
    } else {
      post(place, place.dataset.kind ? `?kind=${place.dataset.kind}` : '', file.name, file);
    }
  }

  function choose(place, accepted) {
    const field = document.createElement('input');
    field.type = 'file';
    field.accept = accepted;
    field.addEventListener('change', () => field.files.length && bring(place, field.files[0]));
    field.click();
  }

  document.addEventListener('click', (event) => {
    const chooser = event.target.closest('[data-file]');
    if (chooser) {
      choose(chooser.closest('.file-choice'), chooser.dataset.file);
      return;
    }
    const sample = event.target.closest('[data-sample]');
    if (sample) {
      post(document.querySelector('.drop-zone'), `?sample=${sample.dataset.sample}`, sample.dataset.sample, null);
    }
  });

  for (const kind of ['dragover', 'dragleave', 'drop']) {
    document.addEventListener(kind, (event) => {
      const zone = document.querySelector('.drop-zone');
      if (!zone || !event.dataTransfer || ![...event.dataTransfer.types].includes('Files')) {
        return;
      }
      /* A file beside the zone must not replace the page either. */
      event.preventDefault();
      zone.classList.toggle('is-over', kind === 'dragover');
      if (kind === 'drop' && event.dataTransfer.files.length) {
        bring(zone, event.dataTransfer.files[0]);
      }
    });
  }

  /* What the server keeps has changed: the page is asked for anew. */
  function go(address) {
    if (address) {
      window.location.assign(address);
    }
    return dash().no_update;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, { btm_campaign: { go } });
})();
