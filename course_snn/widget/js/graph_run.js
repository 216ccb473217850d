// Running a graph: all steps at once, in single precision as the library computes; the page then only moves its clock.

const f32 = Math.fround;

/** Groups in an order in which each comes after those that reach it without delay. */
export function zeroOrder({ groups, connections }) {
  const before = new Map(groups.map((g) => [g.name, new Set()]));
  for (const { pre, post, delay } of connections) if (delay === 0) before.get(post).add(pre);
  const order = [];
  while (order.length < groups.length) {
    const next = groups.find((g) => !order.includes(g) && [...before.get(g.name)].every((n) => order.some((o) => o.name === n)));
    if (!next) throw new Error('a loop of connections without delay');
    order.push(next);
  }
  return order;
}

/** Whether an input fires in step t: every n-th step from 0 on, and at its listed times. */
export function fires({ every, times }, t) {
  return (every > 0 && t % every === 0) || times.includes(t);
}

/** What a neuron holds after the charge: v + x (if), or v + (a − 1) v + x with a = exp(−1/τ) (lif). */
function charge(group, v, x) {
  return group.kind === 'if' ? f32(v + x) : f32(f32(v + f32(f32(Math.exp(-1 / group.tau_m) - 1) * v)) + x);
}

/** Run for `steps` steps from rest: {name: {o: spikes, v: voltage after the reset, h: before it}}, each a list.
 *  The current of step t is the sum over connections of weight · O_pre[t − delay]. */
export function simulateGraph(graph, steps = LIMITS.steps) {
  const order = zeroOrder(graph);
  const run = Object.fromEntries(graph.groups.map((g) => [g.name, { o: [], v: [], h: [] }]));
  const into = Object.fromEntries(graph.groups.map((g) => [g.name, graph.connections.filter((c) => c.post === g.name)]));
  for (let t = 0; t < steps; t += 1) {
    for (const group of order) {
      const row = run[group.name];
      let current = 0;
      for (const { pre, weight, delay } of into[group.name]) current = f32(current + f32(weight) * (run[pre].o[t - delay] ?? 0));
      const h = group.kind === 'input' ? 0 : charge(group, row.v.at(-1) ?? 0, current);
      const spike = group.kind === 'input' ? fires(group, t) : h >= f32(group.v_th);
      row.h.push(h);
      row.o.push(spike ? 1 : 0);
      row.v.push(spike ? 0 : h);
    }
  }
  return run;
}

/** The spikes that are on their way when the clock stands at `clock` steps: [[index of the connection, share of its
 *  way]]; one that left in step t arrives in step t + delay. */
export function inFlight({ connections }, run, clock) {
  const found = [];
  connections.forEach(({ pre, delay }, k) => {
    const { o } = run[pre];
    for (let t = Math.max(0, Math.floor(clock) - delay + 1); t <= clock; t += 1) {
      if (o[t] && delay > 0) found.push([k, (clock - t) / delay]);
    }
  });
  return found;
}

/** The connections without delay over which a spike passes in step t, by their index. */
export function passing({ connections }, run, t) {
  return connections.flatMap(({ pre, delay }, k) => (delay === 0 && run[pre].o[t] ? [k] : []));
}
