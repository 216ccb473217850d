// Events in the page: which ones a window holds, and what they add up to. Times are sorted, in microseconds.

/** The recording that a model holds: {t, x, y, p, width, height, last}. */
function recording(model) {
  const t = unpack(model, 'times', Uint32Array);
  return {
    t, x: unpack(model, 'columns', Uint16Array), y: unpack(model, 'rows', Uint16Array), p: unpack(model, 'signs', Uint8Array),
    width: model.get('width'), height: model.get('height'), last: t[t.length - 1],
  };
}

/** How many times are less than `value`: where it would be put. */
export function lowerBound(t, value) {
  let low = 0, high = t.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

/** The events that the player shows at time `end`, as a range [from, to): those of the last `window` ms,
 *  end − window < t ≤ end, or the last `number` of them. */
export function windowOf(t, end, { by, window, number: count }) {
  const to = lowerBound(t, Math.floor(end) + 1);
  return [by === 'time' ? lowerBound(t, Math.floor(end - 1000 * window) + 1) : Math.max(0, to - count), to];
}

/** Sum the events [from, to) into one frame [2 * height * width]: first OFF, then ON. */
export function accumulate({ x, y, p, width, height }, from, to) {
  const frame = new Uint16Array(2 * height * width);
  for (let k = from; k < to; k += 1) frame[(p[k] * height + y[k]) * width + x[k]] += 1;
  return frame;
}

/** Events per millisecond of one polarity in `bins` equal bins from 0 to `last` µs. */
export function rates({ t, p }, polarity, bins, last) {
  const out = new Float64Array(bins);
  for (let k = 0; k < t.length; k += 1) {
    if (p[k] === polarity) out[Math.min(bins - 1, Math.floor((t[k] * bins) / Math.max(1, last)))] += 1;
  }
  return out.map((count) => (count * bins * 1000) / Math.max(1, last));
}

/** Where each frame begins, as numbers of events, and at last how many there are: bounds[j] … bounds[j + 1] is frame j. */
export function bounds(t, way, { T, duration }) {
  const n = t.length, start = t[0], span = t[n - 1] - start;
  const long = way === 'duration' ? 1000 * duration : Math.max(1, Math.floor(span / T));
  const frames = way === 'duration' ? Math.max(1, Math.ceil(span / long)) : T;
  const share = Math.floor(n / T);
  const begin = (j) => (way === 'number' ? j * share : lowerBound(t, start + j * long));
  return [...Array.from({ length: frames }, (_, j) => begin(j)), n];
}

/** Draw a frame into a square of `size` px: each event halves what is left of the paper. polarity: 'both', 'on', 'off'. */
function paintFrame(plot, frame, { width, height }, left, top, size, polarity = 'both') {
  plot.sheet ??= document.createElement('canvas');
  Object.assign(plot.sheet, { width, height });
  const inner = plot.sheet.getContext('2d'), image = inner.createImageData(width, height), pixels = width * height;
  const colours = [colourBytes(plot.kit.colour('v')), colourBytes(plot.kit.colour('spike'))];
  for (let n = 0; n < pixels; n += 1) {
    const off = polarity === 'on' ? 0 : frame[n], on = polarity === 'off' ? 0 : frame[pixels + n];
    if (off + on === 0) continue;
    const part = on / (on + off), at = 4 * n;
    for (let c = 0; c < 3; c += 1) image.data[at + c] = colours[0][c] * (1 - part) + colours[1][c] * part;
    image.data[at + 3] = 255 * (1 - 0.5 ** (on + off));
  }
  inner.putImageData(image, 0, 0);
  const scale = size / Math.max(width, height), { ctx } = plot;
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(plot.sheet, left, top, width * scale, height * scale);
  Object.assign(ctx, { strokeStyle: plot.kit.colour('line'), lineWidth: 1 });
  ctx.setLineDash([]);
  ctx.strokeRect(left + 0.5, top + 0.5, width * scale - 1, height * scale - 1);
}

/** Begin a plot of the rates of ON and OFF events; returns {draw} for when what lies behind them is drawn. */
function drawRates(kit, plot, events, bins) {
  events.curves ??= [0, 1].map((polarity) => rates(events, polarity, bins, events.last));
  const [off, on] = events.curves;
  const ms = events.last / 1000, xs = Array.from({ length: bins + 1 }, (_, k) => (k * ms) / bins);
  const most = Math.max(...on, ...off, 1e-9);
  plot.begin({ x: [0, Math.max(ms, 1e-3)], y: [0, most * 1.1] });
  const stairs = (values) => [...values, values[values.length - 1]];
  const draw = () => {
    plot.line(xs, stairs(off), kit.colour('v'), { steps: true, width: 1.25, dash: [3, 2] });
    plot.line(xs, stairs(on), kit.colour('spike'), { steps: true, width: 1.25 });
  };
  return { draw };
}
