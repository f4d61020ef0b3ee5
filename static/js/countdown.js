// <span data-countdown="172800" data-words="{} left" data-over="…">: says every second how long it still is, in the
// page's language. Counts from when the page came, so a clock that is wrong makes no difference. Says the same as
// `rules.time_left`: the largest unit of which there are two or more.
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

const words = (seconds) => {
  const [unit, size] = UNITS.find(([, length]) => seconds >= 2 * length) ?? UNITS.at(-1);
  const format = new Intl.NumberFormat(document.documentElement.lang || 'en', { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.floor(seconds / size));
};

const count = (element) => {
  const { countdown, words: around, over } = element.dataset;
  const tick = () => {
    const left = Number(countdown) - performance.now() / 1000;
    const text = left > 0 ? around.replace('{}', words(left)) : over;
    if (element.textContent !== text) element.textContent = text;
    if (left > 0) setTimeout(tick, 1000);
  };
  tick();
};

document.querySelectorAll('[data-countdown]').forEach(count);
