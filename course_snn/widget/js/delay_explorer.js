const DELAY_STEPS = 100;

/** synapse.ConstantDelay: first in, first out; zeros before the first input comes out. */
export function constantDelay(input, delay) {
  return Array.from(input, (_, t) => (t >= delay ? input[t - delay] : 0));
}

/** synapse.ExpDecayCurrent: a spike adds `amplitude`; in a step without one the current loses its tau-th part. */
export function expDecayCurrent(spikes, tau, amplitude) {
  let i = 0;
  return Array.from(spikes, (s) => (i += -(i / tau) * (1 - s) + amplitude * s));
}

function buildDelay(kit) {
  const lane = new SpikeLane(kit, { name: 'spikes', steps: DELAY_STEPS, colour: 'spike', label: ['输入脉冲', 'input spikes'] });
  const x = [-0.5, DELAY_STEPS - 0.5];
  const delayed = new Plot(kit, {
    height: 62, x, y: [0, 1], top: 14, xticks: false, yticks: false, ylabel: ['延迟后', 'delayed'], label: ['延迟后的脉冲', 'Delayed spikes'],
  });
  const current = new Plot(kit, {
    height: 180, x, ylabel: ['电流 $i$', 'current $i$'], xlabel: ['时间步', 'time step'], label: ['突触电流随时间的变化', 'Synaptic current over time'],
  });
  const show = kit.stats({
    arrive: ['到达的脉冲', 'spikes that arrive'], peak: ['最大电流', 'largest current'],
    half: ['电流减半所需步数', 'steps to halve'], charge: ['总电荷 $Σi$', 'total charge $Σi$'],
  });
  kit.note(['点击时间线添加脉冲，拖动可移动，双击删除；键盘：Tab 选中，方向键移动，Delete 删除，回车添加。',
    'Click the time line to add a spike, drag to move it, double-click to remove it. Keyboard: Tab selects, arrows move, Delete removes, Enter adds.']);
  kit.button(['单个脉冲', 'One spike'], () => kit.change({ spikes: [10] }, true));
  kit.button(['脉冲串', 'A burst'], () => kit.change({ spikes: [10, 13, 16, 19, 22] }, true));
  kit.button(['清空', 'Clear'], () => kit.change({ spikes: [] }, true));
  return (p) => {
    lane.draw();
    const input = new Array(DELAY_STEPS).fill(0);
    p.spikes.forEach((t) => { input[t] = 1; });
    const late = constantDelay(input, p.delay), i = expDecayCurrent(late, p.tau, p.amplitude);
    const times = p.spikes.map((t) => t + p.delay).filter((t) => t < DELAY_STEPS);
    drawDelayed(kit, delayed, p, times);
    const t = i.map((_, k) => k);
    current.begin({ y: [0, Math.max(p.amplitude, ...i) * 1.12] });
    times.forEach((k) => current.vline(k, kit.colour('post'), { alpha: 0.25 }));
    current.line([-0.5, ...t], [0, ...i], kit.colour('current'), { steps: true, fill: 0.15, width: 2 });
    show({
      arrive: `${times.length} / ${p.spikes.length}`, peak: number(Math.max(...i), 2),
      half: p.tau > 1 ? number(Math.log(0.5) / Math.log(1 - 1 / p.tau), 1) : '1',
      charge: number(i.reduce((a, b) => a + b, 0), 2),
    });
  };
}

function drawDelayed(kit, plot, p, times) {
  plot.begin();
  const { ctx } = plot;
  Object.assign(ctx, { strokeStyle: kit.colour('exact'), lineWidth: 1 });
  ctx.setLineDash([2, 3]);
  for (const t of p.spikes) {
    plot.segment(plot.px(t), 0, plot.px(t), plot.py(0.5));
    plot.segment(plot.px(t), plot.py(0.5), plot.px(Math.min(t + p.delay, DELAY_STEPS - 0.5)), plot.py(0.5));
  }
  plot.stems(times, 0, 1, kit.colour('post'), { width: 3 });
}

export default { render: (context) => mount(context, buildDelay) };
