// The row under the picture where the selected group or connection is changed.

const RANGES = { weight: [-3, 3, 0.05], v_th: [0.1, 3, 0.05], tau_m: [1, 40, 0.5], delay: [0, LIMITS.delay, 1], every: [0, 30, 1] };
const FIELD_TEXT = {
  weight: ['权重', 'weight'], delay: ['延迟（步）', 'delay (steps)'], v_th: ['阈值 $v_{th}$', 'threshold $v_{th}$'],
  tau_m: ['$τ_{m}$（步）', '$τ_{m}$ (steps)'], every: ['每几步发放', 'every … steps'], times: ['另在这些步', 'and at steps'],
};

class GraphInspector {
  /** desk: {edit(graph, live), commit(), remove(name), inject(name), graph}. */
  constructor(kit, desk) {
    Object.assign(this, { kit, desk, built: '', setters: [] });
    this.element = kit.stage.appendChild(node('div', 'csnn-inspector'));
    kit.text(this.element, ['选中之物的参数', 'Parameters of the selection'], 'aria-label');
    this.element.setAttribute('role', 'group');
  }

  /** Build the fields anew only when another thing, model or language is shown: a field in use keeps the focus. */
  show(graph, name) {
    const group = graph.groups.find((g) => g.name === name), con = graph.connections.find((c) => c.name === name);
    const key = [name, group?.kind, con?.pre, con?.post, language(), group && graph.groups.map((g) => g.name)].join();
    if (key !== this.built) {
      const had = this.element.contains(document.activeElement) ? document.activeElement.dataset.field : null;
      this.setters = [];
      this.element.replaceChildren();
      if (group) this.buildGroup(group, graph);
      else if (con) this.buildConnection(con);
      else this.say(['点一个方框或连接上的数字来修改它；从方框右边的圆点拖到另一个方框（或自己），就连上了。', 'Pick a box or the number on a connection to change it; drag from the dot at a box to another box, or back to itself, to connect.']);
      this.built = key;
      if (had) this.element.querySelector(`[data-field="${had}"]`)?.focus({ preventScroll: true });
    }
    for (const set of this.setters) set(group ?? con);
  }

  say(pair) {
    const text = this.element.appendChild(node('span', 'csnn-hint'));
    write(text, pair);
  }

  head(text) { this.element.append(node('b', 'csnn-what', text)); }

  button(pair, press, field) {
    const button = this.element.appendChild(node('button', 'csnn-button'));
    button.type = 'button';
    button.dataset.field = field;
    write(button, pair);
    button.addEventListener('click', press);
  }

  field(name, thing) {
    const [low, high, step] = RANGES[name], input = node('input', 'csnn-range'), output = node('output', 'csnn-value');
    Object.assign(input, { type: 'range', min: low, max: high, step });
    input.dataset.field = name;
    const label = node('span', 'csnn-label');
    write(label, FIELD_TEXT[name]);
    this.element.append(node('label', 'csnn-control', label, output, input));
    input.addEventListener('input', () => this.desk.edit(change(this.desk.graph, thing.name, { [name]: input.valueAsNumber }), true));
    input.addEventListener('change', () => this.desk.commit());
    this.setters.push((now) => {
      input.value = now[name];
      output.textContent = name === 'every' && !now.every ? say(['不', 'off']) : number(now[name], Number.isInteger(step) ? 0 : 2);
      input.setAttribute('aria-valuetext', output.textContent);
      input.style.setProperty('--fill', `${(100 * (now[name] - low)) / (high - low)}%`);
    });
  }

  buildConnection(con) {
    this.head(`${con.name}: ${con.pre} → ${con.post}`);
    this.field('weight', con);
    this.field('delay', con);
    this.button(['删除', 'Delete'], () => this.desk.remove(con.name), 'delete');
  }

  buildGroup(group, graph) {
    this.head(group.name);
    if (group.kind === 'input') {
      this.field('every', group);
      this.times(group);
      this.button(['现在发一个脉冲', 'Spike now'], () => this.desk.inject(group.name), 'inject');
    } else {
      const models = { if: 'IF', lif: 'LIF' };
      const select = this.select(['模型', 'model'], models, 'model', (kind) => this.desk.edit(setModel(this.desk.graph, group.name, kind)));
      this.setters.push((now) => { select.value = now.kind; });
      this.field('v_th', group);
      if (group.kind === 'lif') this.field('tau_m', group);
    }
    const targets = graph.groups.filter((g) => g.kind !== 'input').map((g) => [g.name, g.name === group.name ? say([`${g.name}（自己）`, `${g.name} (itself)`]) : g.name]);
    const link = this.select(['连到', 'connect to'], { '': '…', ...Object.fromEntries(targets) }, 'link', (post) => {
      link.value = '';
      if (post) this.desk.connect(group.name, post);
    });
    this.button(['删除', 'Delete'], () => this.desk.remove(group.name), 'delete');
  }

  select(pair, options, field, pick) {
    const select = node('select', 'csnn-select'), label = node('span', 'csnn-label');
    write(label, pair);
    select.dataset.field = field;
    for (const [value, text] of Object.entries(options)) select.append(Object.assign(node('option', '', text), { value }));
    select.addEventListener('change', () => pick(select.value));
    this.element.append(node('label', 'csnn-control csnn-pick', label, select));
    return select;
  }

  times(group) {
    const input = node('input', 'csnn-text'), label = node('span', 'csnn-label');
    Object.assign(input, { type: 'text', inputMode: 'numeric', placeholder: '2, 9, 30' });
    input.dataset.field = 'times';
    write(label, FIELD_TEXT.times);
    input.addEventListener('change', () => {
      this.desk.edit(change(this.desk.graph, group.name, { times: readTimes(input.value) }));
      this.set(input, this.desk.graph, group.name);
    });
    this.element.append(node('label', 'csnn-control', label, input));
    this.setters.push((now) => { input.value = now.times.join(', '); });
  }

  set(input, graph, name) { input.value = graph.groups.find((g) => g.name === name).times.join(', '); }
}
