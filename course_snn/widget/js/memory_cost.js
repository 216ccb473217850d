const COPIES = { sgd: [0, 0, 3], momentum: [1, 0, 5], adam: [2, 2, 7] };   // kept, of one weight in use, moved in an update

const lineAt = ([fixed, sample, step], T, batch) => fixed + batch * (sample + T * step);

/** How many steps are kept at the same time. */
export function stepsKept({ T, way, block }) {
  return way === 'bptt' ? T : way === 'online' ? 1 : Math.min(block, T);
}

/** Bytes by part, as Cost.memory of the library; `cost` is an entry of the table. */
export function memoryOf(cost, p) {
  const { T, batch, way } = p, [copies, inUse] = COPIES[p.optimizer], steps = stepsKept(p);
  const kept = lineAt(cost.kept, steps, batch), states = lineAt(cost.states, T, batch);
  let peak = Math.max(...cost.moments.map((line) => lineAt(line, steps, batch))) - cost.gradients;
  if (way === 'truncated' || way === 'online') peak += cost.largest;
  const others = Math.ceil(T / steps) - 1;
  return {
    parameters: cost.parameters, gradients: cost.gradients, optimizer: copies * cost.gradients, data: lineAt(cost.data, T, batch),
    activations: kept + states * (way === 'recomputed' ? others : Math.min(others, 1)), states,
    working: Math.max(0, Math.max(peak, states + inUse * cost.largest) - kept - states),
  };
}

export const total = (parts) => Object.values(parts).reduce((a, b) => a + b, 0);

/** Operations and bytes of a step, and the seconds it takes on each machine at best. */
export function speedOf(cost, machines, p) {
  const { T, batch: N } = p, again = p.way === 'recomputed', pieces = Math.ceil(T / stepsKept(p)), [fixed, sample, step] = cost.kept;
  const operations = (again ? 4 : 3) * N * (pieces * cost.once + T * cost.step);
  const moved = (again ? 7 : 5) * (pieces * (fixed + N * sample) + N * T * step) + cost.gradients * (3 * pieces + COPIES[p.optimizer][2]);
  const seconds = Object.fromEntries(Object.entries(machines).map(([key, m]) => [key, Math.max(operations / m[p.precision], moved / m.bandwidth)]));
  return { operations, relative: operations / (3 * N * (cost.once + T * cost.step)), moved, seconds };
}
