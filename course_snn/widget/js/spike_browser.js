const SIDE = 28, PIXELS = SIDE * SIDE, CHANNELS = 16, STEPS = 16, GRID = 4;

/** What the neurons of each channel receive: 3 x 3 filters over a picture with a frame of zeros, [16 * 784]. */
export function currents(picture, weight, bias) {
  const out = new Float64Array(CHANNELS * PIXELS);
  for (let c = 0; c < CHANNELS; c += 1) {
    for (let n = 0; n < PIXELS; n += 1) {
      const y = Math.floor(n / SIDE), x = n % SIDE;
      let sum = bias[c];
      for (let k = 0; k < 9; k += 1) {
        const row = y + Math.floor(k / 3) - 1, column = x + (k % 3) - 1;
        if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) sum += weight[9 * c + k] * picture[row * SIDE + column];
      }
      out[c * PIXELS + n] = sum;
    }
  }
  return out;
}

/** Spikes of IF neurons under constant currents, [steps][neurons]. */
export function encode(current, { threshold, soft }, steps = STEPS) {
  const v = new Float64Array(current.length);
  return Array.from({ length: steps }, () => {
    const spikes = new Uint8Array(current.length);
    for (let n = 0; n < current.length; n += 1) {
      v[n] += current[n];
      if (v[n] >= threshold) {
        spikes[n] = 1;
        v[n] = soft ? v[n] - threshold : 0;
      }
    }
    return spikes;
  });
}

/** In which part of the steps a neuron of one channel fired, on average: its firing rate up to step t. */
export function rateOf(spikes, channel, t) {
  let sum = 0;
  for (let k = 0; k < t; k += 1) for (let n = 0; n < PIXELS; n += 1) sum += spikes[k][channel * PIXELS + n];
  return sum / (t * PIXELS);
}

/** What one channel shows, 784 values in [0, 1]. */
export function shade(current, spikes, channel, t, { show, threshold }) {
  const at = channel * PIXELS;
  return Float64Array.from({ length: PIXELS }, (_, n) => {
    if (show === 'spikes') return spikes[t - 1][at + n];
    if (show === 'current') return Math.min(1, Math.max(0, current[at + n] / (2 * threshold)));
    let sum = 0;
    for (let k = 0; k < t; k += 1) sum += spikes[k][at + n];
    return sum / t;
  });
}

function buildBrowser(kit) {
  const pixels = unpack(kit.model, 'pictures', Uint8Array);
  const [weight, bias, names] = ['weight', 'bias', 'names'].map((name) => kit.model.get(name));
  const maps = new Plot(kit, { height: 330, most: (width) => 0.68 * width + 16, axes: false, left: 6, right: 6, top: 20, bottom: 4, label: ['图片，以及 16 个通道在这一步的样子', 'The picture, and the 16 channels at this step'] });
  const strip = new Plot(kit, { height: 86, most: (width) => width / 16 + 24, axes: false, left: 6, right: 6, top: 18, bottom: 4, label: ['所选通道的各个时间步', 'The chosen channel step by step'] });
  const show = kit.stats({
    now: ['这一步的脉冲', 'spikes of this step'], total: ['16 步的脉冲', 'spikes in 16 steps'],
    rate: ['所选通道的发放率', 'rate of the channel'], first: ['它最早的脉冲', 'its first spike'],
  });
  kit.button(['上一张', 'Previous'], () => kit.change({ image: (kit.params.image + names.length - 1) % names.length }, true));
  kit.button(['下一张', 'Next'], () => kit.change({ image: (kit.params.image + 1) % names.length }, true));
  kit.note(['点击一个通道选中它，点击下面的一格选中那一步；选中画布后可用方向键：左右换时间步，上下换通道。',
    'Click a channel to choose it, a tile below to choose its step. With a canvas in focus: left and right change the step, up and down the channel.']);
  const layout = { tile: 0, left: 0, small: 0 };
  kit.listen(maps.canvas, 'click', (e) => {
    const { left: x0, top: y0 } = maps.canvas.getBoundingClientRect(), { x, y } = maps.box;
    const column = Math.floor((e.clientX - x0 - layout.left) / layout.tile), row = Math.floor((e.clientY - y0 - y) / layout.tile);
    if (e.clientX - x0 > x && column >= 0 && column < GRID && row >= 0 && row < GRID) kit.change({ channel: GRID * row + column }, true);
  });
  kit.listen(strip.canvas, 'click', (e) => {
    const t = 1 + Math.floor((e.clientX - strip.canvas.getBoundingClientRect().left - strip.box.x) / layout.small);
    if (t >= 1 && t <= STEPS) kit.change({ t }, true);
  });
  for (const { canvas } of [maps, strip]) {
    canvas.tabIndex = 0;
    kit.listen(canvas, 'keydown', (e) => move(kit, e));
  }
  let key = '', current, spikes;
  return (p) => {
    const wanted = `${p.image} ${p.threshold} ${p.soft}`;
    if (wanted !== key) {
      key = wanted;
      current = currents(Array.from(pixels.subarray(p.image * PIXELS, (p.image + 1) * PIXELS), (v) => v / 255), weight, bias);
      spikes = encode(current, p);
    }
    drawMaps(kit, maps, layout, pixels, names, current, spikes, p);
    drawStrip(kit, strip, layout, current, spikes, p);
    const count = (all) => all.reduce((sum, s) => sum + s, 0);
    const own = (k) => count(spikes[k].subarray(p.channel * PIXELS, (p.channel + 1) * PIXELS));
    const first = spikes.findIndex((_, k) => own(k) > 0);
    show({
      now: String(count(spikes[p.t - 1])), total: String(spikes.reduce((sum, s) => sum + count(s), 0)),
      rate: number(rateOf(spikes, p.channel, STEPS), 3), first: first < 0 ? '–' : `t = ${first + 1}`,
    });
  };
}

function move(kit, e) {
  const { t, channel } = kit.params, within = (value, low, high) => Math.max(low, Math.min(high, value));
  const by = { ArrowLeft: { t: t - 1 }, ArrowRight: { t: t + 1 }, ArrowUp: { channel: channel - 1 }, ArrowDown: { channel: channel + 1 } }[e.key];
  if (!by) return;
  e.preventDefault();
  e.stopPropagation();
  kit.change('t' in by ? { t: within(by.t, 1, STEPS) } : { channel: within(by.channel, 0, CHANNELS - 1) }, true);
}

/** A picture of values in [0, 1] at (x, y), size px a side: 0 is `paper`, 1 is ink. */
function paint(plot, values, x, y, size, ink) {
  plot.sheet ??= Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE });
  plot.pixels ??= new ImageData(SIDE, SIDE);
  const [red, green, blue, alpha] = colourBytes(ink), { data } = plot.pixels;
  for (let n = 0; n < PIXELS; n += 1) {
    data[4 * n] = red;
    data[4 * n + 1] = green;
    data[4 * n + 2] = blue;
    data[4 * n + 3] = alpha * values[n];
  }
  plot.sheet.getContext('2d').putImageData(plot.pixels, 0, 0);
  plot.ctx.imageSmoothingEnabled = false;
  plot.ctx.drawImage(plot.sheet, x, y, size, size);
}

function frame(plot, x, y, size, colour, width) {
  Object.assign(plot.ctx, { strokeStyle: colour, lineWidth: width });
  plot.ctx.setLineDash([]);
  plot.ctx.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
}

function drawMaps(kit, plot, layout, pixels, names, current, spikes, p) {
  const { box } = plot.begin(), gap = 14;
  layout.tile = Math.floor(Math.min((box.w * 0.68) / GRID, box.h / GRID));
  const picture = Math.min(box.w - gap - GRID * layout.tile, box.h);
  const used = picture + gap + GRID * layout.tile, x = box.x + Math.max(0, (box.w - used) / 2);
  layout.left = x + picture + gap;
  paint(plot, Array.from(pixels.subarray(p.image * PIXELS, (p.image + 1) * PIXELS), (v) => v / 255), x, box.y, picture, kit.colour('ink'));
  frame(plot, x, box.y, picture, kit.colour('line'), 1);
  plot.label(names[p.image], x, 9, { room: picture });
  plot.label([`第 ${p.t} 步`, `step ${p.t}`], layout.left, 9);
  for (let c = 0; c < CHANNELS; c += 1) {
    const left = layout.left + (c % GRID) * layout.tile, top = box.y + Math.floor(c / GRID) * layout.tile;
    paint(plot, shade(current, spikes, c, p.t, p), left + 1, top + 1, layout.tile - 3, kit.colour('v'));
    frame(plot, left, top, layout.tile - 1, kit.colour(c === p.channel ? 'spike' : 'line'), c === p.channel ? 2.5 : 1);
  }
}

function drawStrip(kit, plot, layout, current, spikes, p) {
  const { box } = plot.begin();
  layout.small = box.w / STEPS;
  const size = Math.min(layout.small - 2, box.h);
  for (let t = 1; t <= STEPS; t += 1) {
    const left = box.x + (t - 1) * layout.small;
    paint(plot, shade(current, spikes, p.channel, t, p), left + 1, box.y + 1, size - 2, kit.colour('v'));
    frame(plot, left, box.y, size, kit.colour(t === p.t ? 'spike' : 'line'), t === p.t ? 2.5 : 1);
    plot.label(String(t), left + size / 2, 9, { align: 'center', colour: kit.colour(t === p.t ? 'spike' : 'muted') });
  }
}

export default { render: (context) => mount(context, buildBrowser) };
