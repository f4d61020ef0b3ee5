// <input type="hidden" data-browser-zone>: says on which clock this browser runs, so that times are read on that one. Empty without scripts.
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

document.querySelectorAll('[data-browser-zone]').forEach((field) => {
  field.value = timeZone ?? '';
});
