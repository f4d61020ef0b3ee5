// <form data-seen>: says by itself that its page is read, once it is looked at; without a script it is a button.
const form = document.querySelector('form[data-seen]');

const tell = async () => {
  if (document.hidden) return;
  document.removeEventListener('visibilitychange', tell);
  try {
    const options = { method: 'POST', body: new FormData(form), headers: { 'X-Requested-With': 'seen' }, credentials: 'same-origin' };
    const response = await fetch(form.action, options);
    form.hidden = response.ok;
  } catch { /* the button stays */ }
};

if (form) {
  document.addEventListener('visibilitychange', tell);
  tell();
}

// A draft that saved itself goes on from there: the next save is no conflict with it.
document.addEventListener('autosave', ({ target, detail }) => {
  const field = target.elements?.revision;
  if (field && detail.revision) field.value = detail.revision;
});
