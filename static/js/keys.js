// <a data-key="n">, <input data-key="/">: one key goes there, as long as nobody is typing and no other key is held.
const TYPING = 'input, select, textarea, [contenteditable]';

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target instanceof Element && event.target.closest(TYPING)) return;
  const wanted = [...document.querySelectorAll('[data-key]')].find((element) => element.dataset.key === event.key);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches(TYPING)) {
    wanted.focus();
    wanted.select?.();
  } else {
    wanted.click();
  }
});
