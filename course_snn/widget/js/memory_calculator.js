const GB = 1e9, MOST_STEPS = 64;
const PART = {
  parameters: ['exc', ['参数', 'parameters']],
  gradients: ['v', ['梯度', 'gradients']],
  optimizer: ['exact', ['优化器', 'optimizer']],
  data: ['current', ['数据', 'data']],
  activations: ['spike', ['为反向保存的激活', 'activations kept']],
  states: ['threshold', ['膜电位', 'voltages']],
  working: ['post', ['临时', 'in passing']],
};
const WAY = {
  bptt: ['v', [], ['BPTT', 'BPTT'], 'solid'],
  recomputed: ['current', DASH.dashed, ['分块重算', 'computed again'], 'dashed'],
  truncated: ['threshold', DASH.dotted, ['截断', 'truncated'], 'dotted'],
  online: ['spike', DASH.dashdot, ['在线', 'online'], 'dashdot'],
};

/** Bytes in words: 3.2 GB, 480 MB. */
function bytes(value) {
  const [unit, size] = value >= GB ? ['GB', GB] : value >= 1e6 ? ['MB', 1e6] : ['kB', 1e3], n = value / size;
  return `${n >= 100 ? n.toFixed(0) : n.toPrecision(2)} ${unit}`;
}

function duration(s) {
  const [unit, size] = s >= 1 ? ['s', 1] : s >= 1e-3 ? ['ms', 1e-3] : ['µs', 1e-6], n = s / size;
  return `${n >= 100 ? n.toFixed(0) : n.toPrecision(2)} ${unit}`;
}

function buildMemory(kit) {
  const table = kit.model.get('table'), machines = kit.model.get('machines');
  kit.legend(Object.values(PART).map(([colour, text]) => [colour, text, 'box']));
  const bar = new Plot(kit, { height: 84, y: [1, 0], yticks: false, left: 54, xlabel: ['训练一步需要的内存 (GB)', 'memory of a training step (GB)'], label: ['内存的各个部分', 'Parts of the memory'] });
  const curve = new Plot(kit, {
    height: 206, left: 54, yticks: false, xticks: false, bottom: 36, xlabel: ['时间步数 $T$（可拖动）', 'time steps $T$ (drag)'], ylabel: ['内存', 'memory'], label: ['内存随时间步数的变化', 'Memory against time steps'], x: [0, Math.log2(MOST_STEPS)],
  }).draggable((x) => kit.change({ T: Math.round(2 ** x) }), () => kit.save());
  kit.legend(Object.values(WAY).map(([colour, , text, mark]) => [colour, text, mark]));
  const show = kit.stats({
    all: ['共需', 'in all'], activations: ['其中激活和膜电位', 'of it activations, voltages'], fits: ['装得下的', 'fits'],
    cost: ['运算（和 BPTT 比）', 'operations (to BPTT)'],
  });
  const showTime = kit.stats(Object.fromEntries(Object.entries(machines).map(([key, { name }]) => [key, [`最快每步，${name[0]}`, `a step at best, ${name[1]}`]])));
  const note = kit.note(['', '']);
  return (p) => {
    kit.reveal('block', p.way === 'recomputed' || p.way === 'truncated');
    const cost = table[p.net][p.precision][p.still ? 'still' : 'sequence'], parts = memoryOf(cost, p), all = total(parts), speed = speedOf(cost, machines, p);
    drawBar(kit, bar, parts, machines);
    drawCurves(kit, curve, cost, p, machines);
    const fitting = Object.values(machines).filter((m) => all <= m.memory);
    show({
      all: bytes(all), activations: bytes(parts.activations + parts.states), fits: fitting[0]?.name ?? ['都装不下', 'none'],
      cost: `${number(speed.operations / 1e12, speed.operations < 1e12 ? 3 : 1)} T (× ${number(speed.relative, 2)})`,
    });
    showTime(Object.fromEntries(Object.entries(speed.seconds).map(([key, s]) => [key, duration(s)])));
    write(note, p.way === 'bptt'
      ? ['时间是屋顶线下界：运算 / 峰值和搬运 / 带宽中较长的一个，实际总要慢几倍。', 'The times are roofline bounds, the longer of operations / peak and bytes / bandwidth; real steps take several times as long.']
      : ['逐块或逐步学习时，BatchNorm 不能在训练模式：它的统计量要看到所有步。', 'Block by block or step by step, BatchNorm cannot be in training mode: its statistics need all steps.']);
  };
}

function drawBar(kit, plot, parts, machines) {
  const all = total(parts) / GB, sizes = Object.values(machines).map((m) => m.memory / GB);
  const next = sizes.find((size) => size >= all && size < 2.5 * all);
  plot.begin({ x: [0, 1.06 * Math.max(all, next ?? 0)] });
  let at = 0;
  for (const [key, [colour]] of Object.entries(PART)) {
    const x = plot.px(at), w = plot.px(at + parts[key] / GB) - x;
    plot.ctx.fillStyle = kit.colour(colour);
    plot.ctx.fillRect(x, plot.py(0.3), Math.max(0, w - (w > 3 ? 1 : 0)), plot.py(0.95) - plot.py(0.3));
    at += parts[key] / GB;
  }
  Object.values(machines).forEach((m, k) => {
    if (sizes[k] > plot.options.x[1]) return;
    plot.vline(sizes[k], kit.colour('ink'), { dash: [4, 3] });
    if (sizes[k + 1] <= plot.options.x[1] && plot.px(sizes[k + 1]) - plot.px(sizes[k]) < 175) return;   // no room for both names
    const right = plot.px(sizes[k]) < plot.box.x + 90;
    plot.label(m.name, plot.px(sizes[k]) + (right ? 4 : -4), plot.box.y + 4, { align: right ? 'left' : 'right', size: 10.5, halo: true });
  });
}

function drawCurves(kit, plot, cost, p, machines) {
  const steps = Array.from({ length: MOST_STEPS }, (_, k) => k + 1), at = (T, way) => Math.log10(total(memoryOf(cost, { ...p, T, way })));
  const lines = Object.fromEntries(Object.keys(WAY).map((way) => [way, steps.map((T) => at(T, way))]));
  const all = Object.values(lines).flat(), low = Math.floor(Math.min(...all) * 2) / 2, high = Math.max(low + 1, Math.ceil(Math.max(...all) * 4) / 4);
  plot.begin({ y: [low, high] });
  plot.ctx.strokeStyle = kit.colour('grid');
  for (let e = Math.ceil(low); e <= high; e += 1) {
    plot.segment(plot.box.x, plot.py(e), plot.box.x + plot.box.w, plot.py(e));
    plot.label(bytes(10 ** e).replace(/(\d)\.0 /, '$1 '), plot.box.x - 6, plot.py(e), { align: 'right', colour: kit.colour('muted'), size: 10.5 });
  }
  for (const T of [1, 2, 4, 8, 16, 32, 64]) plot.label(String(T), plot.px(Math.log2(T)), plot.box.y + plot.box.h + 12, { align: 'center', colour: kit.colour('muted') });
  for (const m of Object.values(machines)) plot.hline(Math.log10(m.memory), kit.colour('ink'), { dash: [4, 3], width: 1, text: m.name, align: 'left' });
  const xs = steps.map(Math.log2);
  for (const [way, [colour, dash]] of Object.entries(WAY)) plot.line(xs, lines[way], kit.colour(colour), { dash, width: way === p.way ? 3 : 1.75 });
  plot.dot(Math.log2(p.T), at(p.T, p.way), kit.colour(WAY[p.way][0]), { radius: 5.5 });
}

export default { render: (context) => mount(context, buildMemory) };
