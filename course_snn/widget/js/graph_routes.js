// The ways of the connections through the picture: curves that go round boxes and keep apart, as points in pixels.

const SAMPLES = 24;

/** Where the boxes stand: name → its middle; a box has the size [w, h, what a port sticks out at its right], and stays
 *  whole inside the picture. */
export function places(graph, width, height, [w, h], margin = 12) {
  const at = (share, span, side) => margin + side / 2 + share * (span - side - 2 * margin);
  return new Map(graph.groups.map((g) => [g.name, [at(g.x, width, w), at(g.y, height, h)]]));
}

/** The share of width and height that a pixel position means: the inverse of `places`. */
export function shareAt(px, py, width, height, [w, h], margin = 12) {
  return [(px - margin - w / 2) / (width - w - 2 * margin), (py - margin - h / 2) / (height - h - 2 * margin)];
}

function bezier(points) {
  return Array.from({ length: SAMPLES + 1 }, (_, k) => {
    const u = k / SAMPLES;
    let row = points;
    while (row.length > 1) row = row.slice(1).map(([x, y], n) => [row[n][0] + u * (x - row[n][0]), row[n][1] + u * (y - row[n][1])]);
    return row[0];
  });
}

/** Where a ray from the middle of a box towards `to` leaves the box, and `gap` pixels more. */
function edge([x, y], to, [w, h, port = 0], gap) {
  const dx = to[0] - x, dy = to[1] - y, length = Math.hypot(dx, dy) || 1;
  const scale = Math.min(w / 2 / Math.abs(dx || 1e-9), h / 2 / Math.abs(dy || 1e-9)) + gap / length;
  const at = [x + dx * scale, y + dy * scale];
  const near = gap > 2 && Math.hypot(at[0] - x - w / 2 - 4, at[1] - y) < port + 3;
  const more = near ? port / length : 0;                        // an end is not hidden by the port
  return [at[0] + more * dx, at[1] + more * dy];
}

function arc(from, to, size, bulge) {
  const dx = to[0] - from[0], dy = to[1] - from[1], length = Math.hypot(dx, dy) || 1;
  const middle = [(from[0] + to[0]) / 2 + (2 * bulge * dy) / length, (from[1] + to[1]) / 2 - (2 * bulge * dx) / length];
  return bezier([edge(from, middle, size, 2), middle, edge(to, middle, size, 4)]);
}

/** A loop at one side of a box: 0 above, 1 below, 2 left, 3 right. */
function loop([x, y], [w, h], side, reach) {
  const flat = side < 2, sign = side % 2 ? 1 : -1;
  const at = (along, out) => (flat ? [x + along, y + sign * (h / 2 + out)] : [x + sign * (w / 2 + out), y + along]);
  const near = flat ? 13 : 9;
  return bezier([at(-near, 1), at(-near - 22, reach), at(near + 22, reach), at(near, 4)]);
}

function candidates(con, from, to, size, paired) {
  if (con.pre === con.post) {
    return [44, 68].flatMap((reach) => [0, 1, 2, 3].map((side) => ({ cost: [0, 1, 2, 9][side] + reach / 20, points: loop(from, size, side, reach) })));
  }
  const bulges = paired ? [18, 34, 52, 76, 110, -34, -52] : [0, 22, -22, 44, -44, 70, -70, 104, -104];
  return bulges.map((bulge) => ({ cost: Math.abs(bulge) / 12 + (paired && bulge < 0 ? 6 : 0), points: arc(from, to, size, bulge) }));
}

const inside = ([x, y], [cx, cy], [w, h], room) => Math.abs(x - cx) < w / 2 + room && Math.abs(y - cy) < h / 2 + room;

/** How bad a way is: through other boxes, outside the picture, along ways that are taken. */
function badness(points, con, middles, size, taken, [width, height]) {
  let bad = 0;
  for (let k = 1; k < SAMPLES; k += 2) {
    const p = points[k];
    if (p[0] < 4 || p[1] < 4 || p[0] > width - 4 || p[1] > height - 4) bad += 12;
    for (const [name, middle] of middles) {
      const own = name === con.pre || name === con.post;
      if (inside(p, middle, size, own ? -3 : 7)) bad += own ? 8 : 20;
    }
    if (k < 7 || k > SAMPLES - 7) continue;                    // ways that share a box are close beside it
    for (const q of taken) if (Math.abs(p[0] - q[0]) < 8 && Math.abs(p[1] - q[1]) < 8) { bad += 1.6; break; }
  }
  return bad;
}


/** Where the number of a connection is written: beside its way, off the boxes, the other numbers and the other ways. */
function labelPlace(points, middles, size, labels, others, [width, height], text) {
  let best = null, least = Infinity;
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78]) {
    const [x, y, angle] = along(points, share), [nx, ny] = [Math.sin(angle), -Math.cos(angle)];
    const off = (text[0] / 2) * Math.abs(nx) + (text[1] / 2) * Math.abs(ny) + 4;
    for (const side of [1, -1, 2.3, -2.3]) {
      const at = [x + side * off * nx, y + side * off * ny];
      let bad = 5 * Math.abs(share - 0.5) + (at[1] > y ? 0.6 : 0) + (Math.abs(side) > 1 ? 4 : 0);
      if (at[0] < text[0] / 2 || at[1] < 9 || at[0] > width - text[0] / 2 || at[1] > height - 9) bad += 30;
      for (const [mx, my] of middles.values()) if (inside(at, [mx + 4, my], [size[0] + text[0] - 6, size[1] + text[1] - 3], 0)) bad += 20;
      for (const label of labels) if (inside(at, label, [2 * text[0], 2 * text[1]], 0)) bad += 16;
      for (const q of others) if (inside(q, at, text, 2)) { bad += 6; break; }
      if (bad < least) [best, least] = [at, bad];
    }
  }
  return best;
}

/** The way of each connection: {points: [[x, y], …], label: [x, y]}, in the order of the connections; `text` is the
 *  size of what is written at each. */
export function routes(graph, middles, size, picture, text = [58, 17]) {
  const ways = [], taken = [], isLoop = (c) => c.pre === c.post;
  for (const con of [...graph.connections].sort((a, b) => isLoop(b) - isLoop(a))) {   // loops first: they have fewest ways
    const paired = !isLoop(con) && graph.connections.some((c) => c !== con
      && ((c.pre === con.post && c.post === con.pre) || (c.pre === con.pre && c.post === con.post)));
    let best = null, least = Infinity;
    for (const { cost, points } of candidates(con, middles.get(con.pre), middles.get(con.post), size, paired)) {
      if (cost >= least) continue;
      const bad = cost + badness(points, con, middles, size, taken, picture);
      if (bad < least) [best, least] = [points, bad];
    }
    ways[graph.connections.indexOf(con)] = { points: best };
    taken.push(...best.filter((_, k) => k % 2 && k > 5 && k < SAMPLES - 5));
  }
  const labels = [];
  ways.forEach((way, n) => {
    const others = ways.flatMap(({ points }, k) => (k === n ? points : points.filter((_, i) => i % 2 === 0)));
    way.label = labelPlace(way.points, middles, size, labels, others, picture, text);
    labels.push(way.label);
  });
  return ways;
}

/** Middles and ways of a graph on a picture of a given size, for boxes of one size. */
export function routeAll(graph, width, height, size) {
  const middles = places(graph, width, height, size);
  return [Object.fromEntries(middles), routes(graph, middles, size, [width, height])];
}

/** The point at a share of a way, and the direction there in radians. */
export function along(points, share) {
  const at = Math.max(0, Math.min(1, share)) * (points.length - 1), k = Math.min(points.length - 2, Math.floor(at));
  const [x0, y0] = points[k], [x1, y1] = points[k + 1];
  return [x0 + (at - k) * (x1 - x0), y0 + (at - k) * (y1 - y0), Math.atan2(y1 - y0, x1 - x0)];
}

/** The index of the way that passes within `reach` pixels of a place, or −1. */
export function wayAt(ways, x, y, reach = 9) {
  let best = -1, least = reach;
  ways.forEach(({ points }, n) => points.forEach(([px, py]) => {
    const away = Math.hypot(px - x, py - y);
    if (away < least) [best, least] = [n, away];
  }));
  return best;
}
