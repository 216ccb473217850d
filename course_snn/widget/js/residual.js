const GATE = {
  plain: null,
  add: { join: (x, s) => x + s, byX: () => 1, byS: () => 1 },
  and: { join: (x, s) => x * s, byX: (_x, s) => s, byS: (x) => x },
  iand: { join: (x, s) => x * (1 - s), byX: (_x, s) => 1 - s, byS: (x) => -x },
};
const FIRST = 2;   // weight of the first convolution

/** A neuron with threshold 1 and hard reset over all steps: its spikes, and back(gradient of them) -> that of x. */
function fires(x, kind) {
  const keep = kind === 'lif' ? 0.5 : 1, take = kind === 'lif' ? 0.5 : 1, h = [], s = [];
  let v = 0;
  x.forEach((now, t) => {
    h[t] = keep * v + take * now;
    s[t] = h[t] >= 1 ? 1 : 0;
    v = s[t] ? 0 : h[t];
  });
  const back = (grad) => {
    const out = new Array(x.length);
    let later = 0;                                                    // dL/dv; the reset is detached
    for (let t = x.length - 1; t >= 0; t -= 1) {
      const slope = 1 / (1 + (Math.PI * (h[t] - 1)) ** 2);            // ATan, alpha = 2
      const g = grad[t] * slope + later * (1 - s[t]);
      out[t] = take * g;
      later = keep * g;
    }
    return out;
  };
  return { s, back };
}

/** One block over all steps: y, and back(gradient, through both ways or the shortcut alone). */
function residualBlock(x, { connect, node: kind, weight, bias }) {
  const first = fires(x.map((now) => FIRST * now), kind), branch = first.s.map((s) => weight * s + bias);
  const gate = GATE[connect], last = fires(gate ? branch : branch.map((now, t) => now + x[t]), kind);
  const viaBranch = (grad) => first.back(grad.map((g) => weight * g)).map((g) => FIRST * g);
  const back = (grad, both) => {
    const inner = last.back(gate ? grad.map((g, t) => g * gate.byS(x[t], last.s[t])) : grad);
    const straight = gate ? grad.map((g, t) => g * gate.byX(x[t], last.s[t])) : inner, around = viaBranch(inner);
    return both ? straight.map((g, t) => g + around[t]) : straight;
  };
  return { y: gate ? last.s.map((s, t) => gate.join(x[t], s)) : last.s, back };
}

/** A chain of equal blocks: {out, shortcut, whole}, each [depth + 1][T], as ResidualExplorer.run. */
export function runBlocks(p, steps) {
  const out = [Array.from({ length: steps }, (_, t) => Number(p.spikes.includes(t)))], blocks = [];
  for (let k = 0; k < p.depth; k += 1) {
    blocks.push(residualBlock(out[k], p));
    out.push(blocks[k].y);
  }
  const gradients = (both) => {
    const found = [new Array(steps).fill(1)];
    for (let k = p.depth - 1; k >= 0; k -= 1) found.unshift(blocks[k].back(found[0], both));
    return found;
  };
  return { out, shortcut: gradients(false), whole: gradients(true) };
}

/** At how many steps each output differs from the input. */
export function differences({ out }) {
  return out.map((row) => row.filter((value, t) => value !== out[0][t]).length);
}
