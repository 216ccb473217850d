// The picture of an assembly: boxes, a frame round an assembly inside it, connections; what is new or gone is set off.

const BOX = [48, 32], COLUMN = 101, ROW = 78, SIDE = 320, NAME = [26, 13];

/** An element of SVG inside `parent`; the outermost one takes its namespace from HTML. */
function shape(tag, attributes, parent, text) {
  if (tag === 'svg') parent.insertAdjacentHTML('beforeend', '<svg></svg>');
  const e = tag === 'svg' ? parent.lastElementChild : parent.appendChild(document.createElementNS(parent.namespaceURI, tag));
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  if (text !== undefined) e.textContent = text;
  return e;
}

/** Where everything in any of the states stands, so that nothing moves between before and after:
 *  {middles: {path: [x, y]}, frames: {path: [x, y, w, h]}, height}. */
export function slots(states) {
  const all = [];
  for (const { members } of states) for (const m of members) if (!all.some((n) => n.path === m.path)) all.push(m);
  const middles = {}, frames = {};
  let [column, y] = [0, 62];
  const lay = (members, left) => {
    column = 0;
    for (const m of members) {
      if (column === 3) [column, y] = [0, y + ROW];
      middles[m.path] = [left + 59 + COLUMN * column, y];
      column += 1;
    }
  };
  const isFrame = (m) => m.num === null;
  lay(all.filter((m) => !isFrame(m) && !m.path.includes('.')), 0);
  for (const frame of all.filter(isFrame)) {
    const inner = all.filter((m) => m.path.startsWith(`${frame.path}.`) && !isFrame(m));
    y += ROW + 8;
    const top = y - 42;
    lay(inner, 0);
    frames[frame.path] = [14, top, SIDE - 28, y + 34 - top];
  }
  return { middles, frames, height: Math.max(150, y + 50) };
}

/** What happens to each object, by its id: "new", "gone", "hidden" or "". */
export function marks(state, other, mark) {
  const theirs = new Set([...other.members, ...other.connections].map((thing) => thing.id));
  const seen = visible(state), shown = new Set([...seen.members, ...seen.connections].map((thing) => thing.id));
  return Object.fromEntries([...state.members, ...state.connections]
    .map(({ id }) => [id, !theirs.has(id) ? mark : shown.has(id) ? '' : 'hidden']));
}

/** Draw a state into an element. */
function drawAssembly(parent, state, { middles, frames, height }, mark) {
  const svg = shape('svg', { viewBox: `0 0 ${SIDE} ${height}`, class: 'csnn-assembly', 'aria-hidden': 'true' }, parent);
  const places = new Map(state.members.filter((m) => m.num !== null).map((m) => [m.path, middles[m.path]]));
  for (const m of state.members.filter((n) => n.num === null)) {
    const [x, y, w, h] = frames[m.path], group = shape('g', { class: `csnn-frame ${mark[m.id]}` }, svg);
    shape('rect', { x, y, width: w, height: h, rx: 10 }, group);
    shape('text', { x: x + 8, y: y + 14, class: 'csnn-path' }, group, m.path);
  }
  const graph = { connections: state.connections.map((c) => ({ ...c, name: c.path })) };
  const ways = routes(graph, places, BOX, [SIDE, height], NAME);
  state.connections.forEach((con, k) => {
    const group = shape('g', { class: `csnn-way ${mark[con.id]}` }, svg), { points, label } = ways[k];
    shape('path', { d: `M${points.map((p) => p.map((v) => v.toFixed(1)).join(' ')).join('L')}`, fill: 'none' }, group);
    const [x, y, angle] = along(points, 1);
    shape('path', { d: 'M2 0L-7 -4.5L-7 4.5Z', class: 'csnn-tip', transform: `translate(${x} ${y}) rotate(${(180 * angle) / Math.PI})` }, group);
    shape('text', { x: label[0], y: label[1] + 4, 'text-anchor': 'middle' }, group, con.path.split('.').at(-1));
  });
  for (const m of state.members.filter((n) => n.num !== null)) {
    const [x, y] = middles[m.path], group = shape('g', { class: `csnn-group ${mark[m.id]}` }, svg);
    shape('rect', { x: x - BOX[0] / 2, y: y - BOX[1] / 2, width: BOX[0], height: BOX[1], rx: 8 }, group);
    shape('text', { x, y: y - 1, 'text-anchor': 'middle', class: 'csnn-path' }, group, m.path.split('.').at(-1));
    shape('text', { x, y: y + 12, 'text-anchor': 'middle', class: 'csnn-count' }, group, say([`${m.num} 个`, `${m.num}`]));
  }
}
