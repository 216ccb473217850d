// One layer of LIF neurons that looks at a picture: the network of course_snn's chapter on MNIST, in the page.

/** What each neuron receives in each step, [T * neurons]. weight: [neurons * pixels], a row for each neuron.
 *  constant: pixel times weight, every step the same; poisson: a pixel fires with its own probability. */
export function layerInput(image, weight, { encoder, T, seed }) {
  const pixels = image.length, neurons = weight.length / pixels;
  const bright = Array.from(image.keys()).filter((n) => image[n] > 0);
  const out = new Float64Array(T * neurons), uniform = mulberry32(seed);
  let spikes = 0;
  for (let t = 0; t < T; t += 1) {
    for (const n of bright) {
      const s = encoder === 'poisson' ? Number(uniform() < image[n]) : image[n];
      if (!s) continue;
      spikes += 1;
      for (let k = 0; k < neurons; k += 1) out[t * neurons + k] += s * weight[k * pixels + n];
    }
  }
  return { current: Float32Array.from(out), neurons, spikes };
}

/** neuron.LIFNode over time: {v: voltage after the reset, spikes: 0/1}, both [T * neurons]. */
export function runLIF(current, neurons, { tau, threshold = 1 }) {
  const f32 = Math.fround, v = new Float32Array(current.length), spikes = new Uint8Array(current.length);
  for (let k = 0; k < current.length; k += 1) {
    const before = k < neurons ? 0 : v[k - neurons];
    const charged = f32(before + f32(f32(current[k] - before) / f32(tau)));
    spikes[k] = charged >= f32(threshold) ? 1 : 0;
    v[k] = spikes[k] ? 0 : charged;
  }
  return { v, spikes };
}

/** How often each neuron has fired by the end of each step, [T * neurons]. */
export function countUp(spikes, neurons) {
  const counts = Uint16Array.from(spikes);
  for (let k = neurons; k < counts.length; k += 1) counts[k] += counts[k - neurons];
  return counts;
}

/** The index of the largest of `neurons` values from `at` on, the first of equals, as argmax says. */
export function winner(values, at, neurons) {
  let best = 0;
  for (let k = 1; k < neurons; k += 1) if (values[at + k] > values[at + best]) best = k;
  return best;
}
