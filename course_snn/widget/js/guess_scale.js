// A number guessed on a scale: a hand that is dragged, or moved by the arrow keys.

/** Where a value stands on the scale, 0 … 1. */
export function onScale(spec, value) {
  const { low, high, log } = spec;
  const at = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.max(0, Math.min(1, at));
}

/** The value at a place of the scale, rounded to its step, or to two figures where the scale is logarithmic. */
export function fromScale(spec, at) {
  const { low, high, step, log } = spec;
  const exact = log ? low * (high / low) ** at : low + at * (high - low);
  const near = log ? rounded(exact, decimals(exact, 2)) : low + rounded((exact - low) / step, 0) * step;
  return Number(Math.max(low, Math.min(high, near)).toPrecision(12));
}

/** The next value that an arrow key reaches, `by` hundredths of the scale or steps further. */
export function nextOnScale(spec, value, by) {
  if (value === null) return fromScale(spec, 0.5);
  if (!spec.log) return Number(Math.max(spec.low, Math.min(spec.high, value + by * spec.step)).toPrecision(12));
  for (let k = Math.round(100 * onScale(spec, value)) + by; ; k += Math.sign(by)) {
    const next = fromScale(spec, Math.max(0, Math.min(100, k)) / 100);
    if (next !== value || k <= 0 || k >= 100) return next;
  }
}

/** Marks of the scale: 1, 2, 5 times powers of ten; on a long logarithmic scale the powers only. */
export function scaleMarks({ low, high, log }, count) {
  if (!log) return ticks(low, high, count);
  const first = Math.floor(Math.log10(low) + 1e-9), last = Math.ceil(Math.log10(high) - 1e-9);
  const per = 3 * (last - first) <= count ? [1, 2, 5] : [1], out = [];
  for (let k = first; k <= last; k += 1) for (const m of per) out.push(Number((m * 10 ** k).toPrecision(12)));
  return out.filter((v) => v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9));
}

class Scale {
  constructor(kit, spec, label) {
    this.spec = spec;
    this.kit = kit;
    this.plot = new Plot(kit, { height: 104, x: [0, 1], y: [0, 1], axes: false, left: 30, right: 30, top: 52, bottom: 30, label });
  }

  draw() {
    const { plot, kit, spec } = this;
    plot.begin();
    const { ctx, box } = plot, y = box.y + box.h;
    Object.assign(ctx, { strokeStyle: kit.colour('axis'), lineWidth: 1.5 });
    ctx.setLineDash([]);
    plot.segment(box.x, y, box.x + box.w, y);
    const marks = scaleMarks(spec, Math.max(2, box.w / 60)), digits = spec.log ? null : Math.max(...marks.map(digitsOf));
    marks.forEach((v) => {
      const x = plot.px(onScale(spec, v));
      plot.segment(x, y - 4, x, y + 4);
      plot.label(number(v, digits ?? digitsOf(v)), x, y + 14, { align: 'center', colour: kit.colour('muted') });
    });
  }

  /** A hand at a value: text in one of two rows, guess above, truth below. */
  hand(value, text, colour, row, dash = []) {
    const { plot, kit, spec } = this;
    const { ctx, box } = plot, x = plot.px(onScale(spec, value)), y = box.y + box.h, top = row ? 32 : 12;
    Object.assign(ctx, { strokeStyle: kit.colour(colour), fillStyle: kit.colour(colour), lineWidth: 2.5 });
    ctx.setLineDash(dash);
    plot.segment(x, top + 9, x, y);
    ctx.setLineDash([]);
    plot.disc(x, y, 6);
    const middle = Math.max(box.x + 60, Math.min(box.x + box.w - 60, x));
    plot.label(text, middle, top, { align: 'center', size: 13, halo: true, room: 220 });
  }
}

function askNumber(kit, spec, kept) {
  const scale = new Scale(kit, spec, kit.model.get('question')), { canvas } = scale.plot;
  const at = (x) => { if (!kept.sealed) kept.move(fromScale(spec, x)); };
  scale.plot.draggable(at, () => { if (!kept.sealed && kept.value !== null) kept.put(kept.value); });
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'slider');
  canvas.setAttribute('aria-valuemin', spec.low);
  canvas.setAttribute('aria-valuemax', spec.high);
  const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
  keysMove(kit, kept, canvas, (key) => {
    if (key === 'Home') return spec.low;
    if (key === 'End') return spec.high;
    return key in by ? nextOnScale(spec, kept.value, by[key]) : undefined;
  });
  return ({ value, sealed }) => {
    canvas.setAttribute('aria-disabled', sealed);
    canvas.setAttribute('aria-valuetext', value === null ? '–' : say(measure(value, spec)));
    if (value !== null) canvas.setAttribute('aria-valuenow', value);
    else canvas.removeAttribute('aria-valuenow');
    scale.draw();
    if (value !== null) scale.hand(value, measure(value, spec), 'threshold', 1);
    else scale.plot.label('?', scale.plot.px(0.5), 46, { align: 'center', size: 22, colour: kit.colour('muted') });
  };
}

function tellNumber(kit, spec, truth) {
  const scale = new Scale(kit, spec, ['你的猜测与实际的数，在同一把尺上', 'Your guess and the truth on one scale']);
  return (guess) => {
    scale.draw();
    const [t, g] = [truth, guess].map((v) => v !== null && measure(v, spec));
    if (guess !== null) scale.hand(guess, [`你猜 ${g[0]}`, `guess ${g[1]}`], 'threshold', 0, [5, 4]);
    scale.hand(truth, [`实际 ${t[0]}`, `truth ${t[1]}`], 'v', 1);
  };
}
