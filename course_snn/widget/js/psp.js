// The tempotron's spike response: event_driven.psp_kernel and its sum over spikes, in the page.

/** The time after a spike at which its potential peaks. */
export function peakTime(tau, tau_s) {
  return (tau * tau_s * Math.log(tau / tau_s)) / (tau - tau_s);
}

/** K(t) of one pair of time constants, as a function of the time since the spike; its peak is 1. */
export function pspKernel(tau, tau_s) {
  const top = peakTime(tau, tau_s), scale = 1 / (Math.exp(-top / tau) - Math.exp(-top / tau_s));
  return (t) => (t > 0 ? scale * (Math.exp(-t / tau) - Math.exp(-t / tau_s)) : 0);
}

/** pspAt(t, tau, tau_s): K at a list of times. */
export function pspAt(times, tau, tau_s) {
  return times.map(pspKernel(tau, tau_s));
}

/** The first place of the largest value, as argmax says. */
function argmax(values) {
  return values.reduce((best, value, k) => (value > values[best] ? k : best), 0);
}
