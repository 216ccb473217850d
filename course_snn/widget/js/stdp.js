// One synapse under STDP, in the arithmetic of course_snn.learning.STDPUpdater.

const STEPS = 100, WINDOW = 50;

const WEIGHT_FUNCTION = {
  one: () => 1,
  soft: (w, grows) => (grows ? 1 - w : w),
  proportional: (w) => Math.abs(w) + 1e-6,
};

/** The weight after a change of f(w) * step; soft bounds hold even a step that is too large. */
function moved(w, step, f) {
  const next = w + step * WEIGHT_FUNCTION[f](w, step > 0);
  return f === 'soft' ? Math.min(1, Math.max(0, next)) : next;
}

/** One synapse under learning.STDPUpdater, spike times -> traces x, y and weight w after every step.
 *  Per step: both traces decay and take the spike; then w grows by x; then w shrinks by y, with the new f(w). */
export function simulateSTDP({ pre, post, tau_pre, tau_post, rate, weight, f = 'one', gated = true, inverse = false }, steps = STEPS) {
  const before = new Set(pre), after = new Set(post), signed = inverse ? -rate : rate;
  const x = [], y = [], w = [];
  let tx = 0, ty = 0, value = weight;
  for (let t = 0; t < steps; t += 1) {
    const sPre = before.has(t), sPost = after.has(t);
    tx += -tx / tau_pre + (sPre ? 1 : 0);
    ty += -ty / tau_post + (sPost ? 1 : 0);
    if (!gated || sPost) value = moved(value, signed * tx, f);
    if (!gated || sPre) value = moved(value, -signed * ty, f);
    x.push(tx);
    y.push(ty);
    w.push(value);
  }
  return { x, y, w };
}

/** Change of weight by a single pair with post − pre = lag steps, once both traces have faded. */
export function pairChange(p, lag) {
  const fade = p.gated ? 1 : Math.ceil(12 * Math.max(p.tau_pre, p.tau_post));
  const pair = { ...p, pre: [Math.max(0, -lag)], post: [Math.max(0, lag)] };
  return simulateSTDP(pair, Math.abs(lag) + fade).w.at(-1) - p.weight;
}

/** The STDP window: change of weight against lag = −range … range. */
export function stdpWindow(p, range = WINDOW) {
  const lag = Array.from({ length: 2 * range + 1 }, (_, k) => k - range);
  return { lag, change: lag.map((d) => pairChange(p, d)) };
}

/** The lags post − pre of all pairs of spikes. */
export function pairLags(pre, post) {
  return pre.flatMap((a) => post.map((b) => b - a));
}
