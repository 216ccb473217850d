const INPUTS = 64, STEPS = 40, DRIVE = 12, TAU = 20;
const COLOURS = ['v', 'current', 'spike'];

/** Three neurons look at a digit: v - theta before anybody starts again [T][3], and who spikes at each step. */
export function race(p, weight, picture) {
  const theta = [p.theta_0, p.theta_1, p.theta_2], v = [0, 0, 0];
  const probability = chances(picture, DRIVE), random = mulberry32(p.seed), above = [], spikes = [];
  for (let t = 0; t < STEPS; t += 1) {
    integrate(v, spikesOf(probability, random), weight, INPUTS, TAU);
    above.push(v.map((value, j) => value - theta[j]));
    spikes.push(compete(v, theta, p.threshold, p.inhibition));
  }
  return { above, spikes };
}

function buildWinnerRace(kit) {
  const weight = unpack(kit.model, 'weight', Float32Array), pictures = unpack(kit.model, 'pictures', Uint8Array);
  const names = kit.model.get('names');
  const [row, charts] = kit.beside(150);
  const digit = new Picture(row, kit, 8, ['看到的数字', 'The digit it sees']);
  const x = [-0.5, STEPS - 0.5];
  const plot = new Plot(kit, {
    height: 210, x, xticks: false, ylabel: ['$v−θ$', '$v−θ$'], label: ['三个神经元离各自阈值的距离', 'How far the three neurons are from their thresholds'],
  }, charts);
  const lanes = new Plot(kit, {
    height: 110, x, y: [2.6, -0.6], yticks: false, xlabel: ['时间步', 'time step'], ylabel: ['脉冲', 'spikes'], label: ['三个神经元的脉冲', 'Spikes of the three neurons'],
  }, charts);
  kit.legend(names.map((name, j) => [COLOURS[j], [`神经元 ${name}`, `neuron ${name}`]]));
  const show = kit.stats({
    ...Object.fromEntries(names.map((name, j) => [`n${j}`, [`神经元 ${name} 的脉冲`, `spikes of neuron ${name}`]])),
    first: ['第一个脉冲', 'first spike'],
  });
  return (p) => {
    const at = Number(p.digit) * INPUTS, picture = pictures.slice(at, at + INPUTS);
    digit.paint(Array.from(picture, (grey) => grey / 16));
    const { above, spikes } = race(p, weight, picture), t = above.map((_, k) => k);
    const all = above.flat();
    plot.begin({ y: [Math.min(0, ...all) - 1, Math.max(p.threshold, ...all) * 1.08] });
    plot.hline(p.threshold, kit.colour('threshold'), { text: ['阈值', 'threshold'] });
    lanes.begin();
    names.forEach((_, j) => {
      plot.line(t, above.map((values) => values[j]), kit.colour(COLOURS[j]));
      lanes.stems(t.filter((k) => spikes[k].includes(j)), j + 0.35, j - 0.35, kit.colour(COLOURS[j]), { width: 3 });
    });
    const first = spikes.findIndex((who) => who.length), counts = names.map((_, j) => spikes.filter((who) => who.includes(j)).length);
    show({
      ...Object.fromEntries(counts.map((count, j) => [`n${j}`, String(count)])),
      first: first < 0 ? '–' : [`神经元 ${spikes[first].map((j) => names[j])}，第 ${first} 步`, `neuron ${spikes[first].map((j) => names[j])}, step ${first}`],
    });
  };
}

export default { render: (context) => mount(context, buildWinnerRace) };
