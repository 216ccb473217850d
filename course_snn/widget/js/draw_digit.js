const SIDE = 28, PIXELS = SIDE * SIDE, BOX = 20, MIDDLE = 14, PEN = 1.25;

/** The value of a picture at a place between its pixels, zero outside. */
function between(image, x, y) {
  const x0 = Math.floor(x), y0 = Math.floor(y);
  let sum = 0;
  for (const [px, wx] of [[x0, 1 - x + x0], [x0 + 1, x - x0]]) {
    for (const [py, wy] of [[y0, 1 - y + y0], [y0 + 1, y - y0]]) {
      if (px >= 0 && px < SIDE && py >= 0 && py < SIDE) sum += wx * wy * image[py * SIDE + px];
    }
  }
  return sum;
}

/** Set a drawing as MNIST's digits are set: the longer side 20 pixels, the centre of mass in the middle. What is set so
 *  already stays as it is. */
export function centred(image) {
  let mass = 0, mx = 0, my = 0, left = SIDE, right = -1, top = SIDE, bottom = -1;
  image.forEach((value, n) => {
    const x = n % SIDE, y = Math.floor(n / SIDE);
    mass += value; mx += value * x; my += value * y;
    if (value > 0.1) {
      left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
    }
  });
  const x = mx / mass, y = my / mass, longer = Math.max(right - left, bottom - top) + 1;
  const fits = longer === BOX && Math.abs(x - MIDDLE) <= 0.5 && Math.abs(y - MIDDLE) <= 0.5;
  if (right < 0 || fits) return image.slice();
  const scale = longer / BOX;
  return Array.from({ length: PIXELS }, (_, n) => between(
    image, x + scale * ((n % SIDE) - MIDDLE), y + scale * (Math.floor(n / SIDE) - MIDDLE)));
}

/** A picture with ink of a round pen at (x, y), in pixels; what is darker already stays. */
export function inked(image, x, y) {
  return image.map((value, n) => {
    const distance = Math.hypot((n % SIDE) + 0.5 - x, Math.floor(n / SIDE) + 0.5 - y);
    return Math.max(value, Math.min(1, Math.max(0, PEN + 0.5 - distance)));
  });
}

/** Everything the network does with the drawing. */
export function classify(p, weight) {
  const seen = p.centre ? centred(p.image) : p.image;
  const { current, neurons, spikes: sent } = layerInput(seen, weight, p);
  const { v, spikes } = runLIF(current, neurons, p);
  return { seen, neurons, v, spikes, sent, counts: countUp(spikes, neurons) };
}

function buildDrawDigit(kit) {
  const weight = unpack(kit.model, 'weight', Float32Array), examples = unpack(kit.model, 'examples', Uint8Array);
  const row = kit.stage.appendChild(node('div', 'csnn-pictures'));
  const paper = new Picture(row, kit, SIDE, ['在此画一个数字', 'Draw a digit here']);
  const eye = new Picture(row, kit, SIDE, ['网络看到的', 'What the network sees']);
  const why = new Picture(row, kit, SIDE, ['赞成（亮）与反对（暗）', 'For (bright) and against (dark)']);
  let last = null;                                       // where the pen was, to draw lines and not dots
  const pen = drawing(kit, paper.canvas, (_, x, y) => {
    const from = last ?? [x, y], steps = Math.max(1, Math.ceil(Math.hypot(x - from[0], y - from[1]) / 0.7));
    let image = kit.params.image;
    for (let k = 1; k <= steps; k += 1) {
      image = inked(image, from[0] + ((x - from[0]) * k) / steps, from[1] + ((y - from[1]) * k) / steps);
    }
    last = [x, y];
    kit.change({ image });
  }, () => { last = null; kit.save(); });
  const time = transport(kit);
  const pair = kit.stage.appendChild(node('div', 'csnn-pair'));
  const lanes = new Plot(kit, {
    height: 250, y: [9.75, -0.85], yticks: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], xlabel: ['时间步', 'time step'], ylabel: ['输出神经元', 'output neuron'],
    label: ['十个输出神经元的膜电位与脉冲', 'Membrane potentials and spikes of the ten output neurons'],
  }, pair.appendChild(node('div'))).draggable((x) => time.go(Math.round(x)));
  const votes = new Plot(kit, {
    height: 250, ylabel: ['累计脉冲数', 'spikes so far'], xlabel: ['时间步', 'time step'],
    label: ['每个神经元的累计脉冲数', 'Spikes of each neuron so far'],
  }, pair.appendChild(node('div'))).draggable((x) => time.go(Math.round(x)));
  const show = kit.stats({
    guess: ['此刻的判断', 'decision now'], votes: ['票数：第一 / 第二', 'votes: first / second'],
    sent: ['全部输入脉冲', 'input spikes in all'], fired: ['全部输出脉冲', 'output spikes in all'],
  });
  kit.note(['鼠标或手指作画；键盘：Tab 到画布，方向键移动，空格落笔。点“换个例子”看测试集里的数字。',
    'Draw with mouse or finger. Keyboard: Tab to the canvas, arrows move, space inks. “Next example” shows digits of the test set.']);
  let example = -1;
  kit.button(['换个例子', 'Next example'], () => {
    example = (example + 1) % (examples.length / PIXELS);
    const image = Array.from(examples.subarray(example * PIXELS, (example + 1) * PIXELS), (grey) => grey / 255);
    kit.change({ image }, true);
  });
  kit.button(['清空', 'Clear'], () => kit.change({ image: new Array(PIXELS).fill(0) }, true));
  let cached = '', result = null;
  return (p) => {
    kit.reveal('seed', p.encoder === 'poisson');
    const key = JSON.stringify([p.image, p.encoder, p.T, p.tau, p.seed, p.centre]);
    if (key !== cached) [cached, result] = [key, classify(p, weight)];
    const t = time.fit(p.T), { neurons, counts } = result, at = t * neurons, best = winner(counts, at, neurons);
    const now = Array.from(counts.subarray(at, at + neurons)), [first, second] = now.slice().sort((a, b) => b - a);
    paper.paint(p.image, pen.cursor);
    eye.paint(result.seen);
    why.paint(evidence(result.seen, weight, best));
    drawLanes(kit, lanes, result, p.T, t, first ? best : -1);
    drawVotes(kit, votes, result, p.T, t, first ? best : -1);
    const tie = first === second;
    show({
      guess: first === 0 ? ['还没有脉冲', 'no spikes yet'] : tie ? ['平票', 'a tie'] : String(best),
      votes: `${first} / ${second}`, sent: p.encoder === 'poisson' ? String(result.sent) : '–',
      fired: String(result.spikes.reduce((a, b) => a + b, 0)),
    });
  };
}

/** Pixel times weight for one neuron as grey values: 0.5 is none, bright is for, dark against. */
function evidence(image, weight, neuron) {
  const each = image.map((value, n) => value * weight[neuron * PIXELS + n]);
  const most = Math.max(1e-9, ...each.map(Math.abs));
  return each.map((value) => 0.5 + (0.5 * value) / most);
}

/** A lane for each neuron: its membrane potential as a line, its spikes as bars. */
function drawLanes(kit, plot, { neurons, v, spikes }, T, t, best) {
  plot.begin({ x: [-0.5, T - 0.5] });
  const steps = Array.from({ length: T }, (_, k) => k);
  for (let n = 0; n < neurons; n += 1) {
    const alpha = n === best ? 1 : 0.55;
    const height = steps.map((k) => n + 0.4 - 0.75 * Math.max(-0.15, Math.min(1, v[k * neurons + n])));
    plot.line(steps, height, kit.colour('v'), { width: n === best ? 1.75 : 1.1, alpha });
    plot.stems(steps.filter((k) => spikes[k * neurons + n]), n + 0.4, n - 0.42, kit.colour('spike'), { width: T > 60 ? 1.2 : 2 });
  }
  plot.vline(t, kit.colour('axis'), { width: 1.25 });
}

/** The race: spikes so far of every neuron, the leader in colour. */
function drawVotes(kit, plot, { neurons, counts }, T, t, best) {
  plot.begin({ x: [-0.5, T - 0.5], y: [0, Math.max(1, ...counts) * 1.12] });
  const steps = Array.from({ length: T }, (_, k) => k);
  for (let n = 0; n < neurons; n += 1) {
    const count = steps.map((k) => counts[k * neurons + n]);
    const lead = n === best;
    plot.line(steps, count, kit.colour(lead ? 'spike' : 'exact'), { width: lead ? 2.25 : 1.25, alpha: lead ? 1 : 0.7 });
    if (lead) plot.label(String(n), plot.px(t) - 5, plot.py(count[t]) - 9, { align: 'right', colour: kit.colour('spike'), size: 14, halo: true });
  }
  plot.vline(t, kit.colour('axis'), { width: 1.25 });
}

export default { render: (context) => mount(context, buildDrawDigit) };
