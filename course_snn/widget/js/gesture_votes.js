const FRAMES = 20;

/** Which frame of the clip is shown as the t-th, and whether brighter and darker change places. */
export function shownFrame(t, order, frames = FRAMES) {
  if (order === 'backward') return { frame: frames - 1 - t, swap: true };
  return { frame: order === 'mixed' ? (7 * t + 3) % frames : t, swap: false };
}

/** Outputs [T][classes] summed up to and including each frame. */
export function tally(outputs) {
  const votes = [];
  for (const out of outputs) votes.push(out.map((value, c) => value + (votes.length ? votes.at(-1)[c] : 0)));
  return votes;
}

/** The class with the most votes, the first of several; and by how much it leads. */
export function lead(votes) {
  const winner = votes.indexOf(Math.max(...votes));
  return { winner, margin: votes[winner] - Math.max(...votes.filter((_, c) => c !== winner)) };
}

/** Number of frames after which the lead first reaches `margin` (all of them if it never does), and the answer then. */
export function decide(votes, margin) {
  const at = votes.findIndex((now) => lead(now).margin >= margin - 1e-9);
  const last = at < 0 ? votes.length - 1 : at;
  return { frames: last + 1, answer: lead(votes[last]).winner, sure: at >= 0 };
}

/** Over all clips: the part answered rightly, and the mean number of frames that took. */
export function summary(outputs, labels, margin) {
  const all = outputs.map((clip) => decide(tally(clip), margin));
  return {
    right: all.filter(({ answer }, k) => answer === labels[k]).length / all.length,
    frames: all.reduce((sum, { frames }) => sum + frames, 0) / all.length,
  };
}

function buildVotes(kit) {
  const get = (name) => kit.model.get(name);
  const pixels = unpack(kit.model, 'pictures', Uint8Array), [height, width] = get('size');
  const classes = get('classes'), labels = get('labels'), outputs = get('outputs');
  const pair = kit.stage.appendChild(node('div', 'csnn-pair'));
  const picture = new Plot(kit, { height: 260, axes: false, left: 4, right: 4, top: 4, bottom: 4, label: ['当前这一帧的事件', 'The events of this frame'] }, pair.appendChild(node('div')));
  const toFrame = (x) => kit.change({ seen: Math.max(0, Math.min(FRAMES, Math.round(x))) });
  const chart = new Plot(kit, {
    height: 260, x: [0, FRAMES], top: 16, xlabel: ['看过的帧数', 'frames seen'], ylabel: ['累计的票', 'votes so far'], label: ['各类的票数随时间的变化', 'Votes for each class over time'],
  }, pair.appendChild(node('div'))).draggable(toFrame, () => kit.save());
  kit.legend([
    ['v', ['正确的类别', 'the right class']], ['spike', ['此刻领先的错误类别', 'a wrong class that leads now'], 'dashed'],
    ['exact', ['其余', 'the others'], 'dashdot'], ['threshold', ['作答', 'answer'], 'dotted'],
  ]);
  const show = kit.stats({
    truth: ['正确答案', 'truth'], now: ['此刻领先', 'leads now'], answer: ['作答', 'answer'],
    all: ['22 段：答对，平均帧数', '22 clips: right, mean frames'],
  });
  const player = kit.player({
    every: 120, end: () => kit.save(),
    begin: () => { if (kit.params.seen >= FRAMES) kit.change({ seen: 0 }); },
    frame: () => { kit.change({ seen: Math.min(FRAMES, kit.params.seen + 1) }); return kit.params.seen < FRAMES; },
  });
  kit.button(['下一段', 'Next clip'], () => { player.stop(); kit.change({ clip: (kit.params.clip + 1) % labels.length, seen: 0 }, true); });
  kit.note(['拖动图上的竖线，一帧一帧地看；橙色是变亮，蓝色是变暗。', 'Drag across the chart to go frame by frame; orange became brighter, blue darker.']);
  return (p) => {
    const votes = tally(outputs[p.order][p.clip]), truth = labels[p.clip], made = decide(votes, p.margin);
    drawFrame(kit, picture, pixels, { height, width }, p);
    drawChart(kit, chart, votes, truth, p.seen, made);
    const name = (c) => classes[c], all = summary(outputs[p.order], labels, p.margin);
    const note = (lang) => `${say(name(made.answer), lang)} (${made.frames})`;
    show({
      truth: name(truth), now: p.seen ? name(lead(votes[p.seen - 1]).winner) : '–', answer: [note('zh'), note('en')],
      all: `${number(100 * all.right, 0)} %, ${number(all.frames, 1)}`,
    });
  };
}

/** The newest frame: orange where it became brighter, blue where darker. */
function drawFrame(kit, plot, pixels, { height, width }, { clip, seen, order }) {
  plot.begin();
  if (!seen) return;
  const { frame, swap } = shownFrame(seen - 1, order), start = (clip * FRAMES + frame) * height * width;
  plot.sheet ??= Object.assign(document.createElement('canvas'), { width, height });
  const inner = plot.sheet.getContext('2d'), data = inner.createImageData(width, height);
  const colours = [colourBytes(kit.colour('v')), colourBytes(kit.colour('spike'))];
  for (let k = 0; k < height * width; k += 1) {
    const byte = pixels[start + k], counts = swap ? [byte >> 4, byte & 15] : [byte & 15, byte >> 4];
    const [off, on] = counts.map((count) => Math.min(1, count / 4)), part = on / Math.max(1e-9, on + off);
    const ink = [0, 1, 2].map((n) => colours[0][n] * (1 - part) + colours[1][n] * part);
    data.data.set([...ink, 255 * Math.max(off, on)], 4 * k);
  }
  inner.putImageData(data, 0, 0);
  const { ctx, box } = plot, side = Math.min(box.w, (box.h * width) / height), tall = (side * height) / width;
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(plot.sheet, box.x + (box.w - side) / 2, box.y, side, tall);
  ctx.strokeStyle = kit.colour('axis');
  ctx.strokeRect(box.x + (box.w - side) / 2, box.y, side, tall);
}

function drawChart(kit, plot, votes, truth, seen, made) {
  const most = Math.max(1, ...votes.at(-1)), steps = votes.map((_, t) => t + 1);
  plot.begin({ y: [0, 1.05 * most] });
  const winner = seen ? lead(votes[seen - 1]).winner : -1;
  votes[0].forEach((_, c) => {
    const colour = c === truth ? 'v' : c === winner ? 'spike' : 'exact';
    plot.line([0, ...steps], [0, ...votes.map((now) => now[c])], kit.colour(colour), { width: colour === 'exact' ? 1 : 2.5, dash: DASH[{ v: 'solid', spike: 'dashed', exact: 'dashdot' }[colour]] });
  });
  plot.vline(made.frames, kit.colour('threshold'), { dash: [2, 3], width: 2 });
  plot.vline(seen, kit.colour('ink'), { width: 1.5 });
}

export default { render: (context) => mount(context, buildVotes) };
