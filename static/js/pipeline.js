// The keys of a pipeline: j and k go through the rows, x chooses, m, d, w, n, e and a do something with the chosen, or
// with the row one is in; / and ? are those of every page (keys.js). Comforts only: all of it can be done without this file.
const form = document.querySelector('form[data-pipeline]');
const rows = [...form?.querySelectorAll('tbody tr') ?? []];
const link = (row) => row?.querySelector('th a');
const box = (row) => row?.querySelector('input[name=a]');
const ACTIONS = { m: 'move', d: 'delay', w: 'write', n: 'note', e: 'end', a: 'owner' };

const here = () => rows.findIndex((row) => row.contains(document.activeElement));

const go = (step) => {
  const row = rows[Math.min(Math.max(here() + step, 0), rows.length - 1)];
  link(row)?.focus();
  row?.scrollIntoView({ block: 'nearest' });
};

const words = form?.querySelector('[data-chosen]');
const count = () => {
  if (!words) return;
  const all = form.querySelector('input[name=all]')?.checked;
  const chosen = form.querySelectorAll('input[name=a]:checked').length;
  words.textContent = chosen && !all ? words.dataset.chosen.replace('{}', chosen) : words.dataset.none;
};

const choose = () => {
  const found = box(rows[here()]);
  if (!found) return;
  found.checked = !found.checked;
  found.dispatchEvent(new Event('change', { bubbles: true }));
};

// Whoever may not choose rows notes on the one they are in, on its own page.
const noteHere = () => {
  const href = link(rows[here()])?.href;
  if (href) location.assign(`${new URL(href).pathname}/notes`);
};

const act = (what) => {
  const button = form.querySelector(`button[name=what][value=${what}]`);
  if (!button && what === 'note') noteHere();
  if (!button) return;
  const nobody = !form.querySelector('input[name=a]:checked, input[name=all]:checked');
  const found = box(rows[here()]);
  if (nobody && !found) return;
  if (nobody) found.checked = true;
  form.requestSubmit(button);
};

const isTyping = (target) => target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');

if (form) {
  form.addEventListener('change', count);
  // Somebody who comes back finds what they had chosen.
  addEventListener('pageshow', count);
  document.addEventListener('keydown', (event) => {
    if (document.documentElement.dataset.singleKeys === 'off') return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const doing = {
      j: () => go(1),
      k: () => go(-1),
      o: () => link(rows[here()])?.click(),
      x: choose,
    }[event.key] ?? (ACTIONS[event.key] && (() => act(ACTIONS[event.key])));
    // A key that is held walks on, and does nothing else twice.
    if (!doing || (event.repeat && event.key !== 'j' && event.key !== 'k')) return;
    event.preventDefault();
    doing();
  });
}
