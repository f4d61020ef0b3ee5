// <form data-autosave="server" data-autosave-key="…">: saves itself while somebody fills it in; every page works without it.
//
// A save posts the form to its own address with `X-Requested-With: autosave` and gets JSON {"saved_at": "…", "errors": {field: ["…"]}}:
// 200 saved, 422 something needs another look, 409 it was changed elsewhere. Until a save passes, what was typed stays in this browser
// under the form's key, for a week at most: text and choices only, no password, file or hidden field. data-autosave="local" saves nowhere else;
// without a key nothing is kept in the browser.
// The words are attributes of <p role="status" data-autosave-status data-saving data-saved data-unsaved data-wrong data-conflict data-local data-restored>;
// {} in data-saved is the time, in data-wrong the message. <p data-autosave-done="key"> on the page that comes after sending forgets what was kept.

const PREFIX = 'autosave:';
const WAIT = 900;
const AGAIN = 15000;
const OLDEST = 7 * 24 * 60 * 60 * 1000;
const UNKEPT = ['hidden', 'password', 'file', 'submit', 'button', 'reset'];

// Storage may be full or forbidden; then nothing is kept and the page works as without it.
const stored = {
  get(key) {
    try {
      const found = JSON.parse(localStorage.getItem(PREFIX + key));
      return found && Date.now() - found.at < OLDEST ? found.fields : null;
    } catch {
      return null;
    }
  },
  set(key, fields) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), fields }));
      return true;
    } catch {
      return false;
    }
  },
  // Somebody else may sit here next.
  forgetOld() {
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(PREFIX) && !this.get(name.slice(PREFIX.length))) localStorage.removeItem(name);
      }
    } catch { /* nothing was kept */ }
  },
  remove(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch { /* nothing was kept */ }
  },
};

const keepable = (form) => [...form.elements].filter(
  (field) => field.name && field.type && !UNKEPT.includes(field.type) && !field.closest('[aria-hidden="true"]'));

const read = (form) => {
  const fields = {};
  for (const field of keepable(form)) {
    fields[field.name] ??= [];
    if (!['checkbox', 'radio'].includes(field.type)) fields[field.name].push(field.value);
    else if (field.checked) fields[field.name].push(field.value);
  }
  return fields;
};

const fill = (form, fields) => {
  for (const field of keepable(form)) {
    const values = fields[field.name];
    if (!values) continue;
    const tags = field.hidden && field.closest('[data-tags]')?.querySelector('input[type=text]');
    if (tags) {
      for (const value of (values[0] ?? '').split('\n').filter(Boolean)) {
        tags.value = value;
        tags.dispatchEvent(new Event('change', { bubbles: true }));
      }
    } else if (['checkbox', 'radio'].includes(field.type)) field.checked = values.includes(field.value);
    else field.value = values[0] ?? '';
  }
};

const autosave = (form) => {
  const { autosaveKey: key, autosave: mode } = form.dataset;
  const line = form.querySelector('[data-autosave-status]') ?? document.querySelector('[data-autosave-status]');
  const say = (state, text = '') => {
    if (!line) return;
    line.dataset.state = state;
    line.textContent = (line.dataset[state] ?? '').replace('{}', text);
  };
  const snapshot = () => JSON.stringify(read(form));
  let saved = snapshot();
  let timer;
  let isSaving = false;
  let isOver = false;

  const mark = (errors) => {
    for (const field of keepable(form)) {
      if (errors[field.name]) field.setAttribute('aria-invalid', 'true');
      else if (field.dataset.autosaveMarked) field.removeAttribute('aria-invalid');
      field.toggleAttribute('data-autosave-marked', Boolean(errors[field.name]));
    }
    return Object.values(errors).flat()[0] ?? '';
  };
  const later = (ms) => {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(save, ms);
  };
  const save = async () => {
    if (isSaving) return later(WAIT);
    isSaving = true;
    const sent = snapshot();
    say('saving');
    const data = new FormData(form);
    for (const field of form.querySelectorAll('input[type=file], input[type=password]')) data.delete(field.name);
    try {
      const response = await fetch(form.action || location.href, {
        method: 'POST',
        body: data,
        headers: { Accept: 'application/json', 'X-Requested-With': 'autosave' },
        credentials: 'same-origin',
      });
      if (response.redirected || ![200, 409, 422].includes(response.status)) throw new Error(`${response.status}`);
      const answer = await response.json();
      // For what a page of its own does with an answer.
      form.dispatchEvent(new CustomEvent('autosave', { bubbles: true, detail: answer }));
      if (isOver) return;
      if (response.status === 409) {
        isOver = true;
        say('conflict');
        return;
      }
      const wrong = mark(answer.errors ?? {});
      if (response.status === 422 || wrong) {
        say('wrong', wrong);
        return;
      }
      saved = sent;
      if (snapshot() !== sent) return later(WAIT);
      stored.remove(key);
      say('saved', answer.saved_at ?? '');
    } catch {
      if (isOver) return;
      say('unsaved');
      later(AGAIN);
    } finally {
      isSaving = false;
    }
  };
  const note = () => {
    if (isOver || snapshot() === saved) return;
    const isKept = key && stored.set(key, read(form));
    if (mode === 'server') later(WAIT);
    else if (isKept) say('local');
  };

  const kept = key && stored.get(key);
  if (kept && JSON.stringify(kept) !== saved) {
    fill(form, kept);
    say('restored');
    if (mode === 'server') later(WAIT);
  }
  form.addEventListener('input', note);
  form.addEventListener('change', note);
  // A token is taken away by its button, which is no input.
  form.addEventListener('click', () => setTimeout(note));
  // From here the form goes the ordinary way; what is kept goes with the page that says so.
  form.addEventListener('submit', (event) => {
    if (event.submitter?.formTarget) return;
    isOver = true;
    clearTimeout(timer);
  });
  addEventListener('pageshow', (event) => { if (event.persisted) isOver = false; });
  addEventListener('online', () => { if (mode === 'server' && snapshot() !== saved) later(0); });
};

stored.forgetOld();
for (const element of document.querySelectorAll('[data-autosave-done]')) stored.remove(element.dataset.autosaveDone);
document.querySelectorAll('form[data-autosave]').forEach(autosave);
