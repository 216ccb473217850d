// How far a guess lies from the truth, and how that is said: what guess_words.py computes, in the page.
const GRID = 200;                                // intervals at which two curves are compared

/** Round at `digits` decimals, a half upwards; negative digits round to tens, hundreds … */
export function rounded(value, digits) {
  const power = 10 ** Math.abs(digits);
  return digits < 0 ? Math.floor(value / power + 0.5) * power : Math.floor(value * power + 0.5) / power;
}

/** Decimals that leave `figures` significant figures. */
export function decimals(value, figures) {
  let size = Math.abs(value), digits = figures - 1;
  if (size === 0) return 0;
  for (; size >= 10; size /= 10) digits -= 1;
  for (; size < 1 && digits < 9; size *= 10) digits += 1;
  return digits;
}

/** The number as it is shown: fixed decimals; whole, or of three figures, where the scale is logarithmic. */
export function amount(value, spec) {
  const digits = !spec.log ? spec.digits : Number.isInteger(value) ? 0 : Math.max(0, decimals(value, 3));
  return number(rounded(value, digits), digits);
}

/** A number with its unit, in both languages. */
export function measure(value, spec) {
  const text = amount(value, spec);
  return spec.unit.map((unit) => (unit ? `${text}${unit.startsWith('%') ? '' : ' '}${unit}` : text));
}

/** A difference with its unit: that of two percentages is in percentage points. */
function difference(value, spec) {
  return measure(value, spec.unit[0] === '%' ? { ...spec, unit: ['个百分点', 'percentage points'] } : spec);
}

function numberWords(spec, guess, truth) {
  const g = measure(guess, spec), t = measure(truth, spec);
  if (g[1] === t[1]) return [`你猜 ${g[0]}，实际也是 ${t[0]}。`, `You guessed ${g[1]}, and it is ${t[1]}.`];
  const both = [`你猜 ${g[0]}，实际是 ${t[0]}`, `You guessed ${g[1]}, it is ${t[1]}`];
  const ratio = Math.max(guess, truth) / Math.min(guess, truth);
  if (!spec.log || ratio < 1.05) {
    const gap = difference(Math.abs(guess - truth), spec);
    return [`${both[0]}，相差 ${gap[0]}。`, `${both[1]}: ${gap[1]} apart.`];
  }
  const times = number(rounded(ratio, ratio < 10 ? 1 : 0), ratio < 10 ? 1 : 0);
  return truth > guess
    ? [`${both[0]}，是你猜的 ${times} 倍。`, `${both[1]}, ${times} times your guess.`]
    : [`${both[0]}，你猜的是它的 ${times} 倍。`, `${both[1]}; your guess is ${times} times that.`];
}

function choiceWords(spec, guess, truth) {
  const [g, t] = [guess, truth].map((key) => spec.options[key]);
  if (guess === truth) return [`你猜“${g[0]}”，实际也是。`, `You guessed “${g[1]}”, and so it is.`];
  return [`你猜“${g[0]}”，实际是“${t[0]}”。`, `You guessed “${g[1]}”, it is “${t[1]}”.`];
}

/** How many pairs of an order stand the other way round in another one. */
export function swapped(guess, truth) {
  let count = 0;
  for (let a = 0; a < guess.length; a += 1) {
    for (let b = a + 1; b < guess.length; b += 1) if (truth.indexOf(guess[a]) > truth.indexOf(guess[b])) count += 1;
  }
  return count;
}

function orderWords(_, guess, truth) {
  const pairs = (guess.length * (guess.length - 1)) / 2, wrong = swapped(guess, truth);
  if (wrong === 0) return ['你排的次序与实际相同。', 'Your order is the one that was found.'];
  return [`两两比较，${pairs} 对里有 ${wrong} 对与实际相反。`,
    `Compared two by two, ${wrong} of ${pairs} pairs ${wrong === 1 ? 'is' : 'are'} the other way round.`];
}

/** The straight line between the two nearest points of a curve; null outside of it. xs rise. */
export function interpolate(xs, ys, x) {
  if (xs.length === 0 || x < xs[0] || x > xs[xs.length - 1]) return null;
  let low = 0, high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  if (ys[low] === null || ys[high] === null) return null;
  if (xs[high] === xs[low]) return ys[low];
  return ys[low] + ((ys[high] - ys[low]) * (x - xs[low])) / (xs[high] - xs[low]);
}

/** Where the points of a drawn curve stand. */
export function abscissas(spec) {
  const [a, b] = spec.draw;
  return Array.from({ length: spec.points }, (_, k) => (k === spec.points - 1 ? b : a + ((b - a) * k) / (spec.points - 1)));
}

/** The mean distance of a drawn curve from the true one and its largest: {mean, x, guess, truth}; null: nothing drawn. */
export function curveDistance(spec, guess, [xs, ys]) {
  const at = abscissas(spec), [a, b] = spec.draw;
  let sum = 0, count = 0, far = null;
  for (let k = 0; k <= GRID; k += 1) {
    const x = k === GRID ? b : a + ((b - a) * k) / GRID;
    const g = interpolate(at, guess, x), t = interpolate(xs, ys, x);
    if (g === null || t === null) continue;
    const gap = Math.abs(g - t);
    sum += gap;
    count += 1;
    if (far === null || gap > Math.abs(far.guess - far.truth)) far = { x, guess: g, truth: t };
  }
  return far && { mean: sum / count, ...far };
}

function curveWords(spec, guess, truth) {
  const d = curveDistance(spec, guess, truth);
  if (d === null) return ['', ''];
  const mean = difference(d.mean, spec), [g, t] = [d.guess, d.truth].map((v) => measure(v, spec));
  const x = amount(d.x, { digits: spec.xdigits });
  return [
    `平均相差 ${mean[0]}。相差最大处，${spec.xlabel[0]}为 ${x}：你画的是 ${g[0]}，实际是 ${t[0]}。`,
    `On average ${mean[1]} apart. Farthest at ${spec.xlabel[1]} ${x}: you drew ${g[1]}, it is ${t[1]}.`,
  ];
}

const WORDS = { number: numberWords, choice: choiceWords, order: orderWords, curve: curveWords };

/** The distance between a guess and the truth in plain words, [中文, English]. */
export function distanceWords(spec, guess, truth) {
  return WORDS[spec.kind](spec, guess, truth);
}

const sameKeys = (keys, all) => Array.isArray(keys) && keys.length === all.length && all.every((key) => keys.includes(key));
const SOUND = {
  number: (spec, v) => Number.isFinite(v) && v >= spec.low && v <= spec.high,
  choice: (spec, v) => typeof v === 'string' && Object.hasOwn(spec.options, v),
  order: (spec, v) => sameKeys(v, Object.keys(spec.items)),
  curve: (spec, v) => Array.isArray(v) && v.length === spec.points
    && v.every((y) => y === null || (Number.isFinite(y) && y >= spec.y[0] && y <= spec.y[1])),
};

/** What was kept, as {value, sealed}; a value that does not belong to this question counts as none. */
export function soundRecord(spec, record) {
  const value = record?.value ?? null;
  return { value: value !== null && SOUND[spec.kind](spec, value) ? value : null, sealed: record?.sealed === true };
}

/** Whether there is something to compare: a curve must be drawn to its end. */
export function isComplete(value) {
  return value !== null && !(Array.isArray(value) && value.includes(null));
}
