// How many people the rules find, while they are being built; without this file a button does it.

const WAIT = 400;
const form = document.querySelector('[data-segment]');
const [count, sentence] = ['count', 'sentence'].map((name) => document.querySelector(`[data-segment-${name}]`));
let timer, asked = 0;

const refresh = async () => {
  const number = ++asked;
  const target = new URL(form.dataset.segment, document.baseURI);
  for (const [name, value] of new FormData(form)) if (/^t[.-]/.test(name) && !name.endsWith('-new')) target.searchParams.append(name, value);
  try {
    const response = await fetch(target, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    if (!response.ok || response.redirected) return;
    const found = await response.json();
    if (number !== asked) return;
    count.textContent = found.count;
    sentence.textContent = found.sentence;
  } catch {
    // What stood there stays; the button beside it asks again.
  }
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, WAIT);
};

for (const name of ['input', 'change']) form?.addEventListener(name, ({ target }) => target.name?.startsWith('t') && later());
// Tokens are written into their field by a script, which says nothing of it.
for (const area of form?.querySelectorAll('[data-tags]') ?? []) new MutationObserver(later).observe(area, { childList: true, subtree: true });

// A value that was typed becomes a token when its field is left, which moves the buttons below: so it is left only once
// the button is pressed.
const isButton = ({ target }) => target.closest('button[type=submit]');
form?.addEventListener('mousedown', (event) => isButton(event) && event.preventDefault());
form?.addEventListener('click', (event) => isButton(event) && document.activeElement?.blur(), true);
