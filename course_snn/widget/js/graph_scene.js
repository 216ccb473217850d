// What a learner sees of a graph: boxes and numbers as buttons over a canvas with the connections and what travels.

const KIND_TEXT = { input: ['输入', 'input'], if: ['IF', 'IF'], lif: ['LIF', 'LIF'] };

/** The mark at the end of a connection: a filled head excites, a bar inhibits. */
function drawHead(ctx, [x, y, angle], weight) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.setLineDash([]);
  ctx.beginPath();
  if (weight < 0) {
    ctx.lineWidth = 3;
    ctx.moveTo(-1, -6.5);
    ctx.lineTo(-1, 6.5);
    ctx.stroke();
  } else {
    ctx.moveTo(2, 0);
    ctx.lineTo(-8, -5);
    ctx.lineTo(-8, 5);
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}

function trace(ctx, points) {
  ctx.beginPath();
  points.forEach(([x, y], k) => (k ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.stroke();
}

class GraphScene {
  constructor(kit, height = 270) {
    Object.assign(this, { kit, height, nodes: new Map(), numbers: new Map(), lit: new Set(), ways: [] });
    this.element = kit.stage.appendChild(node('div', 'csnn-scene'));
    this.plot = new Plot(kit, { height, axes: false, left: 0, right: 0, top: 0, bottom: 0, label: ['神经元群与连接', 'Groups and connections'] }, this.element);
    this.sheet = document.createElement('canvas');
    this.layer = this.element.appendChild(node('div', 'csnn-layer'));
  }

  get size() { return this.plot.canvas.clientWidth < 480 ? [54, 36, 12] : [64, 38, 12]; }

  place(graph) {
    const picture = [this.plot.canvas.clientWidth, this.height];
    const [middles, ways] = routeAll(graph, ...picture, this.size);
    [this.middles, this.ways] = [new Map(Object.entries(middles)), ways];
  }

  /** Put everything where it belongs and draw the connections, which then stay as they are until the next edit. */
  lay(graph, selected) {
    this.place(graph);
    this.layNodes(graph, selected);
    this.layNumbers(graph, selected);
    this.plot.begin();
    Object.assign(this.sheet, { width: this.plot.canvas.width, height: this.plot.canvas.height });
    const ctx = this.sheet.getContext('2d'), ratio = this.plot.canvas.width / this.plot.width;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    graph.connections.forEach((con, n) => this.drawWay(ctx, con, this.ways[n].points, con.name === selected));
  }

  drawWay(ctx, con, points, chosen) {
    const colour = this.kit.colour(con.weight < 0 ? 'inh' : 'exc');
    Object.assign(ctx, { strokeStyle: colour, fillStyle: colour, lineCap: 'butt', lineJoin: 'round' });
    if (chosen) {
      Object.assign(ctx, { lineWidth: 9, globalAlpha: 0.2 });
      trace(ctx, points);
    }
    Object.assign(ctx, { lineWidth: 1.2 + 1.1 * Math.min(1.5, Math.abs(con.weight)), globalAlpha: con.weight === 0 ? 0.4 : 1 });
    ctx.setLineDash(con.weight < 0 ? [6, 4] : []);
    trace(ctx, points);
    ctx.setLineDash([]);
    ctx.lineWidth = 1.5;
    for (let k = 1; k < con.delay; k += 1) {                    // where a spike is after each of its steps
      const [x, y, angle] = along(points, k / con.delay), [dx, dy] = [4 * Math.sin(angle), -4 * Math.cos(angle)];
      trace(ctx, [[x - dx, y - dy], [x + dx, y + dy]]);
    }
    drawHead(ctx, along(points, 1), con.weight);
    ctx.globalAlpha = 1;
  }

  /** One button for each of `things`, kept from one edit to the next so that it keeps the focus. */
  keep(buttons, things, make) {
    for (const [name, button] of buttons) {
      if (things.some((thing) => thing.name === name)) continue;
      button.remove();
      buttons.delete(name);
    }
    things.forEach(({ name }) => { if (!buttons.has(name)) buttons.set(name, this.layer.appendChild(make(name))); });
  }

  layNodes(graph, selected) {
    this.keep(this.nodes, graph.groups, (name) => {
      const button = node('button', 'csnn-node', node('b', '', name), node('span'), node('i', 'csnn-port'));
      button.type = 'button';
      button.dataset.group = name;
      return button;
    });
    const [w, h] = this.size;
    for (const group of graph.groups) {
      const button = this.nodes.get(group.name), [x, y] = this.middles.get(group.name);
      button.style.cssText = `left:${x - w / 2}px;top:${y - h / 2}px;width:${w}px;height:${h}px`;
      button.dataset.kind = group.kind;
      button.children[1].textContent = `${say(KIND_TEXT[group.kind])} · 1`;
      button.setAttribute('aria-pressed', group.name === selected);
      button.setAttribute('aria-label', say([`${group.name}，${KIND_TEXT[group.kind][0]}，1 个神经元`, `${group.name}, ${KIND_TEXT[group.kind][1]}, 1 neuron`]));
      button.firstChild.style.fontSize = group.name.length > 6 ? `${Math.max(8, (1.5 * w) / group.name.length)}px` : '';
    }
  }

  layNumbers(graph, selected) {
    this.keep(this.numbers, graph.connections, (name) => {
      const button = node('button', 'csnn-number');
      button.type = 'button';
      button.dataset.connection = name;
      return button;
    });
    const crowded = graph.connections.length > 16;
    graph.connections.forEach((con, n) => {
      const button = this.numbers.get(con.name), chosen = con.name === selected, small = crowded && !chosen;
      const [x, y] = small ? along(this.ways[n].points, 0.5) : this.ways[n].label;
      const text = `${number(con.weight, 2).replace(/0$/, '')} · d${con.delay}`;
      button.textContent = small ? '' : text;
      button.classList.toggle('csnn-small', small);
      button.dataset.sign = con.weight < 0 ? 'inh' : 'exc';
      button.style.cssText = `left:${x}px;top:${y}px`;
      button.setAttribute('aria-pressed', chosen);
      button.setAttribute('aria-label', say([`连接 ${con.name}：${con.pre} 到 ${con.post}，权重与延迟 ${text}`, `Connection ${con.name}: ${con.pre} to ${con.post}, weight and delay ${text}`]));
    });
  }

  /** One frame: the connections as they were laid, the spikes on their way, the groups that fire; `rubber`: a line
   *  from a port to the pointer. */
  paint(graph, run, clock, rubber) {
    const { ctx, canvas, width } = this.plot, t = Math.floor(clock);
    ctx.clearRect(0, 0, width, this.height);
    ctx.drawImage(this.sheet, 0, 0, canvas.width, canvas.height, 0, 0, width, this.height);
    for (const k of passing(graph, run, t)) this.glow(ctx, k);
    for (const [k, share] of inFlight(graph, run, clock)) {
      const [x, y] = along(this.ways[k].points, share);
      Object.assign(ctx, { fillStyle: this.kit.colour('ink'), strokeStyle: this.kit.colour('paper'), lineWidth: 1.5 });
      this.plot.disc(x, y, 5);
      ctx.stroke();
    }
    if (rubber) this.drawRubber(ctx, rubber);
    for (const [name, button] of this.nodes) {
      const on = run[name].o[t] === 1;
      if (on === this.lit.has(name)) continue;
      this.lit[on ? 'add' : 'delete'](name);
      button.classList.toggle('csnn-fires', on);
    }
  }

  glow(ctx, k) {
    Object.assign(ctx, { strokeStyle: this.kit.colour('ink'), lineWidth: 5, globalAlpha: 0.5 });
    trace(ctx, this.ways[k].points);
    ctx.globalAlpha = 1;
  }

  drawRubber(ctx, [from, to]) {
    Object.assign(ctx, { strokeStyle: this.kit.colour('accent'), lineWidth: 2 });
    ctx.setLineDash([3, 3]);
    trace(ctx, [from, to]);
    ctx.setLineDash([]);
  }

  port(name) {
    const [x, y] = this.middles.get(name);
    return [x + this.size[0] / 2, y];
  }
}
