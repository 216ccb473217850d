const PACE = 60, KEPT = 300, CELL = { r: 9, threshold: 1, reset: 0 };   // steps of 1 ms in a second; steps in the trace

/** A neuron on its way: what it has done in the last steps. */
export function restingCell(tau) {
  return { neuron: new ClockNeuron({ ...CELL, tau }), step: 0, v: [], spikes: [] };
}

/** One step of 1 ms under a current; true where it fires. */
export function chargeCell(cell, current, tau) {
  cell.neuron.tau = f32(tau);
  const spike = cell.neuron.step(current);
  cell.step += 1;
  cell.v.push(cell.neuron.v);
  if (cell.v.length > KEPT) cell.v.shift();
  if (spike) cell.spikes.push(cell.step);
  while (cell.spikes.length && cell.spikes[0] <= cell.step - KEPT) cell.spikes.shift();
  return spike;
}

/** Potential and spikes over `steps` of a constant current. */
export function chargedCell({ current, tau }, steps) {
  const cell = restingCell(tau), v = [], spikes = [];
  for (let k = 0; k < steps; k += 1) {
    if (chargeCell(cell, current, tau)) spikes.push(k);
    v.push(cell.neuron.v);
  }
  return { v, spikes };
}

function buildCharging(kit) {
  const scene = new Opening(kit, ['一个神经元：电流流进来，电位升高，到了阈值就闪一下，发出脉冲', 'A neuron: current flows in, its potential rises, at the threshold it flashes and sends a spike']);
  const view = { cell: restingCell(kit.params.tau), spare: 0, flash: 0, pulses: [], drops: [] };
  for (let k = 0; k < KEPT; k += 1) chargeCell(view.cell, kit.params.current, kit.params.tau);
  const click = clicker(kit);
  clock(kit, (seconds) => chargeFor(view, kit.params, seconds, click));
  const reach = () => Math.max(110, 0.2 * scene.w);
  hold(kit, scene, (_x, y) => y < 0.72 * scene.h, (_x, _y, dx) => {
    kit.change({ current: Math.round(500 * Math.min(0.3, Math.max(0, kit.params.current + (0.3 * dx) / reach()))) / 500 });
  });
  return (p) => {
    scene.begin();
    drawCell(kit, scene, view, p);
    drawTrace(kit, scene, view.cell);
    drawRate(kit, scene, p);
  };
}

function chargeFor(view, p, seconds, click) {
  view.spare += seconds * PACE;
  while (view.spare >= 1) {
    view.spare -= 1;
    if (!chargeCell(view.cell, p.current, p.tau)) continue;
    view.flash = 1;
    view.pulses.push(0);
    click();
  }
  view.flash *= Math.exp(-seconds / 0.1);
  view.pulses = view.pulses.map((part) => part + seconds / 0.75).filter((part) => part < 1.25);
  view.drops = view.drops.map((part) => part + seconds * (0.5 + 2.2 * p.current)).filter((part) => part < 1);
  view.due = (view.due ?? 0) + seconds * 70 * p.current;
  while (view.due >= 1) { view.due -= 1; view.drops.push(0); }
}

/** Where everything stands: soma, axon, dendrites, the plunger that pushes the current. */
function anatomy({ w, h, narrow }) {
  const r = narrow ? 50 : 78, x = narrow ? 0.47 * w : 0.4 * w, y = 0.37 * h;
  const axon = [[x + r * 0.9, y], [x + r + 0.14 * w, y + 0.14 * h], [0.78 * w, y - 0.16 * h], [w - (narrow ? 34 : 70), y + 0.01 * h]];
  const branch = (angle, long, bend) => {
    const at = (q, side) => [x + q * Math.cos(angle + side), y + q * Math.sin(angle + side) * 0.85];
    return [at(0.8 * r, 0), at(r + 0.35 * long, bend), at(r + 0.7 * long, -bend), at(r + long, 0.4 * bend)];
  };
  const long = narrow ? 44 : 82;
  const dendrites = [[2.2, 1, 0.2], [2.65, 1.25, -0.2], [-2.2, 1, 0.2], [-2.7, 1.2, 0.18], [-1.55, 0.7, 0.25], [1.6, 0.66, -0.25]]
    .map(([angle, part, bend]) => branch(angle, part * long, bend));
  return { x, y, r, axon, dendrites, mouth: x - r - (narrow ? 16 : 34) };
}

function drawCell(kit, scene, view, p) {
  const { ctx } = scene, at = anatomy(scene), ink = kit.colour('axis'), blue = kit.colour('v'), fire = kit.colour('spike');
  const level = Math.max(0, Math.min(1, view.cell.neuron.v));
  at.dendrites.forEach((branch) => scene.curve(branch, ink, scene.narrow ? 5 : 8, 0.85));
  scene.curve(at.axon, ink, scene.narrow ? 6 : 9, 0.85);
  drawEnds(scene, at, ink, view, fire);
  scene.glow(at.x, at.y, at.r * (1.2 + 1.5 * view.flash), fire, view.flash);
  ctx.fillStyle = kit.colour('raised');
  scene.disc(at.x, at.y, at.r);
  ctx.save();
  ctx.beginPath();
  ctx.arc(at.x, at.y, at.r - 3, 0, 2 * Math.PI);
  ctx.clip();
  const flare = Math.min(1, 2 * view.flash);
  ctx.fillStyle = blue;
  ctx.globalAlpha = 0.85 * (1 - flare);
  ctx.fillRect(at.x - at.r, at.y + at.r - 2 * at.r * level, 2 * at.r, 2 * at.r);
  Object.assign(ctx, { fillStyle: fire, globalAlpha: flare });
  ctx.fillRect(at.x - at.r, at.y - at.r, 2 * at.r, 2 * at.r);
  ctx.restore();
  Object.assign(ctx, { strokeStyle: view.flash > 0.25 ? fire : ink, lineWidth: scene.narrow ? 5 : 7 });
  ctx.beginPath();
  ctx.arc(at.x, at.y, at.r, 0, 2 * Math.PI);
  ctx.stroke();
  drawPlunger(kit, scene, at, view, p);
  for (const part of view.pulses.filter((n) => n < 1)) {
    const [x, y] = along(at.axon, part);
    scene.glow(x, y, scene.narrow ? 18 : 26, fire, 1);
    ctx.fillStyle = fire;
    scene.disc(x, y, scene.narrow ? 5 : 7);
  }
}

function drawEnds(scene, at, ink, view, fire) {
  const [x, y] = at.axon[3], lit = view.pulses.some((part) => part >= 1), size = scene.narrow ? 7 : 11;
  for (const side of [-1, 0, 1]) {
    const end = [x + (scene.narrow ? 18 : 36), y + side * (scene.narrow ? 22 : 34)];
    scene.curve([[x, y], [x + 12, y], [end[0] - 14, end[1]], end], ink, 4, 0.85);
    if (lit) scene.glow(...end, 3 * size, fire, 0.9);
    scene.ctx.fillStyle = lit ? fire : ink;
    scene.disc(...end, size);
  }
}

function drawRate(kit, scene, p) {
  const period = discretePeriod({ ...CELL, tau: p.tau }, p.current), fires = Number.isFinite(period);
  const shown = fires ? [`每秒 ${number(1000 / period, 0)} 个脉冲（慢放）`, `${number(1000 / period, 0)} spikes per second (slow motion)`] : ['沉默', 'silent'];
  scene.label(shown, scene.w - 22, 18, { align: 'right', size: scene.narrow ? 14 : 17, colour: kit.colour(fires ? 'spike' : 'muted') });
}

function drawPlunger(kit, scene, at, view, p) {
  const { ctx } = scene, tall = scene.narrow ? 13 : 20, green = kit.colour('current');
  const left = scene.narrow ? 20 : 40, long = at.mouth - left, head = left + (0.12 + 0.7 * (p.current / 0.3)) * long;
  Object.assign(ctx, { fillStyle: kit.colour('raised'), strokeStyle: kit.colour('axis'), lineWidth: 2 });
  ctx.beginPath();
  ctx.roundRect(left, at.y - tall, long, 2 * tall, 6);
  ctx.fill();
  ctx.stroke();
  Object.assign(ctx, { fillStyle: green, globalAlpha: 0.3 });
  ctx.fillRect(head, at.y - tall + 2, left + long - head - 1, 2 * tall - 4);
  ctx.globalAlpha = 1;
  ctx.fillRect(at.mouth, at.y - 4, at.x - at.r - at.mouth + 4, 8);
  for (const part of view.drops) scene.disc(head + part * (at.x - at.r - head), at.y + 7 * Math.sin(9 * part + 5 * ((part * 7) % 1)) * (1 - part), 3);
  ctx.fillRect(left - 14, at.y - 3, head - left + 14, 6);
  ctx.beginPath();
  ctx.roundRect(head - 5, at.y - tall + 1, 10, 2 * tall - 2, 3);
  ctx.roundRect(left - 18, at.y - tall - 4, 9, 2 * tall + 8, 4);
  ctx.fill();
  scene.label(['推活塞 →', 'push the plunger →'], left - 12, at.y - tall - 15, { colour: green, size: scene.narrow ? 11.5 : 14, halo: true });
  scene.label(`$I = ${number(p.current, 3)}$`, left + 4, at.y + tall + 15, { colour: green, size: scene.narrow ? 11.5 : 14 });
}

function drawTrace(kit, scene, cell) {
  const { ctx, w, h } = scene, top = 0.75 * h, low = h - 14, x = (age) => w - 24 - (age * (w - 64)) / KEPT;
  const y = (v) => low - (v * (low - top - 14)), age = (step) => cell.step - step;
  Object.assign(ctx, { strokeStyle: kit.colour('threshold'), lineWidth: 1.25 });
  ctx.setLineDash([5, 4]);
  scene.segment(40, y(1), w - 24, y(1));
  ctx.setLineDash([]);
  scene.label('$V_{th}$', 14, y(1), { colour: kit.colour('threshold') });
  scene.label('$V$', 20, y(0.3), { colour: kit.colour('v') });
  Object.assign(ctx, { strokeStyle: kit.colour('v'), lineWidth: 2.25, lineJoin: 'round' });
  ctx.beginPath();
  const fired = new Set(cell.spikes);
  cell.v.forEach((v, k) => {
    const step = cell.step - cell.v.length + k + 1;
    if (fired.has(step)) ctx.lineTo(x(age(step) + 1), y(0));
    ctx.lineTo(x(age(step)), y(v));
  });
  ctx.stroke();
  Object.assign(ctx, { strokeStyle: kit.colour('spike'), lineWidth: 3 });
  for (const step of cell.spikes) {
    ctx.beginPath();
    ctx.moveTo(x(age(step) + 1), y(1) - 5);
    ctx.lineTo(x(age(step) + 1), y(1) - 19);
    ctx.stroke();
  }
}

export default { render: (context) => mount(context, buildCharging) };
