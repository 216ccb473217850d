const NEURONS = 200, FLOOR = 1e-12;

/** Random input, uniform in [0, 2 · mean], the same at every call: [neurons][steps]. */
export function randomInput(mean, steps, neurons = NEURONS) {
  const draw = mulberry32(8);
  return Array.from({ length: neurons }, () => Array.from({ length: steps }, () => 2 * mean * draw()));
}

/** |dv[T]/dv[T-n]| for n = 0 … T-1: the product of the last n steps' factors. */
export function flowBack(factors) {
  const flow = [1];
  for (let t = factors.length - 1; t > 0; t -= 1) flow.push(flow.at(-1) * Math.abs(factors[t]));
  return flow;
}

/** The share q of sorted numbers. */
const quantile = (sorted, q) => sorted[Math.round(q * (sorted.length - 1))];

/** Everything the widget shows: per lag n the median, the tenth and the ninetieth percentile over the neurons. */
export function simulateFlow(p) {
  const runs = randomInput(p.mean, p.T).map((input) => forwardLIF(p, input));
  const flows = runs.map((run) => flowBack(passedOn(p, run)));
  const byLag = flows[0].map((_, n) => Float64Array.from(flows, (flow) => flow[n]).sort());
  return {
    low: byLag.map((all) => quantile(all, 0.1)),
    median: byLag.map((all) => quantile(all, 0.5)),
    high: byLag.map((all) => quantile(all, 0.9)),
    rate: runs.reduce((sum, { s }) => sum + s.reduce((a, b) => a + b, 0), 0) / (NEURONS * p.T),
  };
}

function buildFlow(kit) {
  const plot = new Plot(kit, {
    height: 300, xlabel: ['向过去走了几步 $n$', 'steps back in time, $n$'], left: 66, yticks: false,
    ylabel: ['梯度还剩几分之几', 'what is left of the gradient'],
    label: ['梯度随时间倒流而变小或变大', 'How the gradient shrinks or grows on its way back'],
  });
  kit.legend([
    ['v', ['一半神经元在线下（中位数）', 'half of the neurons lie below (median)']],
    ['exact', ['十分之八的神经元', 'eight in ten neurons'], 'box'],
    ['threshold', ['只有漏电：$(1−1/τ)ⁿ$', 'leak alone: $(1−1/τ)ⁿ$'], 'dashed'],
  ]);
  const show = kit.stats({
    rate: ['每步发放率', 'spikes per step'],
    ten: ['十步之后的中位数', 'median after ten steps'],
    high: ['最远处，第 90 百分位', 'farthest, 90th percentile'],
  });
  return (p) => {
    const flow = simulateFlow(p);
    drawFlow(kit, plot, p, flow);
    const power = (x) => (x === 0 ? '0' : x >= 0.001 && x < 1e4 ? x.toPrecision(3) : x.toExponential(1).replace('-', '−'));
    show({ rate: number(flow.rate, 2), ten: power(flow.median[Math.min(10, p.T - 1)]), high: power(flow.high.at(-1)) });
  };
}

function drawFlow(kit, plot, p, { low, median, high }) {
  const exponent = (x) => Math.log10(Math.max(x, FLOOR));
  const top = Math.max(2, Math.min(12, Math.ceil(Math.max(...high.map(exponent)))));
  plot.begin({ x: [0, p.T - 1], y: [-8, top] });
  for (let e = -8; e <= top; e += 2) {
    plot.ctx.strokeStyle = kit.colour(e === 0 ? 'axis' : 'grid');
    plot.segment(plot.box.x, plot.py(e), plot.box.x + plot.box.w, plot.py(e));
    const text = e === 0 ? '1' : `10${[...String(e)].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c] ?? '⁻').join('')}`;
    plot.label(text, plot.box.x - 7, plot.py(e), { align: 'right', colour: kit.colour('muted') });
  }
  const lags = median.map((_, n) => n);
  const shape = [...lags, ...lags.slice().reverse()];
  const edge = [...high.map(exponent), ...low.map(exponent).reverse()];
  plot.clipped(() => {
    plot.path(shape, edge, false);
    Object.assign(plot.ctx, { fillStyle: kit.colour('exact'), globalAlpha: 0.3 });
    plot.ctx.fill();
  });
  plot.line(lags, lags.map((n) => exponent((1 - 1 / p.tau) ** n)), kit.colour('threshold'), { dash: [5, 4] });
  plot.line(lags, median.map(exponent), kit.colour('v'), { width: 2.25 });
}

export default { render: (context) => mount(context, buildFlow) };
