// Comforts only: every page works without this file. Behaviour is asked for by data attributes; nothing is global.

const debounce = (work, ms) => {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), ms);
  };
};

const get = async (url, accept) => {
  const response = await fetch(url, { headers: { Accept: accept, 'X-Fragment': '1' }, credentials: 'same-origin' });
  if (!response.ok || response.redirected) throw new Error(`${response.status}`);
  return response;
};

// An error summary gets the focus, so that it is read out and its links are the next stop.
const summary = document.querySelector('.error-summary');
summary?.focus();
// A fragment in the address takes the focus away again once the page is there.
if (location.hash) addEventListener('load', () => setTimeout(() => summary?.focus()));

// What the last action did is the next stop of the keyboard, unless the page says where to be.
const flashes = document.querySelector('.flashes');
if (flashes && !summary && !location.hash && document.activeElement === document.body) flashes.focus({ preventScroll: true });

// <div data-poll="/imports/7/progress" data-every="2000">: keeps a fragment fresh until it holds data-done; with data-go beside it, it goes there.
const LONGEST_WAIT = 60000;

const poll = (element) => {
  const every = Number(element.dataset.every) || 3000;
  let wait = every;
  const isDone = () => !element.isConnected || element.querySelector('[data-done]');
  const tick = async () => {
    if (isDone()) return;
    if (!document.hidden) {
      try {
        const html = await (await get(element.dataset.poll, 'text/html')).text();
        if (element.innerHTML.trim() !== html.trim()) element.innerHTML = html;
        const done = element.querySelector('[data-done][data-go]');
        if (done) location.replace(done.dataset.go);
        wait = every;
      } catch {
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    }
    if (!isDone()) setTimeout(tick, wait);
  };
  if (!isDone()) setTimeout(tick, wait);
};

document.querySelectorAll('[data-poll]').forEach(poll);

// <input list="x" data-suggest="/skills/suggestions">: fills its datalist from ?q=, a JSON list of strings.
const suggest = (input, url, datalist) => {
  let asked = 0;
  input.addEventListener('input', debounce(async () => {
    const number = ++asked;
    const target = new URL(url, document.baseURI);
    target.searchParams.set('q', input.value.trim());
    if (!input.value.trim()) return;
    try {
      const values = await (await get(target, 'application/json')).json();
      if (number === asked) datalist.replaceChildren(...values.map((value) => new Option(value, value)));
    } catch {
      datalist.replaceChildren();
    }
  }, 200));
};

for (const input of document.querySelectorAll('input[data-suggest][list]')) {
  if (input.list) suggest(input, input.dataset.suggest, input.list);
}

// <div data-tags="/skills/suggestions">: a textarea of one value a line becomes tokens; the textarea stays the one field that is sent.
const tags = (root) => {
  const area = root.querySelector('textarea');
  const words = root.dataset;
  const isByLines = words.split === 'lines';
  const split = (text) => text.split(isByLines ? '\n' : /[,\n]/).map((value) => value.trim()).filter(Boolean);
  const make = (name, attributes) => Object.assign(document.createElement(name), attributes);

  const list = make('ul', { className: 'tokens' });
  list.setAttribute('role', 'list');
  const input = make('input', { type: 'text', id: area.id, autocomplete: 'off' });
  for (const name of ['aria-describedby', 'aria-invalid', 'aria-required']) {
    if (area.hasAttribute(name)) input.setAttribute(name, area.getAttribute(name));
  }
  if (area.required) input.setAttribute('aria-required', 'true');
  const spoken = make('p', { className: 'sr-only' });
  spoken.setAttribute('role', 'status');
  const options = make('datalist', { id: `${area.id}-list` });
  if (words.tags) {
    input.setAttribute('list', options.id);
    suggest(input, words.tags, options);
  }

  let values = [];
  const say = (text, value) => { spoken.textContent = text.replace('{}', value); };
  const show = () => {
    // The line's end says that a single value is one line, whatever commas it holds.
    area.value = values.map((value) => `${value}\n`).join('');
    list.replaceChildren(...values.map((value) => {
      const item = make('li', {});
      const button = make('button', { type: 'button', textContent: '×' });
      button.setAttribute('aria-label', words.remove.replace('{}', value));
      button.addEventListener('click', () => remove(value));
      item.append(make('span', { textContent: value }), button);
      return item;
    }));
  };
  const add = (text) => {
    const known = new Set(values.map((value) => value.toLowerCase()));
    for (const value of split(text)) {
      if (known.has(value.toLowerCase())) continue;
      known.add(value.toLowerCase());
      values = [...values, value];
      say(words.added, value);
    }
    input.value = '';
    show();
  };
  const remove = (value) => {
    const at = values.indexOf(value);
    values = values.filter((other) => other !== value);
    show();
    say(words.removed, value);
    const buttons = list.querySelectorAll('button');
    (buttons[Math.min(at, buttons.length - 1)] ?? input).focus();
  };

  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && input.value.trim()) {
      event.preventDefault();
      add(input.value);
    } else if (event.key === 'Backspace' && !input.value) {
      list.querySelector('li:last-child button')?.focus();
    }
  });
  input.addEventListener('input', (event) => {
    const isChosen = event.inputType === 'insertReplacementText' || !event.inputType;
    if ((input.value.includes(',') && !isByLines) || (isChosen && [...options.options].some((option) => option.value === input.value))) add(input.value);
  });
  input.addEventListener('change', () => add(input.value));
  list.addEventListener('keydown', (event) => {
    if (event.key === 'Backspace' || event.key === 'Delete') event.target.closest('button')?.click();
  });
  area.form?.addEventListener('reset', () => setTimeout(() => { values = []; add(area.defaultValue); }));

  area.removeAttribute('id');
  area.required = false;
  area.hidden = true;
  root.querySelector('[data-how]').textContent = words.hint;
  area.before(list, input, options, spoken);
  add(area.value);
  spoken.textContent = '';
};

document.querySelectorAll('[data-tags]').forEach(tags);

// <dd data-copy="Copy" data-copied="Copied"><code>…</code></dd>: a button that copies the code; without a clipboard there is none.
const SAID_FOR = 3000;

const copyable = (root) => {
  const { copy, copied } = root.dataset;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button', textContent: copy });
  Object.assign(button.dataset, { kind: 'quiet', size: 'small' });
  const text = root.querySelector('code').textContent;
  const spoken = Object.assign(document.createElement('span'), { className: 'sr-only' });
  spoken.setAttribute('role', 'status');
  let timer;
  const say = (words) => {
    button.textContent = words || copy;
    button.setAttribute('aria-label', `${words || copy}: ${text}`);
    spoken.textContent = words;
  };
  say('');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(root.querySelector('code'));
      return;
    }
    say(copied);
    clearTimeout(timer);
    timer = setTimeout(say, SAID_FOR, '');
  });
  root.append(button, spoken);
};

if (navigator.clipboard) document.querySelectorAll('[data-copy]').forEach(copyable);

// Without a connection a press would put the browser's own page in the place of what was typed: the form stays, and <div data-offline> says why.
// A browser may be wrong about being offline, so the site is asked first. Before every other listener: to them nothing was sent.
const unsent = document.querySelector('[data-offline]');
const reachable = new WeakSet();
document.addEventListener('submit', async (event) => {
  const { target: form, submitter } = event;
  if (!unsent || navigator.onLine || form.method !== 'post' || reachable.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.querySelector('[data-unsent]')?.remove();
  try {
    await fetch(document.querySelector('link[rel=icon]').href, { method: 'HEAD', cache: 'no-store' });
  } catch {
    const said = unsent.firstElementChild.cloneNode(true);
    said.dataset.unsent = '';
    if (submitter && form.contains(submitter)) submitter.before(said);
    else form.append(said);
    return;
  }
  reachable.add(form);
  HTMLFormElement.prototype.requestSubmit.call(form, submitter);
}, { capture: true });

// <button data-busy>: sends a form once; comes back when the page is shown again or nothing happened.
const rest = (button) => {
  button.disabled = false;
  button.removeAttribute('aria-busy');
};
document.addEventListener('submit', (event) => {
  const button = event.submitter ?? event.target.querySelector('button[data-busy]');
  if (!button?.hasAttribute('data-busy')) return;
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    button.setAttribute('aria-busy', 'true');
    button.disabled = true;
    setTimeout(rest, 8000, button);
  });
});
addEventListener('pageshow', () => document.querySelectorAll('button[data-busy]:disabled[aria-busy]').forEach(rest));

// <input type="checkbox" data-check-all="ids">: ticks every checkbox of that name in its form or table.
for (const all of document.querySelectorAll('input[data-check-all]')) {
  const scope = all.form ?? all.closest('table') ?? document;
  const boxes = () => [...scope.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.checkAll)}"]`)];
  all.addEventListener('change', () => boxes().forEach((box) => { box.checked = all.checked; }));
  scope.addEventListener('change', () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  });
}

// <p role="status" data-shown="preview" data-words="…">: says its words when the frame of that name shows a form that was sent to it.
for (const line of document.querySelectorAll('[data-shown]')) {
  const frame = document.querySelector(`iframe[name="${CSS.escape(line.dataset.shown)}"]`);
  document.addEventListener('submit', (event) => {
    if (!frame || event.submitter?.formTarget !== frame.name) return;
    line.textContent = '';
    frame.addEventListener('load', () => { line.textContent = line.dataset.words; }, { once: true });
  });
}

// No style knows in every browser that a frame has the focus; data-focus on it tells.
const frames = document.querySelectorAll('iframe');
const markFrames = () => frames.forEach((frame) => frame.toggleAttribute('data-focus', frame === document.activeElement));
if (frames.length) {
  addEventListener('blur', () => setTimeout(markFrames));
  addEventListener('focus', () => setTimeout(markFrames));
  document.addEventListener('focusin', markFrames);
}

// An open menu closes with a tap beside it, or with Escape, which gives the focus back to its button.
document.addEventListener('click', (event) => {
  const menu = document.querySelector('.site-menu[open]');
  if (menu && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' && document.querySelector('.site-menu[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// Signing out forgets what autosave.js has kept here: whoever comes next to this browser finds nothing of it.
document.addEventListener('submit', (event) => {
  if (new URL(event.target.action).pathname !== '/sign-out') return;
  try {
    Object.keys(localStorage).filter((key) => key.startsWith('autosave:')).forEach((key) => localStorage.removeItem(key));
  } catch { /* nothing was kept */ }
});
