// Which arguments an operation asks for, and what a learner may tick as a guess of what it leaves.

/** The fields of an operation on a state: {key: the values that may be chosen}. */
export function fieldsOf(state, operation) {
  const roots = state.members.filter((m) => !m.path.includes('.')).map((m) => m.path);
  const groups = state.members.filter((m) => m.num !== null).map((m) => m.path);
  switch (operation) {
    case 'copy_assembly': return { of: state.members.some((m) => m.num === null) ? roots : [...roots, 'A'] };
    case 'replace_assembly': return { of: roots, num: [3, 2, 5] };
    case 'select_assembly': return { first: roots, second: roots };
    case 'add_connection': return { pre: groups, post: groups };
    case 'del_connection': return { of: state.connections.filter((c) => !c.path.includes('.')).map((c) => c.path) };
    case 'assembly_show': return { of: state.members.filter((m) => m.hidden).map((m) => m.path) };
    case 'add_assembly': case 'merge_assembly': return {};
    default: return { of: roots };
  }
}

/** The values that stand there first, chosen so that there is something to see. */
export function firstValues(state, operation) {
  const fields = fieldsOf(state, operation), liked = { of: operation === 'copy_assembly' ? 'a' : 'b', first: 'a', second: 'b', pre: 'a', post: 'c', num: 3 };
  return Object.fromEntries(Object.entries(fields).map(([key, values]) => [key, values.includes(liked[key]) ? liked[key] : values[0]]));
}

/** The operation with its arguments; null where there is nothing that it could be done to. */
export function operationOf(state, operation, values) {
  if (Object.values(values).includes(undefined)) return null;
  const op = { do: operation };
  switch (operation) {
    case 'add_assembly': return { ...op, name: freeIn(state, 'd'), num: 4 };
    case 'copy_assembly': return { ...op, name: freeIn(state, values.of === 'A' ? 'sub' : 'd'), of: values.of };
    case 'select_assembly': return { ...op, of: [...new Set([values.first, values.second])] };
    case 'add_connection': return { ...op, name: freeIn(state, `${values.pre}${values.post}`.replaceAll('.', '_')), pre: values.pre, post: values.post };
    default: return { ...op, ...values };
  }
}

/** The operation as it first stands there. */
export function firstOperation(state, operation) {
  return operationOf(state, operation, firstValues(state, operation));
}

/** What is not there but might be thought to be: connections of a copy, the old group under a new name. */
function decoys(state, op) {
  const touching = (of) => state.connections.filter((c) => c.pre === of || c.post === of);
  const swap = (path, of, name) => (path === of ? name : path);
  if (op.do === 'copy_assembly' && op.of !== 'A') {
    return { members: [], connections: touching(op.of).map((c) => freeIn(state, `${swap(c.pre, op.of, op.name)}${swap(c.post, op.of, op.name)}`.replaceAll('.', '_'))) };
  }
  if (op.do === 'replace_assembly') return { members: [freeIn(state, 'd')], connections: [] };
  if (op.do === 'merge_assembly') return { members: [freeIn(state, 'example')], connections: [] };
  if (op.do === 'add_assembly') return { members: [], connections: [freeIn(state, `c${op.name}`)] };
  return { members: [], connections: [] };
}

/** What can be ticked: {members, connections}, each a list of paths; what was, what will be, and what might be. */
export function tickable(state, op) {
  const result = operate(state, op), after = visible(result.part ?? result.state), before = visible(state), more = decoys(state, op);
  const join = (kind) => [...new Set([...before[kind], ...after[kind]].map((thing) => thing.path).concat(more[kind]))];
  return { members: join('members'), connections: join('connections') };
}

/** How a guess, a list of ticked paths, compares: {path: whether it was right} for every candidate. */
export function judged(state, op, ticked) {
  const result = operate(state, op), after = visible(result.part ?? result.state), all = tickable(state, op);
  const there = new Set([...after.members, ...after.connections].map((thing) => thing.path));
  return Object.fromEntries([...all.members, ...all.connections].map((path) => [path, there.has(path) === ticked.includes(path)]));
}
