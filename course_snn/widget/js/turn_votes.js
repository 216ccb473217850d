const SECTORS = 12, FEWEST = 6, FORGET = 60, ENOUGH = 1.4, STEP = 0.02;   // directions, events, steps, threshold, s

/** Twelve neurons look in twelve directions; the one with the most events fires when it was not the last one that did.
 *  Between neighbours stand direction detectors: tail of one, spike of the other, as in DirectionBench. */
export function quietRing() {
  return { last: -1, tail: new Array(SECTORS).fill(0), cw: 0, ccw: 0, fired: [] };
}

/** One step of 20 ms with the events counted in each sector; the ring after it. */
export function ringStep(ring, counts, tau) {
  const most = Math.max(...counts), best = counts.indexOf(most), spikes = new Array(SECTORS).fill(0);
  const winner = most >= FEWEST ? best : -1;
  if (winner >= 0 && winner !== ring.last) spikes[winner] = 1;
  const tail = ring.tail.map((y, k) => y * (1 - (1 - spikes[k]) / tau) + spikes[k]);
  const side = (way) => tail.flatMap((y, k) => (y + spikes[(k + way + SECTORS) % SECTORS] >= ENOUGH ? [k] : []));
  const cw = side(1), ccw = side(-1), keep = 1 - 1 / FORGET;
  return {
    last: winner >= 0 ? winner : ring.last, tail, cw: ring.cw * keep + cw.length, ccw: ring.ccw * keep + ccw.length,
    fired: spikes.flatMap((s, k) => (s ? [k] : [])), seen: [...cw, ...ccw],
  };
}

/** Votes [steps][cw, ccw] for counts [steps][12]. */
export function ringVotes(counts, tau) {
  let ring = quietRing();
  return counts.map((row) => { ring = ringStep(ring, row, tau); return [ring.cw, ring.ccw]; });
}

/** In which sector, as seen from the middle, a pixel lies: 0 begins at the right, and they go round clockwise. */
export function sectorOf(x, y, middle) {
  const turn = Math.atan2(y - middle[1], x - middle[0]) / (2 * Math.PI);
  return Math.floor((turn - Math.floor(turn)) * SECTORS) % SECTORS;
}

/** The middle of what moved in the last second or two: sums that fade. */
export function movedMiddle(sums, events, width, seconds) {
  const keep = Math.exp(-seconds / 1.5), out = sums.map((v) => v * keep);
  for (const n of events) { out[0] += n % width; out[1] += Math.floor(n / width); out[2] += 1; }
  return out;
}

/** An arm that goes round the shoulder: four seconds one way, then four the other. */
function circling(ctx, t, way) {
  const turn = 2 * Math.PI, span = 4, lap = Math.floor(t / span), part = t - lap * span;
  const forth = way === 'cw' ? t : way === 'ccw' ? -t : lap % 2 ? span - part : part;
  const angle = -turn * 0.9 * forth;
  person(ctx, 0.4 * Math.sin(t), [[0.12, 0.15], [angle + Math.PI / 2, angle + Math.PI / 2 + 0.1]]);
}

function buildVotes(kit) {
  const scene = new Opening(kit, ['左：事件与十二个方向；右：顺时针和逆时针的票数', 'Left: events and twelve directions. Right: votes for clockwise and counter-clockwise'], 390, 410);
  const eye = new Eye(kit, (ctx, t) => circling(ctx, t, kit.params.turn));
  const view = { ring: quietRing(), sums: [0, 0, 0], counts: new Array(SECTORS).fill(0), spare: 0, lit: new Array(SECTORS).fill(0) };
  const step = (seconds) => watchTurn(view, eye, kit.params, seconds);
  clock(kit, step);
  if (still()) for (let k = 0; k < 110; k += 1) step(0.02);
  handOver(kit, eye, scene, () => [votePlaces(scene).events], 'none');
  return () => {
    scene.begin();
    const at = votePlaces(scene);
    paintSheet(scene, eye.develop(), at.events, ['事件', 'events'], kit.colour('raised'));
    drawRing(kit, scene, view, at.events);
    invite(scene, eye, at.events, ['在画面上画圈', 'draw circles over the picture']);
    paintSheet(scene, eye.picture.canvas, at.picture, '', kit.colour('raised'));
    drawVotes(kit, scene, view.ring, at.votes);
  };
}

function watchTurn(view, eye, p, seconds) {
  const found = eye.look(seconds, p);
  view.sums = movedMiddle(view.sums, found.pixel, SENSOR_W, seconds);
  view.lit = view.lit.map((light) => light * Math.exp(-seconds / 0.25));
  if (view.sums[2] > 1) {
    view.middle = [view.sums[0] / view.sums[2], view.sums[1] / view.sums[2]];
    for (const n of found.pixel) view.counts[sectorOf(n % SENSOR_W, Math.floor(n / SENSOR_W), view.middle)] += 1;
  }
  view.spare += seconds;
  if (view.spare < STEP) return;
  const steps = Math.floor(view.spare / STEP + 1e-9);
  view.spare -= steps * STEP;
  for (let k = 0; k < steps; k += 1) {
    view.ring = ringStep(view.ring, view.counts, p.tau);
    view.counts = new Array(SECTORS).fill(0);
    view.ring.seen.forEach((n) => { view.lit[n] = 1; });
  }
}

function votePlaces({ w, h, narrow }) {
  if (narrow) {
    const wide = w - 24, tall = 0.75 * wide, rest = h - tall - 28;
    return { events: { x: 12, y: 8, w: wide, h: tall }, picture: { x: 12, y: tall + 16, w: 96, h: 72 }, votes: { x: 122, y: tall + 16, w: w - 136, h: rest } };
  }
  const tall = h - 20, wide = Math.min(tall / 0.75, 0.58 * w), high = 0.75 * wide, left = wide + 40;
  return { events: { x: 16, y: 10, w: wide, h: high }, picture: { x: left, y: 10, w: 176, h: 132 }, votes: { x: left, y: 166, w: w - left - 20, h: high - 158 } };
}

/** The twelve neurons around the middle of the movement; a detector that has just fired is lit. */
function drawRing(kit, scene, view, { x, y, w, h }) {
  if (!view.middle) return;
  const { ctx } = scene, unit = w / SENSOR_W, middle = [x + view.middle[0] * unit, y + view.middle[1] * unit], r = 0.3 * h;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, w, h);
  ctx.clip();
  for (let k = 0; k < SECTORS; k += 1) {
    const angle = ((k + 0.5) / SECTORS) * 2 * Math.PI, at = [middle[0] + r * Math.cos(angle), middle[1] + r * Math.sin(angle)];
    scene.glow(...at, 30, kit.colour('current'), view.lit[k]);
    const last = view.ring.last === k;
    ctx.fillStyle = kit.colour(last ? 'current' : 'paper');
    Object.assign(ctx, { strokeStyle: kit.colour('current'), lineWidth: 2 });
    scene.disc(...at, last ? 10 : 6);
    ctx.stroke();
  }
  ctx.restore();
}

function drawVotes(kit, scene, ring, { x, y, w, h }) {
  const { ctx } = scene, most = Math.max(10, ring.cw, ring.ccw), row = h / 3, size = scene.narrow ? 13 : 17;
  const sure = Math.abs(ring.cw - ring.ccw) > 2, leads = ring.cw > ring.ccw;
  const answer = !sure ? ['还看不出', 'cannot tell yet'] : leads ? ['顺时针', 'clockwise'] : ['逆时针', 'counter-clockwise'];
  scene.label(answer, x, y + size, { size: size * 1.45, colour: kit.colour(sure ? (leads ? 'spike' : 'v') : 'muted'), room: w });
  [['cw', ['顺时针', 'clockwise'], 'spike'], ['ccw', ['逆时针', 'counter-clockwise'], 'v']].forEach(([way, name, colour], k) => {
    const top = y + 3.2 * size + k * row, high = Math.min(26, row - 22);
    scene.label(name, x, top, { size: size * 0.8, colour: kit.colour('muted') });
    ctx.fillStyle = kit.colour('raised');
    ctx.fillRect(x, top + 10, w, high);
    ctx.fillStyle = kit.colour(colour);
    ctx.fillRect(x, top + 10, (w * ring[way]) / most, high);
    scene.label(number(ring[way], 0), x + w, top, { align: 'right', size: size * 0.8 });
  });
}

export default { render: (context) => mount(context, buildVotes) };
