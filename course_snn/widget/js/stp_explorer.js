const STP_STEPS = 200;

/** synapse.STPTransformer: spikes (0/1 per step) -> x and v after every step, and its current i: what is `used`, or x v. */
export function simulateSTP({ v_base, tau_f, tau_d, used: outputUsed = false }, spikes) {
  const x = [], v = [], i = [];
  let resource = 1, release = v_base;
  for (const s of spikes) {
    const used = release * resource * s;
    const raised = v_base * (1 - release) * s;
    resource += (1 - resource) / tau_d - used;
    release += (v_base - release) / tau_f + raised;
    x.push(resource);
    v.push(release);
    i.push(outputUsed ? used : release * resource * s);
  }
  return { x, v, i };
}

/** Spike times of a pattern with `interval` steps between spikes; the random one replays the same noise. */
export function spikePattern(pattern, interval, steps = STP_STEPS) {
  const first = 10;
  if (pattern === 'burst') {
    const burst = Array.from({ length: 6 }, (_, k) => first + k * interval);
    return [...burst, Math.max(160, burst.at(-1) + 20)].filter((t) => t < steps);
  }
  if (pattern === 'random') {
    const uniform = mulberry32(7);
    return Array.from({ length: steps }, (_, t) => t).filter(() => uniform() < 1 / interval);
  }
  return Array.from({ length: Math.ceil((steps - first) / interval) }, (_, k) => first + k * interval);
}

/** Spike times -> 0/1 per step. */
export function train(times, steps) {
  const out = new Array(steps).fill(0);
  times.forEach((t) => { out[t] = 1; });
  return out;
}

function buildSTP(kit) {
  const lane = new SpikeLane(kit, {
    name: 'spikes', steps: STP_STEPS, colour: 'spike', label: ['输入脉冲', 'input spikes'], edit: { pattern: 'custom' },
  });
  const x = [-0.5, STP_STEPS - 0.5];
  kit.legend([
    ['v', ['资源 $x$', 'resource $x$']],
    ['post', ['释放比例 $v$', 'release $v$'], 'dashed'],
    ['current', ['输出电流 $i$', 'output current $i$'], 'bar'],
  ]);
  const state = new Plot(kit, { height: 150, x, y: [0, 1.05], xticks: false, yticks: [0, 0.5, 1], ylabel: ['$x$，$v$', '$x$, $v$'], label: ['资源与释放比例', 'Resource and release over time'] });
  const output = new Plot(kit, { height: 140, x, top: 10, ylabel: ['电流 $i$', 'current $i$'], xlabel: ['时间步', 'time step'], label: ['输出电流', 'Output current over time'] });
  const show = kit.stats({
    first: ['第一个脉冲', 'first spike'], second: ['第二个 / 第一个', 'second / first'],
    last: ['最后一个 / 第一个', 'last / first'], verdict: ['结果', 'so the synapse'],
  });
  kit.note(['点击输入时间线可自己放置脉冲，拖动可移动，双击删除。', 'Click the input time line to place spikes of your own, drag to move, double-click to remove.']);
  const preset = (label, values) => kit.button(label, () => kit.change(values, true));
  preset(['抑制', 'Depressing'], { v_base: 0.6, tau_f: 2, tau_d: 60 });
  preset(['易化', 'Facilitating'], { v_base: 0.1, tau_f: 100, tau_d: 5 });
  preset(['先易化后抑制', 'Both'], { v_base: 0.15, tau_f: 60, tau_d: 40 });
  return (p) => {
    if (p.pattern !== 'custom') p.spikes = spikePattern(p.pattern, p.interval);
    lane.draw();
    const s = simulateSTP(p, train(p.spikes, STP_STEPS));
    const t = s.x.map((_, k) => k);
    state.begin();
    state.hline(p.v_base, kit.colour('post'), { dash: [2, 4], width: 1 });
    state.line([-0.5, ...t], [1, ...s.x], kit.colour('v'), { steps: true, width: 2 });
    state.line([-0.5, ...t], [p.v_base, ...s.v], kit.colour('post'), { steps: true, width: 2, dash: [5, 2] });
    const heights = p.spikes.map((k) => s.i[k]);
    output.begin({ y: [0, Math.max(0.05, ...heights) * 1.12] });
    output.stems(p.spikes, 0, heights, kit.colour('current'), { width: 2.5, heads: true });
    show(stpSummary(heights));
  };
}

/** What the current of successive spikes says about the synapse. */
export function stpSummary(heights) {
  const [first, second] = heights, last = heights.at(-1);
  const ratio = second / first;
  return {
    first: number(first, 3), second: number(ratio, 2), last: number(heights.length > 1 ? last / first : NaN, 2),
    verdict: !(heights.length > 1) ? '–' : ratio > 1.02 ? ['易化', 'facilitates'] : ratio < 0.98 ? ['抑制', 'depresses'] : ['基本不变', 'stays level'],
  };
}

export default { render: (context) => mount(context, buildSTP) };
