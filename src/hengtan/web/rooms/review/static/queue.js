// Keys of the queue: j and k go on and back, a goes to approving, r to the reason; choosing a whole page.
'use strict';
(() => {
  const one = (selector) => document.querySelector(selector);
  const all = one('[data-all]');
  const boxes = () => [
    ...document.querySelectorAll('[data-many] input[name="submission"]:not(:disabled)'),
  ];
  if (all)
    all.addEventListener('change', () =>
      boxes().forEach((box) => {
        box.checked = all.checked;
      })
    );
  const walk = (step) => {
    const links = [...document.querySelectorAll('[data-open]')];
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? 0 : at + step];
    if (next) next.focus();
  };
  const keys = {
    j: () => {
      const link = one('[data-after]');
      if (link) link.click();
      else walk(1);
    },
    k: () => {
      const link = one('[data-before]');
      if (link) link.click();
      else walk(-1);
    },
    a: () => {
      const button = one('[data-approve]');
      if (button) button.focus();
    },
    r: () => {
      const field = one('[data-reason]');
      if (field) field.focus();
    },
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input:not([type=checkbox]), textarea, select')) return;
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
})();
