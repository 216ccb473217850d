// Sixteen neurons that compete for digits, in the page: unsupervised.WinnerTakeAll.learn, and the page's noise.

const INPUTS = 64, NEURONS = 16, ACROSS = 4, STEPS = 20;
const RULE = { tau: 20, tau_pre: 5, threshold: 4, target: 0.4, tau_theta: 300, drive: 12, sum: 0.1 * INPUTS };

function normalise(weight, j, sum) {
  let total = 0;
  for (let i = 0; i < INPUTS; i += 1) total += weight[j * INPUTS + i];
  if (total > 0) for (let i = 0; i < INPUTS; i += 1) weight[j * INPUTS + i] *= sum / total;
}

/** A network that has seen nothing yet. */
export function newborn(seed) {
  const random = mulberry32(seed);
  const weight = Array.from({ length: NEURONS * INPUTS }, random);
  for (let j = 0; j < NEURONS; j += 1) normalise(weight, j, RULE.sum);
  return { seen: 0, weight, theta: new Array(NEURONS).fill(0), wins: new Array(NEURONS).fill(0), last: new Array(NEURONS).fill(0) };
}

/** Show one digit, as unsupervised.WinnerTakeAll.learn does. p: theta_plus, rate, inhibition, seed. */
export function learnDigit(net, picture, p) {
  const { weight, theta, wins } = net, random = mulberry32(1000 * (p.seed + 1) + net.seen);
  const probability = chances(picture, RULE.drive);
  const v = new Array(NEURONS).fill(0), x = new Array(INPUTS).fill(0), counts = new Array(NEURONS).fill(0);
  for (let t = 0; t < STEPS; t += 1) {
    const on = spikesOf(probability, random);
    for (let i = 0; i < INPUTS; i += 1) x[i] -= x[i] / RULE.tau_pre;
    for (let k = 0; k < on.length; k += 1) x[on[k]] += 1;
    integrate(v, on, weight, INPUTS, RULE.tau);
    for (const j of compete(v, theta, RULE.threshold, p.inhibition)) {
      counts[j] += 1;
      theta[j] += p.theta_plus;
      for (let i = 0; i < INPUTS; i += 1) {
        const n = j * INPUTS + i;
        weight[n] = Math.min(1, Math.max(0, weight[n] + p.rate * (x[i] - RULE.target)));
      }
    }
  }
  counts.forEach((count, j) => {
    theta[j] -= theta[j] / RULE.tau_theta;
    wins[j] += count;
    if (count) normalise(weight, j, RULE.sum);
  });
  net.last = counts;
  net.seen += 1;
}

/** The network after `seen` digits; goes on from `net` where it can. pictures: Uint8Array, 64 grey values each. */
export function grow(net, pictures, p, seen) {
  const state = net && net.seen <= seen ? net : newborn(p.seed);
  const number = pictures.length / INPUTS;
  while (state.seen < seen) {
    const at = (state.seen % number) * INPUTS;
    learnDigit(state, pictures.slice(at, at + INPUTS), p);
  }
  return state;
}
