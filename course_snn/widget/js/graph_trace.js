// The voltages and spikes of all groups under the graph; dragging along it moves the clock.

class GraphTrace {
  constructor(kit, height = 138) {
    this.kit = kit;
    this.plot = new Plot(kit, {
      height, left: 54, top: 4, x: [0, LIMITS.steps], y: [0, 1], yticks: false, bottom: 34,
      xlabel: ['时间步', 'time step'], label: ['各群的膜电位与脉冲', 'Membrane potentials and spikes of the groups'],
    });
    this.sheet = document.createElement('canvas');
    this.plot.canvas.tabIndex = 0;
  }

  /** Draw every group's row once; a frame then only copies them. */
  lay(graph, run, selected) {
    const { plot } = this, n = Math.max(1, graph.groups.length);
    plot.begin();
    graph.groups.forEach((group, k) => this.row(group, run[group.name], k, plot.box.h / n, group.name === selected));
    Object.assign(this.sheet, { width: plot.canvas.width, height: plot.canvas.height });
    this.sheet.getContext('2d').drawImage(plot.canvas, 0, 0);
  }

  row(group, { o, v }, k, tall, chosen) {
    const { plot, kit } = this, { ctx, box } = plot, top = box.y + k * tall;
    if (chosen) {
      ctx.fillStyle = kit.colour('raised');
      ctx.fillRect(box.x, top, box.w, tall);
    }
    const size = Math.min(11.5, 1.15 * tall);
    if (size > 7 || chosen) plot.label(group.name, box.x - 7, top + tall / 2, { align: 'right', size: Math.max(9, size), room: box.x - 10, colour: kit.colour(chosen ? 'accent' : 'muted') });
    if (group.kind !== 'input' && tall > 11) this.voltage(group, v, top, tall);
    ctx.fillStyle = kit.colour(group.kind === 'input' ? 'ink' : 'spike');
    const high = tall > 6 ? tall - 3 : tall - 1;
    o.forEach((spike, t) => { if (spike) ctx.fillRect(plot.px(t + 0.5) - 1.25, top + 1, 2.5, high); });
  }

  voltage({ v_th }, v, top, tall) {
    const { ctx, box } = this.plot, low = Math.min(-0.2 * v_th, ...v);
    const y = (value) => top + 2 + (1 - (value - low) / (v_th - low)) * (tall - 4);
    const line = (points, colour, width, dash) => {
      Object.assign(ctx, { strokeStyle: this.kit.colour(colour), lineWidth: width });
      ctx.setLineDash(dash);
      trace(ctx, points);
      ctx.setLineDash([]);
    };
    line([[box.x, y(0)], [box.x + box.w, y(0)]], 'grid', 1, []);
    line([[box.x, y(v_th)], [box.x + box.w, y(v_th)]], 'threshold', 1, [3, 4]);
    line(v.flatMap((value, t) => [[this.plot.px(t), y(value)], [this.plot.px(t + 1), y(value)]]), 'v', 1.5, []);
  }

  /** One frame: what has happened as it is, what will happen pale, and the clock. */
  paint(clock) {
    const { plot, sheet, kit } = this, { ctx, canvas, box } = plot, ratio = canvas.width / plot.width;
    const now = plot.px(Math.min(clock, LIMITS.steps)), below = box.y + box.h, { height } = plot.options;
    ctx.clearRect(0, 0, plot.width, height);
    ctx.drawImage(sheet, 0, 0, now * ratio, below * ratio, 0, 0, now, below);
    ctx.globalAlpha = 0.3;
    if (plot.width > now) ctx.drawImage(sheet, now * ratio, 0, sheet.width - now * ratio, below * ratio, now, 0, plot.width - now, below);
    ctx.globalAlpha = 1;
    ctx.drawImage(sheet, 0, below * ratio, sheet.width, sheet.height - below * ratio, 0, below, plot.width, height - below);
    ctx.fillStyle = kit.colour('accent');
    ctx.fillRect(now - 1, box.y, 2, box.h);
  }
}
