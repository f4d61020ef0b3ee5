// <a data-key="n">, <input data-key="/">: one key goes there, as long as nobody is typing and no other key is held.
// Where the page has no field of its own for it, / goes to its search field; ? shows the keys of the page.
// Whoever speaks to their computer, or hits keys unawares, switches them all off; every file of keys asks for that.
const root = document.documentElement;
const TYPING = 'input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]';
const FIELDS = 'input, select, textarea';

const find = (key) => {
  const places = [...document.querySelectorAll('[data-key]')].filter((element) => element.dataset.key === key);
  const own = places.find((element) => !element.closest('[data-keys]'));
  const field = key === '/' ? document.querySelector('main input[type=search]') : null;
  return own ?? field ?? places[0];
};

const help = () => {
  const keys = document.querySelector('[data-keys]');
  if (!keys) return false;
  keys.open = !keys.open;
  if (keys.open) keys.querySelector('summary').focus();
  return true;
};

const go = (wanted) => {
  if (wanted.matches(FIELDS)) {
    wanted.focus();
    wanted.select?.();
  } else {
    wanted.click();
  }
};

// Where a browser keeps nothing, the switch holds for the page.
const kept = (act) => { try { return act(localStorage); } catch { return null; } };
if (kept((store) => store.getItem('keys')) === 'off') root.dataset.singleKeys = 'off';
for (const keys of document.querySelectorAll('[data-keys]')) keys.hidden = false;
for (const box of document.querySelectorAll('[data-keys-switch]')) {
  box.checked = root.dataset.singleKeys !== 'off';
  box.addEventListener('change', () => {
    root.dataset.singleKeys = box.checked ? 'on' : 'off';
    kept((store) => store.setItem('keys', root.dataset.singleKeys));
  });
}

addEventListener('keydown', (event) => {
  if (root.dataset.singleKeys === 'off') return;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target instanceof Element && event.target.closest(TYPING)) return;
  const wanted = find(event.key);
  if (wanted) go(wanted);
  else if (event.key !== '?' || !help()) return;
  event.preventDefault();
});
