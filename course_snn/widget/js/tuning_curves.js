/** Centres and width of encoding.GaussianTuningCurveEncoder's m curves on [low, high]. */
export function tuningCurves(m, low = 0, high = 1) {
  const spacing = (high - low) / (m - 2);
  const centres = Array.from({ length: m }, (_, k) => low + ((2 * (k + 1) - 3) / 2) * spacing);
  return { centres, sigma: spacing / 1.5 };
}

/** Height of each unit's curve at x, and its spike time in 0 … T−2, or −1 where the unit keeps silent. */
export function populationCode(x, m, T, low = 0, high = 1) {
  const { centres, sigma } = tuningCurves(m, low, high);
  const response = centres.map((mu) => Math.exp(-((x - mu) ** 2) / (2 * sigma ** 2)));
  const times = response.map((g) => roundHalfEven((T - 1) * (1 - g))).map((t) => (t === T - 1 ? -1 : t));
  return { response, times };
}

const unitColour = (kit, k, m) => kit.scale(m > 1 ? k / (m - 1) : 0);

function buildTuning(kit) {
  const curves = new Plot(kit, {
    height: 190, x: [-0.15, 1.15], y: [0, 1.08], yticks: [0, 0.5, 1], ylabel: ['响应 $g$', 'response $g$'],
    xlabel: ['输入值 $x$（可拖动）', 'value $x$ (drag it)'], label: ['高斯调谐曲线', 'Gaussian tuning curves'],
  });
  curves.draggable((x) => kit.change({ x: Math.round(Math.min(1, Math.max(0, x)) * 100) / 100 }), () => kit.save());
  const raster = new Plot(kit, {
    height: 190, ylabel: ['神经元', 'unit'], xlabel: ['发放时刻（时间步）', 'spike time (steps)'], label: ['各神经元的发放时刻', 'Spike time of every unit'],
  });
  kit.legend([['spike', ['第一个发放的神经元', 'first to fire'], 'box'], ['exact', ['落在最后一步：不发放', 'falls on the last step: no spike'], 'ring']]);
  const show = kit.stats({
    first: ['最先发放', 'first to fire'], firing: ['发放的神经元', 'units that fire'], sigma: ['曲线宽度 $σ$', 'curve width $σ$'],
  });
  return (p) => {
    const { centres, sigma } = tuningCurves(p.m), { response, times } = populationCode(p.x, p.m, p.T);
    drawCurves(kit, curves, p, centres, sigma, response);
    const firing = times.filter((t) => t >= 0), first = Math.min(...firing);
    drawTimes(kit, raster, p, times, first);
    const winners = times.map((t, k) => (t === first ? k + 1 : 0)).filter(Boolean).join(', ');
    show({ first: firing.length ? `${winners}  (t = ${first})` : '–', firing: `${firing.length} / ${p.m}`, sigma: number(sigma, 3) });
  };
}

function drawCurves(kit, plot, p, centres, sigma, response) {
  plot.begin();
  plot.band(0, 1, kit.colour('v'), 0.05);
  const xs = Array.from({ length: 201 }, (_, k) => -0.15 + (1.3 * k) / 200);
  centres.forEach((mu, k) => {
    const ys = xs.map((x) => Math.exp(-((x - mu) ** 2) / (2 * sigma ** 2)));
    plot.line(xs, ys, unitColour(kit, k, p.m), { width: 1.75 });
  });
  plot.vline(p.x, kit.colour('ink'), { width: 1.5 });
  response.forEach((g, k) => { if (g > 0.004) plot.dot(p.x, g, unitColour(kit, k, p.m)); });
}

function drawTimes(kit, plot, p, times, first) {
  plot.options.yticks = times.map((_, k) => k + 1).filter((k) => p.m <= 8 || k % 2 === 0);
  plot.begin({ x: [-0.5, p.T - 0.5], y: [p.m + 0.7, 0.3] });
  plot.band(p.T - 1.5, p.T - 0.5, kit.colour('exact'), 0.12);
  times.forEach((t, k) => {
    const colour = t === first ? kit.colour('spike') : unitColour(kit, k, p.m);
    if (t < 0) plot.dot(p.T - 1, k + 1, kit.colour('exact'), { hollow: true });
    else plot.stems([t], k + 1.36, k + 0.64, colour, { width: 3.5 });
  });
}

export default { render: (context) => mount(context, buildTuning) };
