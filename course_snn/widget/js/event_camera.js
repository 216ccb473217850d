// The event camera of course_snn.data.camera in the page: brightness in, events out, in its float32 arithmetic.

const DARK = f32of(0.02);   // what a pixel reports in the dark, as a part of full brightness

function f32of(value) { return Math.fround(value); }

/** Pixels that follow log brightness; on, off: thresholds, one for all or one for each; refractory: blind time in s. */
export class EventPixels {
  constructor(count, { on, off = on, refractory = 0 }) {
    this.level = null;
    this.memory = new Float32Array(count);
    this.last = new Float64Array(count).fill(-Infinity);
    this.set({ on, off, refractory });
  }

  set({ on, off = on, refractory }) {
    const each = (value) => (typeof value === 'number' ? new Float32Array(this.memory.length).fill(value) : Float32Array.from(value));
    Object.assign(this, { on: each(on), off: each(off), refractory });
  }

  /** One picture, seen at `now` seconds -> its events since the last one: {t (s), pixel, p}, pixel by pixel. */
  see(picture, now) {
    const out = { t: [], pixel: [], p: [] }, first = !this.level, from = this.time;
    this.level ??= new Float32Array(picture.length);
    this.time = now;
    for (let n = 0; n < picture.length; n += 1) {
      const level = f32of(Math.log(f32of(f32of(picture[n]) + DARK))), before = this.level[n];
      this.level[n] = level;
      if (first) this.memory[n] = level;
      else this.cross(n, before, level, from, now, out);
    }
    return out;
  }

  /** Between two pictures the level of a pixel runs in a straight line: when does it cross thresholds? */
  cross(n, before, level, from, now, out) {
    const change = f32of(level - this.memory[n]), up = change > 0, threshold = (up ? this.on : this.off)[n];
    const count = Math.trunc(f32of(Math.abs(change) * f32of(1 / threshold)));
    if (!count) return;
    const step = up ? threshold : -threshold, slope = f32of(level - before), rest = f32of(this.memory[n] - before);
    for (let k = 1; k <= count; k += 1) {
      const part = Math.min(1, Math.max(0, (rest + f32of(k * step)) / slope)) || 0, t = from + part * (now - from);
      if (t - this.last[n] < this.refractory) continue;
      this.last[n] = t;
      out.t.push(t);
      out.pixel.push(n);
      out.p.push(up ? 1 : 0);
    }
    this.memory[n] = f32of(this.memory[n] + f32of(count * step));
  }
}

/** Every event of a movie [F][pixels] at `rate` pictures a second. */
export function recordMovie(movie, rate, settings) {
  const pixels = new EventPixels(movie[0].length, settings), all = { t: [], pixel: [], p: [] };
  movie.forEach((picture, f) => {
    const found = pixels.see(picture, f / rate);
    for (const key of ['t', 'pixel', 'p']) all[key].push(...found[key]);
  });
  return all;
}

/** Light of a colour picture (RGBA bytes) per pixel, 0 … 1: sRGB made linear, then weighted as the eye does. */
export function luminance(rgba, out = new Float32Array(rgba.length / 4)) {
  for (let n = 0; n < out.length; n += 1) {
    out[n] = 0.2126 * LINEAR[rgba[4 * n]] + 0.7152 * LINEAR[rgba[4 * n + 1]] + 0.0722 * LINEAR[rgba[4 * n + 2]];
  }
  return out;
}

const LINEAR = Float64Array.from({ length: 256 }, (_, n) => (n / 255 <= 0.04045 ? n / 3294.6 : ((n / 255 + 0.055) / 1.055) ** 2.4));
