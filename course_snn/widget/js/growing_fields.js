const FRAME = 5, FRAMES = 80;

/** All receptive fields on one square sheet, brightest weight 1, a dark line between them. */
export function sheet(weight) {
  const side = ACROSS * 9 - 1, out = new Array(side * side).fill(0.25), most = Math.max(...weight);
  for (let j = 0; j < NEURONS; j += 1) {
    const top = Math.floor(j / ACROSS) * 9, left = (j % ACROSS) * 9;
    for (let i = 0; i < INPUTS; i += 1) {
      out[(top + Math.floor(i / 8)) * side + left + (i % 8)] = weight[j * INPUTS + i] / most;
    }
  }
  return out;
}

function buildGrowingFields(kit) {
  const pictures = unpack(kit.model, 'pictures', Uint8Array);
  const [row, charts] = kit.beside(250);
  const now = new Picture(row, kit, 8, ['刚看的数字', 'The digit just seen']);
  const fields = new Picture(row, kit, ACROSS * 9 - 1, ['16 个感受野', '16 receptive fields']);
  const time = transport(kit);
  const x = [-0.6, NEURONS - 0.4];
  const share = new Plot(kit, {
    height: 150, x, y: [0, 0.5], xticks: false, ylabel: ['脉冲份额', 'share of spikes'], label: ['每个神经元占全部脉冲的份额', 'Share of all spikes that each neuron has'],
  }, charts);
  const height = new Plot(kit, {
    height: 180, x, ylabel: ['阈值 $θ$', 'threshold $θ$'], xlabel: ['神经元', 'neuron'], label: ['每个神经元的自适应阈值', 'Adaptive threshold of each neuron'],
  }, charts);
  const show = kit.stats({
    seen: ['看过的数字', 'digits seen'], last: ['对最后一个数字的脉冲', 'spikes for the last digit'],
    busiest: ['最忙的神经元占', 'share of the busiest'], idle: ['从未发放的神经元', 'neurons that never spiked'],
  });
  kit.note(['按“播放”从头看感受野长出来；拖动时间条可以前后跳。改参数会重新学一遍。',
    'Press Play to watch the fields grow from the start; drag the bar to jump. A new parameter learns all over again.']);
  let key = '', net = null;
  return (p) => {
    const rule = JSON.stringify([p.theta_plus, p.rate, p.inhibition, p.seed]), seen = FRAME * time.fit(FRAMES + 1);
    net = grow(rule === key ? net : null, pictures, p, seen);
    key = rule;
    const at = (Math.max(0, seen - 1) % (pictures.length / INPUTS)) * INPUTS;
    now.paint(Array.from(pictures.slice(at, at + INPUTS), (grey) => grey / 16));
    fields.paint(sheet(net.weight));
    drawBars(kit, share, height, net);
    const total = net.wins.reduce((a, b) => a + b, 0);
    show({
      seen: String(seen), last: String(net.last.reduce((a, b) => a + b, 0)),
      busiest: total ? `${number((100 * Math.max(...net.wins)) / total, 0)} %` : '–',
      idle: `${net.wins.filter((wins) => !wins).length} / ${NEURONS}`,
    });
  };
}

function drawBars(kit, share, height, net) {
  const index = net.theta.map((_, j) => j), total = Math.max(1, net.wins.reduce((a, b) => a + b, 0));
  const shares = net.wins.map((wins) => wins / total);
  share.begin({ y: [0, Math.max(0.2, 1.05 * Math.max(...shares))] });
  share.hline(1 / NEURONS, kit.colour('exact'), { dash: [3, 3] });
  share.stems(index, 0, shares, kit.colour('spike'), { width: 9 });
  height.begin({ y: [0, Math.max(1, 1.1 * Math.max(...net.theta))] });
  height.stems(index, 0, net.theta, kit.colour('threshold'), { width: 9 });
}

export default { render: (context) => mount(context, buildGrowingFields) };
