const BINS = 120, POINTS = 4000;

/** Where a point of space and time stands in the picture: t, x, y in 0 … 1, turned by two angles. */
export function project(t, x, y, { yaw, pitch }) {
  const across = 1.9 * (t - 0.5), deep = x - 0.5, up = y - 0.5;
  const u = across * Math.cos(yaw) + deep * Math.sin(yaw), far = -across * Math.sin(yaw) + deep * Math.cos(yaw);
  return [u, up * Math.cos(pitch) - far * Math.sin(pitch)];
}

/** Where playing has come to after `seconds`: at and end in percent; a recording of `last` µs. */
export function advance(at, seconds, speed, last) {
  return Math.min(100, at + (100e6 * seconds * speed) / Math.max(1, last));
}

function buildPlayer(kit) {
  const events = recording(kit.model);
  const scene = new Plot(kit, { height: 280, most: (width) => 0.44 * width + 26, axes: false, left: 6, right: 6, top: 20, bottom: 6, label: ['左：窗口里的事件叠成的一帧；右：时空中的全部事件', 'Left: the events of the window as a frame. Right: all events in space and time'] });
  const rate = new Plot(kit, { height: 104, ylabel: ['事件/毫秒', 'events/ms'], xlabel: ['时间 (ms)', 'time (ms)'], label: ['事件率与窗口', 'Event rate and window'] });
  kit.legend([['spike', ['ON：变亮', 'ON: brighter'], 'box'], ['v', ['OFF：变暗', 'OFF: darker'], 'box']]);
  const show = kit.stats({
    at: ['窗口终点', 'window ends at'], span: ['窗口长度', 'window length'],
    on: ['ON 事件', 'ON events'], off: ['OFF 事件', 'OFF events'],
  });
  const view = { yaw: -0.45, pitch: 0.35 };
  const player = playback(kit, events);
  const go = (ms) => { player.stop(); kit.change({ at: Math.min(100, Math.max(0, (1e5 * ms) / Math.max(1, events.last))) }); };
  rate.draggable(go, () => kit.save());
  turn(kit, scene, view);
  for (const { canvas } of [scene, rate]) {
    canvas.tabIndex = 0;
    kit.listen(canvas, 'keydown', (e) => key(kit, e, events, view, player, go));
  }
  kit.note(['拖动右边的点云可以转动它，拖动曲线可以换时间。选中画布后：空格播放或暂停，左右键移动一个窗口，Shift 加方向键转动。',
    'Drag the cloud of points to turn it, drag along the curve to change the time. With a canvas in focus: space plays or pauses, left and right move by a window, Shift and the arrows turn.']);
  return (p) => {
    kit.reveal('window', p.by === 'time');
    kit.reveal('number', p.by === 'number');
    const end = (p.at / 100) * events.last, [from, to] = windowOf(events.t, end, p);
    const frame = accumulate(events, from, to);
    const begin = p.by === 'time' ? Math.max(0, end - 1000 * p.window) : to > from ? events.t[from] : end;
    drawScene(kit, scene, events, frame, [from, to], view, p);
    const { draw } = drawRates(kit, rate, events, BINS);
    rate.band(begin / 1000, end / 1000, kit.colour('accent'), 0.18);
    draw();
    rate.vline(end / 1000, kit.colour('ink'));
    const half = frame.length / 2, sum = (part) => part.reduce((total, count) => total + count, 0);
    show({
      at: `${number(end / 1000, 1)} ms`, span: `${number((end - begin) / 1000, 1)} ms`,
      on: String(sum(frame.subarray(half))), off: String(sum(frame.subarray(0, half))),
    });
  };
}

/** Play from here to the end, once. */
function playback(kit, events) {
  return kit.player({
    begin: () => { if (kit.params.at >= 100) kit.change({ at: 0 }); },
    frame: (seconds) => {
      kit.change({ at: advance(kit.params.at, seconds, kit.params.speed, events.last) });
      return kit.params.at < 100;
    },
    end: () => kit.save(),
  });
}

function turn(kit, plot, view) {
  const { canvas } = plot;
  canvas.style.touchAction = 'pan-y';
  let held = null;
  kit.listen(canvas, 'pointerdown', (e) => { canvas.setPointerCapture(e.pointerId); held = [e.clientX, e.clientY]; });
  kit.listen(canvas, 'pointermove', (e) => {
    if (!held) return;
    rotate(view, (e.clientX - held[0]) / 150, (e.clientY - held[1]) / 150);
    held = [e.clientX, e.clientY];
    kit.redraw();
  });
  for (const type of ['pointerup', 'pointercancel']) kit.listen(canvas, type, () => { held = null; });
}

function rotate(view, across, down) {
  view.yaw += across;
  view.pitch = Math.min(1.5, Math.max(-1.5, view.pitch + down));
}

function key(kit, e, events, view, player, go) {
  const side = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
  if (e.key === ' ') player.toggle();
  else if (side && e.shiftKey) { rotate(view, 0.1 * side[0], 0.1 * side[1]); kit.redraw(); }
  else if (side?.[0]) {
    const { at, by, window } = kit.params;
    go(((at / 100) * events.last) / 1000 + side[0] * (by === 'time' ? window : 20));
    kit.save();
  } else return;
  e.preventDefault();
  e.stopPropagation();
}

function drawScene(kit, plot, events, frame, [from, to], view, p) {
  const { box } = plot.begin(), size = Math.min(box.h, 0.42 * box.w);
  plot.label(['这一窗口', 'this window'], box.x, 9, { colour: kit.colour('muted') });
  paintFrame(plot, frame, events, box.x, box.y, size, p.polarity);
  const left = box.x + size + 10, wide = box.x + box.w - left;
  plot.label(['时空中的事件（横向是时间）', 'events in space and time (time runs across)'], left, 9, { colour: kit.colour('muted'), room: wide });
  const unit = Math.min(wide / 2.15, box.h / 1.6), middle = [left + wide / 2, box.y + box.h / 2];
  const place = (t, x, y) => { const [u, v] = project(t, x, y, view); return [middle[0] + unit * u, middle[1] + unit * v]; };
  const { ctx } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, box.y, wide, box.h);
  ctx.clip();
  drawBox(kit, ctx, place);
  const stride = Math.max(1, Math.ceil(events.t.length / POINTS));
  for (const inside of [false, true]) {
    ctx.globalAlpha = inside ? 1 : 0.22;
    for (let k = 0; k < events.t.length; k += stride) {
      if ((k >= from && k < to) !== inside) continue;
      if (p.polarity !== 'both' && (p.polarity === 'on') !== (events.p[k] === 1)) continue;
      ctx.fillStyle = kit.colour(events.p[k] ? 'spike' : 'v');
      const [px, py] = place(events.t[k] / events.last, events.x[k] / events.width, events.y[k] / events.height);
      ctx.fillRect(px, py, 1.6, 1.6);
    }
  }
  ctx.restore();
}

function drawBox(kit, ctx, place) {
  Object.assign(ctx, { strokeStyle: kit.colour('axis'), lineWidth: 0.7 });
  ctx.setLineDash([]);
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, (n >> 1) & 1, n >> 2]);
  ctx.beginPath();
  for (const a of corners) {
    for (const b of corners) {
      if (a.reduce((sum, value, k) => sum + Math.abs(value - b[k]), 0) !== 1) continue;
      ctx.moveTo(...place(...a));
      ctx.lineTo(...place(...b));
    }
  }
  ctx.stroke();
}

export default { render: (context) => mount(context, buildPlayer) };
