// Playing: one button at one place with one look, and the loop behind it.

const GLYPH = { play: 'M2 0.5v11l9.5-5.5z', pause: 'M1.5 0.5h3.4v11h-3.4zM7.1 0.5h3.4v11h-3.4z' };

/** Does the reader ask for less motion? Then nothing starts by itself, and nothing need glide. */
export const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

function glyph() {
  const holder = node('span');
  holder.innerHTML = '<svg viewBox="0 0 12 12" aria-hidden="true"><path/></svg>';
  return holder.firstChild;
}

/** The Play button of a widget, at the end of its head, and its loop: requestAnimationFrame while it plays, and nothing
 *  else. It stops when the widget is off the screen, hidden, taken out of the page or closed.
 *
 *  frame(seconds) moves on and returns false at the end. `every` ms: how often frame is called (0: with each picture of
 *  the screen, and seconds says how long that took, 0.1 at most). begin() is called before it starts, end() when it has
 *  stopped. auto: it starts by itself when it is seen, again after it was off the screen, never under reduced motion. */
class Player {
  constructor(kit, { frame, every = 0, begin = () => {}, end = () => {}, auto = false }) {
    Object.assign(this, { kit, frame, every, begin, end, auto, request: 0, seen: true });
    this.icon = glyph();
    this.label = node('span');
    this.button = node('button', 'csnn-button csnn-primary csnn-play', this.icon, this.label);
    this.button.type = 'button';
    kit.listen(this.button, 'click', () => this.toggle());
    kit.actions.append(this.button);
    kit.texts.push(() => this.show());
    this.show();
    this.watch();
  }

  watch() {
    const { kit } = this;
    const screen = new IntersectionObserver((found) => {
      this.seen = found.at(-1).isIntersecting;
      if (!this.seen) this.halt();
      else if (this.auto && !still()) this.play();
    });
    screen.observe(kit.root);
    kit.listen(document, 'visibilitychange', () => { if (document.hidden) this.halt(); });
    kit.undo.push(() => { screen.disconnect(); cancelAnimationFrame(this.request); this.request = 0; });
  }

  get running() { return this.request !== 0; }

  show() {
    this.icon.firstChild.setAttribute('d', GLYPH[this.running ? 'pause' : 'play']);
    write(this.label, this.running ? ['暂停', 'Pause'] : ['播放', 'Play']);
  }

  /** What the button does; whoever pauses does not want it to start by itself again. */
  toggle() {
    this.auto = false;
    if (this.running) this.halt();
    else this.play();
  }

  play() {
    if (this.running) return;
    this.begin();
    this.before = performance.now();
    this.held = 0;
    this.request = requestAnimationFrame((now) => this.step(now));
    this.show();
  }

  /** Stop for good: the learner takes over, or it came to its end. */
  stop() {
    this.auto = false;
    this.halt();
  }

  halt() {
    if (!this.running) return;
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.show();
    this.end();
  }

  step(now) {
    const { kit } = this;
    if (!this.seen || !kit.root.isConnected || kit.stage.clientWidth === 0 || document.hidden) { this.halt(); return; }
    const passed = now - this.before;
    this.before = now;
    this.held += passed;
    if (this.held >= this.every) {
      this.held = this.every ? this.held % this.every : 0;
      if (this.frame(Math.min(0.1, Math.max(0, passed) / 1000)) === false) { this.stop(); return; }
    }
    if (this.running) this.request = requestAnimationFrame((next) => this.step(next));
  }
}
