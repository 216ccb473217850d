/** Forget what neuron j has learned: random weights with the same sum, and no adaptation. */
export function erase(net, j, random) {
  for (let i = 0; i < INPUTS; i += 1) net.weight[j * INPUTS + i] = random();
  normalise(net.weight, j, RULE.sum);
  net.theta[j] = 0;
  net.wins[j] = 0;
  return net;
}

function buildLiving(kit) {
  const scene = new Opening(kit, ['左：正在看的数字；右：十六个神经元的感受野', 'Left: the digit being seen. Right: the receptive fields of sixteen neurons'], 390, 430);
  const pictures = unpack(kit.model, 'pictures', Uint8Array), random = mulberry32(2026);
  const fresh = () => ({ net: newborn(kit.params.seed), due: 0, light: new Array(NEURONS).fill(0), shown: 0 });
  let view = fresh();
  kit.button(['从头长', 'Grow again'], () => { view = fresh(); kit.redraw(); });
  const step = (seconds) => learnFor(view, pictures, kit.params, seconds);
  clock(kit, step);
  if (still()) for (let k = 0; k < 300; k += 1) step(0.05);
  hold(kit, scene, (x, y) => {
    const j = livingPlaces(scene).fields.findIndex((f) => x >= f.x && x <= f.x + f.size && y >= f.y && y <= f.y + f.size);
    if (j < 0) return false;
    erase(view.net, j, random);
    kit.redraw();
    return false;
  }, () => {});
  return () => {
    scene.begin();
    drawLiving(kit, scene, view, pictures);
  };
}

/** So many digits as are due: each is shown for 20 steps, as GrowingFields shows it. */
function learnFor(view, pictures, p, seconds) {
  view.due += seconds * p.speed;
  view.light = view.light.map((light) => light * Math.exp(-seconds / 0.3));
  const rule = { theta_plus: 0.2, rate: 0.03, inhibition: true, seed: p.seed };
  while (view.due >= 1) {
    view.due -= 1;
    view.shown = view.net.seen % (pictures.length / INPUTS);
    learnDigit(view.net, pictures.subarray(view.shown * INPUTS, (view.shown + 1) * INPUTS), rule);
    view.net.last.forEach((spikes, j) => { if (spikes) view.light[j] = Math.min(1, view.light[j] + spikes / 3); });
  }
}

function livingPlaces({ w, h, narrow }) {
  const gap = 7, size = narrow ? Math.min(72, (w - 40) / 4 - gap) : (h - 24) / 4 - gap;
  const left = narrow ? (w - 4 * (size + gap)) / 2 : Math.min(0.5 * w, w - 4 * (size + gap) - 70), top = narrow ? 104 : 14;
  const fields = Array.from({ length: NEURONS }, (_, j) => ({ x: left + (j % 4) * (size + gap), y: top + Math.floor(j / 4) * (size + gap), size }));
  return { fields, digit: narrow ? { x: left, y: 12, size: 76 } : { x: 0.12 * w, y: 0.24 * h, size: 0.42 * h } };
}

function drawLiving(kit, scene, view, pictures) {
  const { ctx, narrow } = scene, at = livingPlaces(scene), { net } = view, ink = kit.colour('weight');
  const grey = Array.from(pictures.subarray(view.shown * INPUTS, (view.shown + 1) * INPUTS), (v) => v / 16);
  at.fields.forEach(({ x, y, size }, j) => {
    if (view.light[j] < 0.05) return;
    scene.glow(x + size / 2, y + size / 2, size, kit.colour('spike'), 0.8 * view.light[j]);
    if (narrow) return;
    const from = [at.digit.x + at.digit.size, at.digit.y + at.digit.size / 2], to = [x, y + size / 2];
    scene.curve([from, [from[0] + 40, from[1]], [to[0] - 40, to[1]], to], kit.colour('spike'), 2.5, 0.5 * view.light[j]);
  });
  paintField(kit, ctx, at.digit, grey, kit.colour('ink'));
  at.fields.forEach((place, j) => {
    const field = net.weight.slice(j * INPUTS, (j + 1) * INPUTS), most = Math.max(...field, 0.2);
    paintField(kit, ctx, place, field.map((v) => v / most), ink);
    if (view.light[j] > 0.05) {
      Object.assign(ctx, { strokeStyle: kit.colour('spike'), lineWidth: 3, globalAlpha: Math.min(1, view.light[j]) });
      ctx.strokeRect(place.x - 1, place.y - 1, place.size + 2, place.size + 2);
      ctx.globalAlpha = 1;
    }
  });
  const { x, y, size } = at.digit, text = [`看过 ${net.seen} 个数字，没有标签`, `${net.seen} digits seen, without labels`];
  if (narrow) {
    scene.label(text, x + size + 14, y + 24, { size: 14, room: scene.w - x - size - 24 });
    scene.label(['点一个感受野，擦掉它', 'click a field to erase it'], x + size + 14, y + 50, { size: 13, colour: kit.colour('accent'), room: scene.w - x - size - 24 });
    return;
  }
  scene.label(text, x + size / 2, y + size + 26, { align: 'center', size: 16 });
  scene.label(['点一个感受野擦掉它，看它怎样长回来', 'click a field to erase it; watch it grow again'], x + size / 2, y + size + 52, { align: 'center', size: 14, colour: kit.colour('accent') });
}

/** 8 × 8 values from 0 to 1 in one ink. */
function paintField(kit, ctx, { x, y, size }, values, ink) {
  const cell = size / 8;
  ctx.fillStyle = kit.colour('raised');
  ctx.fillRect(x, y, size, size);
  ctx.fillStyle = ink;
  values.forEach((v, i) => {
    if (v < 0.02) return;
    ctx.globalAlpha = Math.min(1, v);
    ctx.fillRect(x + (i % 8) * cell, y + Math.floor(i / 8) * cell, cell + 0.3, cell + 0.3);
  });
  ctx.globalAlpha = 1;
}

export default { render: (context) => mount(context, buildLiving) };
