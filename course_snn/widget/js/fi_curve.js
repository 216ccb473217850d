const FI_MAX = 0.5, FI_SHOWN = 200;

/** Mean rate in Hz (times in ms) of spikes at the given steps; 0 for fewer than two. */
export function meanRate(spikes, dt) {
  return spikes.length < 2 ? 0 : (1000 * (spikes.length - 1)) / ((spikes.at(-1) - spikes[0]) * dt);
}

/** How long to watch [ms], so that even slow firing shows two spikes. */
const watched = (p) => Math.max(400, 8 * p.tau);

/** Refractory time in whole steps. */
function inSteps(p) {
  return { ...p, refractory: Math.round(p.refractory / p.dt) };
}

/** Firing rate simulated at `count` + 1 constant currents from 0 to `high`: {current, rate} in Hz. */
export function simulatedCurve(p, count = 50, high = FI_MAX) {
  const steps = Math.round(watched(p) / p.dt), settings = inSteps(p);
  const current = Array.from({ length: count + 1 }, (_, k) => (high * k) / count);
  const rate = current.map((i) => meanRate(driveNeuron(settings, new Float32Array(steps).fill(i)).spikes, p.dt));
  return { current, rate };
}

/** Firing rate of the differential equation: 1 / (t_ref + τ ln(RI / (RI − θ))), in Hz. */
export function analyticCurve(p, count = 300, high = FI_MAX) {
  const edge = rheobase(p);
  const current = Array.from({ length: count + 1 }, (_, k) => (high * k) / count);
  if (edge < high) current.push(edge, edge * (1 + 1e-9) + 1e-12);
  current.sort((a, b) => a - b);
  return { current, rate: current.map((i) => 1000 / continuousPeriod(p, i)) };
}

function buildFI(kit) {
  const row = kit.stage.appendChild(node('div', 'csnn-pair'));
  const curve = new Plot(kit, {
    height: 290, x: [0, FI_MAX], ylabel: ['发放率 (Hz)', 'firing rate (Hz)'], xlabel: ['输入电流 $I$（可拖动）', 'input current $I$ (drag it)'],
    label: ['发放率与电流的关系', 'Firing rate against current'],
  }, row.appendChild(node('div')));
  curve.draggable((i) => kit.change({ current: Math.round(i * 500) / 500 }), () => kit.save());
  const volts = new Plot(kit, {
    height: 290, x: [0, FI_SHOWN], ylabel: ['膜电位 $V$', 'potential $V$'], xlabel: ['时间 (ms)', 'time (ms)'],
    label: ['所选电流下的膜电位', 'Membrane potential at the chosen current'],
  }, row.appendChild(node('div')));
  kit.legend([
    ['v', ['仿真', 'simulated'], 'ring'], ['exact', ['公式', 'formula']],
    ['threshold', ['基强度 $I_{rh}$ 与阈值 $V_{th}$', 'rheobase $I_{rh}$, threshold $V_{th}$'], 'dashed'],
    ['spike', ['所选电流', 'chosen current'], 'bar'],
  ]);
  const show = kit.stats({
    measured: ['仿真发放率', 'simulated rate'], formula: ['公式发放率', 'rate by formula'],
    rheobase: ['基强度 $(V_{th}−V_{reset})/R$', 'rheobase $(V_{th}−V_{reset})/R$'], limit: ['上限 $1/t_{ref}$', 'ceiling $1/t_{ref}$'],
  });
  return (p) => {
    const exact = analyticCurve(p), points = simulatedCurve(p);
    const here = driveNeuron(inSteps(p), new Float32Array(Math.round(watched(p) / p.dt)).fill(p.current));
    const formula = 1000 / continuousPeriod(p, p.current), measured = meanRate(here.spikes, p.dt);
    drawCurve(kit, curve, p, exact, points, formula);
    drawTrace(kit, volts, p, here);
    show({
      measured: `${number(measured, 1)} Hz`, formula: `${number(formula, 1)} Hz`, rheobase: number(rheobase(p), 3),
      limit: p.refractory > 0 ? `${number(1000 / p.refractory, 0)} Hz` : '∞',
    });
  };
}

function drawCurve(kit, plot, p, exact, points, formula) {
  plot.begin({ y: [0, Math.max(20, ...exact.rate, ...points.rate) * 1.1] });
  if (p.leak) plot.vline(rheobase(p), kit.colour('threshold'), { dash: [5, 4] });
  plot.line(exact.current, exact.rate, kit.colour('exact'), { width: 1.75 });
  points.current.forEach((i, k) => plot.dot(i, points.rate[k], kit.colour('v'), { radius: 2.6, hollow: true }));
  plot.vline(p.current, kit.colour('spike'), { width: 1.5 });
  plot.dot(p.current, formula, kit.colour('spike'), { radius: 5 });
}

function drawTrace(kit, plot, p, { v, spikes }) {
  const low = Math.min(0, p.reset), span = p.threshold - low;
  plot.begin({ y: [low - 0.05 * span, p.threshold + 0.16 * span] });
  plot.hline(p.threshold, kit.colour('threshold'));
  const shown = v.subarray(0, Math.round(FI_SHOWN / p.dt));
  const line = polyline(shown, spikes, p);
  plot.line(line.t, line.volts, kit.colour('v'), { width: 1.75 });
  const [bottom, top] = plot.options.y;
  const times = spikes.map((k) => k * p.dt).filter((t) => t < FI_SHOWN);
  plot.stems(times, top - 0.09 * (top - bottom), top, kit.colour('spike'), { width: 2 });
}

export default { render: (context) => mount(context, buildFI) };
