const PIXELS = 12, STEPS = 96;

/** An arm that enters one pixel of a ring after the other; returns the spikes of the pixels and of the detectors.
 *  tail: synapse.LowPassSynapse(tau) behind pixel k. A detector fires when the tail of pixel k and the spike of its
 *  neighbour (k + 1 for cw, k − 1 for ccw) together reach the threshold. [T][12] each. */
export function simulateRing({ turn, period, tau, threshold }, steps = STEPS) {
  const out = { pixels: [], cw: [], ccw: [] }, way = turn === 'cw' ? 1 : -1;
  const wrap = (k) => ((k % PIXELS) + PIXELS) % PIXELS;
  let tail = new Array(PIXELS).fill(0), last = -1;
  for (let t = 0; t < steps; t += 1) {
    const place = Math.floor((t * PIXELS) / period), spikes = new Array(PIXELS).fill(0);
    if (place !== last) spikes[wrap(way * place)] = 1;
    last = place;
    tail = tail.map((y, k) => y * (1 - (1 - spikes[k]) / tau) + spikes[k]);
    out.pixels.push(spikes);
    out.cw.push(tail.map((y, k) => (y + spikes[wrap(k + 1)] >= threshold ? 1 : 0)));
    out.ccw.push(tail.map((y, k) => (y + spikes[wrap(k - 1)] >= threshold ? 1 : 0)));
  }
  return out;
}

/** How many spikes there are in a raster [T][12]. */
export function total(raster) {
  return raster.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
}

function buildRing(kit) {
  const x = [-0.5, STEPS - 0.5], y = [-0.7, PIXELS - 0.3];
  const row = (ylabel, label, more = {}) => new Plot(kit, { height: 92, x, y, top: 8, yticks: false, xticks: false, ylabel, label, ...more });
  const pixels = row(['像素', 'pixels'], ['像素的脉冲', 'Spikes of the pixels']);
  const cw = row(['顺时针', 'clockwise'], ['顺时针检测器的脉冲', 'Spikes of the clockwise detectors']);
  const ccw = row(['逆时针', 'counter'], ['逆时针检测器的脉冲', 'Spikes of the counter-clockwise detectors'], { height: 122, xticks: true, xlabel: ['时间步', 'time step'] });
  const show = kit.stats({
    bag: ['像素脉冲总数', 'spikes of the pixels'], cw: ['顺时针检测器', 'clockwise detectors'], ccw: ['逆时针检测器', 'counter-clockwise detectors'],
  });
  kit.note(['每行一个像素或检测器，共 12 个，首尾相接成一圈。', 'Each line is one of 12 pixels or detectors, which form a ring.']);
  const draw = (plot, raster, colour) => {
    plot.begin();
    for (let k = 0; k < PIXELS; k += 1) {
      plot.stems(raster.flatMap((spikes, t) => (spikes[k] ? [t] : [])), k - 0.4, k + 0.4, kit.colour(colour));
    }
  };
  return (p) => {
    const out = simulateRing(p);
    draw(pixels, out.pixels, 'exact');
    draw(cw, out.cw, 'v');
    draw(ccw, out.ccw, 'spike');
    show({ bag: String(total(out.pixels)), cw: String(total(out.cw)), ccw: String(total(out.ccw)) });
  };
}

export default { render: (context) => mount(context, buildRing) };
