const CLASSES = 10;

/** Ten rates: the right neuron's, then nine alike; with their softmax. */
function outputs(right, others) {
  const rates = [right, ...new Array(CLASSES - 1).fill(others)];
  const high = Math.max(...rates), weights = rates.map((r) => Math.exp(r - high));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { rates, p: weights.map((w) => w / sum) };
}

const wanted = (k) => (k === 0 ? 1 : 0);
const total = (values) => values.reduce((a, b) => a + b, 0);

/** Mean squared error of the values against one-hot, and its gradient at each value. */
function squared(values) {
  return {
    loss: total(values.map((v, k) => (v - wanted(k)) ** 2)) / CLASSES,
    slope: values.map((v, k) => (2 * (v - wanted(k))) / CLASSES),
  };
}

/** Each loss: rates -> {loss, slope = ∂L/∂r of every neuron}. */
const LOSS = {
  mse: ({ rates }) => squared(rates),
  cross_entropy: ({ p }) => ({ loss: -Math.log(p[0]), slope: p.map((v, k) => v - wanted(k)) }),
  softmax: ({ p }) => {
    const { loss, slope } = squared(p), mean = total(slope.map((g, k) => g * p[k]));
    return { loss, slope: slope.map((g, k) => p[k] * (g - mean)) };
  },
  log_softmax: ({ p }) => {
    const { loss, slope } = squared(p.map(Math.log)), sum = total(slope);
    return { loss, slope: slope.map((g, k) => g - p[k] * sum) };
  },
};

/** The loss, and the push −∂L/∂r on the right neuron and on one of the others. */
export function judge({ loss: kind, others }, right) {
  const { loss, slope } = LOSS[kind](outputs(right, others));
  return { loss, right: -slope[0], others: -slope[1] };
}

function buildLoss(kit) {
  const curve = new Plot(kit, {
    height: 210, x: [0, 1], ylabel: ['损失 $L$', 'loss $L$'], xlabel: ['正确神经元的发放率 $r$（可拖动）', 'rate of the right neuron $r$ (drag it)'],
    label: ['损失与发放率的关系', 'Loss against firing rate'],
  });
  curve.draggable((r) => kit.change({ right: Math.round(100 * r) / 100 }), () => kit.save());
  kit.legend([['v', ['损失', 'loss']], ['spike', ['现在的答案', 'the present answer'], 'ring'], ['threshold', ['最低点', 'lowest'], 'dashed']]);
  const show = kit.stats({
    loss: ['损失', 'loss'], best: ['损失最低处 $r$', 'lowest at $r$'],
    right: ['对正确神经元的推力', 'push on the right neuron'], others: ['对其余每个的推力', 'push on each other'],
  });
  const arrow = (push) => `${push > 5e-5 ? '↑' : push < -5e-5 ? '↓' : '·'} ${number(push, 4)}`;
  return (p) => {
    const r = Array.from({ length: 201 }, (_, k) => k / 200), all = r.map((v) => judge(p, v).loss);
    const low = Math.min(...all), high = Math.max(...all), room = Math.max(0.08 * (high - low), 1e-3);
    const best = r[all.indexOf(low)], now = judge(p, p.right);
    curve.begin({ y: [low - room, high + room] });
    curve.vline(best, kit.colour('threshold'), { dash: [5, 4] });
    curve.line(r, all, kit.colour('v'), { width: 2 });
    curve.dot(p.right, now.loss, kit.colour('spike'), { radius: 5 });
    show({ loss: number(now.loss, 4), best: number(best, 2), right: arrow(now.right), others: arrow(now.others) });
  };
}

export default { render: (context) => mount(context, buildLoss) };
