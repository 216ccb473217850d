// One leaky integrate-and-fire neuron (threshold 1, reset to 0 or by subtraction) and its gradients, step by step.

const sigma = (x) => 1 / (1 + Math.exp(-x));
const within = (x, c) => Math.max(-c, Math.min(c, x));

/** The surrogates of course_snn.surrogate at steepness k: {slope(x, k), primitive(x, k)}; "none" is the true derivative. */
const SURROGATES = {
  none: { slope: () => 0, primitive: (x) => (x >= 0 ? 1 : 0) },
  sigmoid: {
    slope: (x, k) => k * sigma(k * x) * sigma(-k * x),
    primitive: (x, k) => sigma(k * x),
  },
  atan: {
    slope: (x, k) => k / 2 / (1 + ((Math.PI / 2) * k * x) ** 2),
    primitive: (x, k) => Math.atan((Math.PI / 2) * k * x) / Math.PI + 0.5,
  },
  rectangle: {
    slope: (x, k) => (Math.abs(x) < 0.5 / k ? k : 0),
    primitive: (x, k) => 0.5 + within(k * x, 0.5),
  },
  bilinear: {
    slope: (x, k) => (Math.abs(x) <= 0.5 / k ? k : 0.01),
    primitive: (x, k) => 0.5 + within(k * x, 0.5) + 0.01 * (x - within(x, 0.5 / k)),
  },
  signswish: {
    slope: (x, k) => 2 * k * (2 - k * x * Math.tanh((k * x) / 2)) * sigma(k * x) * sigma(-k * x),
    primitive: (x, k) => 2 * sigma(k * x) * (1 + k * x * sigma(-k * x)) - 0.5,
  },
};

export function slopes(kind, k, xs) { return xs.map((x) => SURROGATES[kind].slope(x, k)); }

export function primitives(kind, k, xs) { return xs.map((x) => SURROGATES[kind].primitive(x, k)); }

/** Forward: input [T] -> h (after the charge), s (spikes), v (after the reset). */
export function forwardLIF({ tau, reset }, input) {
  const h = [], s = [], v = [];
  let now = 0;
  input.forEach((x, t) => {
    h[t] = now + (x - now) / tau;
    s[t] = h[t] >= 1 ? 1 : 0;
    now = v[t] = reset === 'hard' ? (1 - s[t]) * h[t] : h[t] - s[t];
  });
  return { h, s, v };
}

/** What the reset does to a small change: dv/dh directly, and dv/ds by way of the spike. */
function throughReset({ reset, detach }, h, s) {
  const direct = reset === 'hard' ? 1 - s : 1;
  return [direct, detach ? 0 : reset === 'hard' ? -h : -1];
}

/** Backward in time: dL/ds [T] -> dL/dx [T], by the chain rule. */
export function backwardLIF(p, { h, s }, lossSlope) {
  const gradient = [];
  let fromLater = 0;                                     // dL/dv[t]
  for (let t = h.length - 1; t >= 0; t -= 1) {
    const [direct, bySpike] = throughReset(p, h[t], s[t]);
    const slope = SURROGATES[p.surrogate].slope(h[t] - 1, p.alpha);
    const charged = fromLater * direct + (lossSlope[t] + fromLater * bySpike) * slope;
    gradient[t] = charged / p.tau;
    fromLater = charged * (1 - 1 / p.tau);
  }
  return gradient;
}

/** By how much each step multiplies a gradient on its way back: dv[t]/dv[t-1], [T]. */
export function passedOn(p, { h, s }) {
  return h.map((u, t) => {
    const [direct, bySpike] = throughReset(p, u, s[t]);
    return (1 - 1 / p.tau) * (direct + bySpike * SURROGATES[p.surrogate].slope(u - 1, p.alpha));
  });
}
