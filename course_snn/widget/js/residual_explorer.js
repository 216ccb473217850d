const STEPS = 16, LEFT = 84, RIGHT = 64, LOW = -9;

const meanSize = (values) => values.reduce((sum, g) => sum + Math.abs(g), 0) / values.length;
const exponent = (x) => Math.log10(Math.max(x, 10 ** LOW));

/** A number of the gradient: 1, 0.092, 2.4e-5 as 2.4·10⁻⁵. */
function power(x) {
  if (x === 0) return '0';
  if (x >= 0.001 && x < 1e4) return String(Number(x.toPrecision(2)));
  const [digits, e] = x.toExponential(1).split('e');
  return `${digits}·10${[...String(Number(e))].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c] ?? '⁻').join('')}`;
}

function buildResidual(kit) {
  kit.legend([
    ['exc', ['和输入一样', 'as the input'], 'box'], ['inh', ['和输入不同', 'not as the input'], 'box'],
  ]);
  const lane = new SpikeLane(kit, { name: 'spikes', steps: STEPS, colour: 'exc', label: ['输入 x', 'input x'], left: LEFT, right: RIGHT });
  const outputs = new Plot(kit, { height: 190, axes: false, left: LEFT, right: RIGHT, top: 4, bottom: 6, label: ['每个块在每一步的输出', 'Output of each block at each step'] });
  kit.legend([
    ['exc', ['梯度只经过捷径', 'gradient through the shortcuts alone']], ['inh', ['经过捷径和卷积', 'through both ways'], 'dashed'],
  ]);
  const slope = new Plot(kit, {
    height: 150, left: LEFT, right: RIGHT, yticks: false, xlabel: ['梯度到达哪里（0：输入）', 'where the gradient has arrived (0: the input)'],
    ylabel: ['平均 |梯度|', 'mean |gradient|'], label: ['梯度往回走过各块', 'The gradient on its way back through the blocks'],
  });
  const show = kit.stats({
    same: ['最后一块的输出', 'output of the last block'], top: ['最大的值', 'largest value'],
    shortcut: ['到输入：经捷径', 'at the input: shortcuts'], whole: ['到输入：全部', 'at the input: both ways'],
  });
  let laid = '';                                 // the marks are set anew only where they or their names change
  return (p) => {
    const passed = runBlocks(p, STEPS), wrong = differences(passed), key = p.spikes + language();
    if (key !== laid) lane.draw();
    laid = key;
    drawOutputs(kit, outputs, passed.out, wrong);
    drawGradients(kit, slope, passed);
    show({
      same: wrong.at(-1) ? [`${wrong.at(-1)} 步不同`, `differs at ${wrong.at(-1)} of ${STEPS}`] : ['就是输入', 'is the input'],
      top: String(Math.max(...passed.out.at(-1))), shortcut: power(meanSize(passed.shortcut[0])), whole: power(meanSize(passed.whole[0])),
    });
  };
}

function drawOutputs(kit, plot, out, wrong) {
  const rows = out.length - 1, row = Math.min(40, (plot.options.height - 10) / rows);
  plot.begin({ x: [0, STEPS], y: [1, 0] });
  const { ctx, box } = plot, w = box.w / STEPS;
  for (let k = 1; k <= rows; k += 1) {
    const y = box.y + row * (k - 1);
    plot.label([`块 ${k}`, `block ${k}`], box.x - 8, y + row / 2, { align: 'right' });
    plot.label(wrong[k] ? [`${wrong[k]} 步不同`, `${wrong[k]} differ`] : ['= x', '= x'], box.x + box.w + 6, y + row / 2, { colour: kit.colour(wrong[k] ? 'ink' : 'muted'), room: RIGHT - 10 });
    out[k].forEach((value, t) => {
      const same = value === out[0][t], colour = kit.colour(same ? 'exc' : 'inh');
      ctx.fillStyle = value ? colour : kit.colour('raised');
      ctx.fillRect(box.x + t * w + 1, y + 1.5, w - 2, row - 3);
      if (!same) {
        Object.assign(ctx, { strokeStyle: kit.colour('inh'), lineWidth: 1.5 });
        ctx.strokeRect(box.x + t * w + 1.75, y + 2.25, w - 3.5, row - 4.5);
      }
      if (value > 1) plot.label(String(value), box.x + (t + 0.5) * w, y + row / 2, { align: 'center', colour: '#14181c', size: Math.min(12, row - 5), room: w - 4 });
    });
  }
}

function drawGradients(kit, plot, { shortcut, whole }) {
  const lines = [['exc', [], shortcut], ['inh', [6, 4], whole]].map(([colour, dash, g]) => [colour, dash, g.map((row) => exponent(meanSize(row)))]);
  const all = lines.flatMap(([, , ys]) => ys), low = Math.min(-1, Math.floor(Math.min(...all))), high = Math.max(1, Math.ceil(Math.max(...all)));
  const n = shortcut.length - 1, xs = shortcut.map((_, k) => k);
  plot.begin({ x: [0, n], y: [low, high] });
  const every = Math.ceil((high - low) / 5);
  for (let e = low; e <= high; e += 1) {
    if ((e - low) % every && e !== 0) continue;
    plot.ctx.strokeStyle = kit.colour(e === 0 ? 'axis' : 'grid');
    plot.segment(plot.box.x, plot.py(e), plot.box.x + plot.box.w, plot.py(e));
    plot.label(e === 0 ? '1' : power(10 ** e).replace('1.0·', ''), plot.box.x - 7, plot.py(e), { align: 'right', colour: kit.colour('muted') });
  }
  for (const [colour, dash, ys] of lines) {
    plot.line(xs, ys, kit.colour(colour), { dash, width: 2.25 });
    xs.forEach((x) => plot.dot(x, ys[x], kit.colour(colour), { hollow: colour === 'inh' }));
  }
}

export default { render: (context) => mount(context, buildResidual) };
