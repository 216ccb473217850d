/** Parts of the energy of one picture in pJ: of a network of ReLUs (ann) and the same one of IF neurons (snn). */
export function energy(layers, p) {
  const sum = (values) => values.reduce((a, b) => a + b, 0);
  const first = layers[0].macs, rest = sum(layers.slice(1).map(({ macs }) => macs));
  const synops = p.T * sum(layers.slice(1).map(({ macs }, l) => macs * (p.skip ? Math.min(1, p.scale * layers[l].rate) : 1)));
  const updates = p.T * sum(layers.map(({ neurons }) => neurons)), passes = p.once ? 1 : p.T;
  return {
    ann: { first: p.mac * first, rest: p.mac * rest, memory: p.memory * (first + rest) },
    snn: {
      first: p.mac * first * passes, spikes: p.add * synops, neurons: p.add * updates,
      memory: p.memory * (first * passes + 3 * synops + 2 * updates),   // the weight; v is read and written
    },
  };
}

/** The energy of the ANN in units of that of the SNN. */
export function saving(layers, p) {
  const { ann, snn } = energy(layers, p), total = (parts) => Object.values(parts).reduce((a, b) => a + b, 0);
  return { ann: total(ann), snn: total(snn), times: total(ann) / total(snn) };
}

/** The largest multiple of the measured rates at which the SNN still takes no more than the ANN; none: null. */
export function breakEven(layers, p, high = 50) {
  const gains = (scale) => saving(layers, { ...p, skip: true, scale }).times >= 1;
  if (!gains(0)) return null;
  if (gains(high)) return Infinity;
  let low = 0;
  for (let k = 0; k < 60; k += 1) {
    const middle = (low + high) / 2;
    if (gains(middle)) low = middle; else high = middle;
  }
  return low;
}

const PART = {
  first: ['v', ['第一层的乘加', 'multiply-accumulates, first layer']],
  rest: ['weight', ['其余各层的乘加', 'multiply-accumulates, other layers']],
  spikes: ['spike', ['脉冲引起的累加', 'accumulations by spikes']],
  neurons: ['post', ['膜电位的更新', 'membrane updates']],
  memory: ['exact', ['读写存储器', 'memory accesses']],
};

function buildEnergy(kit) {
  const layers = kit.model.get('layers');
  kit.legend(Object.values(PART).map(([colour, text]) => [colour, text, 'box']));
  const bars = new Plot(kit, { height: 138, y: [2, 0], yticks: false, xlabel: ['每张图的能量 (nJ)', 'energy of a picture (nJ)'], label: ['两个网络的能量', 'Energy of both networks'] });
  const curve = new Plot(kit, {
    height: 170, x: [0, 5], ylabel: ['节省的倍数', 'saving, times'], xlabel: ['实测发放率的倍数 $s$', 'measured rates times $s$'], label: ['节省的倍数随发放率的变化', 'Saving against firing rate'],
  }).draggable((s) => kit.change({ scale: Math.round(s * 20) / 20 }), () => kit.save());
  const show = kit.stats({ ann: ['ANN（nJ）', 'ANN (nJ)'], snn: ['SNN（nJ）', 'SNN (nJ)'], times: ['节省的倍数', 'saving, times'], even: ['打平时的倍数 $s$', '$s$ at break-even'] });
  kit.button(['45 nm 算术', '45 nm arithmetic'], () => kit.change({ mac: 4.6, add: 0.9, memory: 0, skip: true }, true));
  kit.button(['加上缓存', 'With a cache'], () => kit.change({ mac: 4.6, add: 0.9, memory: 5, skip: true }, true));
  kit.button(['CPU / GPU', 'CPU / GPU'], () => kit.change({ skip: false }, true));
  const scales = Array.from({ length: 101 }, (_, k) => k / 20);
  return (p) => {
    const parts = energy(layers, p), now = saving(layers, p);
    drawBars(kit, bars, parts, now);
    const times = scales.map((scale) => saving(layers, { ...p, scale }).times);
    curve.begin({ y: [0, 1.1 * Math.max(1.2, ...times)] });
    curve.hline(1, kit.colour('threshold'), { text: ['打平', 'break-even'] });
    curve.line(scales, times, kit.colour('v'), { width: 2 });
    curve.dot(p.scale, now.times, kit.colour('spike'));
    const even = breakEven(layers, p);
    show({ ann: number(now.ann / 1e3, 0), snn: number(now.snn / 1e3, 0), times: number(now.times, 2), even: p.skip ? number(even, 2) : '–' });
  };
}

function drawBars(kit, plot, parts, now) {
  plot.begin({ x: [0, 1.06 * Math.max(now.ann, now.snn) / 1e3] });
  ['ann', 'snn'].forEach((name, row) => {
    plot.label(name.toUpperCase(), plot.box.x - 7, plot.py(row + 0.5), { align: 'right' });
    let at = 0;
    for (const [key, [colour]] of Object.entries(PART)) {
      const value = (parts[name][key] ?? 0) / 1e3, top = plot.py(row + 0.18);
      plot.ctx.fillStyle = kit.colour(colour);
      plot.ctx.fillRect(plot.px(at), top, plot.px(at + value) - plot.px(at), plot.py(row + 0.82) - top);
      at += value;
    }
  });
}

export default { render: (context) => mount(context, buildEnergy) };
