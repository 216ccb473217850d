const EARS = 0.2, SOUND = 343, TICK = 2.5e-5, LINES = 25, LONGEST = 24;   // m, m/s, s, detectors, steps
const SLOW = 1.6e-3, CLICK = 2.6e-3;   // seconds of sound in a second of the picture; from click to click

/** Where the source stands: metres to the right of the middle of the head, and in front of it. */
export function sourceAt({ angle, distance }) {
  const turn = (angle * Math.PI) / 180;
  return [distance * Math.sin(turn), distance * Math.cos(turn)];
}

/** When a click reaches the left and the right ear, in seconds: distance over the speed of sound. */
export function arrivals(p) {
  const [x, y] = sourceAt(p);
  return [-EARS / 2, EARS / 2].map((ear) => Math.hypot(x - ear, y) / SOUND);
}

/** By how many steps of 0.025 ms the right ear is later than the left. */
export function stepsLate(p) {
  const [left, right] = arrivals(p);
  return Math.round((right - left) / TICK);
}

/** Detectors 0 … 24 wait k steps for the left ear and 24 − k for the right one: which of them fire, and how high the
 *  potential of each has come (cut off at the threshold). A spike is a current of 1.4, one alone lifts V to 0.7. */
export function meeting(late) {
  const cells = Array.from({ length: LINES }, () => new ClockNeuron({ tau: 2, r: 1, threshold: 1, reset: 0 }));
  const start = [Math.max(0, -late), Math.max(0, late)], most = new Array(LINES).fill(0), fired = new Array(LINES).fill(false);
  for (let t = 0; t <= 2 * LONGEST + 2; t += 1) {
    cells.forEach((cell, k) => {
      const current = (t === start[0] + k ? 1.4 : 0) + (t === start[1] + LONGEST - k ? 1.4 : 0);
      if (cell.step(current)) fired[k] = true;
      most[k] = Math.max(most[k], cell.v);
    });
  }
  return { fired: fired.flatMap((yes, k) => (yes ? [k] : [])), most };
}

/** The direction that the place of the detectors tells, in degrees: sin θ = c·(t_L − t_R)/D; NaN where nobody fires. */
export function heardAngle(fired) {
  if (!fired.length) return NaN;
  const middle = fired.reduce((sum, k) => sum + k, 0) / fired.length;
  const share = (-SOUND * (2 * middle - LONGEST) * TICK) / EARS;
  return (180 / Math.PI) * Math.asin(Math.max(-1, Math.min(1, share)));
}

function buildEars(kit) {
  const scene = new Opening(kit, ['俯视图：声源、头和两只耳朵；下面是延迟线和一排重合检测器', 'From above: a source of sound, a head with two ears; below, delay lines and a row of coincidence detectors'], 380, 380);
  const view = { at: 0, marks: new Array(LINES).fill(0), clicks: 0 };
  const click = clicker(kit);
  clock(kit, (seconds) => {
    const before = view.at;
    view.at += seconds * SLOW;
    const [left, right] = arrivals(kit.params), first = Math.min(left, right);
    if (before < first && view.at >= first) click(left, right);
    if (view.at > CLICK) view.at = 0;
    view.marks = view.marks.map((mark) => mark * Math.exp(-seconds / 0.9));
  });
  if (still()) [view.at, view.marks] = [1.1e-3, view.marks.map((_, k) => (meeting(stepsLate(kit.params)).fired.includes(k) ? 0.8 : 0))];
  hold(kit, scene, (_x, y) => y < field(scene).low, (x, y) => {
    const f = field(scene), ahead = Math.max(0.02, (f.y - y) / f.scale), right = (x - f.x) / f.scale;
    kit.change({
      angle: Math.round(Math.max(-90, Math.min(90, (Math.atan2(right, ahead) * 180) / Math.PI))),
      distance: Math.round(100 * Math.max(0.2, Math.min(0.6, Math.hypot(right, ahead)))) / 100,
    });
  });
  return (p) => {
    scene.begin();
    const heard = meeting(stepsLate(p));
    drawWaves(kit, scene, view, p);
    drawHead(kit, scene, view, p, heard);
    drawLines(kit, scene, view, p, heard);
  };
}

/** The place of the head, pixels per metre, and where the delay lines begin. */
function field({ w, h }) {
  const low = h - 112;
  return { x: w / 2, y: low - 42, low, scale: Math.min((low - 62) / 0.6, w / 1.28) };
}

function drawWaves(kit, scene, view, p) {
  const { ctx } = scene, f = field(scene), [x, y] = sourceAt(p), at = [f.x + f.scale * x, f.y - f.scale * y];
  const gold = kit.colour('threshold');
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, scene.w, f.low);
  ctx.clip();
  for (let k = 0; k < 4; k += 1) {
    const radius = (view.at - k * 6e-5) * SOUND * f.scale;
    if (radius <= 0) continue;
    Object.assign(ctx, { strokeStyle: gold, lineWidth: k ? 1.5 : 3, globalAlpha: (k ? 0.35 - 0.07 * k : 0.95) * Math.max(0, 1 - view.at / CLICK) });
    ctx.beginPath();
    ctx.arc(...at, radius, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
  scene.glow(...at, 44 - 14 * Math.min(1, view.at / 4e-4), gold, 0.8);
  ctx.fillStyle = gold;
  scene.disc(...at, 13);
  Object.assign(ctx, { strokeStyle: kit.colour('paper'), lineWidth: 2.5 });
  for (const radius of [4, 8]) {
    ctx.beginPath();
    ctx.arc(at[0] - 4, at[1], radius, -0.9, 0.9);
    ctx.stroke();
  }
  const left = x < -0.2;
  scene.label(['拖动声源', 'drag the source'], at[0] + (left ? 22 : -22), at[1], { align: left ? 'left' : 'right', colour: gold, size: scene.narrow ? 12 : 14, halo: true });
}

function drawHead(kit, scene, view, p, heard) {
  const { ctx } = scene, f = field(scene), r = (EARS / 2) * f.scale * 0.92, times = arrivals(p);
  const angle = (heardAngle(heard.fired) * Math.PI) / 180;
  if (Number.isFinite(angle)) {
    const known = Math.max(0, ...heard.fired.map((k) => view.marks[k]));
    ctx.save();
    Object.assign(ctx, { strokeStyle: kit.colour('spike'), lineWidth: 3, globalAlpha: 0.15 + 0.85 * known });
    ctx.setLineDash([7, 6]);
    ctx.beginPath();
    ctx.moveTo(f.x, f.y);
    ctx.lineTo(f.x + 2 * r * Math.sin(angle) * 1.3, f.y - 2 * r * Math.cos(angle) * 1.3);
    ctx.stroke();
    ctx.restore();
  }
  Object.assign(ctx, { fillStyle: kit.colour('raised'), strokeStyle: kit.colour('axis'), lineWidth: 4, lineJoin: 'round' });
  ctx.beginPath();
  ctx.moveTo(f.x - 0.16 * r, f.y - 0.98 * r);
  ctx.lineTo(f.x, f.y - 1.25 * r);
  ctx.lineTo(f.x + 0.16 * r, f.y - 0.98 * r);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(f.x, f.y, r, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  times.forEach((time, side) => {
    const x = f.x + (side ? 1 : -1) * (EARS / 2) * f.scale, since = view.at - time, colour = kit.colour(side ? 'post' : 'v');
    if (since > 0 && since < 4e-4) scene.glow(x, f.y, 40, colour, 1 - since / 4e-4);
    ctx.fillStyle = colour;
    scene.disc(x, f.y, 9);
  });
  const [left, right] = times, ms = 1000 * (right - left);
  const ear = ms > 0 ? ['左耳早', 'left ear first by'] : ['右耳早', 'right ear first by'];
  const text = Math.abs(ms) < 0.0125 ? ['同时到达两耳', 'both ears at once'] : [`${ear[0]} ${number(Math.abs(ms), 2)} ms`, `${ear[1]} ${number(Math.abs(ms), 2)} ms`];
  const size = scene.narrow ? 13 : 17, degrees = number(Math.abs(heardAngle(heard.fired)), 0);
  scene.label(text, 18, 20, { size });
  if (!Number.isFinite(angle)) return;
  const place = degrees === '0' ? ['正前方', 'straight ahead'] : angle > 0 ? [`右 ${degrees}°`, `${degrees}° to the right`] : [`左 ${degrees}°`, `${degrees}° to the left`];
  scene.label([`听出：${place[0]}`, `heard: ${place[1]}`], 18, 22 + 1.4 * size, { size, colour: kit.colour('spike') });
}

/** The two lines, the spikes on them, the detectors between. */
function drawLines(kit, scene, view, p, heard) {
  const { ctx, w, narrow } = scene, f = field(scene), edge = narrow ? 26 : 0.12 * w, wide = w - 2 * edge;
  const tall = [f.low + 22, f.low + 82], middle = f.low + 52, x = (k) => edge + (k * wide) / LONGEST;
  const times = arrivals(p), size = Math.min(10, 0.36 * wide / LONGEST);
  [0, 1].forEach((side) => {
    const colour = kit.colour(side ? 'post' : 'v'), ear = f.x + (side ? 1 : -1) * (EARS / 2) * f.scale;
    const start = side ? w - edge : edge, y = tall[side], out = narrow ? 18 : 44, reach = side ? w - edge + out : edge - out;
    scene.curve([[ear, f.y + 8], [ear, f.y + 46], [reach, f.low - 40], [reach, y - 14]], colour, 3, 0.55);
    scene.curve([[reach, y - 14], [reach, y], [reach, y], [start, y]], colour, 3, 0.55);
    scene.curve([[start, y], [start, y], [w - start, y], [w - start, y]], colour, 3, 0.55);
    for (let k = 0; k < LINES; k += 1) scene.curve([[x(k), y], [x(k), y], [x(k), middle], [x(k), middle]], colour, 1, 0.35);
    const part = (view.at - times[side]) / (LONGEST * TICK);
    if (part < 0 || part > 1) return;
    scene.glow(start + (side ? -1 : 1) * part * wide, y, 22, colour, 1);
    ctx.fillStyle = colour;
    scene.disc(start + (side ? -1 : 1) * part * wide, y, 6);
  });
  const when = (times[0] + times[1] + LONGEST * TICK) / 2;
  if (Math.abs(view.at - when) < 3e-5) for (const k of heard.fired) view.marks[k] = 1;
  for (let k = 0; k < LINES; k += 1) drawDetector(kit, scene, x(k), middle, size, view.marks[k], heard.fired.includes(k));
  scene.label(['左耳来的延迟线', 'delay line from the left ear'], edge, tall[0] - 11, { colour: kit.colour('v'), room: wide / 2 - 8 });
  scene.label(['右耳来的延迟线', 'delay line from the right ear'], w - edge, tall[1] + 12, { align: 'right', colour: kit.colour('post'), room: wide / 2 - 8 });
  scene.label(['谁发放，就说明声音来自哪边', 'who fires tells where the sound is'], edge, tall[1] + 12, { colour: kit.colour('spike'), room: wide / 2 - 8 });
}

function drawDetector(kit, scene, x, y, size, mark, wins) {
  const { ctx } = scene, fire = kit.colour('spike');
  scene.glow(x, y, size * (1.5 + 3 * mark), fire, mark);
  ctx.fillStyle = mark > 0.05 ? fire : kit.colour('raised');
  Object.assign(ctx, { strokeStyle: wins ? fire : kit.colour('axis'), lineWidth: wins ? 2.5 : 1.25 });
  ctx.setLineDash([]);
  scene.disc(x, y, size);
  ctx.stroke();
}

export default { render: (context) => mount(context, buildEars) };
