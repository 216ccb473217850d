const ROW = 62, DARK = '#14181c';

/** The slot of a timetable at a stage and time, or null: the stage waits. */
export function slotAt(rows, stage, time) {
  return rows.find((row) => row.stage === stage && row.start <= time && time < row.end) ?? null;
}

const many = (count) => `${count} ${count === 1 ? 'chunk' : 'chunks'}`;

class TimetableView {
  constructor(kit) {
    this.kit = kit;
    this.legend = kit.legend([
      ['exc', ['前向（数字是块号）', 'forward (the number is the chunk)'], 'box'],
      ['inh', ['反向', 'backward'], 'box'],
      ['exact', ['空闲（气泡）', 'idle (the bubble)'], 'frame'],
    ]);
    this.plot = new Plot(kit, {
      height: 300, yticks: false, left: 66, right: 70, xlabel: ['时间（一次前向 = 1）', 'time (a forward pass = 1)'],
      label: ['时间表：方向键在格子间移动', 'Timetable: arrow keys go from box to box'],
    });
    this.told = kit.note(['', '']);
    this.told.setAttribute('role', 'status');
    this.show = kit.stats({
      time: ['总时间', 'time in all'], bubble: ['气泡占比', 'bubble'], formula: ['公式 $(S−1)/(M+S−1)$', 'formula $(S−1)/(M+S−1)$'],
      most: ['第 0 级最多存', 'stage 0 keeps at most'],
    });
    this.chosen = null;
    const { canvas } = this.plot;
    canvas.tabIndex = 0;
    canvas.classList.add('csnn-timetable');
    kit.listen(canvas, 'pointermove', (e) => { if (e.pointerType === 'mouse') this.point(e); });
    kit.listen(canvas, 'pointerdown', (e) => this.point(e));
    kit.listen(canvas, 'pointerleave', (e) => { if (e.pointerType === 'mouse') this.choose(null); });
    kit.listen(canvas, 'keydown', (e) => this.key(e));
  }

  point(e) {
    const box = this.plot.canvas.getBoundingClientRect();
    const stage = Math.floor((e.clientY - box.top - this.plot.box.y) / this.row);
    this.choose(slotAt(this.rows, stage, this.plot.dataX(e.clientX - box.left)));
  }

  key(e) {
    const own = this.rows.filter((row) => row.stage === (this.chosen?.stage ?? 0));
    const k = this.chosen ? own.indexOf(this.chosen) : -1, { stages } = this.kit.params;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key], turn = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) this.choose(own[Math.max(0, Math.min(own.length - 1, k + step))]);
    else if (turn && this.chosen) {
      const { stage, chunk, what } = this.chosen, to = Math.max(0, Math.min(stages - 1, stage + turn));
      this.choose(this.rows.find((row) => row.stage === to && row.chunk === chunk && row.what === what));
    } else if (e.key === 'Escape') this.choose(null);
    else return;
    e.preventDefault();
  }

  choose(slot) {
    if (slot === this.chosen) return;
    this.chosen = slot;
    this.paint();
  }

  draw(p) {
    const key = JSON.stringify([p.stages, p.chunks, p.schedule, p.backward]);
    if (key !== this.drawn) {
      [this.drawn, this.chosen] = [key, null];
      this.rows = timetable(p);
      this.most = held(this.rows);
    }
    const end = this.rows.at(-1).end, share = bubble(this.rows);
    this.paint();
    this.show({
      time: number(Math.max(end, ...this.rows.map((row) => row.end)), 1), bubble: `${number(100 * share, 1)} %`,
      formula: `${p.stages - 1} / ${p.chunks + p.stages - 1}`, most: [`${this.most[0]} 块`, many(this.most[0])],
    });
  }

  paint() {
    const { plot, kit, rows, chosen } = this, { stages } = kit.params, end = Math.max(...rows.map((row) => row.end));
    this.row = Math.min(ROW, (plot.options.height - plot.options.top - 36) / stages);
    plot.options.bottom = plot.options.height - plot.options.top - this.row * stages;
    plot.begin({ x: [0, end], y: [stages, 0] });
    const { ctx, box } = plot, now = chosen && held(rows, chosen.start);
    for (let stage = 0; stage < stages; stage += 1) {
      const y = box.y + this.row * (stage + 0.5);
      Object.assign(ctx, { fillStyle: kit.colour('raised'), strokeStyle: kit.colour('exact'), lineWidth: 1 });
      ctx.fillRect(box.x, y - this.row / 2 + 2, box.w, this.row - 4);
      ctx.strokeRect(box.x + 0.5, y - this.row / 2 + 2.5, box.w - 1, this.row - 5);
      plot.label([`第 ${stage} 级`, `stage ${stage}`], box.x - 8, y, { align: 'right' });
      plot.label(now ? `${now[stage]} / ${this.most[stage]}` : `${this.most[stage]}`, plot.width - 36, y, { align: 'center' });
    }
    plot.label(now ? ['存 / 最多', 'kept / most'] : ['最多存', 'kept, most'], plot.width - 36, box.y + box.h + 12, { align: 'center', colour: kit.colour('muted'), room: 68 });
    rows.forEach((row) => this.box(row));
    this.tell(now);
  }

  box(row) {
    const { plot, kit, chosen } = this, { ctx } = plot, x = plot.px(row.start), w = plot.px(row.end) - x;
    const y = plot.box.y + this.row * row.stage + 2, forward = row.what === 'forward', same = chosen?.chunk === row.chunk;
    ctx.globalAlpha = chosen && !same ? 0.3 : 1;
    ctx.fillStyle = kit.colour(forward ? 'exc' : 'inh');
    ctx.fillRect(x + 0.5, y, Math.max(1, w - 1), this.row - 4);
    if (w >= 9) plot.label(String(row.chunk), x + w / 2, y + this.row / 2 - 2, { align: 'center', colour: forward ? kit.colour('paper') : DARK, size: Math.min(12, w * 0.8), room: w - 2 });
    ctx.globalAlpha = 1;
    if (row === chosen) {
      Object.assign(ctx, { strokeStyle: kit.colour('ink'), lineWidth: 2.5 });
      ctx.strokeRect(x, y - 1, w, this.row - 2);
    }
  }

  tell(now) {
    const { chosen } = this;
    if (!chosen) {
      write(this.told, ['指向一格（或用方向键）：看这一块走过哪里，每一级此刻存着几块激活。',
        'Point at a box (or use the arrow keys): the way of its chunk, and how many chunks each stage keeps right then.']);
      return;
    }
    const from = number(chosen.start, Number.isInteger(chosen.start) ? 0 : 1), what = chosen.what === 'forward';
    write(this.told, [`时刻 ${from}：第 ${chosen.stage} 级开始第 ${chosen.chunk} 块的${what ? '前向' : '反向'}，此时存着 ${now[chosen.stage]} 块的激活。`,
      `At ${from} stage ${chosen.stage} begins the ${what ? 'forward' : 'backward'} pass of chunk ${chosen.chunk}, and then keeps ${many(now[chosen.stage])}.`]);
  }
}

function buildTimetable(kit) {
  const view = new TimetableView(kit);
  return (p) => view.draw(p);
}

export default { render: (context) => mount(context, buildTimetable) };
