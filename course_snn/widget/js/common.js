// A widget's view.

/** One mounted view of a widget: its element, its parameters, its texts, and what must be undone. */
class Kit {
  constructor(model, el) {
    this.model = model;
    this.params = { ...model.get('params') };
    this.undo = [];
    this.texts = [];
    this.plots = [];
    this.palette = {};
    this.setters = {};
    this.rows = {};
    this.draw = () => {};
    this.root = node('article', 'csnn');
    // JupyterLab would take the arrow keys from a slider; it looks at the focused element itself.
    this.listen(this.root, 'focusin', (e) => { e.target.dataset.lmSuppressShortcuts = 'true'; });
    this.title = node('h4', 'csnn-title');
    this.actions = node('div', 'csnn-actions');
    this.head = node('header', 'csnn-head', this.title, this.actions);
    this.stage = node('div', 'csnn-stage');       // the picture,
    this.panel = node('form', 'csnn-panel');      // what moves it,
    this.foot = node('div', 'csnn-foot');         // and what is read off it
    this.ruler = node('div', 'csnn-ruler');
    this.root.append(this.head, node('div', 'csnn-body', this.stage, this.panel, this.foot), this.ruler);
    this.layout = new Layout(this);
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
    this.layout.put(element, spec);
    return element;
  }

  button(label, onClick, parent = this.actions, className = '') {
    const b = node('button', `csnn-button ${className}`);
    b.type = 'button';
    this.text(b, label);
    this.listen(b, 'click', onClick);
    return parent === this.actions ? this.act(b) : parent.appendChild(b);
  }

  /** Put something among the actions at the top right, where Play stands last. */
  act(element) { return this.actions.insertBefore(element, this.actions.querySelector(':scope > .csnn-play')); }

  /** The Play button and its loop, see play.js. */
  player(options) { return new Player(this, options); }

  /** Show a control only where it has an effect. */
  reveal(name, visible) {
    this.rows[name].hidden = !visible;
  }

  /** A row of labelled numbers; returns show({key: text}). */
  stats(specs, parent = this.foot) {
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

  /** What the marks mean: [[colour name, text, mark], …], with a mark of DASH in plot.js,
   *  or "area", "bar", "box", "frame", "ring", "round". No two lines of a legend have the same mark. */
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

  /** Two places, for pictures and for plots: beside each other, the first `width` px, where there is room. */
  beside(width) {
    const both = this.stage.appendChild(node('div', 'csnn-beside', node('div', 'csnn-pictures'), node('div')));
    both.style.setProperty('--beside', `${width}px`);
    return [...both.children];
  }

  note(pair, parent = this.foot) {
    return parent.appendChild(this.text(node('p', 'csnn-note'), pair));
  }

  /** Change parameters from the page; `save` also tells Python. */
  change(values, save = false) {
    try {
      for (const [name, value] of Object.entries(values)) {
        this.params[name] = value;
        this.setters[name]?.(value);
      }
    } catch (error) {
      if (!this.mounted) throw error;
      this.fail(error);
      return;
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
    try {
      this.draw(this.params);
      this.layout.mark();
      if (this.layout.stale && this.layout.fit()) this.draw(this.params);
    } catch (error) { // data from a stranger's notebook: say so once, and stop
      if (!this.mounted) throw error;
      this.fail(error);
    }
  }

  /** What it was given cannot be shown any more: a sentence takes its place, and nothing goes on. */
  fail(error) {
    this.undo.splice(0).forEach((undo) => undo());
    this.draw = () => {};
    const said = node('p', 'csnn-note');
    write(said, ['这里的数据画不出来。运行这个单元格，就换成新的。', 'These data cannot be drawn. Run the cell for new ones.']);
    this.root.replaceChildren(said);
    console.warn('a widget gives up:', error);
  }

  /** The language changed: every text again, then every plot. */
  speak() {
    const lang = language();
    this.root.lang = LANG_TAG[lang] ?? '';
    this.texts.forEach((put) => put(lang));
    this.layout.stale = true;
    this.redraw();
  }

  colour(name) {
    this.palette[name] ??= this.style.getPropertyValue(`--csnn-${name}`).trim();
    return this.palette[name];
  }

  /** The colour of a place in an order, 0 … 1, on the sequential map. */
  scale(value) { return scaleColour(value, this.colour('dark') === '1'); }

  follow() {
    this.style = getComputedStyle(this.root);
    this.listen(window, 'course-lang', () => this.speak());
    const onParams = () => { this.params = { ...this.model.get('params') }; this.change(this.params); };
    this.model.on('change:params', onParams);
    this.undo.push(() => this.model.off('change:params', onParams));
    const resize = new ResizeObserver(() => { this.layout.stale = true; this.redraw(); });
    resize.observe(this.ruler);                   // it has a width and no height: heights are ours
    this.print();
    const theme = new MutationObserver(() => this.redraw());
    for (const e of [document.body, document.documentElement]) {
      theme.observe(e, { attributes: true, attributeFilter: ['data-jp-theme-light', 'data-theme', 'class'] });
    }
    this.undo.push(() => { resize.disconnect(); theme.disconnect(); });
  }

  /** On paper the theme is light. */
  print() {
    for (const [event, on] of [['beforeprint', true], ['afterprint', false]]) {
      this.listen(window, event, () => { this.root.classList.toggle('csnn-print', on); this.redraw(); });
    }
  }
}

/** anywidget's render: build the view once, then redraw on every change until it goes. */
export function mount({ model, el }, build) {
  const kit = new Kit(model, el);
  const leave = () => kit.undo.splice(0).forEach((undo) => undo());
  try {
    kit.follow();
    kit.draw = build(kit);
    kit.speak();
    kit.mounted = true;
  } catch (error) { // data it cannot show: it must not go on listening
    leave();
    kit.root.remove();
    throw error;
  }
  return leave;
}
