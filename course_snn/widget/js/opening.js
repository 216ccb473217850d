// What the first pictures of the chapters share: a clock, a large canvas, a hand that drags, a click to hear.

const NARROW = 600;   // px
const LONGEST_FRAME = 0.05;   // s: after a pause of the page the picture goes on, it does not catch up

/** A canvas as wide as the page, without axes: high where there is room, lower where the page is narrow. */
class Opening extends Plot {
  constructor(kit, label, wide = 360, narrow = 330) {
    super(kit, { height: wide, axes: false, left: 0, right: 0, top: 0, bottom: 0, label });
    this.heights = [wide, narrow];
    kit.root.classList.add('csnn-opening');
  }

  stretch(share) {
    const { clientWidth } = this.canvas;
    if (this.heights) this.tall = this.heights[clientWidth > 0 && clientWidth < NARROW ? 1 : 0];
    super.stretch(share);
  }

  begin() {
    super.begin();
    this.narrow = this.width < NARROW;
    [this.w, this.h] = [this.width, this.options.height];
    return this;
  }

  /** A soft light around a place. */
  glow(x, y, radius, colour, alpha = 1) {
    if (!(alpha > 0.01) || !(radius > 0)) return;
    const { ctx } = this, light = ctx.createRadialGradient(x, y, 0, x, y, radius);
    light.addColorStop(0, colour);
    light.addColorStop(1, `${colour}00`);   // "transparent" is black, and would leave a grey rim
    ctx.save();
    ctx.globalAlpha = Math.min(1, alpha);
    ctx.fillStyle = light;
    this.disc(x, y, radius);
    ctx.restore();
  }

  /** A curve through control points [[x, y], …] of one Bézier curve. */
  curve([a, b, c, d], colour, width, alpha = 1) {
    const { ctx } = this;
    ctx.save();
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width, lineCap: 'round', globalAlpha: alpha });
    ctx.beginPath();
    ctx.moveTo(...a);
    ctx.bezierCurveTo(...b, ...c, ...d);
    ctx.stroke();
    ctx.restore();
  }
}

/** Where a Bézier curve has come to at t in 0 … 1. */
export function along([a, b, c, d], t) {
  const s = 1 - t, part = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return [0, 1].map((k) => part[0] * a[k] + part[1] * b[k] + part[2] * c[k] + part[3] * d[k]);
}

/** Call step(seconds) for each frame, then draw, as long as it plays and somebody can see it (see Player). */
function clock(kit, step) {
  return kit.player({
    auto: true,
    frame: (seconds) => { step(Math.min(LONGEST_FRAME, seconds)); kit.draw(kit.params); },
  });
}

/** Let the pointer take hold of the picture: take(x, y) says whether there is something to hold, move(x, y, dx) drags. */
function hold(kit, { canvas }, take, move, drop = () => kit.save()) {
  canvas.classList.add('csnn-grab');
  let last = null;
  const place = (e) => { const box = canvas.getBoundingClientRect(); return [e.clientX - box.left, e.clientY - box.top]; };
  kit.listen(canvas, 'pointerdown', (e) => {
    const at = place(e);
    if (!take(...at)) return;
    canvas.setPointerCapture(e.pointerId);
    canvas.classList.add('csnn-held');
    last = at;
  });
  kit.listen(canvas, 'pointermove', (e) => {
    if (!last) return;
    const at = place(e);
    move(...at, at[0] - last[0]);
    last = at;
  });
  for (const type of ['pointerup', 'pointercancel']) {
    kit.listen(canvas, type, () => {
      if (last) drop();
      last = null;
      canvas.classList.remove('csnn-held');
    });
  }
}

/** A button that turns clicks on; click(seconds by which the left ear hears it, by which the right). Silent at first. */
function clicker(kit) {
  let audio = null;
  const label = () => {
    write(button, audio ? ['声音：开', 'Sound: on'] : ['声音：关', 'Sound: off']);
    button.setAttribute('aria-pressed', String(Boolean(audio)));
  };
  const off = () => { audio?.close(); audio = null; };
  const button = kit.button(['声音：关', 'Sound: off'], () => { if (audio) off(); else audio = new AudioContext(); label(); });
  kit.texts.push(label);
  kit.undo.push(off);
  return (left = 0, right = 0) => {
    if (!audio) return;
    const rate = audio.sampleRate, sound = audio.createBuffer(2, Math.ceil(0.03 * rate), rate), first = Math.min(left, right);
    [left, right].forEach((late, side) => {
      const wave = sound.getChannelData(side), start = Math.round((late - first) * rate);
      for (let n = start; n < wave.length; n += 1) {
        const t = (n - start) / rate;
        wave[n] = 0.35 * Math.sin(2 * Math.PI * 1100 * t) * Math.exp(-t / 0.002);
      }
    });
    const player = audio.createBufferSource();
    player.buffer = sound;
    player.connect(audio.destination);
    player.start();
  };
}

/** Let the arrow keys move a hand over a picture: `put` gets its place, [x, y] from 0 to 1, and null when Escape or
 *  leaving the picture takes it away. */
function keysHand(kit, canvas, put) {
  const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let at = null;
  const move = (place) => { at = place; put(at); kit.redraw(); };
  canvas.tabIndex = 0;
  kit.listen(canvas, 'keydown', (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || !(by[e.key] || (e.key === 'Escape' && at))) return;
    const step = by[e.key];
    move(step ? (at ?? [0.5, 0.5]).map((v, k) => Math.min(0.999, Math.max(0, v + 0.05 * step[k]))) : null);
    e.preventDefault();
    e.stopPropagation();
  });
  kit.listen(canvas, 'blur', () => { if (at) move(null); });
}
