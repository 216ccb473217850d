// A graph of single neurons as plain data, and its edits: each takes a graph and gives a new one.
// {groups: [{name, kind: "input" | "if" | "lif", x, y, every, times | v_th, tau_m}],
//  connections: [{name, pre, post, weight, delay}]}; x and y are shares of the picture's width and height.

export const LIMITS = { groups: 30, connections: 120, delay: 20, steps: 60 };
const LETTERS = 'abcdefghijklmnopqrstuvw';

const names = (graph) => [...graph.groups, ...graph.connections].map((thing) => thing.name);
const round = (value, digits) => Number(value.toFixed(digits));

/** The first of `wanted`, `wanted_1`, `wanted_2`, … that nothing in the graph is called. */
export function freeName(graph, wanted) {
  const taken = names(graph);
  if (!taken.includes(wanted)) return wanted;
  let k = 1;
  while (taken.includes(`${wanted}_${k}`)) k += 1;
  return `${wanted}_${k}`;
}

/** The name of the next group: x1, x2, … for an input, a, b, c, … for neurons. */
export function nextName(graph, kind) {
  const taken = names(graph);
  if (kind !== 'input') {
    const letter = [...LETTERS].find((name) => !taken.includes(name));
    if (letter) return letter;
  }
  const stem = kind === 'input' ? 'x' : 'n';
  let k = 1;
  while (taken.includes(`${stem}${k}`)) k += 1;
  return `${stem}${k}`;
}

/** A group of one neuron with the model's default parameters, or an input that fires every 5 steps. */
export function newGroup(graph, kind, x, y) {
  const place = { name: nextName(graph, kind), kind, x: round(x, 3), y: round(y, 3) };
  if (kind === 'input') return { ...place, every: 5, times: [] };
  return kind === 'lif' ? { ...place, v_th: 1, tau_m: 8 } : { ...place, v_th: 1 };
}

/** Where a new group finds room: the first place of a grid, row by row, that lies far from all others. */
export function freePlace(graph, columns = 7, rows = 4) {
  let best = [0.5, 0.5], most = -1;
  for (let k = 0; k < columns * rows; k += 1) {
    const x = (0.5 + (k % columns)) / columns, y = (0.5 + Math.floor(k / columns)) / rows;
    const room = Math.min(1, ...graph.groups.map((g) => Math.hypot((g.x - x) * columns, (g.y - y) * rows)));
    if (room > most + 1e-9) [best, most] = [[x, y], room];
  }
  return best;
}

export function addGroup(graph, group) {
  return { ...graph, groups: [...graph.groups, group] };
}

export function addConnection(graph, pre, post, weight = 1, delay = 1) {
  const name = freeName(graph, pre + post);
  return { ...graph, connections: [...graph.connections, { name, pre, post, weight, delay }] };
}

/** Without the group or connection of this name; with a group goes every connection that ends at it. */
export function remove(graph, name) {
  return {
    groups: graph.groups.filter((g) => g.name !== name),
    connections: graph.connections.filter((c) => c.name !== name && c.pre !== name && c.post !== name),
  };
}

/** With some values of the group or connection of this name changed. */
export function change(graph, name, values) {
  const swap = (thing) => (thing.name === name ? { ...thing, ...values } : thing);
  return { groups: graph.groups.map(swap), connections: graph.connections.map(swap) };
}

/** With a group at another place, kept inside the picture. */
export function move(graph, name, x, y) {
  const inside = (share) => round(Math.max(0, Math.min(1, share)), 3);
  return change(graph, name, { x: inside(x), y: inside(y) });
}

/** With another neuron model; a parameter that the new model does not have is dropped. */
export function setModel(graph, name, kind) {
  const swap = ({ tau_m, ...g }) => (g.name !== name ? (tau_m === undefined ? g : { ...g, tau_m })
    : kind === 'lif' ? { ...g, kind, tau_m: tau_m ?? 8 } : { ...g, kind });
  return { ...graph, groups: graph.groups.map(swap) };
}

/** Spike times out of what was typed, such as "2, 9 30": whole steps of the run, sorted, each once. */
export function readTimes(text, steps = LIMITS.steps) {
  const found = (text.match(/\d+/g) ?? []).map(Number).filter((t) => t < steps);
  return [...new Set(found)].sort((a, b) => a - b);
}

/** The groups of a loop of connections without delay, in its order; [] if there is none. */
export function zeroLoop({ connections }) {
  const quick = connections.filter((c) => c.delay === 0);
  for (const { pre, post } of quick) {
    const paths = [[post]], met = new Set([post]);
    while (paths.length) {
      const path = paths.shift();
      if (path.at(-1) === pre) return path;
      for (const next of quick) {
        if (next.pre !== path.at(-1) || met.has(next.post)) continue;
        met.add(next.post);
        paths.push([...path, next.post]);
      }
    }
  }
  return [];
}

/** Why the graph cannot be: a pair of texts; null if it can. */
export function refusal(graph) {
  const { groups, connections } = LIMITS;
  if (graph.groups.length > groups) return [`最多 ${groups} 个群：先删掉一个。`, `At most ${groups} groups: delete one first.`];
  if (graph.connections.length > connections) {
    return [`最多 ${connections} 条连接：先删掉一条。`, `At most ${connections} connections: delete one first.`];
  }
  const loop = zeroLoop(graph);
  if (!loop.length) return null;
  const way = [...loop, loop[0]].join(' → ');
  return [`不行：${way} 会成为一个没有延迟的环；环里至少要有一条延迟 ≥ 1 的连接。`,
    `Refused: ${way} would be a loop without any delay; at least one of its connections needs a delay of 1 or more.`];
}
