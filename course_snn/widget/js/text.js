// The shared half of every course widget, in six files: texts and numbers (this one), controls, layout, play, the kit
// itself (common.js) and plots. base.py puts them and the widget's own script into one ES module.
// A text is a pair [中文, English]; "$V_{th}$" inside it is set as mathematics.

const LANG_TAG = { zh: 'zh-CN', en: 'en-GB' };   // longer than the bare tags that the language switch hides

/** The course language now: what the switch wrote on <body>, else the browser's. */
export function language() {
  const chosen = document.body.dataset.courseLang;
  if (chosen === 'zh' || chosen === 'en' || chosen === 'both') return chosen;
  return /^zh/i.test(navigator.language) ? 'zh' : 'en';
}

/** One string out of a [中文, English] pair. */
export function say(text, lang = language()) {
  if (!Array.isArray(text)) return text;
  const [zh, en] = text;
  if (lang === 'both' && zh !== en) return `${zh} · ${en}`;
  return lang === 'en' ? en : zh;
}

/** Cut "a $V_{th}$ b" into pieces {text, math, sub}. */
export function pieces(source) {
  const out = [];
  source.split('$').forEach((part, k) => {
    if (k % 2 === 0) {
      if (part) out.push({ text: part, math: false, sub: false });
      return;
    }
    for (const m of part.matchAll(/_\{([^}]*)\}|[^_]+/g)) {
      out.push({ text: m[1] ?? m[0], math: true, sub: m[1] !== undefined });
    }
  });
  return out;
}

/** Write a bilingual text, mathematics included, into an element. */
export function write(element, text, lang = language()) {
  element.replaceChildren(...pieces(say(text, lang)).map(({ text: t, math, sub }) => {
    if (!math) return document.createTextNode(t);
    const node = document.createElement(sub ? 'sub' : 'span');
    node.textContent = t;
    if (!sub && !/^[\d\s.=+−·×()/–∞<>≥≤]+$/.test(t)) node.className = 'csnn-math';
    return node;
  }));
}

/** A number for a read-out: fixed digits, a true minus sign, a dash when there is none. */
export function number(value, digits = 2) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (value === Infinity) return '∞';
  return value.toFixed(digits).replace(/^-(?=0\.?0*$)/, '').replace('-', '−');
}

/** A seeded generator of uniform numbers in [0, 1), so that a widget replays the same noise. */
export function mulberry32(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6D2B79F5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A traitlets.Bytes of the model, a DataView here, as an array of numbers; a copy, which may begin at any byte. */
export function unpack(model, name, Type) {
  const view = model.get(name);
  return new Type(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** Round to the nearest integer, a half to the even one, as torch.round does. */
export function roundHalfEven(x) {
  const low = Math.floor(x), rest = x - low;
  if (rest !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

function node(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children);
  return e;
}
