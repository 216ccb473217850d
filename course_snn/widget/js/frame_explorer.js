const WAYS = [['number', ['同样多的事件', 'equally many events']], ['time', ['总时长均分', 'equal shares of time']], ['duration', ['固定时长', 'a fixed duration']]];

/** What the frames of one way hold: events of each, and how many ms each spans. */
export function shares(t, way, p) {
  const at = bounds(t, way, p), start = t[0], last = t[t.length - 1];
  const count = at.slice(1).map((to, j) => to - at[j]);
  const edge = (j) => (j >= count.length ? last : way === 'number' ? (at[j] < t.length ? t[at[j]] : last) : start + j * step(t, way, p));
  return { count, length: count.map((_, j) => (edge(j + 1) - edge(j)) / 1000) };
}

function step(t, way, { T, duration }) {
  return way === 'duration' ? 1000 * duration : Math.max(1, Math.floor((t[t.length - 1] - t[0]) / T));
}

function buildFrames(kit) {
  const events = recording(kit.model);
  const rate = new Plot(kit, { height: 112, ylabel: ['事件/毫秒', 'events/ms'], xlabel: ['时间 (ms)', 'time (ms)'], label: ['事件率，以及所选分法的边界', 'Event rate, and the borders of the chosen way'] });
  kit.legend([['spike', ['ON', 'ON'], 'box'], ['v', ['OFF', 'OFF'], 'box'], ['ink', ['帧的边界', 'borders of frames'], 'bar']]);
  const film = new Plot(kit, { height: 300, most: (width) => 0.375 * width + 82, axes: false, left: 6, right: 6, top: 4, bottom: 4, label: ['三种分法得到的帧', 'The frames of the three ways'] });
  const show = kit.stats({
    frames: ['帧数', 'frames'], fewest: ['最少的一帧', 'fewest events'], most: ['最多的一帧', 'most events'],
    short: ['最短的一帧', 'shortest frame'], long: ['最长的一帧', 'longest frame'],
  });
  return (p) => {
    const { draw } = drawRates(kit, rate, events, 120);
    draw();
    const at = bounds(events.t, p.way, p), { count, length } = shares(events.t, p.way, p);
    let border = events.t[0] / 1000;
    for (const ms of [0, ...length]) { border += ms; rate.vline(border, kit.colour('ink')); }
    drawFilm(kit, film, events, p);
    const ms = (value) => `${number(value, 0)} ms`;
    show({
      frames: String(at.length - 1), fewest: String(Math.min(...count)), most: String(Math.max(...count)),
      short: ms(Math.min(...length)), long: ms(Math.max(...length)),
    });
  };
}

function drawFilm(kit, plot, events, p) {
  const { box } = plot.begin(), row = box.h / WAYS.length;
  const all = WAYS.map(([way]) => bounds(events.t, way, p));
  const most = Math.max(...all.map((at) => at.length - 1));
  const size = Math.min(row - 24, box.w / most - 3);
  WAYS.forEach(([way, name], n) => {
    const top = box.y + n * row, chosen = way === p.way;
    plot.label(name, box.x, top + 9, { colour: kit.colour(chosen ? 'accent' : 'muted') });
    all[n].slice(1).forEach((to, j) => {
      paintFrame(plot, accumulate(events, all[n][j], to), events, box.x + j * (size + 3), top + 19, size);
    });
  });
}

export default { render: (context) => mount(context, buildFrames) };
