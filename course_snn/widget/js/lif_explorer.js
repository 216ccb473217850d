const DURATION = 200;   // ms

/** The exact solution of the differential equation for a current pulse, as a polyline {t, v}. */
export function exactTrace({ tau, r, threshold, reset, leak, on, off, current }, duration = DURATION, every = 0.5) {
  const t = [], v = [];
  const period = continuousPeriod({ tau, r, threshold, reset, leak }, current);
  const rise = (s) => (leak ? r * current * (1 - Math.exp(-s / tau)) : r * current * s);
  const end = Math.max(on, off);
  let left = 0;
  for (let k = 0; k * every <= duration; k += 1) {
    const now = k * every;
    let u = 0;
    if (now >= on && now < end) {
      const since = now - on;
      const cycles = Math.floor(since / period);
      if (t.length && cycles > Math.floor((now - every - on) / period)) {
        t.push(on + cycles * period, on + cycles * period);
        v.push(threshold, reset);
      }
      u = left = rise(since - (cycles ? cycles * period : 0));
    } else if (now >= end && end > on) {
      u = leak ? left * Math.exp(-(now - end) / tau) : left;
    }
    t.push(now);
    v.push(reset + u);
  }
  return { t, v };
}

/** Everything the widget shows for one setting. */
export function simulateLIF(p) {
  const current = currentPulse(p.current, p.on, p.off, DURATION, p.dt);
  const { v, spikes } = driveNeuron(p, current);
  const gaps = spikes.slice(1).map((k, n) => k - spikes[n]);
  return {
    v, spikes, input: current,
    ...polyline(v, spikes, p),
    steady: p.leak ? p.reset + p.r * p.current : Infinity,
    rheobase: rheobase(p),
    measured: gaps.length ? (gaps.reduce((a, b) => a + b) / gaps.length) * p.dt : NaN,
    discrete: discretePeriod(p, p.current) * p.dt,
    continuous: continuousPeriod(p, p.current),
  };
}

function buildLIF(kit) {
  kit.legend([
    ['v', ['仿真', 'simulated']],
    ['exact', ['精确解', 'exact solution'], 'dashdot'],
    ['spike', ['脉冲', 'spike'], 'bar'],
    ['threshold', ['阈值 $V_{th}$ 与基强度 $I_{rh}$', 'threshold $V_{th}$, rheobase $I_{rh}$'], 'dashed'],
    ['current', ['稳态 $V_{∞}=V_{reset}+RI$', 'steady state $V_{∞}=V_{reset}+RI$'], 'dotted'],
  ]);
  const volts = new Plot(kit, {
    height: 250, x: [0, DURATION], xticks: false, top: 8,
    ylabel: ['膜电位 $V$', 'potential $V$'], label: ['膜电位随时间的变化', 'Membrane potential over time'],
  });
  const amps = new Plot(kit, {
    height: 108, x: [0, DURATION], xlabel: ['时间 (ms)', 'time (ms)'], ylabel: ['电流 $I$', 'current $I$'], top: 10,
    label: ['输入电流随时间的变化', 'Input current over time'],
  });
  const show = kit.stats({
    spikes: ['脉冲个数', 'spikes'],
    rate: ['稳定发放率', 'steady rate'],
    measured: ['周期（仿真）', 'period, simulated'],
    discrete: ['周期（逐步公式）', 'period, stepwise'],
    continuous: ['周期（精确解）', 'period, exact'],
    steady: ['稳态 $V_{∞}$', 'steady state $V_{∞}$'],
    rheobase: ['基强度 $I_{rh}$', 'rheobase $I_{rh}$'],
  });
  kit.button(['刚好不发放', 'Just below'], () => kit.change({ current: 0.1 }, true));
  kit.button(['发放', 'Firing'], () => kit.change({ current: 0.12 }, true));
  return (p) => {
    const s = simulateLIF(p);
    drawVoltage(kit, volts, p, s);
    drawCurrent(kit, amps, p, s);
    const ms = (x) => (Number.isFinite(x) ? `${number(x, 1)} ms` : number(x));
    show({
      spikes: String(s.spikes.length),
      rate: Number.isFinite(s.discrete) ? `${number(1000 / s.discrete, 1)} Hz` : '0 Hz',
      measured: ms(s.measured), discrete: ms(s.discrete), continuous: ms(s.continuous),
      steady: number(s.steady, 3), rheobase: number(s.rheobase, 3),
    });
  };
}

function drawVoltage(kit, plot, p, s) {
  const low = Math.min(p.reset, 0), high = Math.max(p.threshold, Math.min(s.steady, 2 * p.threshold));
  const [bottom, top] = [low - 0.05 * (high - low), high + 0.14 * (high - low)];
  plot.begin({ y: [bottom, top] });
  plot.hline(p.threshold, kit.colour('threshold'));
  plot.hline(s.steady, kit.colour('current'), { dash: [2, 3] });
  if (p.exact) {
    const exact = exactTrace(p);
    plot.line(exact.t, exact.v, kit.colour('exact'), { width: 1.25, dash: DASH.dashdot });
  }
  plot.line(s.t, s.volts, kit.colour('v'), { width: 2 });
  plot.stems(s.spikes.map((k) => k * p.dt), top - 0.09 * (top - bottom), top, kit.colour('spike'), { width: 2.5 });
}

function drawCurrent(kit, plot, p, s) {
  plot.begin({ y: [0, Math.max(p.current, Math.min(s.rheobase, 0.5), 0.02) * 1.2] });
  const edges = Array.from(s.input, (_, k) => k * p.dt);
  plot.line([...edges, DURATION], [...s.input, s.input.at(-1)], kit.colour('current'), { steps: true, fill: 0.15 });
  plot.hline(s.rheobase, kit.colour('threshold'));
}

export default { render: (context) => mount(context, buildLIF) };
