// Where picture and controls stand. In a wide place the controls have a column of their own, and the whole widget is at
// most TALLEST px high; in a narrow one they stand below the picture, and picture and main controls are together at
// most SCREEN px high. Plots and pictures share the height there is. Controls that are marked `more` stand under "More".

const WIDE = 720, TALLEST = 600, SCREEN = 640, LEAST = 0.5;   // px; the least part of its own height that a plot keeps

class Layout {
  constructor(kit) {
    Object.assign(this, { kit, stale: true, fold: null, under: [], asked: false });
  }

  /** Put a control among the main ones, or under "More". */
  put(element, spec) {
    const { panel } = this.kit;
    if (!spec.more) { panel.insertBefore(element, this.fold); return; }
    this.fold ??= panel.appendChild(this.folded());
    this.under.push(spec);
    this.rows.append(element);
  }

  folded() {
    const { kit } = this;
    this.dot = node('i', 'csnn-dot');
    this.dot.setAttribute('role', 'img');
    kit.text(this.dot, ['有改动', 'changed'], 'aria-label');
    kit.text(this.dot, ['这里有不是初始值的参数', 'Something in here is not at its first value'], 'title');
    const summary = node('summary', 'csnn-summary', kit.text(node('span'), ['更多', 'More']), this.dot);
    kit.listen(summary, 'click', () => { this.asked = true; });
    this.rows = node('div', 'csnn-rows');
    return node('details', 'csnn-more', summary, this.rows);
  }

  /** A dot where something under "More" is not as it was at first. */
  mark() {
    if (this.fold) this.dot.hidden = this.under.every((spec) => this.kit.params[spec.name] === spec.value);
  }

  heights() { return this.kit.plots.map((plot) => plot.options.height).join(); }

  apply(share) {
    this.kit.root.style.setProperty('--csnn-share', share);
    this.kit.plots.forEach((plot) => plot.stretch(share));
    return high(this.kit.stage);
  }

  /** Share out the height anew; returns whether plots have another height now. */
  fit() {
    const { kit, fold } = this, before = this.heights();
    this.stale = false;
    const wide = kit.root.clientWidth >= WIDE;
    if (fold && !this.asked) fold.open = false;
    const closed = content(kit.panel) - (fold?.open ? high(this.rows) : 0);
    const below = wide && left(kit.panel) < left(kit.stage) ? 0 : closed;
    const room = (wide ? TALLEST - 4 - high(kit.head) - high(kit.foot) : SCREEN) - below;
    const whole = this.apply(1);
    if (whole > room) {
      const least = this.apply(LEAST), share = LEAST + ((1 - LEAST) * (room - least)) / Math.max(1, whole - least);
      this.apply(Math.max(LEAST, Math.min(1, share)));
    }
    if (fold && !this.asked && !below) {            // open where that costs no height
      fold.open = true;
      fold.open = content(kit.panel) <= high(kit.stage) + high(kit.foot);
    }
    return this.heights() !== before;
  }
}

const high = (element) => element.getBoundingClientRect().height;
const left = (element) => element.getBoundingClientRect().left;

/** How high a panel is without what stretches it. */
function content(panel) {
  const last = [...panel.children].findLast((child) => high(child) > 0);
  if (!last) return 0;
  const { top } = panel.getBoundingClientRect();
  return last.getBoundingClientRect().bottom - top + parseFloat(getComputedStyle(panel).paddingBottom);
}
