const SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10;

/** Spike times of pixels in [0, 1]: bright first, a black one silent (−1). */
export function latencyTimes(image, T) {
  return image.map((x) => (x > 0 ? roundHalfEven((T - 1) * (1 - x)) : -1));
}

/** The voltage of each class at every step, [T * 10], that of its best neuron. weight: [10·k * pixels], k rows a class. */
export function classVoltages(times, weight, { T, tau, tau_s }) {
  const pixels = times.length, rows = weight.length / pixels, each = rows / CLASSES, kernel = pspKernel(tau, tau_s);
  const arriving = new Float64Array(T * rows);
  times.forEach((s, n) => {
    if (s < 0 || s >= T) return;
    for (let r = 0; r < rows; r += 1) arriving[s * rows + r] += weight[r * pixels + n];
  });
  const v = new Float64Array(T * CLASSES).fill(-Infinity), k = Array.from({ length: T }, (_, t) => kernel(t));
  for (let r = 0; r < rows; r += 1) {
    for (let t = 0; t < T; t += 1) {
      let sum = 0;
      for (let s = 0; s < t; s += 1) sum += arriving[s * rows + r] * k[t - s];
      const at = t * CLASSES + Math.floor(r / each);
      v[at] = Math.max(v[at], sum);
    }
  }
  return v;
}

/** The highest voltage of each class up to step `now`, and the class that is ahead: −1 while nobody has left the rest. */
export function ahead(v, now) {
  const best = Array.from({ length: CLASSES }, (_, c) => {
    let top = -Infinity;
    for (let t = 0; t <= now; t += 1) top = Math.max(top, v[t * CLASSES + c]);
    return top;
  });
  const winner = argmax(best);
  return { best, winner: best[winner] > 0 ? winner : -1 };
}

const named = (c) => (c < 0 ? '–' : String(c));

/** A picture of the pixels whose spikes have arrived by step `now`. */
function arrivedPicture(canvas, image, times, now) {
  const ctx = canvas.getContext('2d'), data = ctx.createImageData(SIDE, SIDE);
  image.forEach((x, n) => {
    const grey = times[n] >= 0 && times[n] <= now ? Math.round(255 * Math.max(0.2, x)) : 0;
    data.data.set([grey, grey, grey, 255], 4 * n);
  });
  ctx.putImageData(data, 0, 0);
}

function buildReader(kit) {
  const weight = unpack(kit.model, 'weight', Float32Array), grey = unpack(kit.model, 'pictures', Uint8Array);
  const net = kit.model.get('net'), labels = kit.model.get('labels');
  const [row, charts] = kit.beside(180);
  const eye = node('canvas', 'csnn-picture');
  eye.width = eye.height = SIDE;
  eye.setAttribute('role', 'img');
  const caption = ['已经到达的脉冲', 'Spikes so far'];
  kit.text(eye, caption, 'aria-label');
  row.append(node('figure', 'csnn-figure', eye, kit.text(node('figcaption'), caption)));
  const toSeen = (x) => kit.change({ seen: Math.max(0, Math.min(1, Math.round((20 * x) / (net.T - 1)) / 20)) });
  const x = [-0.5, net.T - 0.5];
  const rain = new Plot(kit, {
    height: 96, x, xticks: false, ylabel: ['脉冲数', 'spikes'], label: ['每一步到达的脉冲数', 'Spikes that arrive at each step'],
  }, charts).draggable(toSeen, () => kit.save());
  const race = new Plot(kit, {
    height: 210, x, ylabel: ['膜电位 $V$', 'potential $V$'], xlabel: ['时间步', 'time step'],
    label: ['十个类别的膜电位', 'Voltages of the ten classes'],
  }, charts).draggable(toSeen, () => kit.save());
  const show = kit.stats({
    label: ['正确答案', 'true class'], now: ['此刻领先', 'ahead now'], end: ['最后的判断', 'final decision'],
    lead: ['领先第二名', 'lead over the second'],
  });
  kit.button(['上一张', 'Previous'], () => kit.change({ image: (kit.params.image + labels.length - 1) % labels.length }, true));
  kit.button(['下一张', 'Next'], () => kit.change({ image: (kit.params.image + 1) % labels.length }, true));
  let cached = '', image = [], times = [], v = [];
  return (p) => {
    const key = `${p.image} ${p.brightness}`;
    if (key !== cached) {
      cached = key;
      image = Array.from(grey.subarray(p.image * PIXELS, (p.image + 1) * PIXELS), (g) => (g / 255) * p.brightness);
      times = latencyTimes(image, net.T);
      v = classVoltages(times, weight, net);
    }
    const now = Math.round(p.seen * (net.T - 1)), { best, winner } = ahead(v, now), [first, second] = best.slice().sort((a, b) => b - a);
    arrivedPicture(eye, image, times, now);
    drawRain(kit, rain, times, net.T, now);
    drawRace(kit, race, v, net.T, now, winner);
    show({
      label: String(labels[p.image]), now: named(winner), end: named(ahead(v, net.T - 1).winner), lead: number(first - second, 2),
    });
  };
}

function drawRain(kit, plot, times, T, now) {
  const count = new Array(T).fill(0);
  times.forEach((s) => { if (s >= 0 && s < T) count[s] += 1; });
  plot.begin({ y: [0, 1.08 * Math.max(1, ...count)] });
  const steps = count.map((_, t) => t);
  plot.stems(steps.filter((t) => t > now), 0, count.filter((_, t) => t > now), kit.colour('exact'), { width: 3 });
  plot.stems(steps.filter((t) => t <= now), 0, count.filter((_, t) => t <= now), kit.colour('current'), { width: 3 });
  plot.vline(now, kit.colour('axis'), { width: 1.25 });
}

function drawRace(kit, plot, v, T, now, winner) {
  const low = Math.min(0, ...v), high = Math.max(1, ...v);
  plot.begin({ y: [Math.max(low, -2 * high) - 0.05 * high, 1.12 * high] });
  const t = Array.from({ length: T }, (_, k) => k), one = (c) => t.map((k) => v[k * CLASSES + c]);
  plot.hline(1, kit.colour('threshold'), { text: ['阈值', 'threshold'] });
  for (let c = 0; c < CLASSES; c += 1) if (c !== winner) plot.line(t, one(c), kit.colour('exact'), { width: 1.25, alpha: 0.8 });
  plot.vline(now, kit.colour('axis'), { width: 1.25 });
  if (winner < 0) return;
  const line = one(winner), peak = argmax(line.slice(0, now + 1));
  plot.line(t, line, kit.colour('spike'), { width: 2.5 });
  plot.dot(peak, line[peak], kit.colour('spike'));
  plot.label(String(winner), plot.px(peak) + 8, plot.py(line[peak]) - 8, { colour: kit.colour('spike'), size: 15, halo: true });
}

export default { render: (context) => mount(context, buildReader) };
