// A time line of spikes that the learner edits: click adds one, drag moves it, double click removes it.
// Every spike is a button with the role of a slider, so that the keyboard can do all of it too.

/** The nearest step to `step` in [0, steps) that no spike of `times` holds, or -1 if all are taken. */
export function freeStep(times, step, steps) {
  for (let d = 0; d < steps; d += 1) {
    for (const t of [step + d, step - d]) if (t >= 0 && t < steps && !times.includes(t)) return t;
  }
  return -1;
}

/** The spikes of parameter `name` on steps 0 … steps-1, under the axes of a Plot with the same margins. */
class SpikeLane {
  constructor(kit, { name, steps, colour, label, edit = {}, left = 54, right = 14 }, parent = kit.stage) {
    Object.assign(this, { kit, name, steps, label, edit });   // edit: other parameters that an edit sets
    this.caption = kit.text(node('span', 'csnn-lane-label'), label);
    this.track = node('div', 'csnn-track');
    this.track.tabIndex = 0;
    this.track.setAttribute('role', 'group');
    kit.text(this.track, [`${label[0]}：按回车添加脉冲`, `${label[1]}: press Enter to add a spike`], 'aria-label');
    this.element = node('div', 'csnn-lane', this.caption, this.track);
    this.element.style.cssText = `--left:${left}px;--right:${right}px;--mark:var(--csnn-${colour})`;
    parent.append(this.element);
    this.marks = [];
    this.held = -1;
    let onTrack = false;                         // a drag that ends beside its spike is a click on the track too
    kit.listen(this.track, 'pointerdown', (e) => { onTrack = e.target === this.track; });
    kit.listen(this.track, 'click', (e) => { if (onTrack && e.target === this.track) this.add(this.stepAt(e.clientX)); });
    kit.listen(this.track, 'keydown', (e) => this.keyOnTrack(e));
    kit.listen(window, 'pointermove', (e) => this.drag(e));
    kit.listen(window, 'pointerup', () => this.drop());
    kit.listen(window, 'pointercancel', () => this.drop());
  }

  get times() { return this.kit.params[this.name]; }

  stepAt(clientX) {
    const box = this.track.getBoundingClientRect();
    const step = Math.round(((clientX - box.left) / box.width) * this.steps - 0.5);
    return Math.max(0, Math.min(this.steps - 1, step));
  }

  set(times, save = true) { this.kit.change({ [this.name]: times, ...this.edit }, save); }

  add(step) {
    const free = freeStep(this.times, step, this.steps);
    if (free < 0) return;
    this.set([...this.times, free].sort((a, b) => a - b));
    this.marks[this.times.indexOf(free)].focus({ preventScroll: true });
  }

  remove(k) {
    this.marks.splice(k, 1)[0].remove();
    this.set(this.times.filter((_, n) => n !== k));
    (this.marks[Math.min(k, this.times.length - 1)] ?? this.track).focus({ preventScroll: true });
  }

  /** Move spike k to a free step; the other spikes keep theirs. Returns where it now stands in the order. */
  move(k, step, save) {
    const rest = this.times.filter((_, n) => n !== k);
    const to = Math.max(0, Math.min(this.steps - 1, step));
    if (rest.includes(to) || to === this.times[k]) return k;
    const times = [...rest, to].sort((a, b) => a - b), place = times.indexOf(to);
    this.marks.splice(place, 0, ...this.marks.splice(k, 1));   // its mark goes with it, past the others
    this.set(times, save);
    return place;
  }

  drag(e) {
    if (this.held < 0) return;
    this.held = this.move(this.held, this.stepAt(e.clientX), false);
  }

  drop() {
    if (this.held < 0) return;
    this.marks[this.held]?.focus({ preventScroll: true });
    this.held = -1;
    this.kit.save();
  }

  keyOnTrack(e) {
    if (e.target !== this.track || (e.key !== 'Enter' && e.key !== ' ')) return;
    e.preventDefault();
    this.add(Math.floor(this.steps / 2));
  }

  keyOnMark(e, k) {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10 }[e.key];
    if (by) {
      let to = this.times[k] + by;
      while (this.times.includes(to)) to += Math.sign(by);     // past the neighbours
      this.marks[this.move(k, to, true)].focus({ preventScroll: true });
    }
    else if (e.key === 'Delete' || e.key === 'Backspace') this.remove(k);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  mark() {
    const button = node('button', 'csnn-mark');
    button.type = 'button';
    button.setAttribute('role', 'slider');
    button.setAttribute('aria-valuemin', 0);
    button.setAttribute('aria-valuemax', this.steps - 1);
    button.addEventListener('pointerdown', (e) => {
      e.preventDefault();
      button.focus({ preventScroll: true });
      this.held = this.marks.indexOf(button);
    });
    button.addEventListener('dblclick', () => this.remove(this.marks.indexOf(button)));
    button.addEventListener('keydown', (e) => this.keyOnMark(e, this.marks.indexOf(button)));
    return button;
  }

  /** Put the marks where the spikes are. */
  draw() {
    while (this.marks.length > this.times.length) this.marks.pop().remove();
    while (this.marks.length < this.times.length) {
      this.marks.push(this.mark());
      this.track.append(this.marks.at(-1));
    }
    this.times.forEach((step, k) => {
      const button = this.marks[k];
      button.style.left = `${(100 * (step + 0.5)) / this.steps}%`;
      button.setAttribute('aria-valuenow', step);
      button.setAttribute('aria-label', say([`${this.label[0]}，第 ${step} 步`, `${this.label[1]}, step ${step}`]));
    });
  }
}
