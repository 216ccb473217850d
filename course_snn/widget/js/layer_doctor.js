const NEURONS = 16, STEPS = 16, SEED = 10, RULE = { silent: 0.002, saturated: 0.9, vanished: 1e-3, exploded: 100 };

/** The constant input and the weights of each layer: mulberry32 numbers u, x = 0.1 + 0.8u, W = g/16 (4u − 1). */
export function chain({ gain, depth }) {
  const draw = mulberry32(SEED);
  const x = Float64Array.from({ length: NEURONS }, () => 0.1 + 0.8 * draw());
  const unit = gain / NEURONS;
  const weights = Array.from({ length: depth }, () => Float64Array.from({ length: NEURONS * NEURONS }, () => unit * (4 * draw() - 1)));
  return { x, weights };
}

/** Subtract the mean of all currents of a layer, divide by their standard deviation; returns that deviation. */
function normalise(c) {
  let mean = 0, variance = 0;
  for (const v of c) mean += v / c.length;
  for (const v of c) variance += (v - mean) ** 2 / c.length;
  const deviation = Math.sqrt(variance + 1e-5);
  for (let k = 0; k < c.length; k += 1) c[k] = (c[k] - mean) / deviation;
  return deviation;
}

/** One layer through all steps: spikes s [T·n] and voltages before the reset h [T·n]. */
function forward(inputs, w, { threshold, leak, normalise: normed }) {
  const n = NEURONS, c = new Float64Array(STEPS * n), s = new Float64Array(STEPS * n), h = new Float64Array(STEPS * n);
  for (let t = 0; t < STEPS; t += 1) {
    for (let i = 0; i < n; i += 1) {
      let sum = 0;
      for (let j = 0; j < n; j += 1) sum += w[i * n + j] * inputs[t * n + j];
      c[t * n + i] = sum;
    }
  }
  const deviation = normed ? normalise(c) : 1;
  for (let i = 0; i < n; i += 1) {
    for (let t = 0, v = 0; t < STEPS; t += 1) {
      const k = t * n + i;
      h[k] = leak ? v + (c[k] - v) / 2 : v + c[k];
      s[k] = h[k] >= threshold ? 1 : 0;
      v = s[k] ? 0 : h[k];
    }
  }
  return { inputs, w, c, s, h, deviation };
}

/** Back through one layer: from ∂L/∂s to ∂L/∂W and ∂L/∂inputs, through time, the reset included. */
function backward({ inputs, w, c, s, h, deviation }, ds, { threshold, leak, alpha, normalise: normed }) {
  const n = NEURONS, dc = new Float64Array(STEPS * n), dw = new Float64Array(n * n), din = new Float64Array(STEPS * n);
  for (let i = 0; i < n; i += 1) {
    for (let t = STEPS - 1, dv = 0; t >= 0; t -= 1) {
      const k = t * n + i;
      const slope = alpha / 2 / (1 + ((Math.PI / 2) * alpha * (h[k] - threshold)) ** 2);
      const dh = (ds[k] - dv * h[k]) * slope + dv * (1 - s[k]);    // the reset is v = (1 − s) h
      dc[k] = leak ? dh / 2 : dh;
      dv = leak ? dh / 2 : dh;
    }
  }
  if (normed) {                                                    // c holds the normalised currents here
    let mean = 0, along = 0;
    dc.forEach((d, k) => { mean += d / dc.length; along += (d * c[k]) / dc.length; });
    for (let k = 0; k < dc.length; k += 1) dc[k] = (dc[k] - mean - c[k] * along) / deviation;
  }
  for (let t = 0; t < STEPS; t += 1) {
    for (let i = 0; i < n; i += 1) {
      const d = dc[t * n + i];
      for (let j = 0; j < n; j += 1) {
        dw[i * n + j] += d * inputs[t * n + j];
        din[t * n + j] += d * w[i * n + j];
      }
    }
  }
  return { dw, din };
}

const norm = (values) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));

/** The whole chain: firing rate, relative gradient ‖∂L/∂W‖ / ‖W‖ and spikes of each layer. */
export function examine(p) {
  const { x, weights } = chain(p), n = NEURONS, layers = [];
  let signal = Float64Array.from({ length: STEPS * n }, (_, k) => x[k % n]);
  for (const w of weights) {
    layers.push(forward(signal, w, p));
    signal = layers.at(-1).s;
  }
  const rate = new Float64Array(n);
  signal.forEach((s, k) => { rate[k % n] += s / STEPS; });
  let ds = Float64Array.from(signal, (_, k) => (2 * (rate[k % n] - (k % n < n / 2 ? 0.6 : 0.1))) / n / STEPS);
  const gradients = new Array(weights.length);
  for (let l = weights.length - 1; l >= 0; l -= 1) {
    const { dw, din } = backward(layers[l], ds, p);
    gradients[l] = norm(dw) / norm(weights[l]);
    ds = din;
  }
  const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return { rates: layers.map(({ s }) => mean(s)), gradients, spikes: layers.map(({ s }) => s) };
}

/** One word for each layer, by the rules of diagnosis.examine. */
export function findings({ rates, gradients }) {
  const usual = Math.max(0, ...gradients.filter((g) => g <= RULE.exploded));
  return rates.map((rate, l) => {
    if (rate < RULE.silent) return 'silent';
    if (rate > RULE.saturated) return 'saturated';
    if (gradients[l] > RULE.exploded) return 'exploding';
    return gradients[l] <= RULE.vanished * usual ? 'vanishing' : 'healthy';
  });
}

const FINDING = {
  silent: ['沉默', 'silent'], saturated: ['饱和', 'saturated'], vanishing: ['梯度消失', 'vanishing gradient'],
  exploding: ['梯度爆炸', 'exploding gradient'], healthy: ['健康', 'healthy'],
};
const TONE = { silent: 'exact', saturated: 'spike', vanishing: 'post', exploding: 'threshold', healthy: 'v' };
const FLOOR = -8;

function buildDoctor(kit) {
  const raster = new Plot(kit, {
    height: 150, y: [NEURONS, 0], yticks: false, xticks: false, ylabel: ['神经元', 'neuron'],
    xlabel: ['第 1 层 → 最后一层，每格 16 步', 'layer 1 → last layer, 16 steps each'], label: ['各层的脉冲', 'Spikes of each layer'],
  });
  const row = kit.stage.appendChild(node('div', 'csnn-pair'));
  const options = { height: 190, xlabel: ['层', 'layer'] };
  const rates = new Plot(kit, {
    ...options, y: [0, 1], ylabel: ['发放率（每步）', 'firing rate (per step)'], label: ['各层发放率', 'Firing rate of each layer'],
  }, row.appendChild(node('div')));
  const slopes = new Plot(kit, {
    ...options, y: [FLOOR, 1], ylabel: ['相对梯度的 $log_{10}$', '$log_{10}$ of relative gradient'], label: ['各层梯度', 'Gradient of each layer'],
  }, row.appendChild(node('div')));
  kit.legend(Object.entries(FINDING).map(([key, text]) => [TONE[key], text, 'box']));
  const show = kit.stats({
    rate: ['末层发放率', 'rate of the last layer'], ratio: ['梯度：首层 / 末层', 'gradient: first / last'],
    verdict: ['诊断', 'finding'],
  });
  return (p) => {
    const seen = examine(p), words = findings(seen);
    const tones = words.map((word) => kit.colour(TONE[word]));
    drawSpikes(raster, seen.spikes, tones);
    drawBars(rates, seen.rates, tones, 0);
    drawBars(slopes, seen.gradients.map((g) => Math.max(FLOOR, Math.log10(g))), tones, FLOOR);
    const ill = words.findIndex((word) => word !== 'healthy');
    const where = (lang) => (ill < 0 ? FINDING.healthy[lang] : [`第 ${ill + 1} 层：`, `layer ${ill + 1}: `][lang] + FINDING[words[ill]][lang]);
    const ratio = seen.gradients[0] / seen.gradients.at(-1);
    show({
      rate: number(seen.rates.at(-1), 3), ratio: Number.isFinite(ratio) ? ratio.toExponential(1).replace('-', '−') : '–',
      verdict: [where(0), where(1)],
    });
  };
}

function drawSpikes(plot, layers, tones) {
  const gap = 2, width = STEPS + gap;
  plot.begin({ x: [0, layers.length * width - gap] });
  const { ctx } = plot, w = plot.px(1) - plot.px(0), high = plot.py(1) - plot.py(0);
  layers.forEach((spikes, l) => {
    ctx.globalAlpha = 0.12;
    ctx.fillStyle = tones[l];
    ctx.fillRect(plot.px(l * width), plot.py(0), w * STEPS, high * NEURONS);
    ctx.globalAlpha = 1;
    spikes.forEach((s, k) => {
      if (s) ctx.fillRect(plot.px(l * width + Math.floor(k / NEURONS)), plot.py(k % NEURONS), Math.max(1, w * 0.8), high * 0.8);
    });
  });
}

function drawBars(plot, values, tones, floor) {
  plot.begin({ x: [0.4, values.length + 0.6], y: [floor, Math.max(1, ...values.map(Math.ceil))] });
  const { ctx } = plot;
  values.forEach((value, l) => {
    ctx.fillStyle = tones[l];
    const top = plot.py(Math.max(value, floor)), left = plot.px(l + 0.7);
    ctx.fillRect(left, top - 1, plot.px(l + 1.3) - left, plot.py(floor) - top + 1);
  });
}

export default { render: (context) => mount(context, buildDoctor) };
