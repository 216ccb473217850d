// A small canvas chart in data coordinates, crisp at any device pixel ratio.

const MATH_FONT = '"STIX Two Text", "Cambria Math", Cambria, "Times New Roman", "Liberation Serif", serif';

/** How lines differ where colours may not: dashes by the names that legends use. */
const DASH = { solid: [], dashed: [7, 4], dotted: [2, 3], dashdot: [8, 3, 2, 3] };

/** Tick positions at 1, 2 or 5 times a power of ten. */
export function ticks(low, high, count = 5) {
  if (!(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)))) return [];   // finer than numbers are: no end
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= raw * 0.999);
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) {
    out.push(Number((k * step).toPrecision(12)));
  }
  return out;
}

class Plot {
  /** options: height px; x, y = [low, high]; xlabel, ylabel, label (for screen readers): texts;
   *  xticks / yticks = false hides them; left, right, top, bottom: margins in px; most(width): more height is no use. */
  constructor(kit, options = {}, parent = kit.stage) {
    this.kit = kit;
    this.options = { height: 150, x: [0, 1], y: [0, 1], left: 54, right: 14, top: 12, ...options };
    this.options.bottom ??= this.options.xlabel ? 36 : this.options.xticks === false ? 8 : 22;
    this.canvas = node('canvas', 'csnn-canvas');
    this.tall = this.options.height;              // what it has where there is room
    this.stretch(1);
    this.canvas.setAttribute('role', 'img');
    if (this.options.label) kit.text(this.canvas, this.options.label, 'aria-label');
    this.ctx = this.canvas.getContext('2d');
    parent.append(this.canvas);
    kit.plots.push(this);
  }

  /** Take this share of its own height. */
  stretch(share) {
    const { most = () => Infinity } = this.options;
    this.options.height = Math.round(Math.min(this.tall, most(this.canvas.clientWidth || Infinity)) * share);
    this.canvas.style.height = `${this.options.height}px`;
  }

  /** Start a frame: fit the pixels, clear, draw the frame, ticks and labels. */
  begin({ x, y } = {}) {
    const o = this.options;
    if (x) o.x = x;
    if (y) o.y = y;
    const ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    const pixels = [Math.round(this.width * ratio), Math.round(o.height * ratio)];
    if (this.canvas.width !== pixels[0] || this.canvas.height !== pixels[1]) {
      [this.canvas.width, this.canvas.height] = pixels;
    }
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ctx.clearRect(0, 0, this.width, o.height);
    this.box = { x: o.left, y: o.top, w: this.width - o.left - o.right, h: o.height - o.top - o.bottom };
    this.family = this.kit.style.fontFamily;
    if (o.axes !== false) this.axes();
    return this;
  }

  px(x) { const [a, b] = this.options.x; return this.box.x + ((x - a) / (b - a)) * this.box.w; }
  py(y) { const [a, b] = this.options.y; return this.box.y + (1 - (y - a) / (b - a)) * this.box.h; }
  dataX(px) { const [a, b] = this.options.x; return a + ((px - this.box.x) / this.box.w) * (b - a); }
  dataY(py) { const [a, b] = this.options.y; return a + (1 - (py - this.box.y) / this.box.h) * (b - a); }

  axes() {
    const { ctx, box, options: o } = this;
    const ink = this.kit.colour('muted');
    ctx.lineWidth = 1;
    ctx.strokeStyle = this.kit.colour('grid');
    if (o.yticks !== false) {
      let marks = Array.isArray(o.yticks) ? o.yticks : ticks(...o.y, Math.max(2, box.h / 34));
      if (marks.length < 2) marks = ticks(...o.y, 5);
      const every = Math.ceil((12 * (marks.length - 1)) / box.h);      // so many share the room of one label
      marks.forEach((v, k) => {
        this.segment(box.x, this.py(v), box.x + box.w, this.py(v));
        if (k % every === 0) this.label(number(v, digitsOf(v)), box.x - 7, this.py(v), { align: 'right', colour: ink });
      });
    }
    ctx.strokeStyle = this.kit.colour('axis');
    this.segment(box.x, box.y + box.h, box.x + box.w, box.y + box.h);
    if (o.xticks !== false) {
      for (const v of ticks(...o.x, Math.max(2, box.w / 80))) {
        this.segment(this.px(v), box.y + box.h, this.px(v), box.y + box.h + 4);
        this.label(number(v, digitsOf(v)), this.px(v), box.y + box.h + 12, { align: 'center', colour: ink });
      }
    }
    if (o.xlabel) this.label(o.xlabel, box.x + box.w / 2, o.height - 8, { align: 'center', colour: ink });
    const middle = box.y + box.h / 2, room = 2 * Math.min(middle, o.height - middle);
    if (o.ylabel) this.label(o.ylabel, 8, middle, { align: 'center', colour: ink, turn: true, room });
  }

  /** A line between pixel positions, put on the pixel grid so that it stays sharp. */
  segment(x0, y0, x1, y1) {
    const snap = (v) => Math.round(v - 0.5) + 0.5;
    this.ctx.beginPath();
    this.ctx.moveTo(snap(x0), snap(y0));
    this.ctx.lineTo(snap(x1), snap(y1));
    this.ctx.stroke();
  }

  /** Text at a pixel position, made smaller where it is longer than `room`; "$V_{th}$" is set as mathematics. */
  label(text, x, y, { align = 'left', colour = this.kit.colour('ink'), size = 11.5, turn = false, room = Infinity, halo = false } = {}) {
    const { ctx } = this;
    const font = (p) => (p.sub ? `${size * 0.76}px ${this.family}`
      : p.math ? `italic ${size * 1.12}px ${MATH_FONT}` : `${size}px ${this.family}`);
    const parts = pieces(String(say(text))).map((p) => {
      ctx.font = font(p);
      return { ...p, font: ctx.font, width: ctx.measureText(p.text).width };
    });
    const total = parts.reduce((sum, p) => sum + p.width, 0);
    ctx.save();
    ctx.translate(x, y);
    if (turn) ctx.rotate(-Math.PI / 2);
    if (total > room) ctx.scale(room / total, room / total);
    ctx.textBaseline = 'middle';
    ctx.fillStyle = colour;
    let at = align === 'center' ? -total / 2 : align === 'right' ? -total : 0;
    for (const p of parts) {
      ctx.font = p.font;
      if (halo) {
        ctx.strokeStyle = this.kit.colour('paper');
        ctx.lineWidth = 4;
        ctx.lineJoin = 'round';
        ctx.strokeText(p.text, at, p.sub ? size * 0.28 : 0);
      }
      ctx.fillText(p.text, at, p.sub ? size * 0.28 : 0);
      at += p.width;
    }
    ctx.restore();
    return total;
  }

  /** Draw inside the axes only. */
  clipped(paint) {
    const { ctx, box } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y - 3, box.w + 1, box.h + 4);
    ctx.clip();
    paint();
    ctx.restore();
  }

  path(xs, ys, steps) {
    const { ctx } = this;
    ctx.beginPath();
    for (let k = 0; k < ys.length; k += 1) {
      const x = this.px(xs[k]), y = this.py(ys[k]);
      if (k === 0) ctx.moveTo(x, y);
      else {
        if (steps) ctx.lineTo(x, this.py(ys[k - 1]));
        ctx.lineTo(x, y);
      }
    }
  }

  line(xs, ys, colour, { width = 1.75, dash = [], steps = false, fill = null, alpha = 1 } = {}) {
    const { ctx } = this;
    if (!ys.length) return;
    this.clipped(() => {
      ctx.globalAlpha = alpha;
      this.path(xs, ys, steps);
      Object.assign(ctx, { strokeStyle: colour, lineWidth: width, lineJoin: 'round' });
      ctx.setLineDash(dash);
      ctx.stroke();
      if (fill === null) return;
      const floor = this.py(Math.max(this.options.y[0], Math.min(0, this.options.y[1])));
      ctx.lineTo(this.px(xs[ys.length - 1]), floor);
      ctx.lineTo(this.px(xs[0]), floor);
      ctx.closePath();
      Object.assign(ctx, { fillStyle: colour, globalAlpha: fill * alpha });
      ctx.fill();
    });
  }

  hline(y, colour, { dash = [5, 4], width = 1.25, text = null, align = 'right', below = false } = {}) {
    const [low, high] = this.options.y;
    if (!(y >= low && y <= high)) return;
    const { ctx, box } = this;
    ctx.save();
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
    ctx.setLineDash(dash);
    this.segment(box.x, this.py(y), box.x + box.w, this.py(y));
    ctx.restore();
    if (text) {
      this.label(text, align === 'right' ? box.x + box.w - 4 : box.x + 6, this.py(y) + (below ? 9 : -9),
        { align, colour, halo: true });
    }
  }

  vline(x, colour, { dash = [], width = 1.25, alpha = 1 } = {}) {
    const { ctx, box } = this;
    ctx.save();
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
    ctx.setLineDash(dash);
    this.segment(this.px(x), box.y, this.px(x), box.y + box.h);
    ctx.restore();
  }

  /** Spikes: vertical bars at xs from y0 to y1 (data units). */
  stems(xs, y0, y1, colour, { width = 2, heads = false } = {}) {
    const { ctx } = this;
    Object.assign(ctx, { strokeStyle: colour, fillStyle: colour, lineWidth: width, lineCap: 'butt' });
    ctx.setLineDash([]);
    xs.forEach((x, k) => {
      const top = this.py(Array.isArray(y1) ? y1[k] : y1);
      ctx.beginPath();
      ctx.moveTo(this.px(x), this.py(y0));
      ctx.lineTo(this.px(x), top);
      ctx.stroke();
      if (heads) this.disc(this.px(x), top, 3);
    });
  }

  disc(px, py, radius) {
    this.ctx.beginPath();
    this.ctx.arc(px, py, radius, 0, 2 * Math.PI);
    this.ctx.fill();
  }

  dot(x, y, colour, { radius = 4, hollow = false } = {}) {
    const { ctx } = this;
    Object.assign(ctx, { fillStyle: hollow ? this.kit.colour('paper') : colour, strokeStyle: hollow ? colour : this.kit.colour('paper'), lineWidth: 1.5 });
    ctx.setLineDash([]);
    this.disc(this.px(x), this.py(y), radius);
    ctx.stroke();
  }

  band(x0, x1, colour, alpha = 0.12) {
    const { ctx, box } = this;
    ctx.save();
    Object.assign(ctx, { fillStyle: colour, globalAlpha: alpha });
    ctx.fillRect(this.px(x0), box.y, this.px(x1) - this.px(x0), box.h);
    ctx.restore();
  }

  /** Let the pointer choose an x: onMove(x) while it is down, onEnd() on release. */
  draggable(onMove, onEnd = () => {}) {
    const { canvas, kit } = this;
    canvas.classList.add('csnn-drag');
    const move = (e) => {
      const [low, high] = this.options.x;
      onMove(Math.min(high, Math.max(low, this.dataX(e.clientX - canvas.getBoundingClientRect().left))));
    };
    kit.listen(canvas, 'pointerdown', (e) => {
      if (e.button !== 0 || !e.isPrimary) return;
      canvas.setPointerCapture(e.pointerId);
      move(e);
    });
    kit.listen(canvas, 'pointermove', (e) => { if (canvas.hasPointerCapture(e.pointerId)) move(e); });
    const end = (e) => { if (canvas.hasPointerCapture(e.pointerId)) onEnd(); };
    kit.listen(canvas, 'pointerup', end);
    kit.listen(canvas, 'pointercancel', end);
    return this;
  }
}

function digitsOf(value) {
  const text = String(Math.abs(value));
  return text.includes('.') && !text.includes('e') ? text.split('.')[1].length : 0;
}
