const REACH = 2, CURVE = Array.from({ length: 401 }, (_, k) => (k - 200) * (REACH / 200));

/** Everything the widget shows for one setting. */
export function playSurrogate(p) {
  const run = forwardLIF(p, new Array(p.T).fill(p.input));
  const target = Math.min(p.target, p.T) - 1;
  const lossSlope = run.h.map((_, t) => (p.loss === 'all' || t === target ? 1 : 0));
  const gradient = backwardLIF(p, run, lossSlope);
  return { ...run, target, gradient, factors: passedOn(p, run), total: gradient.reduce((a, b) => a + b, 0) };
}

function buildPlayground(kit) {
  const row = kit.stage.appendChild(node('div', 'csnn-pair'));
  const shape = new Plot(kit, {
    height: 230, x: [-REACH, REACH], xlabel: ['$x = h − θ$', '$x = h − θ$'], top: 10,
    label: ['替代函数与斜率', 'The surrogate and its slope'],
  }, row.appendChild(node('div')));
  const volts = new Plot(kit, {
    height: 230, xlabel: ['时间步（可拖动）', 'time step (drag)'], ylabel: ['充电后的电位 $h$', 'charged potential $h$'], top: 10,
    label: ['各步的膜电位与脉冲', 'Potential and spikes in each step'],
  }, row.appendChild(node('div')));
  kit.legend([
    ['exact', ['前向：脉冲 $s$', 'forward: spike $s$'], 'dotted'],
    ['v', ['原函数 $g$', 'primitive $g$'], 'dashdot'],
    ['spike', ['反向：斜率 $g′$；点是各步', 'backward: slope $g′$; dots are the steps'], 'area'],
    ['threshold', ['阈值', 'threshold'], 'dashed'],
  ]);
  const bars = new Plot(kit, {
    height: 150, xlabel: ['时间步', 'time step'], ylabel: ['$∂L/∂x$', '$∂L/∂x$'], top: 10,
    label: ['损失对每一步输入的梯度', 'Gradient of the loss for the input of each step'],
  });
  const pick = (x) => Math.max(1, Math.min(kit.params.T, Math.round(x)));
  for (const plot of [volts, bars]) {
    plot.draggable((x) => kit.change({ target: pick(x), loss: 'one' }), () => kit.save());
  }
  const show = kit.stats({
    spikes: ['脉冲个数', 'spikes'],
    peak: ['阈值处的斜率', 'slope at threshold'],
    total: ['梯度之和', 'sum of gradients'],
    factor: ['逐步因子，最大', 'factor per step, largest'],
  });
  kit.button(['手算的例子', 'The one by hand'], () => kit.change({
    surrogate: 'sigmoid', alpha: 1, input: 1.5, tau: 2, T: 2, target: 2, loss: 'all', reset: 'hard', detach: false,
  }, true));
  kit.button(['十二步', 'Twelve steps'], () => kit.change({
    surrogate: 'sigmoid', alpha: 2, input: 2, tau: 5, T: 12, target: 12, loss: 'one', reset: 'hard', detach: false,
  }, true));
  return (p) => {
    const run = playSurrogate(p);
    kit.reveal('target', p.loss === 'one');
    kit.reveal('alpha', p.surrogate !== 'none');
    drawShape(kit, shape, p, run);
    drawSteps(kit, volts, p, run);
    drawGradient(kit, bars, p, run);
    show({
      spikes: String(run.s.reduce((a, b) => a + b, 0)),
      peak: number(slopes(p.surrogate, p.alpha, [0])[0], 3),
      total: number(run.total, 6),
      factor: number(Math.max(...run.factors.map(Math.abs)), 3),
    });
  };
}

function drawShape(kit, plot, p, { h }) {
  const slope = slopes(p.surrogate, p.alpha, CURVE), soft = primitives(p.surrogate, p.alpha, CURVE);
  plot.begin({ y: [Math.min(-0.1, ...slope, ...soft) * 1.1, Math.max(1.2, ...slope, ...soft) * 1.08] });
  plot.vline(0, kit.colour('threshold'), { dash: [5, 4] });
  plot.line([-REACH, 0, 0, REACH], [0, 0, 1, 1], kit.colour('exact'), { width: 2, dash: DASH.dotted });
  plot.line(CURVE, soft, kit.colour('v'), { width: 1.75, dash: DASH.dashdot });
  plot.line(CURVE, slope, kit.colour('spike'), { width: 2, fill: 0.12 });
  const seen = h.map((u) => u - 1).filter((x) => Math.abs(x) <= REACH);
  slopes(p.surrogate, p.alpha, seen).forEach((y, k) => plot.dot(seen[k], y, kit.colour('spike'), { radius: 3.5 }));
}

/** Mark the step that the loss looks at; whole steps stand at 1 … T. */
function mark(kit, plot, p, target) {
  if (p.loss === 'one') plot.band(target + 0.5, target + 1.5, kit.colour('accent'), 0.14);
}

function drawSteps(kit, plot, p, { h, s, target }) {
  const top = Math.max(1, ...h) * 1.3, steps = h.map((_, t) => t + 1);
  plot.begin({ x: [0.4, p.T + 0.6], y: [Math.min(0, ...h) - 0.05 * top, top] });
  mark(kit, plot, p, target);
  plot.hline(1, kit.colour('threshold'));
  plot.line(steps, h, kit.colour('v'), { width: 1.5 });
  steps.forEach((t) => plot.dot(t, h[t - 1], kit.colour('v'), { radius: 3.5, hollow: !s[t - 1] }));
  plot.stems(steps.filter((t) => s[t - 1]), 0.91 * top, top, kit.colour('spike'), { width: 2.5 });
}

function drawGradient(kit, plot, p, { gradient, target }) {
  const low = Math.min(0, ...gradient), high = Math.max(0, ...gradient), room = 0.12 * (high - low) || 0.1;
  plot.begin({ x: [0.4, p.T + 0.6], y: [low - (low < 0 || high === 0 ? room : 0), high + room] });
  mark(kit, plot, p, target);
  const width = Math.min(26, (0.7 * plot.box.w) / p.T);
  gradient.forEach((g, t) => plot.stems([t + 1], 0, g, kit.colour(g < 0 ? 'spike' : 'current'), { width }));
  plot.hline(0, kit.colour('axis'), { dash: [], width: 1 });
}

export default { render: (context) => mount(context, buildPlayground) };
