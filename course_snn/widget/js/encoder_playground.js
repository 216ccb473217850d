const SIDE = 16, PIXELS = SIDE * SIDE;
const PATTERN = { 10: [1, 0], 101: [1, 0, 1], 1000: [1, 0, 0, 0] };

/** Spike time of each value in [0, 1] under encoding.LatencyEncoder(T, kind). */
export function latencyTimes(values, T, kind) {
  const last = T - 1, f32 = Math.fround;
  return Array.from(values, (value) => {
    const x = f32(value);
    if (kind === 'linear') return roundHalfEven(f32(last * f32(1 - x)));
    const a = Math.log(x), b = Math.log1p(-x) - last;      // −ln(x + (1 − x) e^−(T−1)), without overflow
    const top = Math.max(a, b);
    return roundHalfEven(-(top + Math.log(Math.exp(a - top) + Math.exp(b - top)))) + 0;
  });
}

/** One spike per value at its time -> train [T][values] of 0/1. */
export function oneSpike(times, T) {
  return Array.from({ length: T }, (_, t) => Uint8Array.from(times, (at) => (at === t ? 1 : 0)));
}

/** encoding.PoissonEncoder: in each step a value fires with its own probability. */
export function poissonTrain(values, T, seed) {
  const uniform = mulberry32(seed);
  return Array.from({ length: T }, () => Uint8Array.from(values, (x) => (uniform() < x ? 1 : 0)));
}

/** The bright pixels fire whenever the pattern (played over and over) says 1. */
export function periodicTrain(values, T, threshold, pattern) {
  return Array.from({ length: T }, (_, t) => Uint8Array.from(values, (x) => (x > threshold && pattern[t % pattern.length] ? 1 : 0)));
}

/** The whole train [T][values] for the widget's parameters. */
export function encode({ image, encoder, T, threshold, pattern, seed }) {
  if (encoder === 'poisson') return poissonTrain(image, T, seed);
  if (encoder === 'linear' || encoder === 'log') return oneSpike(latencyTimes(image, T, encoder), T);
  return periodicTrain(image, T, threshold, encoder === 'constant' ? [1] : PATTERN[pattern]);
}

/** What a reader can tell of the values from the spikes of steps 0 … t: the rate, or the inverse of the latency. */
export function decode(train, t, encoder) {
  const T = train.length, out = new Float64Array(train[0].length);
  for (let k = 0; k <= t; k += 1) {
    const value = encoder === 'linear' ? 1 - k / (T - 1)
      : encoder === 'log' ? (Math.exp(-k) - Math.exp(1 - T)) / (1 - Math.exp(1 - T)) : 1 / (t + 1);
    train[k].forEach((s, n) => { if (s) out[n] += value; });
  }
  return out;
}

/** Preset pictures of SIDE x SIDE grey values in row order. */
export function picture(name) {
  const at = (value) => Array.from({ length: PIXELS }, (_, n) => value(n % SIDE, Math.floor(n / SIDE)));
  if (name === 'gradient') return at((x) => x / (SIDE - 1));
  if (name === 'checker') return at((x, y) => ((x >> 2) + (y >> 2)) % 2);
  return at(() => 0);
}

function buildPlayground(kit) {
  const row = kit.stage.appendChild(node('div', 'csnn-pictures'));
  const input = new Picture(row, kit, SIDE, ['输入：在此作画', 'Input: draw here']);
  const frame = new Picture(row, kit, SIDE, ['这一步的脉冲', 'Spikes of this step']);
  const guess = new Picture(row, kit, SIDE, ['由已有脉冲还原', 'Read back so far']);
  const pen = drawing(kit, input.canvas, (n) => {
    const image = kit.params.image.slice();
    image[n] = kit.params.pen;
    kit.change({ image });
  }, () => kit.save());
  const time = transport(kit);
  const raster = new Plot(kit, {
    height: PIXELS + 44, top: 8, ylabel: ['像素编号', 'pixel'], xlabel: ['时间步', 'time step'], y: [PIXELS, 0],
    yticks: [0, 64, 128, 192, 256], label: ['每个像素的脉冲光栅图', 'Raster of the spikes of every pixel'],
  }).draggable((x) => time.go(Math.round(x)));
  const show = kit.stats({
    now: ['到这一步的脉冲', 'spikes so far'], total: ['全部脉冲', 'spikes in all'], error: ['平均还原误差', 'mean error'],
  });
  pictureButtons(kit);
  let cached = '', train = [];
  return (p) => {
    for (const [name, users] of [['threshold', ['constant', 'periodic']], ['pattern', ['periodic']], ['seed', ['poisson']]]) {
      kit.reveal(name, users.includes(p.encoder));
    }
    const key = JSON.stringify([p.image, p.encoder, p.T, p.threshold, p.pattern, p.seed]);
    if (key !== cached) [cached, train] = [key, encode(p)];
    const t = time.fit(p.T);
    const seen = decode(train, t, p.encoder);
    input.paint(p.image, pen.cursor);
    frame.paint(train[t]);
    guess.paint(seen);
    drawRaster(kit, raster, train, t);
    const count = train.map((step) => step.reduce((a, b) => a + b, 0));
    show({
      now: String(count.slice(0, t + 1).reduce((a, b) => a + b, 0)), total: String(count.reduce((a, b) => a + b, 0)),
      error: number(p.image.reduce((sum, x, n) => sum + Math.abs(x - seen[n]), 0) / PIXELS, 3),
    });
  };
}

function pictureButtons(kit) {
  const digits = kit.model.get('digits');
  const put = (name) => kit.change({ image: picture(name) }, true);
  let digit = 3;
  kit.button(['换个数字', 'Next digit'], () => {
    digit = (digit + 1) % digits.length;
    kit.change({ image: digits[digit].slice() }, true);
  });
  kit.button(['渐变', 'Gradient'], () => put('gradient'));
  kit.button(['棋盘', 'Checker'], () => put('checker'));
  kit.button(['清空', 'Clear'], () => put('empty'));
}

const COLUMN = 4;   // pixels of a time step in the raster's picture, the last one blank

/** The raster as one picture, COLUMN pixels wide a step and one high a value: thousands of spikes, one drawing call. */
function rasterPicture(canvas, train, now, colour) {
  canvas.width = COLUMN * train.length;
  canvas.height = PIXELS;
  const ctx = canvas.getContext('2d', { willReadFrequently: true });
  train.forEach((_, t) => {
    ctx.fillStyle = colour;
    ctx.globalAlpha = t <= now ? 1 : 0.3;
    ctx.fillRect(COLUMN * t, 0, COLUMN - 1, PIXELS);
  });
  const picture = ctx.getImageData(0, 0, canvas.width, PIXELS), ink = new Uint32Array(picture.data.buffer);
  train.forEach((step, t) => step.forEach((spike, n) => {
    if (!spike) ink.fill(0, n * canvas.width + COLUMN * t, n * canvas.width + COLUMN * (t + 1));
  }));
  ctx.putImageData(picture, 0, 0);
  return canvas;
}

function drawRaster(kit, plot, train, now) {
  plot.begin({ x: [-0.5, train.length - 0.5] });
  const { ctx, box } = plot;
  plot.sheet ??= document.createElement('canvas');
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(rasterPicture(plot.sheet, train, now, kit.colour('spike')), box.x, box.y, box.w, box.h);
  plot.vline(now, kit.colour('v'), { width: 1.5 });
}

export default { render: (context) => mount(context, buildPlayground) };
