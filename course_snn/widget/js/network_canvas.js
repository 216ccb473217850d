/** Where the clock stands after `seconds` more: in steps, at most at the end of the run. */
export function tick(clock, seconds, speed, steps = LIMITS.steps) {
  return Math.min(steps, clock + seconds * speed);
}

/** The graph under the learner's hands: its history, its run, its clock, and everything that shows them. */
class GraphDesk {
  constructor(kit) {
    Object.assign(this, { kit, history: [], base: null, shown: null, selected: null, clock: 0.5, told: null });
    this.bar();
    this.scene = new GraphScene(kit);
    this.inspector = new GraphInspector(kit, this);
    this.trace = new GraphTrace(kit);
    this.trace.plot.draggable((x) => { this.pause(); this.go(Math.min(x, LIMITS.steps - 0.01)); });
    this.hands = new GraphHands(kit, this.scene, this);
    this.foot();
    kit.listen(this.trace.plot.canvas, 'keydown', (e) => this.key(e));
    this.selected = this.graph.connections[0]?.name ?? null;
  }

  get graph() { return this.kit.params.graph; }

  bar() {
    const { kit } = this;
    this.player = kit.player({ begin: () => this.begin(), frame: (seconds) => this.move(seconds) });
    kit.button(['走一步', 'Step'], () => { this.pause(); this.go(this.clock >= LIMITS.steps - 1 ? 0.5 : Math.floor(this.clock) + 1.5); });
    kit.button(['回到开头', 'Rewind'], () => { this.pause(); this.go(0.5); });
    for (const [kind, text] of [['input', ['＋输入', '+ input']], ['if', ['＋IF', '+ IF']], ['lif', ['＋LIF', '+ LIF']]]) kit.button(text, () => this.add(kind));
    this.back = kit.button(['撤销', 'Undo'], () => this.undo());
    kit.act(kit.rows.speed);
    this.examples(kit.model.get('controls').find((c) => c.kind === 'graph').examples);
  }

  examples(examples) {
    const select = node('select', 'csnn-select csnn-examples');
    this.kit.text(select, ['换成一个例子', 'Load an example'], 'aria-label');
    for (const [value, [label]] of [['', [['例子…', 'Examples…']]], ...Object.entries(examples)]) {
      select.append(this.kit.text(Object.assign(node('option'), { value }), label));
    }
    this.kit.listen(select, 'change', () => {
      if (!select.value) return;
      const [, graph] = examples[select.value];
      select.value = '';
      this.pause();
      this.clock = 0.5;
      this.selected = graph.connections[0]?.name ?? null;
      this.edit(graph);
    });
    this.kit.act(select);
  }

  foot() {
    const { kit } = this, row = kit.stage.appendChild(node('div', 'csnn-code'));
    this.line = row.appendChild(node('code'));
    this.copy = kit.button(['复制', 'Copy'], () => this.copied(), row);
    this.whole = kit.button(['全部 Python', 'All Python'], () => this.toggleCode(), row);
    this.whole.setAttribute('aria-expanded', 'false');
    this.text = kit.stage.appendChild(node('pre', 'csnn-pre'));
    this.text.hidden = true;
    this.text.tabIndex = 0;
    kit.text(this.text, ['整个图的 Python', 'Python of the whole graph'], 'aria-label');
    kit.legend([['exc', ['兴奋：实线、箭头', 'excites: solid, head']], ['inh', ['抑制：虚线、短横', 'inhibits: dashed, bar'], 'dashed'], ['ink', ['路上的脉冲', 'spike on its way'], 'round']]);
    this.status = kit.stage.appendChild(node('p', 'csnn-note'));
    this.status.setAttribute('role', 'status');
    kit.texts.push(() => this.tell(this.told));
  }

  /** The line at the bottom: what was refused or is asked for, else how to use the picture. */
  tell(pair) {
    this.told = pair;
    this.status.classList.toggle('csnn-refused', Boolean(pair));
    write(this.status, pair ?? ['数字是“权重 · 延迟”。键盘：Tab 选，方向键移动，回车选中，Delete 删除。', 'The numbers are weight · delay. Keyboard: Tab to reach, arrows to move, Enter to select, Delete to delete.']);
  }

  toggleCode() {
    this.text.hidden = !this.text.hidden;
    this.whole.setAttribute('aria-expanded', String(!this.text.hidden));
  }

  copied() {
    const text = this.text.hidden ? this.line.title || this.line.textContent : this.text.textContent;
    navigator.clipboard?.writeText(text).then(() => this.tell(['已复制。', 'Copied.']), () => getSelection().selectAllChildren(this.text.hidden ? this.line : this.text));
  }

  /** Take an edit: a graph that cannot be is refused with a line; a live one, of a hand still moving, waits for commit. */
  edit(graph, live = false) {
    const why = refusal(graph);
    this.tell(why);
    if (why) { this.kit.redraw(); return; }
    this.base ??= this.graph;
    this.kit.params.graph = graph;
    this.kit.redraw();
    if (!live) this.commit();
  }

  commit() {
    const before = this.base;
    this.base = null;
    if (!before || JSON.stringify(before) === JSON.stringify(this.graph)) return;
    this.history.push(before);
    this.showLines(linesBetween(before, this.graph));
    this.back.disabled = false;
    this.kit.save();
  }

  showLines(lines) {
    if (!lines.length) return;
    this.line.title = lines.join('\n');                        // what is copied, also where there is no room for all of it
    this.line.textContent = lines.length > 4 ? `${lines[0]}  # … + ${lines.length - 1}` : lines.join('; ');
  }

  undo() {
    const before = this.history.pop();
    if (!before) return;
    const lines = linesBetween(this.graph, before);
    this.kit.params.graph = before;
    this.tell(null);
    this.kit.redraw();
    this.showLines(lines);
    this.kit.save();
  }

  select(name) {
    if (this.told) this.tell(null);
    if (name === this.selected) return;
    this.selected = name;
    this.kit.redraw();
  }

  add(kind) {
    const group = newGroup(this.graph, kind, ...freePlace(this.graph));
    this.selected = group.name;
    this.edit(addGroup(this.graph, group));
    this.scene.nodes.get(group.name)?.focus({ preventScroll: true });
  }

  connect(pre, post) {
    if (this.graph.groups.find((g) => g.name === post).kind === 'input') {
      this.tell(['不行：输入只由它的时刻表决定，不能接收连接。', 'Refused: an input fires by its own times; nothing can connect to it.']);
      return;
    }
    const graph = addConnection(this.graph, pre, post);
    this.selected = graph.connections.at(-1).name;
    this.edit(graph);
  }

  remove(name) {
    const focused = this.scene.element.contains(document.activeElement);
    this.selected = null;
    this.edit(remove(this.graph, name));
    if (focused) this.scene.layer.querySelector('button')?.focus({ preventScroll: true });
  }

  /** A spike of an input in the next step; it is one of its times from then on. */
  inject(name) {
    const t = Math.min(LIMITS.steps - 1, Math.floor(this.clock) + 1), group = this.graph.groups.find((g) => g.name === name);
    this.edit(change(this.graph, name, { times: [...new Set([...group.times, t])].sort((a, b) => a - b) }));
  }

  key(e) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (e.key === ' ') this.player.toggle();
    else if (by) { this.pause(); this.go(Math.max(0.5, Math.min(LIMITS.steps - 0.5, Math.floor(this.clock) + by + 0.5))); }
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  go(clock) {
    this.clock = clock;
    this.paint();
  }

  pause() { this.player.stop(); }

  begin() {
    if (this.clock >= LIMITS.steps - 0.5) this.clock = 0;
    this.time = this.clock;                      // goes on smoothly, also where the picture jumps from step to step
  }

  move(seconds) {
    this.time = tick(this.time, seconds, this.kit.params.speed);
    const stand = still() ? Math.min(LIMITS.steps, Math.floor(this.time) + 0.5) : this.time;
    if (stand !== this.clock) this.go(stand);
    return this.time < LIMITS.steps;
  }

  paint() {
    if (!this.run || this.kit.stage.clientWidth === 0) return;
    this.scene.paint(this.graph, this.run, Math.min(this.clock, LIMITS.steps - 0.01), this.hands.rubber);
    this.trace.paint(this.clock);
  }

  /** After an edit, or when size, theme or language changed: everything anew. */
  draw() {
    const { graph } = this;
    if (graph !== this.shown) {
      this.run = simulateGraph(graph);
      this.text.textContent = codeOf(graph);
      if (!this.line.textContent) this.line.textContent = 'net = network.Network()';
      this.shown = graph;
    }
    const there = [...graph.groups, ...graph.connections].some((thing) => thing.name === this.selected);
    if (!there) this.selected = null;
    this.back.disabled = !this.history.length;
    this.inspector.show(graph, this.selected);
    this.scene.lay(graph, this.selected);
    this.trace.lay(graph, this.run, this.selected);
    this.paint();
  }
}

function buildCanvas(kit) {
  const desk = new GraphDesk(kit);
  return () => desk.draw();
}

export default { render: (context) => mount(context, buildCanvas) };
