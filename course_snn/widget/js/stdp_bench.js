function buildSTDP(kit) {
  const lanes = [
    new SpikeLane(kit, { name: 'pre', steps: STEPS, colour: 'current', label: ['突触前', 'pre'] }),
    new SpikeLane(kit, { name: 'post', steps: STEPS, colour: 'post', label: ['突触后', 'post'] }),
  ];
  const x = [-0.5, STEPS - 0.5];
  const traces = new Plot(kit, { height: 112, x, xticks: false, ylabel: ['迹', 'trace'], label: ['突触前后脉冲的迹', 'Traces of the pre and post spikes'] });
  const weight = new Plot(kit, {
    height: 118, x, top: 10, ylabel: ['权重 $w$', 'weight $w$'], xlabel: ['时间步', 'time step'], label: ['权重随时间的变化', 'Weight over time'],
  });
  kit.legend([
    ['current', ['突触前迹 $x$', 'pre trace $x$']],
    ['post', ['突触后迹 $y$', 'post trace $y$'], 'dashed'],
    ['weight', ['权重 $w$', 'weight $w$'], 'area'],
    ['spike', ['时间线上的脉冲对', 'pairs on the time lines'], 'box'],
  ]);
  const curve = new Plot(kit, {
    height: 168, x: [-WINDOW - 2, WINDOW + 2], ylabel: ['单对 $Δw$', '$Δw$ of one pair'],
    xlabel: ['$t_{post}−t_{pre}$（时间步）', '$t_{post}−t_{pre}$ (steps)'], label: ['STDP 窗口', 'STDP window'],
  });
  const show = kit.stats({
    total: ['总变化 $Δw$', 'total change $Δw$'], end: ['最终权重', 'final weight'],
    pairs: ['脉冲对数', 'pairs'], sum: ['各对 $Δw$ 之和', 'sum over pairs'],
  });
  kit.note(['点击时间线添加脉冲，拖动可移动，双击删除；键盘：Tab 选中，方向键移动，Delete 删除，回车添加。',
    'Click a time line to add a spike, drag to move it, double-click to remove it. Keyboard: Tab selects, arrows move, Delete removes, Enter adds.']);
  stdpButtons(kit);
  return (p) => {
    lanes.forEach((lane) => lane.draw());
    const s = simulateSTDP(p), window = stdpWindow(p);
    drawTraces(kit, traces, p, s);
    drawWeight(kit, weight, p, s);
    const lags = pairLags(p.pre, p.post);
    const changes = drawWindow(kit, curve, window, lags);
    const signed = (v) => (v > 0 ? '+' : '') + number(v, 4);
    show({
      total: signed(s.w.at(-1) - p.weight), end: number(s.w.at(-1), 4), pairs: String(lags.length),
      sum: signed(changes.reduce((a, b) => a + b, 0)),
    });
  };
}

function stdpButtons(kit) {
  const line = (start) => Array.from({ length: 4 }, (_, k) => start + 20 * k);
  kit.button(['前先于后', 'Pre first'], () => kit.change({ pre: line(15), post: line(20) }, true));
  kit.button(['后先于前', 'Post first'], () => kit.change({ pre: line(20), post: line(15) }, true));
  kit.button(['清空', 'Clear'], () => kit.change({ pre: [], post: [] }, true));
}

function drawTraces(kit, plot, p, s) {
  const t = s.x.map((_, k) => k);
  plot.begin({ y: [0, Math.max(1.15, 1.08 * Math.max(...s.x, ...s.y))] });
  p.pre.forEach((k) => plot.vline(k, kit.colour('current'), { alpha: 0.22 }));
  p.post.forEach((k) => plot.vline(k, kit.colour('post'), { alpha: 0.22 }));
  plot.line(t, s.x, kit.colour('current'), { width: 2 });
  plot.line(t, s.y, kit.colour('post'), { width: 2, dash: DASH.dashed });
}

function drawWeight(kit, plot, p, s) {
  const all = [p.weight, ...s.w];
  const low = Math.min(...all), high = Math.max(...all), room = Math.max(0.15 * (high - low), 0.02);
  plot.begin({ y: [low - room, high + room] });
  p.pre.forEach((k) => plot.vline(k, kit.colour('current'), { alpha: 0.22 }));
  p.post.forEach((k) => plot.vline(k, kit.colour('post'), { alpha: 0.22 }));
  plot.hline(p.weight, kit.colour('exact'), { dash: [3, 3] });
  plot.line([-0.5, ...s.w.map((_, k) => k)], all, kit.colour('weight'), { steps: true, width: 2 });
}

/** Draw the window with the present pairs on it; returns the change of each pair. */
function drawWindow(kit, plot, window, lags) {
  const high = Math.max(1e-4, 0.1 * kit.params.rate, ...window.change.map(Math.abs)) * 1.15;
  plot.begin({ y: [-high, high] });
  plot.vline(0, kit.colour('axis'));
  plot.hline(0, kit.colour('axis'), { dash: [] });
  const side = (keep) => window.lag.map((d, k) => [d, window.change[k]]).filter(([d]) => keep(d));
  for (const part of [side((d) => d < 0), side((d) => d > 0)]) {
    plot.line(part.map(([d]) => d), part.map(([, v]) => v), kit.colour('weight'), { fill: 0.12, width: 2 });
  }
  const known = new Map(window.lag.map((d, k) => [d, window.change[k]]));
  const changes = lags.map((d) => known.get(d) ?? pairChange(kit.params, d));
  [...new Set(lags)].filter((d) => known.has(d)).forEach((d) => plot.dot(d, known.get(d), kit.colour('spike')));
  return changes;
}

export default { render: (context) => mount(context, buildSTDP) };
