const TEMPO = 26, RESTLESS = 0.12;   // steps in a second of the picture; the most that noise pushes in a step

/** Neurons in rows and columns, all at rest. */
export function quietSheet(rows, columns) {
  const count = rows * columns;
  return { rows, columns, v: new Float64Array(count), fired: new Uint8Array(count), rest: new Int16Array(count), since: new Int16Array(count).fill(999) };
}

/** One step: v loses 1/τ, gains w for each of its eight neighbours that fired in the last step, and what is pushed in;
 *  at 1 it fires, starts again at 0 and hears nothing for `refractory` steps. */
export function sheetStep(sheet, { w, tau, refractory }, push = null) {
  const { rows, columns, v, fired, rest } = sheet, next = new Uint8Array(fired.length);
  for (let y = 0, n = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1, n += 1) {
      if (rest[n] > 0) { rest[n] -= 1; continue; }
      let heard = 0;
      for (let dy = -1; dy <= 1; dy += 1) {
        if (y + dy < 0 || y + dy >= rows) continue;
        for (let dx = -1; dx <= 1; dx += 1) {
          if (x + dx >= 0 && x + dx < columns && (dx || dy)) heard += fired[n + dy * columns + dx];
        }
      }
      v[n] += -v[n] / tau + w * heard + (push ? push[n] : 0);
      if (v[n] < 1) continue;
      next[n] = 1;
      v[n] = 0;
      rest[n] = refractory;
    }
  }
  sheet.fired = next;
  for (let n = 0; n < next.length; n += 1) sheet.since[n] = next[n] ? 0 : Math.min(999, sheet.since[n] + 1);
  return sheet;
}

/** Which neurons fire in each step, for pushes [steps][rows · columns]. */
export function sheetRun(rows, columns, p, pushes) {
  let sheet = quietSheet(rows, columns);
  return pushes.map((push) => { sheet = sheetStep(sheet, p, push); return Array.from(sheet.fired); });
}

/** A push for the neurons within `radius` of a place. */
function touch({ rows, columns }, x, y, radius, amount) {
  const push = new Float64Array(rows * columns);
  for (let r = 0, n = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1, n += 1) if (Math.hypot(c - x, r - y) <= radius) push[n] = amount;
  }
  return push;
}

function buildSheet(kit) {
  const scene = new Opening(kit, ['一片神经元：碰一下，脉冲像波一样传开', 'A sheet of neurons: touch it, and spikes spread as waves'], 390, 390);
  const click = clicker(kit), random = mulberry32(5);
  const view = { sheet: null, spare: 0, hand: null, next: 0 };
  const grid = () => {
    const cell = scene.narrow ? 15 : 19.5, columns = Math.floor(scene.w / cell), rows = Math.floor(scene.h / cell);
    if (view.sheet?.columns !== columns || view.sheet?.rows !== rows) view.sheet = quietSheet(rows, columns);
    return { cell, left: (scene.w - columns * cell) / 2, top: (scene.h - rows * cell) / 2 };
  };
  const step = (p) => {
    const { sheet } = view;
    let push = view.hand && touch(sheet, ...view.hand, 1.6, 0.5);
    view.next -= 1;
    if (!push && view.next <= 0) {
      push = touch(sheet, random() * sheet.columns, random() * sheet.rows, 1.6, 1);
      view.next = 14 + 16 * random();
    }
    const noise = Float64Array.from(sheet.v, (_, n) => RESTLESS * random() + (push ? push[n] : 0));
    sheetStep(sheet, p, noise);
  };
  clock(kit, (seconds) => {
    if (!view.sheet) return;
    for (view.spare += seconds * TEMPO; view.spare >= 1; view.spare -= 1) step(kit.params);
  });
  followHand(kit, scene, view, grid, click);
  return (p) => {
    scene.begin();
    const at = grid();
    if (still() && !view.sheet.begun) for (let k = 0; k < 12; k += 1) step(p);
    view.sheet.begun = true;
    drawSheet(kit, scene, view.sheet, at);
    if (!view.hand) scene.label(['用鼠标、手指或方向键划过这片神经元', 'stroke the neurons with mouse, finger or arrow keys'], scene.w / 2, scene.h - 20, { align: 'center', size: scene.narrow ? 14 : 17, colour: kit.colour('accent'), halo: true });
  };
}

function followHand(kit, scene, view, grid, click) {
  const { canvas } = scene;
  canvas.style.touchAction = 'pan-y';
  const put = (x, y) => {
    const { cell, left, top } = grid(), hand = [Math.floor((x - left) / cell), Math.floor((y - top) / cell)];
    if (view.hand?.join() !== hand.join()) click();
    view.hand = hand;
  };
  const move = (e) => {
    const box = canvas.getBoundingClientRect();
    put(e.clientX - box.left, e.clientY - box.top);
  };
  for (const type of ['pointermove', 'pointerdown']) kit.listen(canvas, type, move);
  for (const type of ['pointerleave', 'pointercancel']) kit.listen(canvas, type, () => { view.hand = null; });
  keysHand(kit, canvas, (at) => { if (at) put(at[0] * scene.w, at[1] * scene.h); else view.hand = null; });
}

function drawSheet(kit, scene, sheet, { cell, left, top }) {
  const { ctx } = scene, calm = kit.colour('line'), blue = kit.colour('v'), fire = kit.colour('spike');
  const place = (n) => [left + ((n % sheet.columns) + 0.5) * cell, top + (Math.floor(n / sheet.columns) + 0.5) * cell];
  ctx.fillStyle = calm;
  ctx.beginPath();
  sheet.since.forEach((_, n) => { const [x, y] = place(n); ctx.moveTo(x + 3, y); ctx.arc(x, y, 0.17 * cell, 0, 2 * Math.PI); });
  ctx.fill();
  sheet.since.forEach((since, n) => {
    const [x, y] = place(n), light = since < 20 ? Math.exp(-since / 5) : 0, level = Math.min(1, Math.max(0, sheet.v[n]));
    if (light < 0.05 && level < 0.05) return;
    ctx.globalAlpha = light > level ? Math.min(1, light + 0.1) : 0.5 * level;
    ctx.fillStyle = light > level ? fire : blue;
    ctx.beginPath();
    ctx.arc(x, y, cell * (0.17 + 0.26 * Math.max(light, level)), 0, 2 * Math.PI);
    ctx.fill();
  });
  ctx.globalAlpha = 1;
}

export default { render: (context) => mount(context, buildSheet) };
