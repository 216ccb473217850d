// A curve that the learner draws, with a part of it given; arrow keys move a few points of it instead.
const ANCHORS = 8;                               // intervals between the points that the keyboard moves

/** A drawn curve after a stroke from point `from` to point `to`, {k, y} each: a straight line between them. */
export function stroke(curve, from, to) {
  const out = [...curve], by = Math.sign(to.k - from.k);
  out[to.k] = to.y;
  for (let k = from.k; by && k !== to.k; k += by) out[k] = from.y + ((to.y - from.y) * (k - from.k)) / (to.k - from.k);
  return out;
}

/** The curve after the keyboard moved anchor `a` by `dy`, straight to the anchors beside it. */
export function nudged(curve, a, dy, [low, high]) {
  const n = curve.length - 1, place = (m) => Math.round((n * m) / ANCHORS);
  const k = place(a), y = Math.max(low, Math.min(high, curve[k] + dy));
  let out = curve;
  for (const m of [a - 1, a + 1]) {
    if (m >= 0 && m <= ANCHORS) out = stroke(out, { k: place(m), y: curve[place(m)] }, { k, y });
  }
  return out;
}

/** Where nothing is drawn yet, [first, last point] each, with the drawn points beside it. */
export function gaps(curve, last) {
  if (curve === null) return [[0, last]];
  const found = [];
  for (let k = 0, from = null; k <= curve.length; k += 1) {
    if (curve[k] === null) from ??= k;
    else if (from !== null) { found.push([Math.max(0, from - 1), Math.min(last, k)]); from = null; }
  }
  return found;
}

/** The curve with what is missing at its ends filled in, if it is no more than a hand misses: `most` points. */
export function finished(curve, most) {
  const out = [...curve], first = out.findIndex((y) => y !== null), final = out.findLastIndex((y) => y !== null);
  if (first > 0 && first <= most) out.fill(out[first], 0, first);
  if (final >= 0 && out.length - 1 - final <= most) out.fill(out[final], final + 1);
  return out;
}

class CurvePlot {
  constructor(kit, spec, label) {
    Object.assign(this, { kit, spec, at: abscissas(spec) });
    this.plot = new Plot(kit, { height: 270, x: spec.x, y: spec.y, xlabel: spec.xlabel, ylabel: spec.ylabel, top: 16, label });
  }

  draw() {
    const { kit, plot, spec } = this;
    plot.begin();
    for (const [y, text] of spec.lines) plot.hline(y, kit.colour('axis'), { text });
    for (const [x, text] of spec.marks) {
      plot.vline(x, kit.colour('axis'), { dash: [3, 3] });
      plot.label(text, plot.px(x) + 5, plot.box.y + 6, { colour: kit.colour('muted'), halo: true });
    }
    plot.line(...spec.given, kit.colour('ink'), { width: 2 });
  }

  /** A drawn curve, in as many pieces as it has. */
  guess(curve, dash) {
    const { kit, plot, at } = this;
    let from = 0;
    for (let k = 0; k <= curve.length; k += 1) {
      if (k < curve.length && curve[k] !== null) continue;
      plot.line(at.slice(from, k), curve.slice(from, k), kit.colour('threshold'), { width: 3, dash });
      from = k + 1;
    }
  }
}

function askCurve(kit, spec, kept) {
  const picture = new CurvePlot(kit, spec, kit.model.get('question')), { plot, at } = picture, { canvas } = plot;
  const [low, high] = spec.y, last = spec.points - 1;
  const empty = () => kept.value ?? Array(spec.points).fill(null);
  const clip = (v, a, b) => Math.max(a, Math.min(b, v));
  const point = (e) => {
    const box = canvas.getBoundingClientRect(), [a, b] = spec.draw;
    return {
      k: clip(Math.round(((plot.dataX(e.clientX - box.left) - a) / (b - a)) * last), 0, last),
      y: rounded(clip(plot.dataY(e.clientY - box.top), low, high), 6),
    };
  };
  let pen = null, before = null, anchor = 0;
  canvas.classList.add('csnn-drawable');
  const draw = (e) => {
    const to = point(e);
    kept.move(stroke(empty(), pen ?? to, to));
    pen = to;
  };
  kit.listen(canvas, 'pointerdown', (e) => {
    if (e.button !== 0 || !e.isPrimary || kept.sealed) return;
    before = kept.value;
    canvas.setPointerCapture(e.pointerId);
    draw(e);
  });
  kit.listen(canvas, 'pointermove', (e) => { if (pen && e.isPrimary) draw(e); });
  const lift = (keep) => (e) => {
    if (!pen || !e.isPrimary) return;
    pen = null;
    if (keep) kept.put(finished(kept.value, Math.floor(0.04 * last)));
    else kept.move(before);
  };
  kit.listen(canvas, 'pointerup', lift(true));
  kit.listen(canvas, 'pointercancel', lift(false));
  kit.listen(canvas, 'focus', () => kit.redraw());
  kit.listen(canvas, 'blur', () => kit.redraw());
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'slider');
  canvas.setAttribute('aria-valuemin', low);
  canvas.setAttribute('aria-valuemax', high);
  const here = () => Math.round((last * anchor) / ANCHORS);
  keysMove(kit, kept, canvas, (key, e) => {
    const side = { ArrowLeft: -1, ArrowRight: 1, Home: -ANCHORS, End: ANCHORS }[key];
    if (side) {
      anchor = clip(anchor + side, 0, ANCHORS);
      kit.redraw();
      return null;
    }
    const up = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[key];
    if (!up) return undefined;
    const start = spec.given[1].at(-1) ?? (low + high) / 2;
    const whole = empty().map((y) => y ?? clip(start, low, high));
    return nudged(whole, anchor, (up * (e.shiftKey ? 5 : 1) * (high - low)) / 40, spec.y).map((y) => rounded(y, 6));
  });
  return ({ value, sealed }) => {
    canvas.setAttribute('aria-disabled', sealed);
    const y = value?.[here()] ?? null, x = amount(at[here()], { digits: spec.xdigits });
    canvas.setAttribute('aria-valuetext', say([`${spec.xlabel[0]} ${x}：`, `${spec.xlabel[1]} ${x}: `]) + (y === null ? '–' : say(measure(y, spec))));
    if (y === null) canvas.removeAttribute('aria-valuenow');
    else canvas.setAttribute('aria-valuenow', y);
    picture.draw();
    const [a, b] = spec.draw;
    for (const [from, to] of gaps(value, last)) {
      const [left, right] = [from, to].map((k) => a + ((b - a) * k) / last);
      plot.band(left, right, kit.colour('threshold'), value === null ? 0.1 : 0.25);
      if (plot.px(right) - plot.px(left) < 60) continue;      // no room for the words: the band says it
      plot.label(['在这里画', 'draw here'], (plot.px(left) + plot.px(right)) / 2, plot.box.y + plot.box.h / 2, { align: 'center', size: 15, colour: kit.colour('muted') });
    }
    if (value !== null) picture.guess(value, []);
    if (document.activeElement === canvas && !sealed && !pen) {
      plot.vline(at[here()], kit.colour('threshold'), { dash: [2, 3] });
      if (y !== null) plot.dot(at[here()], y, kit.colour('threshold'), { radius: 6, hollow: true });
    }
  };
}

function tellCurve(kit, spec, [xs, ys]) {
  const picture = new CurvePlot(kit, spec, ['你画的曲线与实际的曲线', 'Your curve and the true one']), { plot } = picture;
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  let begun = still ? -Infinity : null;
  const legend = kit.legend([['threshold', ['你画的', 'your guess'], 'dashed'], ['v', ['实际', 'truth']]]);
  return (guess) => {
    begun ??= performance.now();
    const part = Math.min(1, (performance.now() - begun) / 900);    // the truth runs in from the left, once
    legend.firstChild.hidden = guess === null;
    picture.draw();
    if (guess !== null) picture.guess(guess, [7, 5]);
    const count = Math.ceil(part * xs.length);
    plot.line(xs.slice(0, count), ys.slice(0, count), kit.colour('v'), { width: 2.25 });
    if (part < 1) requestAnimationFrame(() => kit.redraw());
  };
}
