const SIDE = 28;

/** The places of the columns in the order of reading. */
export function readingOrder(order) {
  return Array.from({ length: SIDE }, (_, t) => (order === 'right' ? SIDE - 1 - t : order === 'mixed' ? (11 * t + 5) % SIDE : t));
}

/** Hand each linear layer its weights out of one row of numbers, in the order of the layers; returns the networks. */
export function assemble(nets, numbers) {
  let at = 0;
  const take = (count) => {
    at += count;
    return numbers.slice(at - count, at);
  };
  const linear = (part) => ({ ...part, weight: take(part.inputs * part.outputs), bias: take(part.outputs) });
  return nets.map((net) => ({
    ...net,
    layers: net.layers.map((part) => (part.kind === 'linear' ? linear(part)
      : part.kind === 'loop' ? { ...part, linear: linear(part.linear) } : part)),
  }));
}

function affine({ weight, bias, inputs }, x) {
  return Array.from(bias, (b, j) => {
    let sum = b;
    for (let i = 0; i < inputs; i += 1) sum += weight[j * inputs + i] * x[i];
    return sum;
  });
}

function fire({ tau, threshold }, v, x) {
  return x.map((value, n) => {
    const before = v[n] ?? 0, h = tau ? before + (value - before) / tau : before + value;
    v[n] = h >= threshold ? 0 : h;
    return h >= threshold ? 1 : 0;
  });
}

/** Each layer as a function of one step's input, with a memory of its own. */
const STEP = {
  linear: (part) => (x) => affine(part, x),
  neuron: (part) => { const v = []; return (x) => fire(part, v, x); },
  filter: ({ rate }) => { let y = []; return (x) => (y = x.map((s, n) => { const last = y[n] ?? 0; return last - (1 - s) * last * rate + s; })); },
  loop: ({ linear, neuron, size }) => {
    const v = [];
    let y = new Array(size).fill(0);
    return (x) => (y = fire(neuron, v, affine(linear, [...x, ...y])));
  },
};

/** Votes of a network: its output spikes summed up to and including each column, [28][classes].
 *  picture: 784 values in [0, 1] in row order. */
export function readVotes({ layers }, picture, order) {
  const steps = layers.map((part) => STEP[part.kind](part)), votes = [];
  for (const place of readingOrder(order)) {
    const column = Array.from({ length: SIDE }, (_, row) => picture[row * SIDE + place]);
    const out = steps.reduce((x, step) => step(x), column);
    const last = votes.at(-1);
    votes.push(out.map((s, c) => s + (last ? last[c] : 0)));
  }
  return votes;
}

/** The class that leads, the first of several; −1 while nobody has voted. */
export function leader(votes) {
  const most = Math.max(...votes);
  return most > 0 ? votes.indexOf(most) : -1;
}

const COLOURS = ['v', 'spike', 'current', 'post', 'weight'];

function buildReader(kit) {
  const get = (name) => kit.model.get(name);
  const pixels = unpack(kit.model, 'pictures', Uint8Array);
  const nets = assemble(get('nets'), Array.from(unpack(kit.model, 'numbers', Float32Array)));
  const classes = get('classes'), labels = get('labels');
  const toColumn = (x) => kit.change({ seen: Math.max(0, Math.min(SIDE, Math.round(x + 0.5))) });
  const pair = kit.stage.appendChild(node('div', 'csnn-pair'));
  const picture = new Plot(kit, { height: 262, most: (width) => width, axes: false, left: 4, right: 4, top: 4, bottom: 4, x: [-0.5, SIDE - 0.5], label: ['图片和已看的列', 'The picture and the columns seen'] }, pair.appendChild(node('div')))
    .draggable(toColumn, () => kit.save());
  const bars = new Plot(kit, {
    height: 262, left: 84, top: 8, x: [0, SIDE], y: [classes.length, 0], yticks: false, xlabel: ['票数（输出脉冲）', 'votes (output spikes)'], label: ['各类的票数', 'Votes for each class'],
  }, pair.appendChild(node('div')));
  kit.legend(nets.map((net, k) => [COLOURS[k], net.name, 'box']));
  const track = new Plot(kit, {
    height: 38 + 18 * Math.max(1, nets.length), left: 84, top: 4, x: [-0.5, SIDE - 0.5], y: [Math.max(1, nets.length), 0], yticks: false,
    xlabel: ['看到第几列（实心：此刻答对）', 'column (filled: right at that moment)'], label: ['每一列之后谁领先', 'Who leads after each column'],
  }).draggable(toColumn, () => kit.save());
  const show = kit.stats({ truth: ['正确答案', 'truth'], ...Object.fromEntries(nets.map((net, k) => [`net${k}`, net.name])) });
  kit.button(['上一张', 'Previous'], () => kit.change({ image: (kit.params.image + labels.length - 1) % labels.length }, true));
  kit.button(['下一张', 'Next'], () => kit.change({ image: (kit.params.image + 1) % labels.length }, true));
  kit.note(['拖动图片或下面的条带，一列一列地看；票数只算看过的列。', 'Drag across the picture or the strip to read on; only the columns seen have voted.']);
  let cached = '', votes = [];
  return (p) => {
    const values = Array.from(pixels.slice(p.image * SIDE * SIDE, (p.image + 1) * SIDE * SIDE), (v) => v / 255);
    const key = `${p.image} ${p.order}`, truth = labels[p.image];
    if (key !== cached) [cached, votes] = [key, nets.map((net) => readVotes(net, values, p.order))];
    const now = votes.map((all) => (p.seen ? all[p.seen - 1] : all[0].map(() => 0)));
    drawPicture(kit, picture, values, p);
    drawVotes(kit, bars, classes, now, truth);
    drawTrack(kit, track, nets, votes, truth, p.seen);
    const name = (c) => (c < 0 ? '–' : classes[c]);
    show({ truth: classes[truth], ...Object.fromEntries(now.map((count, k) => [`net${k}`, name(leader(count))])) });
  };
}

/** The picture as a square in the middle of its axes, which count columns; what is not read yet is tinted. */
function drawPicture(kit, plot, values, { seen, order }) {
  plot.begin();
  const { ctx, box } = plot, room = (SIDE * (box.w / box.h - 1)) / 2;
  plot.options.x = [-0.5 - room, SIDE - 0.5 + room];
  plot.sheet ??= Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE });
  const inner = plot.sheet.getContext('2d'), data = inner.createImageData(SIDE, SIDE);
  readingOrder(order).forEach((place, t) => {
    for (let row = 0; row < SIDE; row += 1) {
      const grey = 255 * values[row * SIDE + place], pale = grey / 4;
      data.data.set(t < seen ? [grey, grey, grey, 255] : [40 + pale, 80 + pale, 130 + pale, 255], 4 * (row * SIDE + t));
    }
  });
  inner.putImageData(data, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(plot.sheet, plot.px(-0.5), box.y, plot.px(SIDE - 0.5) - plot.px(-0.5), box.h);
  plot.vline(seen - 0.5, kit.colour('spike'), { width: 2 });
}

function drawVotes(kit, plot, classes, now, truth) {
  plot.begin();
  const { ctx, box } = plot, height = 0.8 / Math.max(1, now.length);
  classes.forEach((name, c) => {
    plot.label(name, box.x - 7, plot.py(c + 0.5), { align: 'right', room: box.x - 10, colour: kit.colour(c === truth ? 'ink' : 'muted') });
    now.forEach((count, k) => {
      ctx.fillStyle = kit.colour(COLOURS[k]);
      ctx.globalAlpha = c === truth ? 1 : 0.55;
      const top = plot.py(c + 0.1 + k * height);
      ctx.fillRect(box.x, top, plot.px(count[c]) - box.x, plot.py(c + 0.1 + (k + 1) * height) - top - 1);
    });
    ctx.globalAlpha = 1;
  });
}

function drawTrack(kit, plot, nets, votes, truth, seen) {
  plot.begin();
  const { ctx, box } = plot;
  votes.forEach((all, k) => {
    ctx.globalAlpha = 1;
    plot.label(nets[k].name, box.x - 7, plot.py(k + 0.5), { align: 'right', room: box.x - 10, colour: kit.colour(COLOURS[k]) });
    all.forEach((count, t) => {
      Object.assign(ctx, { fillStyle: kit.colour(COLOURS[k]), globalAlpha: leader(count) === truth ? 1 : 0.15 });
      ctx.fillRect(plot.px(t - 0.5) + 1, plot.py(k) + 2, plot.px(1) - plot.px(0) - 2, plot.py(k + 1) - plot.py(k) - 4);
    });
  });
  ctx.globalAlpha = 1;
  plot.vline(seen - 0.5, kit.colour('ink'), { width: 1.5 });
}

export default { render: (context) => mount(context, buildReader) };
