// The shared half of every course widget: language, colours, controls, layout.
// base.py puts this file, plot.js and the widget's own script into one ES module.
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

/** One mounted view of a widget: its element, its parameters, its texts, and what must be undone. */
class Kit {
  constructor(model, el) {
    this.model = model;
    this.params = { ...model.get('params') };
    this.undo = [];
    this.texts = [];
    this.palette = {};
    this.setters = {};
    this.rows = {};
    this.draw = () => {};
    this.root = node('article', 'csnn');
    // JupyterLab would take the arrow keys from a slider; it looks at the focused element itself.
    this.listen(this.root, 'focusin', (e) => { e.target.dataset.lmSuppressShortcuts = 'true'; });
    this.title = node('h4', 'csnn-title');
    this.actions = node('div', 'csnn-actions');
    this.panel = node('form', 'csnn-panel');
    this.stage = node('div', 'csnn-stage');
    this.root.append(
      node('header', 'csnn-head', this.title, this.actions),
      node('div', 'csnn-body', this.panel, this.stage));
    this.listen(this.panel, 'submit', (e) => e.preventDefault());
    el.append(this.root);
    this.text(this.title, model.get('title'));
    this.controls = model.get('controls').filter((c) => c.kind in CONTROL).map((spec) => this.control(spec));
  }

  /** addEventListener that is taken back when the view goes. */
  listen(target, type, handler, options) {
    target.addEventListener(type, handler, options);
    this.undo.push(() => target.removeEventListener(type, handler, options));
  }

  /** Keep an element's text in the reader's language. */
  text(element, pair, attribute = null) {
    const put = (lang) => {
      if (attribute) element.setAttribute(attribute, say(pair, lang).replace(/\$|_|\{|\}/g, ''));
      else write(element, pair, lang);
    };
    this.texts.push(put);
    put(language());
    return element;
  }

  control(spec) {
    const { element, set } = CONTROL[spec.kind](this, spec);
    this.setters[spec.name] = set;
    this.rows[spec.name] = element;
    set(this.params[spec.name]);
    this.panel.append(element);
    return element;
  }

  button(label, onClick, parent = this.actions, className = '') {
    const b = node('button', `csnn-button ${className}`);
    b.type = 'button';
    this.text(b, label);
    this.listen(b, 'click', onClick);
    parent.append(b);
    return b;
  }

  /** Show a control only where it has an effect. */
  reveal(name, visible) {
    this.rows[name].hidden = !visible;
  }

  /** A row of labelled numbers; returns show({key: text}). */
  stats(specs, parent = this.stage) {
    const row = node('div', 'csnn-stats');
    const cells = {};
    for (const [key, label] of Object.entries(specs)) {
      cells[key] = node('output');
      row.append(node('div', '', this.text(node('span'), label), cells[key]));
    }
    parent.append(row);
    return (values) => {
      for (const [key, value] of Object.entries(values)) {
        const shown = say(value);
        if (cells[key].textContent !== shown) cells[key].textContent = shown;
      }
    };
  }

  /** What the marks mean: [[colour name, text, "solid" | "dashed" | "dotted" | "bar" | "box"], …]. */
  legend(entries, parent = this.stage) {
    const list = node('ul', 'csnn-legend');
    for (const [colour, text, mark = 'solid'] of entries) {
      const item = node('li', '', this.text(node('span'), text));
      item.dataset.mark = mark;
      item.style.setProperty('--mark', `var(--csnn-${colour})`);
      list.append(item);
    }
    parent.append(list);
    return list;
  }

  note(pair, parent = this.stage) {
    return parent.appendChild(this.text(node('p', 'csnn-note'), pair));
  }

  /** Change parameters from the page; `save` also tells Python. */
  change(values, save = false) {
    for (const [name, value] of Object.entries(values)) {
      this.params[name] = value;
      this.setters[name]?.(value);
    }
    this.redraw();
    if (save) this.save();
  }

  save() {
    this.model.set('params', { ...this.params });
    this.model.save_changes();
  }

  redraw() {
    this.palette = {};
    if (this.stage.clientWidth === 0) {          // out of the page: JupyterLab takes cells out and puts them back
      requestAnimationFrame(() => { if (this.stage.clientWidth > 0) this.redraw(); });
      return;
    }
    this.draw(this.params);
  }

  /** The language changed: every text again, then every plot. */
  speak() {
    const lang = language();
    this.root.lang = LANG_TAG[lang] ?? '';
    this.texts.forEach((put) => put(lang));
    this.redraw();
  }

  colour(name) {
    this.palette[name] ??= this.style.getPropertyValue(`--csnn-${name}`).trim();
    return this.palette[name];
  }

  follow() {
    this.style = getComputedStyle(this.root);
    this.listen(window, 'course-lang', () => this.speak());
    const onParams = () => { this.params = { ...this.model.get('params') }; this.change(this.params); };
    this.model.on('change:params', onParams);
    this.undo.push(() => this.model.off('change:params', onParams));
    const resize = new ResizeObserver(() => this.redraw());
    resize.observe(this.stage);
    const theme = new MutationObserver(() => this.redraw());
    for (const e of [document.body, document.documentElement]) {
      theme.observe(e, { attributes: true, attributeFilter: ['data-jp-theme-light', 'data-theme', 'class'] });
    }
    this.undo.push(() => { resize.disconnect(); theme.disconnect(); });
  }
}

/** How each kind of control is built: spec -> {element, set(value)}. */
const CONTROL = {
  slider(kit, spec) {
    const input = node('input', 'csnn-range');
    Object.assign(input, { type: 'range', min: spec.low, max: spec.high, step: spec.step });
    const output = node('output', 'csnn-value');
    const put = (value) => {
      const unit = say(spec.unit);
      output.textContent = number(value, spec.digits) + (unit ? ` ${unit}` : '');
      input.setAttribute('aria-valuetext', output.textContent);
      input.style.setProperty('--fill', `${(100 * (value - spec.low)) / (spec.high - spec.low)}%`);
    };
    kit.texts.push(() => put(kit.params[spec.name]));
    kit.listen(input, 'input', () => {
      kit.params[spec.name] = input.valueAsNumber;
      put(input.valueAsNumber);
      kit.redraw();
    });
    kit.listen(input, 'change', () => kit.save());
    const label = node('span', 'csnn-label', kit.text(node('span'), spec.label));
    if (spec.symbol) label.append(' ', kit.text(node('span'), `$${spec.symbol}$`));
    return {
      element: node('label', 'csnn-control', label, output, input),
      set: (value) => { input.value = value; put(value); },
    };
  },

  toggle(kit, spec) {
    const input = node('input', 'csnn-switch');
    input.type = 'checkbox';
    input.setAttribute('role', 'switch');
    kit.listen(input, 'change', () => kit.change({ [spec.name]: input.checked }, true));
    return {
      element: node('label', 'csnn-control csnn-toggle', kit.text(node('span', 'csnn-label'), spec.label), input),
      set: (value) => { input.checked = value; },
    };
  },

  choice(kit, spec) {
    const select = node('select', 'csnn-select');
    for (const [value, label] of Object.entries(spec.options)) {
      const option = node('option');
      option.value = value;
      kit.text(option, label);
      select.append(option);
    }
    kit.listen(select, 'change', () => kit.change({ [spec.name]: select.value }, true));
    return {
      element: node('label', 'csnn-control', kit.text(node('span', 'csnn-label'), spec.label), select),
      set: (value) => { select.value = value; },
    };
  },
};

/** anywidget's render: build the view once, then redraw on every change until it goes. */
export function mount({ model, el }, build) {
  const kit = new Kit(model, el);
  kit.follow();
  kit.draw = build(kit);
  kit.speak();
  return () => kit.undo.splice(0).forEach((undo) => undo());
}
