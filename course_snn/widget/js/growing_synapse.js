const REACH = 50, EVERY = 1.5, PAIRINGS = 60, START = 0.3, RULE = { tau_pre: 20, tau_post: 20, f: 'soft', gated: true, inverse: false };

/** The weight after one more pairing with t_post − t_pre = lag (ms), long after the last one. */
export function paired(weight, { lag, rate }) {
  return weight + pairChange({ ...RULE, rate, weight }, lag);
}

/** The weight before and after each of `count` pairings. */
export function pairings(p, count) {
  const w = [START];
  for (let k = 0; k < count; k += 1) w.push(paired(w.at(-1), p));
  return w;
}

function buildGrowing(kit) {
  const scene = new Opening(kit, ['两个神经元和它们之间的突触；下面是时间，以及一次配对带来的变化', 'Two neurons and the synapse between them; below, time, and what one pairing changes'], 390, 390);
  const fresh = () => ({ w: START, kept: [START], at: -REACH, pre: 0, post: 0, change: 0, shown: 0 });
  let view = fresh();
  kit.button(['重新开始', 'Start again'], () => { view = fresh(); kit.redraw(); });
  clock(kit, (seconds) => pairFor(view, kit.params, seconds));
  hold(kit, scene, (_x, y) => y > 0.4 * scene.h, (x) => {
    kit.change({ lag: Math.round(Math.max(-40, Math.min(40, timeAt(scene, x)))) });
  });
  return (p) => {
    scene.begin();
    drawPair(kit, scene, view);
    drawTime(kit, scene, view, p);
    drawGrowth(kit, scene, view);
  };
}

/** Time sweeps from −50 to 50 ms around the first neuron's spike; at the end of the sweep the synapse has learned. */
function pairFor(view, p, seconds) {
  const before = view.at;
  view.at += (2 * REACH * seconds) / EVERY;
  for (const [name, time] of [['pre', 0], ['post', p.lag]]) {
    view[name] *= Math.exp(-seconds / 0.16);
    if (before < time && view.at >= time) view[name] = 1;
  }
  view.shown = Math.max(0, view.shown - seconds / 1.2);
  const later = Math.max(0, p.lag);
  if (before < later && view.at >= later) {
    view.change = paired(view.w, p) - view.w;
    view.w += view.change;
    view.shown = 1;
    view.kept.push(view.w);
    if (view.kept.length > PAIRINGS + 1) view.kept.shift();
  }
  if (view.at >= REACH) view.at = -REACH;
}

/** The lower left: time, on which the second spike is dragged. */
function timeBox({ w, h, narrow }) {
  return { x: 22, y: 0.45 * h, w: (narrow ? 0.92 * w : 0.62 * w) - 30, h: (narrow ? 0.33 : 0.5) * h };
}

function timeAt(scene, x) {
  const box = timeBox(scene);
  return ((x - box.x) / box.w) * 2 * REACH - REACH;
}

function drawPair(kit, scene, view) {
  const { ctx, w, h, narrow } = scene, r = narrow ? 36 : 54, y = 0.22 * h, a = [0.14 * w, y], b = [0.83 * w, y];
  const thick = 2 + 26 * view.w * (narrow ? 0.75 : 1), knob = 9 + (narrow ? 17 : 25) * view.w, end = b[0] - r - knob - 6;
  const colour = kit.colour('weight'), axon = [[a[0] + r, y], [a[0] + 0.2 * w, y - 0.12 * h], [end - 0.18 * w, y + 0.12 * h], [end, y]];
  scene.curve(axon, colour, thick);
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.ellipse(end, y, knob * 0.72, knob, 0, 0, 2 * Math.PI);
  ctx.fill();
  const part = view.at / 18;   // a spike takes a while to get there
  if (part > 0 && part < 1) {
    const place = along(axon, part);
    scene.glow(...place, 16 + thick, kit.colour('current'), 1);
    ctx.fillStyle = kit.colour('current');
    scene.disc(...place, 4 + thick / 4);
  }
  scene.glow(end, y, 3 * knob, view.change > 0 ? kit.colour('current') : kit.colour('spike'), 0.8 * view.shown);
  drawSoma(kit, scene, a, r, 'current', view.pre, 'A');
  drawSoma(kit, scene, b, r, 'post', view.post, 'B');
  const grows = view.change > 0, size = narrow ? 15 : 20;
  ctx.save();
  ctx.globalAlpha = Math.min(1, 2 * view.shown);
  scene.label(`${grows ? '+' : '−'}${number(Math.abs(view.change), 3)}`, 0.52 * w, y - 0.13 * h - 14 * (1 - view.shown), { align: 'center', size, colour: kit.colour(grows ? 'current' : 'spike'), halo: true });
  ctx.restore();
}

function drawSoma(kit, scene, [x, y], r, name, light, text) {
  const { ctx } = scene, colour = kit.colour(name);
  scene.glow(x, y, r * (1.1 + 1.2 * light), colour, light);
  ctx.fillStyle = kit.colour('raised');
  scene.disc(x, y, r);
  Object.assign(ctx, { fillStyle: colour, globalAlpha: light });
  scene.disc(x, y, r);
  ctx.globalAlpha = 1;
  Object.assign(ctx, { strokeStyle: colour, lineWidth: 4 });
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.stroke();
  scene.label(text, x, y + 1, { align: 'center', size: r * 0.7, colour: light > 0.4 ? kit.colour('paper') : colour });
}

function drawTime(kit, scene, view, p) {
  const { ctx, narrow } = scene, box = timeBox(scene), x = (ms) => box.x + ((ms + REACH) / (2 * REACH)) * box.w;
  const middle = box.y + 0.58 * box.h, high = 0.36 * box.h, bar = [box.y + 18, box.y + box.h - 18];
  const y = (change) => middle - high * change, shape = (lag) => (lag > 0 ? 1 : -1) * Math.exp(-Math.abs(lag) / 20);
  for (const side of [-1, 1]) {
    ctx.beginPath();
    ctx.moveTo(x(0), middle);
    for (let k = 0; k <= REACH; k += 1) ctx.lineTo(x(side * k), y(shape(side * Math.max(k, 0.001))));
    ctx.lineTo(x(side * REACH), middle);
    Object.assign(ctx, { fillStyle: kit.colour(side > 0 ? 'current' : 'spike'), globalAlpha: 0.2 });
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  ctx.strokeStyle = kit.colour('axis');
  ctx.lineWidth = 1;
  scene.segment(box.x, middle, box.x + box.w, middle);
  ctx.save();
  Object.assign(ctx, { globalAlpha: 0.5, strokeStyle: kit.colour('ink') });
  scene.segment(x(view.at), bar[0], x(view.at), bar[1]);
  ctx.restore();
  drawSpike(kit, scene, x(0), bar, 'current', 'A', view.pre);
  drawSpike(kit, scene, x(p.lag), bar, 'post', 'B', view.post);
  ctx.fillStyle = kit.colour('weight');
  scene.disc(x(p.lag), y(p.lag ? shape(p.lag) : 0), 6);
  const size = narrow ? 11.5 : 13.5, late = p.lag > 0 ? [`B 晚 ${p.lag} ms`, `B is ${p.lag} ms later`] : p.lag < 0 ? [`B 早 ${-p.lag} ms`, `B is ${-p.lag} ms earlier`] : ['同时', 'at the same time'];
  scene.label(['← 拖动 B 的脉冲 →', '← drag the spike of B →'], x(p.lag), bar[1] + 11, { align: p.lag > 12 ? 'right' : p.lag < -12 ? 'left' : 'center', size, colour: kit.colour('post') });
  scene.label(late, box.x, box.y + 6, { size: size + 2 });
}

function drawSpike(kit, scene, x, [top, low], name, text, light) {
  const { ctx } = scene, colour = kit.colour(name);
  scene.glow(x, (top + low) / 2, 40, colour, 0.7 * light);
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.roundRect(x - 4, top, 8, low - top, 4);
  ctx.fill();
  scene.disc(x, top, 11);
  scene.label(text, x, top + 0.5, { align: 'center', size: 12.5, colour: kit.colour('paper') });
}

/** The weight from pairing to pairing. */
function drawGrowth(kit, scene, view) {
  const { ctx, w, h, narrow } = scene;
  const box = narrow ? { x: 34, y: 0.84 * h, w: w - 56, h: 0.13 * h } : { x: 0.66 * w, y: 0.5 * h, w: 0.31 * w, h: 0.4 * h };
  const x = (k) => box.x + (k * box.w) / PAIRINGS, y = (v) => box.y + (1 - v) * box.h;
  Object.assign(ctx, { strokeStyle: kit.colour('grid'), lineWidth: 1 });
  for (const v of [0, 1]) {
    scene.segment(box.x, y(v), box.x + box.w, y(v));
    scene.label(String(v), box.x - 8, y(v), { align: 'right', colour: kit.colour('muted') });
  }
  Object.assign(ctx, { strokeStyle: kit.colour('weight'), lineWidth: 3, lineJoin: 'round' });
  ctx.beginPath();
  view.kept.forEach((v, k) => ctx.lineTo(x(k), y(v)));
  ctx.stroke();
  ctx.fillStyle = kit.colour('weight');
  scene.disc(x(view.kept.length - 1), y(view.w), 5);
  const name = [`权重 $w$ = ${number(view.w, 2)}`, `weight $w$ = ${number(view.w, 2)}`];
  scene.label(name, box.x + box.w, box.y - 12, { align: 'right', size: narrow ? 12 : 15, colour: kit.colour('weight') });
}

export default { render: (context) => mount(context, buildGrowing) };
