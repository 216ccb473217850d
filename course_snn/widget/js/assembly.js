// What the ten operations of an Assembly do to the names inside it; widget/assembly_model.py does the same in Python.
// A state: {members: [{path, id, num, hidden}], connections: [{path, id, pre, post, shape: [post, pre]}], next}.
// A path is the way from A, such as "sub.a"; num is null for an assembly that is no group; an id stays with its object.

export const START = {
  members: [['a', 2], ['b', 3], ['c', 2]].map(([path, num], k) => ({ path, id: k, num, hidden: false })),
  connections: [{ path: 'ab', id: 3, pre: 'a', post: 'b', shape: [3, 2] }, { path: 'bc', id: 4, pre: 'b', post: 'c', shape: [2, 3] }],
  next: 5,
};

const within = (path, root) => path === root || path.startsWith(`${root}.`);
const direct = (thing) => !thing.path.includes('.');
const find = (state, path) => state.members.find((m) => m.path === path);
const namesOf = (state) => [...state.members, ...state.connections].filter(direct).map((thing) => thing.path);

/** The first of `wanted`, `wanted_1`, … that nothing directly in A is called. */
export function freeIn(state, wanted) {
  const taken = namesOf(state);
  let name = wanted;
  for (let k = 1; taken.includes(name); k += 1) name = `${wanted}_${k}`;
  return name;
}

class Refused extends Error {
  constructor(...pair) { super(pair[1]); this.pair = pair; }
}

function mustBe(state, path, kind = 'members') {
  if (state[kind].some((thing) => thing.path === path && direct(thing))) return;
  const there = state[kind].filter(direct).map((thing) => thing.path).join(', ') || '–';
  throw new Refused(`ValueError：${path} 不在 A 里；A 有 ${there}。`, `ValueError: ${path} is not in A, which has ${there}.`);
}

function mustBeFree(state, name) {
  if (namesOf(state).includes(name)) throw new Refused(`ValueError：名字 ${name} 已被占用。`, `ValueError: the name ${name} is taken.`);
}

/** Members and connections under other paths, as new objects: moved(path) says where each goes. */
function copied(state, members, connections, moved) {
  let id = state.next;
  const fresh = (thing) => { id += 1; return { ...thing, id: id - 1, path: moved(thing.path) }; };
  return {
    members: [...state.members, ...members.map(fresh)],
    connections: [...state.connections, ...connections.map((c) => ({ ...fresh(c), pre: moved(c.pre), post: moved(c.post) }))],
    next: id,
  };
}

const OPERATIONS = {
  add_assembly(state, { name, num }) {
    mustBeFree(state, name);
    return { ...state, members: [...state.members, { path: name, id: state.next, num, hidden: false }], next: state.next + 1 };
  },
  del_assembly(state, { of }) {
    mustBe(state, of);
    return {
      ...state,
      members: state.members.filter((m) => !within(m.path, of)),
      connections: state.connections.filter((c) => ![c.path, c.pre, c.post].some((path) => within(path, of))),
    };
  },
  copy_assembly(state, { name, of }) {
    mustBeFree(state, name);
    if (of === 'A') {
      const held = { ...state, members: [...state.members, { path: name, id: state.next, num: null, hidden: false }], next: state.next + 1 };
      return copied(held, state.members, state.connections, (path) => `${name}.${path}`);
    }
    mustBe(state, of);
    const inner = state.connections.filter((c) => within(c.path, of));
    return copied(state, state.members.filter((m) => within(m.path, of)), inner, (path) => name + path.slice(of.length));
  },
  replace_assembly(state, { of, num }) {
    mustBe(state, of);
    const outer = state.connections.filter((c) => !within(c.path, of));
    const deep = outer.find((c) => [c.pre, c.post].some((end) => end !== of && within(end, of)));
    if (deep) throw new Refused(`ValueError：${deep.path} 的一端在 ${of} 里面，先删掉或移开它。`, `ValueError: ${deep.path} ends inside ${of}; delete or move it first.`);
    const wrong = outer.find((c) => (c.post === of && c.shape[0] !== num) || (c.pre === of && c.shape[1] !== num));
    if (wrong) throw new Refused(`ValueError：${wrong.path} 的权重是 [${wrong.shape.join(', ')}]，接不上 ${num} 个神经元。`, `ValueError: ${wrong.path} has weights [${wrong.shape.join(', ')}], which do not fit ${num} neurons.`);
    return {
      members: state.members.filter((m) => m.path === of || !within(m.path, of))
        .map((m) => (m.path === of ? { path: of, id: state.next, num, hidden: false } : m)),
      connections: outer,
      next: state.next + 1,
    };
  },
  merge_assembly(state) {
    const names = {};
    let held = state;
    for (const thing of [...START.members, ...START.connections]) {
      names[thing.path] = freeIn(held, thing.path);
      held = { ...held, members: [...held.members, { path: names[thing.path] }] };   // taken from now on
    }
    return copied(state, START.members, START.connections, (path) => names[path]);
  },
  add_connection(state, { name, pre, post }) {
    mustBeFree(state, name);
    const ends = [pre, post].map((path) => find(state, path));
    const lost = [pre, post].find((_, k) => !ends[k]);
    if (lost) throw new Refused(`ValueError：${lost} 不在 A 里：先把它加进来。`, `ValueError: ${lost} is not in A: add it first.`);
    const con = { path: name, id: state.next, pre, post, shape: [ends[1].num, ends[0].num] };
    return { ...state, connections: [...state.connections, con], next: state.next + 1 };
  },
  del_connection(state, { of }) {
    mustBe(state, of, 'connections');
    return { ...state, connections: state.connections.filter((c) => c.path !== of) };
  },
  assembly_hide: (state, { of }) => flagged(state, of, true),
  assembly_show: (state, { of }) => flagged(state, of, false),
};

function flagged(state, of, hidden) {
  mustBe(state, of);
  return { ...state, members: state.members.map((m) => (m.path === of ? { ...m, hidden } : m)) };
}

/** The new assembly that select_assembly gives: what is named, and the connections with both ends inside. */
function selected(state, { of }) {
  of.forEach((path) => mustBe(state, path));
  const inside = (path) => of.some((root) => within(path, root));
  return {
    ...state,
    members: of.flatMap((root) => state.members.filter((m) => within(m.path, root))),
    connections: state.connections.filter((c) => (direct(c) ? inside(c.pre) && inside(c.post) : inside(c.path))),
  };
}

/** Do an operation: {state, part (the new assembly of select_assembly, else null), error (a pair of texts, else null)}.
 *  On an error nothing has changed. */
export function operate(state, op) {
  try {
    if (op.do === 'select_assembly') return { state, part: selected(state, op), error: null };
    return { state: OPERATIONS[op.do](state, op), part: null, error: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { state, part: null, error: error.pair };
  }
}

/** What the plan holds: members that are not hidden, nor inside what is, and connections between them. */
export function visible(state) {
  const shown = (path) => !state.members.some((m) => m.hidden && within(path, m.path));
  return {
    members: state.members.filter((m) => shown(m.path)),
    connections: state.connections.filter((c) => shown(c.path) && shown(c.pre) && shown(c.post)),
  };
}

/** All of a list of operations, and what is then seen: {members: paths, connections: [path, pre, post], error}. */
export function operateAll(ops) {
  let [state, last] = [START, { part: null, error: null }];
  for (const op of ops) {
    last = operate(state, op);
    state = last.state;
  }
  const seen = visible(last.part ?? state);
  return {
    members: seen.members.map((m) => m.path), connections: seen.connections.map((c) => [c.path, c.pre, c.post]), error: last.error,
  };
}

/** The line of Python that does an operation. */
export function operationLine(op) {
  const own = (path) => (path === 'A' ? 'A' : `A.${path}`);
  switch (op.do) {
    case 'add_assembly': return `A.add_assembly("${op.name}", network.NeuronGroup(${op.num}))`;
    case 'copy_assembly': return `A.copy_assembly("${op.name}", ${own(op.of)})`;
    case 'replace_assembly': return `A.replace_assembly(${own(op.of)}, network.NeuronGroup(${op.num}))`;
    case 'merge_assembly': return 'A.merge_assembly(example())';
    case 'select_assembly': return `part = A.select_assembly([${op.of.map(own).join(', ')}])`;
    case 'add_connection': return `A.add_connection("${op.name}", network.Connection(${own(op.pre)}, ${own(op.post)}))`;
    case 'del_assembly': case 'del_connection': return `A.${op.do}(${own(op.of)})`;
    default: return `${own(op.of)}.${op.do}()`;
  }
}
