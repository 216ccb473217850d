// Mouse, touch and keyboard on the picture: move boxes, draw connections, select, delete.

const STEPS_BY_KEY = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class GraphHands {
  constructor(kit, scene, desk) {
    Object.assign(this, { kit, scene, desk, held: null, rubber: null });
    kit.listen(scene.element, 'pointerdown', (e) => this.down(e));
    kit.listen(window, 'pointermove', (e) => this.moved(e));
    kit.listen(window, 'pointerup', (e) => this.up(e));
    kit.listen(window, 'pointercancel', () => this.drop());
    kit.listen(scene.element, 'keydown', (e) => this.key(e));
    kit.listen(scene.element, 'click', (e) => { if (e.detail === 0) this.pick(e.target); });   // Enter or space on a button
  }

  at(e) {
    const box = this.scene.plot.canvas.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  }

  /** The group whose box holds a place, a little around it included; null for none. */
  groupAt([x, y], room = 4) {
    const [w, h] = this.scene.size;
    for (const [name, [cx, cy]] of this.scene.middles) if (Math.abs(x - cx) < w / 2 + room && Math.abs(y - cy) < h / 2 + room) return name;
    return null;
  }

  pick(target) {
    const { group, connection } = target.closest('[data-group], [data-connection]')?.dataset ?? {};
    this.desk.select(group ?? connection ?? null);
  }

  down(e) {
    if (e.button) return;
    const at = this.at(e), box = e.target.closest('[data-group]'), port = e.target.closest('.csnn-port');
    if (this.held?.waiting) { this.connect(at); e.preventDefault(); return; }
    if (port) this.held = { from: box.dataset.group, start: at };
    else if (box) {
      this.desk.select(box.dataset.group);
      const [cx, cy] = this.scene.middles.get(box.dataset.group);
      this.held = { move: box.dataset.group, start: at, off: [cx - at[0], cy - at[1]] };
      box.focus({ preventScroll: true });
    } else if (e.target.closest('[data-connection]')) this.pick(e.target);
    else this.desk.select(this.desk.graph.connections[wayAt(this.scene.ways, ...at)]?.name ?? null);
    if (port || box) e.preventDefault();
  }

  moved(e) {
    if (!this.held) return;
    const at = this.at(e), { move: moving, start, off, from } = this.held;
    this.held.far ||= Math.hypot(at[0] - start[0], at[1] - start[1]) > (e.pointerType === 'touch' ? 10 : 5);
    if (!this.held.far) return;
    if (moving) {
      const { canvas } = this.scene.plot;
      const share = shareAt(at[0] + off[0], at[1] + off[1], canvas.clientWidth, this.scene.height, this.scene.size);
      this.desk.edit(move(this.desk.graph, moving, ...share), true);
      return;
    }
    this.rubber = [this.scene.port(from), at];
    const over = this.groupAt(at);
    for (const [name, button] of this.scene.nodes) button.classList.toggle('csnn-target', name === over);
    this.desk.paint();
  }

  up(e) {
    if (!this.held) return;
    if (this.held.move) { this.held = null; this.desk.commit(); return; }
    if (this.held.far) this.connect(this.at(e));
    else if (!this.held.waiting) {                     // a tap on a port: the next tap says where to
      this.held.waiting = true;
      this.scene.nodes.get(this.held.from).classList.add('csnn-target');
      this.desk.tell(['再点目标方框（或自己），就连上；Esc 取消。', 'Now pick the box to connect to, or the same one; Esc cancels.']);
    }
  }

  connect(at) {
    const { from } = this.held, to = this.groupAt(at);
    this.drop();
    if (to) this.desk.connect(from, to);
  }

  drop() {
    if (this.held?.move) this.desk.commit();
    [this.held, this.rubber] = [null, null];
    for (const button of this.scene.nodes.values()) button.classList.remove('csnn-target');
    this.desk.paint();
  }

  key(e) {
    const { group, connection } = e.target.dataset, step = STEPS_BY_KEY[e.key], name = group ?? connection;
    if (e.key === 'Escape') { this.drop(); this.desk.select(null); }
    else if (!name) return;
    else if (e.key === 'Delete' || e.key === 'Backspace') this.desk.remove(name);
    else if (step && group) this.nudge(group, step, e.shiftKey ? 4 : 1);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  nudge(name, [dx, dy], by) {
    const { x, y } = this.desk.graph.groups.find((g) => g.name === name);
    this.desk.edit(move(this.desk.graph, name, x + 0.02 * by * dx, y + 0.05 * by * dy));
  }
}
