const STEPS = 60, INPUTS = ['a', 'b', 'c'], THRESHOLD = 1, LIMIT = 2;
const TONE = { a: 'current', b: 'post', c: 'weight' }, DASHES = ['dashed', 'dotted', 'dashdot'];

/** Three inputs into one tempotron: {psp: what each adds at every step, v, t_max, v_max, gradient: ∂V_max/∂w of each}. */
export function respond(p, steps = STEPS) {
  const kernel = pspKernel(p.tau, p.tau_s);
  const psp = INPUTS.map((name) => Array.from({ length: steps },
    (_, t) => p[`w_${name}`] * p[name].reduce((sum, s) => sum + kernel(t - s), 0)));
  const v = psp[0].map((_, t) => psp.reduce((sum, one) => sum + one[t], 0));
  const t_max = argmax(v);
  const gradient = INPUTS.map((name) => p[name].reduce((sum, s) => sum + kernel(t_max - s), 0));
  return { psp, v, t_max, v_max: v[t_max], gradient };
}

/** The weights after one step of learning: only an error moves them, each by η ∂V_max/∂w, up if it should fire. */
export function learned(p, shouldFire) {
  const { v_max, gradient } = respond(p), wrong = (v_max >= THRESHOLD) !== shouldFire;
  const step = wrong ? (shouldFire ? p.rate : -p.rate) : 0;
  return Object.fromEntries(INPUTS.map((name, k) => {
    const w = p[`w_${name}`] + step * gradient[k];
    return [`w_${name}`, Math.max(-LIMIT, Math.min(LIMIT, Math.round(w * 1e4) / 1e4))];
  }));
}

function buildTempotron(kit) {
  const lanes = INPUTS.map((name) => new SpikeLane(kit, {
    name, steps: STEPS, colour: TONE[name], label: [`输入 ${name.toUpperCase()}`, `input ${name.toUpperCase()}`],
  }));
  const x = [-0.5, STEPS - 0.5];
  const potential = new Plot(kit, {
    height: 190, x, xticks: false, ylabel: ['膜电位 $V$', 'potential $V$'], label: ['各输入的突触后电位与膜电位', 'Potentials of the inputs and the voltage'],
  });
  const credit = new Plot(kit, {
    height: 130, x, y: [-0.06, 1.12], ylabel: ['功劳', 'credit'], xlabel: ['时间步', 'time step'],
    label: ['每个时刻的脉冲对峰值的贡献', 'What a spike at each time does for the peak'],
  });
  kit.legend([
    ['v', ['膜电位 $V$', 'voltage $V$']],
    ...INPUTS.map((name, k) => [TONE[name], [`$w_{${name}}K$`, `$w_{${name}}K$`], DASHES[k]]),
    ['spike', ['$K(t_{max}−t)$', '$K(t_{max}−t)$'], 'area'],
  ]);
  const show = kit.stats({
    peak: ['$V_{max}$', '$V_{max}$'], at: ['$t_{max}$', '$t_{max}$'], fires: ['发放？', 'fires?'],
    gradient: ['$∂V_{max}/∂w$：A / B / C', '$∂V_{max}/∂w$: A / B / C'],
  });
  kit.note(['点击时间线添加脉冲，拖动可移动，双击删除；键盘：Tab 选中，方向键移动，Delete 删除，回车添加。两个学习按钮各走一步，答对了就不动。',
    'Click a time line to add a spike, drag to move it, double-click to remove it. Keyboard: Tab selects, arrows move, Delete removes, Enter adds. Each learning button takes one step, and none where the answer is right.']);
  kit.button(['应当发放：学一步', 'Should fire: learn'], () => kit.change(learned(kit.params, true), true), kit.actions, 'csnn-primary');
  kit.button(['应当沉默：学一步', 'Should stay silent: learn'], () => kit.change(learned(kit.params, false), true));
  kit.button(['清空', 'Clear'], () => kit.change({ a: [], b: [], c: [] }, true));
  return (p) => {
    lanes.forEach((lane) => lane.draw());
    const r = respond(p);
    drawPotential(kit, potential, r);
    drawCredit(kit, credit, p, r);
    show({
      peak: number(r.v_max, 3), at: String(r.t_max),
      fires: r.v_max >= THRESHOLD ? ['发放', 'yes'] : ['沉默', 'no'],
      gradient: r.gradient.map((g) => number(g, 2)).join(' / '),
    });
  };
}

function drawPotential(kit, plot, { psp, v, t_max, v_max }) {
  const all = [0, THRESHOLD, ...v, ...psp.flat()], low = Math.min(...all), high = Math.max(...all);
  plot.begin({ y: [low - 0.06 * (high - low), high + 0.14 * (high - low)] });
  const t = v.map((_, k) => k);
  plot.hline(0, kit.colour('axis'), { dash: [] });
  plot.hline(THRESHOLD, kit.colour('threshold'), { text: ['阈值', 'threshold'] });
  INPUTS.forEach((name, k) => plot.line(t, psp[k], kit.colour(TONE[name]), { width: 1.6, dash: DASH[DASHES[k]] }));
  plot.line(t, v, kit.colour('v'), { width: 2.5 });
  plot.vline(t_max, kit.colour('axis'), { dash: [3, 3] });
  plot.dot(t_max, v_max, kit.colour('v'));
}

function drawCredit(kit, plot, p, { t_max }) {
  const kernel = pspKernel(p.tau, p.tau_s), t = Array.from({ length: 4 * STEPS }, (_, k) => k / 4);
  plot.begin();
  plot.line(t, t.map((s) => kernel(t_max - s)), kit.colour('spike'), { fill: 0.14 });
  plot.vline(t_max, kit.colour('axis'), { dash: [3, 3] });
  plot.label(['$t_{max}$', '$t_{max}$'], plot.px(t_max) + 5, plot.py(1), { halo: true });
  for (const name of INPUTS) {
    const earned = p[name].map((s) => kernel(t_max - s)), colour = kit.colour(TONE[name]);
    plot.stems(p[name], 0, earned, colour);
    p[name].forEach((s, k) => plot.dot(s, earned[k], colour, { hollow: earned[k] === 0 }));
  }
}

export default { render: (context) => mount(context, buildTempotron) };
