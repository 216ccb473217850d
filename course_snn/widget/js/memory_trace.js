const STEPS = 60;

/** Spikes into three neurons alike, over `steps` time steps; a start spike pushes w_in, a stop spike −w_in.
 *  plain: neuron.LIFNode(tau). y: synapse.LowPassSynapse(tau_syn) behind its spikes.
 *  loop: the same neuron inside layer.ElementWiseRecurrentContainer with f(y, x) = x + w_fb·y. */
export function simulateMemory({ start, stop, tau, tau_syn, w_in, w_fb }, steps = STEPS) {
  const on = new Set(start), off = new Set(stop);
  const out = { plain: { v: [], s: [] }, y: [], loop: { v: [], s: [] } };
  let y = 0;
  const step = (row, x) => {
    const v = row.v.at(-1) ?? 0, h = v + (x - v) / tau, spike = h >= 1;
    row.v.push(spike ? 0 : h);
    row.s.push(spike ? 1 : 0);
  };
  for (let t = 0; t < steps; t += 1) {
    const x = w_in * ((on.has(t) ? 1 : 0) - (off.has(t) ? 1 : 0));
    step(out.plain, x);
    y = out.plain.s[t] ? y + 1 : y * (1 - 1 / tau_syn);   // in a step with a spike nothing decays
    out.y.push(y);
    step(out.loop, x + w_fb * (out.loop.s[t - 1] ?? 0));
  }
  return out;
}

/** Steps until a quantity that shrinks by 1 − 1/τ a step has fallen to one half. */
export function halfLife(tau) {
  return tau > 1 ? Math.log(0.5) / Math.log(1 - 1 / tau) : 0;
}

/** The last step in which a train fires, or −1. */
export function lastSpike(train) {
  return train.lastIndexOf(1);
}

function buildMemory(kit) {
  const lanes = [
    new SpikeLane(kit, { name: 'start', steps: STEPS, colour: 'current', label: ['兴奋', 'excite'] }),
    new SpikeLane(kit, { name: 'stop', steps: STEPS, colour: 'post', label: ['抑制', 'inhibit'] }),
  ];
  const x = [-0.5, STEPS - 0.5];
  const plain = new Plot(kit, { height: 96, x, top: 16, xticks: false, ylabel: ['无反馈 $v$', 'plain $v$'], label: ['没有反馈的 LIF 的膜电位和脉冲', 'Potential and spikes of the plain LIF'] });
  const synapse = new Plot(kit, { height: 96, x, top: 16, xticks: false, ylabel: ['滤波 $y$', 'filter $y$'], label: ['低通突触的输出', 'Output of the low-pass synapse'] });
  const loop = new Plot(kit, {
    height: 122, x, top: 16, ylabel: ['自反馈 $v$', 'loop $v$'], xlabel: ['时间步', 'time step'], label: ['带自反馈的 LIF 的膜电位和脉冲', 'Potential and spikes of the LIF with feedback'],
  });
  kit.legend([
    ['v', ['膜电位 $v$', 'potential $v$']],
    ['spike', ['输出脉冲', 'output spikes'], 'bar'],
    ['weight', ['滤波后的电流 $y$', 'filtered current $y$'], 'area'],
  ]);
  const show = kit.stats({
    half: ['$v$ 的半衰期（步）', 'half-life of $v$ (steps)'], halfY: ['$y$ 的半衰期（步）', 'half-life of $y$ (steps)'],
    spikes: ['脉冲：无反馈 / 自反馈', 'spikes: plain / loop'], last: ['自反馈最后的脉冲', 'last spike of the loop'],
  });
  kit.note(['点击时间线添加脉冲，拖动可移动，双击删除；键盘：Tab 选中，方向键移动，Delete 删除，回车添加。',
    'Click a time line to add a spike, drag to move it, double-click to remove it. Keyboard: Tab selects, arrows move, Delete removes, Enter adds.']);
  kit.button(['一个脉冲', 'One spike'], () => kit.change({ start: [10], stop: [] }, true));
  kit.button(['开与关', 'On and off'], () => kit.change({ start: [10], stop: [45] }, true));
  kit.button(['一串脉冲', 'A burst'], () => kit.change({ start: [8, 12, 16, 20], stop: [] }, true));
  return (p) => {
    lanes.forEach((lane) => lane.draw());
    const out = simulateMemory(p);
    drawNeuron(kit, plain, p, out.plain);
    drawFilter(kit, synapse, p, out);
    drawNeuron(kit, loop, p, out.loop);
    const last = lastSpike(out.loop.s), count = (train) => train.reduce((a, b) => a + b, 0);
    show({
      half: number(halfLife(p.tau), 1), halfY: number(halfLife(p.tau_syn), 1),
      spikes: `${count(out.plain.s)} / ${count(out.loop.s)}`, last: last < 0 ? '–' : String(last),
    });
  };
}

function inputs(kit, plot, p) {
  p.start.forEach((k) => plot.vline(k, kit.colour('current'), { alpha: 0.22 }));
  p.stop.forEach((k) => plot.vline(k, kit.colour('post'), { alpha: 0.22 }));
}

function drawNeuron(kit, plot, p, row) {
  const low = Math.min(-0.15, 1.1 * Math.min(...row.v));
  plot.begin({ y: [low, 1.6] });
  inputs(kit, plot, p);
  plot.hline(1, kit.colour('exact'), { dash: [3, 3] });
  plot.line(row.v.map((_, k) => k), row.v, kit.colour('v'), { width: 2 });
  plot.stems(row.s.flatMap((s, k) => (s ? [k] : [])), 1.12, 1.5, kit.colour('spike'));
}

function drawFilter(kit, plot, p, out) {
  const high = Math.max(1.15, 1.25 * Math.max(...out.y));
  plot.begin({ y: [0, high] });
  inputs(kit, plot, p);
  plot.line(out.y.map((_, k) => k), out.y, kit.colour('weight'), { width: 2, fill: 0.12 });
}

export default { render: (context) => mount(context, buildMemory) };
