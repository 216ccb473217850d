const PIXELS = 784, STEPS = 50;

/** The neurons' input for every picture, [pictures][STEPS * neurons], each with noise of its own. */
export function inputOfAll(images, weight, encoder, seed) {
  return Array.from({ length: images.length / PIXELS }, (_, n) => layerInput(
    Array.from(images.subarray(n * PIXELS, (n + 1) * PIXELS), (grey) => grey / 255), weight,
    { encoder, T: STEPS, seed: 1000 * seed + n }));
}

/** For T = 1 … STEPS: how many pictures are classified rightly, and how many output spikes a picture took on average. */
export function scoreAll(inputs, labels, p) {
  const right = new Uint16Array(STEPS), fired = new Float64Array(STEPS);
  inputs.forEach(({ current, neurons }, n) => {
    const counts = countUp(runLIF(current, neurons, p).spikes, neurons);
    for (let t = 0; t < STEPS; t += 1) {
      if (winner(counts, t * neurons, neurons) === labels[n]) right[t] += 1;
      for (let k = 0; k < neurons; k += 1) fired[t] += counts[t * neurons + k] / inputs.length;
    }
  });
  return { right, fired };
}

function buildVoteExplorer(kit) {
  const weight = unpack(kit.model, 'weight', Float32Array);
  const images = unpack(kit.model, 'images', Uint8Array), labels = unpack(kit.model, 'labels', Uint8Array);
  const total = labels.length, T = Array.from({ length: STEPS }, (_, k) => k + 1);
  const plot = new Plot(kit, {
    height: 250, x: [0, STEPS + 0.5], y: [0, 1.02], ylabel: ['答对的比例', 'part that is right'],
    xlabel: ['观看的时间步数 $T$', 'time steps watched, $T$'], label: ['准确率随时间步数的变化', 'Accuracy against the number of time steps'],
  }).draggable((x) => kit.change({ T: Math.max(1, Math.min(STEPS, Math.round(x))) }), () => kit.save());
  kit.legend([
    ['v', ['现在的设置', 'the present setting']], ['exact', ['训练时的设置', 'as it was trained'], 'dashed'],
  ]);
  const show = kit.stats({
    right: ['$T$ 步时的准确率', 'accuracy at $T$'], spikes: ['每张图的输入脉冲', 'input spikes a picture'],
    adds: ['每张图的加法', 'additions a picture'], fired: ['每张图的输出脉冲', 'output spikes a picture'],
  });
  kit.note([`${total} 张测试图像，在页面里现算；色带是抽样误差（± 一个标准误）。`,
    `${total} pictures of the test set, computed here in the page; the band is the sampling error (± one standard error).`]);
  const known = new Map();
  const inputs = (encoder, seed) => {
    const key = `${encoder} ${encoder === 'poisson' ? seed : 0}`;
    if (!known.has(key)) {
      if (known.size > 4) known.clear();
      known.set(key, inputOfAll(images, weight, encoder, seed));
    }
    return known.get(key);
  };
  const trained = kit.model.get('trained');
  return (p) => {
    kit.reveal('seed', p.encoder === 'poisson');
    const now = scoreAll(inputs(p.encoder, p.seed), labels, p);
    const reference = scoreAll(inputs(trained.encoder, p.seed), labels, trained);
    const part = Array.from(now.right, (count) => count / total);
    const error = part.map((a) => Math.sqrt((a * (1 - a)) / total));
    plot.begin();
    plot.clipped(() => {
      plot.path([...T, ...T.slice().reverse()], [...part.map((a, k) => a + error[k]), ...part.map((a, k) => a - error[k]).reverse()]);
      Object.assign(plot.ctx, { fillStyle: kit.colour('v'), globalAlpha: 0.16 });
      plot.ctx.fill();
    });
    plot.line(T, Array.from(reference.right, (count) => count / total), kit.colour('exact'), { dash: [5, 4] });
    plot.line(T, part, kit.colour('v'), { width: 2.25 });
    plot.vline(p.T, kit.colour('axis'));
    plot.dot(p.T, part[p.T - 1], kit.colour('spike'));
    const perStep = inputs(p.encoder, p.seed).reduce((sum, { spikes }) => sum + spikes, 0) / total / STEPS;
    show({
      right: `${number(100 * part[p.T - 1], 1)} %`, fired: number(now.fired[p.T - 1], 1),
      spikes: p.encoder === 'poisson' ? number(perStep * p.T, 0) : '–',
      adds: p.encoder === 'poisson' ? number(10 * perStep * p.T, 0)
        : [`${number(10 * perStep, 0)} 次乘加`, `${number(10 * perStep, 0)} multiply-adds`],
    });
  };
}

export default { render: (context) => mount(context, buildVoteExplorer) };
