// What a page of preferences has seen moves on with what it saved by itself; the words beside it follow. See autosave.js.

document.addEventListener('autosave', ({ target: form, detail: answer }) => {
  for (const [name, value] of Object.entries(answer.hidden ?? {})) {
    const field = form.elements.namedItem(name);
    if (field?.type === 'hidden') field.value = value;
  }
  for (const [purpose, words] of Object.entries(answer.states ?? {})) {
    const small = form.querySelector(`input[name=consents][value="${CSS.escape(purpose)}"]`)?.closest('label')?.querySelector('small');
    if (small) small.textContent = words;
  }
  const known = document.querySelector('[data-known]');
  if (known && answer.known && known.innerHTML.trim() !== answer.known.trim()) known.innerHTML = answer.known;
});
