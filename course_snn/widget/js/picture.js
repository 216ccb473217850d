// A picture that can be drawn on, and a time slider that plays.

/** A picture of side x side values in grey, on a canvas of as many pixels. */
class Picture {
  constructor(parent, kit, side, caption) {
    this.canvas = node('canvas', 'csnn-picture');
    this.canvas.width = this.canvas.height = side;
    this.canvas.setAttribute('role', 'img');
    kit.text(this.canvas, caption, 'aria-label');
    this.ctx = this.canvas.getContext('2d');
    this.data = this.ctx.createImageData(side, side);
    parent.append(node('figure', 'csnn-figure', this.canvas, kit.text(node('figcaption'), caption)));
  }

  paint(values, cursor = -1) {
    values.forEach((value, n) => {
      const grey = Math.round(255 * Math.min(1, value));
      this.data.data.set(n === cursor ? [230, 120, 30, 255] : [grey, grey, grey, 255], 4 * n);
    });
    this.ctx.putImageData(this.data, 0, 0);
  }
}

/** Let pointer and keyboard draw on a picture: paint(n, x, y) for pixel n, touched at (x, y) in pixels; done() after a
 *  stroke. Returns {cursor}. */
function drawing(kit, canvas, paint, done) {
  const side = canvas.width;
  const pen = { cursor: -1 };
  const touch = (e) => {
    const box = canvas.getBoundingClientRect();
    const at = (v, size) => Math.max(0, Math.min(side - 1e-6, (v / size) * side));
    const x = at(e.clientX - box.left, box.width), y = at(e.clientY - box.top, box.height);
    paint(Math.floor(y) * side + Math.floor(x), x, y);
  };
  const key = (n) => paint(n, (n % side) + 0.5, Math.floor(n / side) + 0.5);
  canvas.tabIndex = 0;
  canvas.classList.add('csnn-drawable');
  kit.listen(canvas, 'pointerdown', (e) => { canvas.setPointerCapture(e.pointerId); pen.cursor = -1; touch(e); });
  kit.listen(canvas, 'pointermove', (e) => {
    if (canvas.hasPointerCapture(e.pointerId)) (e.getCoalescedEvents?.() ?? [e]).forEach(touch);
  });
  kit.listen(canvas, 'pointerup', done);
  kit.listen(canvas, 'blur', () => { pen.cursor = -1; kit.redraw(); });
  kit.listen(canvas, 'keydown', (e) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -side, ArrowDown: side }[e.key];
    if (by) pen.cursor = (Math.max(pen.cursor, 0) + by + side * side) % (side * side);
    else if (e.key === ' ' || e.key === 'Enter') { key(Math.max(pen.cursor, 0)); done(); } else return;
    e.preventDefault();
    e.stopPropagation();
    kit.redraw();
  });
  return pen;
}

/** A scrub slider over the time steps below the picture, and the Play button. */
function transport(kit) {
  const slider = node('input', 'csnn-range');
  Object.assign(slider, { type: 'range', min: 0, step: 1, value: 1e6 });
  kit.text(slider, ['时间步', 'time step'], 'aria-label');
  const readout = node('output', 'csnn-value');
  kit.stage.appendChild(node('div', 'csnn-transport', slider, readout));
  let last = 0;
  const go = (t) => { slider.value = t; kit.redraw(); };
  const next = () => {
    if (slider.valueAsNumber < last) go(slider.valueAsNumber + 1);
    return slider.valueAsNumber < last;
  };
  const player = kit.player({ every: 120, frame: next, begin: () => { if (slider.valueAsNumber >= last) go(0); } });
  kit.listen(slider, 'input', () => kit.redraw());
  return {
    go,
    /** Fit the slider to T steps; returns the step it stands on. */
    fit(T) {
      const atEnd = slider.valueAsNumber >= last;
      last = T - 1;
      slider.max = last;
      if (atEnd && !player.running) slider.value = last;
      const t = slider.valueAsNumber;
      slider.style.setProperty('--fill', `${(100 * t) / Math.max(1, last)}%`);
      readout.textContent = `${t} / ${last}`;
      return t;
    },
  };
}
