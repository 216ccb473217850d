// The clock-driven leaky integrate-and-fire neuron, in the float32 arithmetic of course_snn.simulator.

const f32 = Math.fround;

/** One neuron. step(i): reset if it crossed in the last step, charge, note a crossing, clamp to [reset, threshold];
 *  returns whether the last step's crossing hands out its spike now. After it the neuron may rest `refractory` steps. */
export class ClockNeuron {
  constructor({ tau = 1, r, threshold, reset = 0, leak = true, dt = 1, refractory = 0 }) {
    Object.assign(this, { leak, refractory, rest: 0, pending: false });
    [this.tau, this.r, this.high, this.low, this.dt] = [tau, r, threshold, reset, dt].map(f32);
    this.v = this.low;
  }

  step(current) {
    const spike = this.pending;
    if (spike) [this.v, this.rest] = [this.low, this.refractory];
    if (this.rest > 0) this.rest -= 1;
    else this.v = f32(this.v + this.charge(f32(this.r * f32(current))));
    this.pending = this.v >= this.high;
    this.v = Math.max(Math.min(this.v, this.high), this.low);
    return spike;
  }

  charge(drive) {
    return this.leak ? f32(f32(this.dt * f32(drive - f32(this.v - this.low))) / this.tau) : f32(this.dt * drive);
  }
}

/** Drive one neuron: current [steps] -> {v: voltage after each step, spikes: steps that hand out a spike}. */
export function driveNeuron(params, current) {
  const neuron = new ClockNeuron(params), v = new Float32Array(current.length), spikes = [];
  current.forEach((i, k) => {
    if (neuron.step(i)) spikes.push(k);
    v[k] = neuron.v;
  });
  return { v, spikes };
}

/** A current that is `level` in [on, off) and 0 elsewhere, sampled every dt. */
export function currentPulse(level, on, off, duration, dt) {
  const steps = Math.floor(duration / dt + 1e-9);
  return Float32Array.from({ length: steps }, (_, k) => (k * dt >= on - 1e-9 && k * dt < off - 1e-9 ? level : 0));
}

/** Steps between two spikes of the Euler scheme at constant current; Infinity below the rheobase. */
export function discretePeriod({ tau, r, threshold, reset, leak = true, dt = 1, refractory = 0 }, level) {
  const theta = threshold - reset, drive = r * level;
  if (!leak) return drive > 0 ? Math.ceil(theta / (drive * dt) - 1e-9) + refractory : Infinity;
  if (drive < theta) return Infinity;
  if (dt >= tau) return 1 + refractory;
  if (drive <= theta) return Infinity;
  return Math.max(1, Math.ceil(Math.log(1 - theta / drive) / Math.log(1 - dt / tau) - 1e-9)) + refractory;
}

/** Time between two spikes of the differential equation: τ ln(RI / (RI − θ)), or θ/(RI) without leak. */
export function continuousPeriod({ tau, r, threshold, reset, leak = true, refractory = 0 }, level) {
  const theta = threshold - reset, drive = r * level;
  if (!leak) return drive > 0 ? theta / drive + refractory : Infinity;
  return drive > theta ? tau * Math.log(drive / (drive - theta)) + refractory : Infinity;
}

/** The smallest constant current that makes the neuron fire: θ/R, or 0 without leak. */
export function rheobase({ r, threshold, reset, leak = true }) {
  return leak ? (threshold - reset) / r : 0;
}

/** The voltage as a line: v[k] is reached at the end of step k; a spike in step k first drops it to reset. */
export function polyline(v, spikes, { reset, dt }) {
  const t = [0], volts = [reset], fires = new Set(spikes);
  v.forEach((u, k) => {
    if (fires.has(k)) { t.push(k * dt); volts.push(reset); }
    t.push((k + 1) * dt);
    volts.push(u);
  });
  return { t, volts };
}
