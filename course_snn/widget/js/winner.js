// One time step of unsupervised.WinnerTakeAll, shared by the widgets of chapter 06.

/** Who spikes: v and theta are changed as the rule says; returns the indices of the neurons that spike. */
export function compete(v, theta, threshold, inhibition) {
  const won = [];
  let best = 0;
  for (let j = 0; j < v.length; j += 1) {
    if (v[j] - theta[j] > v[best] - theta[best]) best = j;
    if (!inhibition && v[j] - theta[j] >= threshold) won.push(j);
  }
  if (inhibition && v[best] - theta[best] >= threshold) {
    v.fill(0);
    return [best];
  }
  won.forEach((j) => { v[j] = 0; });
  return won;
}

/** v - v/tau + the weights of the inputs that spike; weight: [neurons * inputs], a row for each neuron. */
export function integrate(v, spiking, weight, inputs, tau) {
  for (let j = 0; j < v.length; j += 1) {
    let now = v[j] - v[j] / tau;
    for (let k = 0; k < spiking.length; k += 1) now += weight[j * inputs + spiking[k]];
    v[j] = now;
  }
}

/** The probabilities of unsupervised.poisson_spikes for the grey values 0 … 16 of one picture. */
export function chances(picture, drive) {
  const total = picture.reduce((sum, grey) => sum + grey, 0) || 1, p = [];
  for (const grey of picture) p.push(Math.min(1, (drive * grey) / total));
  return p;
}

/** The inputs that spike in one step: a random number for each pixel above 0, in order. */
export function spikesOf(p, random) {
  const on = [];
  for (let i = 0; i < p.length; i += 1) if (p[i] > 0 && random() < p[i]) on.push(i);
  return on;
}
