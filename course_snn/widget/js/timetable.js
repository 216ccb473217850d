const ORDER = {
  gpipe(_stage, _stages, chunks) {
    const all = Array.from({ length: chunks }, (_, chunk) => chunk);
    return [...all.map((chunk) => ['forward', chunk]), ...all.reverse().map((chunk) => ['backward', chunk])];
  },
  '1f1b'(stage, stages, chunks) {
    const ahead = Math.min(stages - 1 - stage, chunks), order = [];
    for (let chunk = 0; chunk < ahead; chunk += 1) order.push(['forward', chunk]);
    for (let chunk = 0; chunk < chunks - ahead; chunk += 1) order.push(['forward', ahead + chunk], ['backward', chunk]);
    for (let chunk = chunks - ahead; chunk < chunks; chunk += 1) order.push(['backward', chunk]);
    return order;
  },
};

/** When what a pass needs is there; null: not known yet. */
function readyAt(done, stages, stage, what, chunk) {
  if (what === 'forward') return stage === 0 ? 0 : done.get(`forward ${stage - 1} ${chunk}`) ?? null;
  return done.get(stage === stages - 1 ? `forward ${stage} ${chunk}` : `backward ${stage + 1} ${chunk}`) ?? null;
}

/** training.pipeline.timetable: [{stage, start, end, chunk, what}, …] by start and stage. */
export function timetable({ stages, chunks, schedule, backward }) {
  const length = { forward: 1, backward }, done = new Map(), free = new Array(stages).fill(0), rows = [];
  const waiting = free.map((_, stage) => ORDER[schedule](stage, stages, chunks));
  while (waiting.some((todo) => todo.length)) {
    waiting.forEach((todo, stage) => {
      while (todo.length) {
        const [what, chunk] = todo[0], ready = readyAt(done, stages, stage, what, chunk);
        if (ready === null) return;
        todo.shift();
        const start = Math.max(free[stage], ready);
        free[stage] = start + length[what];
        done.set(`${what} ${stage} ${chunk}`, free[stage]);
        rows.push({ stage, start, end: free[stage], chunk, what });
      }
    });
  }
  return rows.sort((a, b) => a.start - b.start || a.stage - b.stage);
}

/** The share of time in which stages wait. */
export function bubble(rows) {
  const stages = new Set(rows.map((row) => row.stage)).size;
  const time = Math.max(...rows.map((row) => row.end)) - Math.min(...rows.map((row) => row.start));
  return 1 - rows.reduce((sum, row) => sum + row.end - row.start, 0) / (stages * time);
}

/** For each stage how many chunks it keeps at most; with `time`: how many right after that moment. */
export function held(rows, time = null) {
  const stages = new Set(rows.map((row) => row.stage)).size, now = new Array(stages).fill(0), most = now.slice();
  for (const row of rows.slice().sort((a, b) => a.start - b.start)) {
    if (time !== null && (row.what === 'forward' ? row.start : row.end) > time) continue;
    now[row.stage] += row.what === 'forward' ? 1 : -1;
    most[row.stage] = Math.max(most[row.stage], now[row.stage]);
  }
  return time === null ? most : now;
}
