function waving(ctx, t) {
  const swing = 2.75 + 0.55 * Math.sin(7.5 * t), sway = 2.2 * Math.sin(1.1 * t);
  person(ctx, sway, [[0.15 + 0.05 * Math.sin(2 * t), 0.2], [1.2 + 0.1 * Math.sin(3.7 * t), swing]]);
}

function buildEye(kit) {
  const scene = new Opening(kit, ['左：普通相机的画面；右：事件相机看见的事件，橙色变亮，蓝色变暗', 'Left: what an ordinary camera sees. Right: the events of an event camera, orange brighter, blue darker'], 390, 400);
  const eye = new Eye(kit, waving);
  clock(kit, (seconds) => eye.look(seconds, kit.params));
  if (still()) for (let k = 0; k < 40; k += 1) eye.look(0.016, kit.params);   // something to see at rest
  handOver(kit, eye, scene, () => Object.values(eyePlaces(scene)).slice(0, 2));
  return () => {
    scene.begin();
    const at = eyePlaces(scene);
    paintSheet(scene, eye.develop(), at.events, ['事件相机', 'event camera'], kit.colour('raised'));
    invite(scene, eye, at.events, ['鼠标或手指在画面上动一动', 'move your mouse or finger over the picture']);
    paintSheet(scene, eye.picture.canvas, at.picture, scene.narrow ? '' : ['普通相机', 'ordinary camera'], kit.colour('raised'));
    drawPace(kit, scene, eye, at.pace);
  };
}

/** Places of the two pictures and of the curve. */
function eyePlaces({ w, h, narrow }) {
  if (narrow) {
    const wide = w - 24, tall = 0.75 * wide, left = 12;
    const small = Math.min(h - tall - 22, 110);
    return { events: { x: left, y: 8, w: wide, h: tall }, picture: { x: left, y: tall + 14, w: small / 0.75, h: small }, pace: { x: left + small / 0.75 + 16, y: tall + 34, w: wide - small / 0.75 - 20, h: small - 28 } };
  }
  const tall = h - 20, wide = Math.min(tall / 0.75, 0.58 * w), high = 0.75 * wide, rest = w - wide - 44;
  const small = Math.min(rest, (high - 110) / 0.75);
  return {
    events: { x: w - 16 - wide, y: 10, w: wide, h: high }, picture: { x: 16, y: 10, w: small, h: 0.75 * small },
    pace: { x: 20, y: 10 + 0.75 * small + 42, w: rest - 8, h: high - 0.75 * small - 48 },
  };
}

/** Events per second over the last seconds: ON up, OFF down. */
function drawPace(kit, scene, eye, { x, y, w, h }) {
  const { ctx } = scene, all = eye.counts, most = Math.max(2000, ...all.map(([s, on, n]) => (s ? Math.max(on, n - on) / s : 0)));
  const middle = y + h / 2, wide = w / 240;
  all.forEach(([seconds, on, sum], k) => {
    if (!seconds) return;
    const up = ((h / 2) * on) / seconds / most, down = ((h / 2) * (sum - on)) / seconds / most, left = x + w - (all.length - k) * wide;
    ctx.fillStyle = kit.colour('spike');
    ctx.fillRect(left, middle - up, wide + 0.4, up);
    ctx.fillStyle = kit.colour('v');
    ctx.fillRect(left, middle, wide + 0.4, down);
  });
  ctx.strokeStyle = kit.colour('axis');
  ctx.lineWidth = 1;
  scene.segment(x, middle, x + w, middle);
  const k = Math.round(eye.pace() / 100) * 100, size = scene.narrow ? 11.5 : 14;
  scene.label([`每秒 ${k} 个事件`, `${k} events per second`], x, y - 12, { size, room: w });
}

export default { render: (context) => mount(context, buildEye) };
