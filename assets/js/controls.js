/* The scenario's controls: errors are tied to their fields, sliders show their value while dragged, the address follows. */
(function () {
  'use strict';
  const noUpdate = () => window.dash_clientside.no_update;
  const DECIMALS = 2;

  /* Dash writes ids made of several parts as JSON with sorted keys. */
  const idOf = (type, path) => JSON.stringify({ path, type });

  function describe() {
    for (const error of document.querySelectorAll('.field-error[id]')) {
      const { path } = JSON.parse(error.id);
      const control = document.getElementById(idOf('field', path));
      if (!control) {
        continue;
      }
      if (error.textContent) {
        control.setAttribute('aria-invalid', 'true');
        control.setAttribute('aria-describedby', error.id);
      } else {
        control.removeAttribute('aria-invalid');
        control.removeAttribute('aria-describedby');
      }
    }
    return noUpdate();
  }

  document.addEventListener('input', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === 'range') {
      const value = event.target.closest('.field')?.querySelector('.field-value');
      if (value) {
        value.textContent = Number(event.target.value).toFixed(DECIMALS);
      }
    }
  });

  /* The address is the scenario; replacing it neither draws the page anew nor fills the history. */
  function address(query) {
    if (typeof query === 'string') {
      window.history.replaceState(window.history.state, '', window.location.pathname + query);
    }
    return noUpdate();
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, { btm_controls: { describe, address } });
})();
