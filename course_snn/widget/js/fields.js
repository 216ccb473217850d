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

/** The input spikes of a digit shown as the n-th, a list for each step: they depend on nothing that is learned. */
function inputOf(picture, seed, n) {
  const random = mulberry32(1000 * (seed + 1) + n), probability = chances(picture, RULE.drive);
  return Array.from({ length: STEPS }, () => spikesOf(probability, random));
}

/** The inputs of one seed, kept: of a new parameter only the learning is computed again. */
const inputs = { seed: null, pictures: null, shown: [] };

function inputAt(pictures, seed, n) {
  if (inputs.seed !== seed || inputs.pictures !== pictures) Object.assign(inputs, { seed, pictures, shown: [] });
  const at = (n % (pictures.length / INPUTS)) * INPUTS;
  inputs.shown[n] ??= inputOf(pictures.slice(at, at + INPUTS), seed, n);
  return inputs.shown[n];
}

/** A spike of neuron j moves its weights by what is left of the input spikes. */
function move(weight, j, x, rate) {
  const end = (j + 1) * INPUTS;
  for (let n = j * INPUTS, i = 0; n < end; n += 1, i += 1) {
    const now = weight[n] + rate * (x[i] - RULE.target);
    weight[n] = Math.min(1, Math.max(0, now));
  }
}

/** Show one digit by its spikes. */
function learnSpikes(net, shown, p) {
  const { weight, theta, wins } = net, counts = new Array(NEURONS).fill(0);
  const v = new Float64Array(NEURONS), x = new Float64Array(INPUTS);
  for (const on of shown) {
    for (let i = 0; i < INPUTS; i += 1) x[i] -= x[i] / RULE.tau_pre;
    for (let k = 0; k < on.length; k += 1) x[on[k]] += 1;
    integrate(v, on, weight, INPUTS, RULE.tau);
    for (const j of compete(v, theta, RULE.threshold, p.inhibition)) {
      counts[j] += 1;
      theta[j] += p.theta_plus;
      move(weight, j, x, p.rate);
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

/** Show one digit, as unsupervised.WinnerTakeAll.learn does. p: theta_plus, rate, inhibition, seed. */
export function learnDigit(net, picture, p) {
  learnSpikes(net, inputOf(picture, p.seed, net.seen), p);
}

/** The network after `seen` digits; goes on from `net` where it can. pictures: Uint8Array, 64 grey values each. */
export function grow(net, pictures, p, seen) {
  const state = net && net.seen <= seen ? net : newborn(p.seed);
  while (state.seen < seen) learnSpikes(state, inputAt(pictures, p.seed, state.seen), p);
  return state;
}
