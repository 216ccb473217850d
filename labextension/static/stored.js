/* What a notebook may say to a widget. Everything in it was written by somebody unknown: it becomes the state of a
 * widget only where it is plain data of a bounded size, and never changes what the package's own controls accept. */

const MOST = { bytes: 40000, nodes: 8000, depth: 12, text: 4000, number: 1e15, list: 4000 };
const CONTROL = { steps: 1e5, number: 1e6, entries: 4096, plain: 100 };
const COUNTS = new Set(['points', 'steps', 'count', 'T', 'height', 'width', 'depth']); // names of what loops count to
const RANGES = new Set(['x', 'y', 'draw']); // names of [low, high]
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
const within = (value, low, high) => typeof value === 'number' && value >= low && value <= high;

function refuse(what) {
  throw new TypeError(`the stored widget does not fit: ${what}`);
}

/** A copy of plain JSON whose numbers lie within ±limit; raises TypeError for anything larger or stranger. */
export function plain(value, limit = MOST.number) {
  let nodes = 0;
  const copy = (each, depth) => {
    nodes += 1;
    if (nodes > MOST.nodes || depth > MOST.depth) refuse('too much data');
    if (each === null || typeof each === 'boolean') return each;
    if (typeof each === 'number') return Math.abs(each) <= limit ? each : refuse(`the number ${each}`);
    if (typeof each === 'string') return each.length <= MOST.text ? each : refuse('a text that is too long');
    if (Array.isArray(each)) return each.length <= MOST.list ? each.map(one => copy(one, depth + 1)) : refuse('a list that is too long');
    if (!isObject(each)) return refuse(typeof each);
    return Object.fromEntries(Object.entries(each).map(([key, one]) => {
      if (key === '__proto__' || key === 'constructor' || key === 'prototype') refuse(`the name ${key}`);
      return [key, copy(one, depth + 1)];
    }));
  };
  return copy(value, 0);
}

const wide = (low, high) => high - low > 1e-6 * Math.max(Math.abs(low), Math.abs(high));

/** Raise TypeError for numbers that would let a loop run for ever: counts, and ranges that are empty or turned round. */
export function bounded(value) {
  if (Array.isArray(value)) return value.forEach(bounded);
  if (!isObject(value)) return undefined;
  const { low, high, step, log } = value;
  if (typeof low === 'number' && typeof high === 'number') {
    if (!wide(low, high) || (log && !(low > 0))) refuse(`the range ${low} … ${high}`);
    if (step !== undefined && !((high - low) / step <= CONTROL.steps && step > 0)) refuse(`steps of ${step}`);
  }
  for (const [name, each] of Object.entries(value)) {
    if (COUNTS.has(name) && typeof each === 'number' && !within(each, 0, CONTROL.entries)) refuse(`${name}=${each}`);
    if (RANGES.has(name) && Array.isArray(each) && each.length === 2 && !wide(...each)) refuse(`the range ${each}`);
    bounded(each);
  }
  return undefined;
}

const whole = spec => Number.isInteger(spec.step) && Number.isInteger(spec.low);

/** For each kind of control whether it accepts a value, as course_snn/widget/control.py says it. */
const ACCEPTS = {
  slider: (spec, value) => within(value, spec.low, spec.high) && (!whole(spec) || Number.isInteger(value)),
  toggle: (_, value) => typeof value === 'boolean',
  choice: (spec, value) => typeof value === 'string' && Object.hasOwn(spec.options, value),
  spikes: (spec, value) => Array.isArray(value) && value.length <= spec.steps
    && value.every(t => Number.isInteger(t) && within(t, 0, spec.steps - 1)),
  numbers: (spec, value) => Array.isArray(value) && value.length === spec.count
    && value.every(each => within(each, spec.low, spec.high))
};

/** The parameters that the notebook names, each accepted by its control; the others as the controls begin. A widget
 *  without controls keeps a record there. */
export function parameters(given, controls) {
  const stored = isObject(given) ? given : {};
  if (!controls.length) return plain(stored, CONTROL.number);
  return Object.fromEntries(controls.map(spec => {
    const value = Object.hasOwn(stored, spec.name) ? stored[spec.name] : spec.value;
    const accepts = ACCEPTS[spec.kind];
    if (accepts && !accepts(spec, value)) refuse(`${spec.name}=${JSON.stringify(value)?.slice(0, 60)}`);
    return [spec.name, accepts ? plain(value) : plain(value, CONTROL.plain)];
  }));
}

/** Controls that a notebook brings itself, for a widget whose controls depend on its arguments. */
function ownControls(given) {
  if (!Array.isArray(given)) refuse('no controls');
  for (const spec of given) {
    if (!isObject(spec) || !Object.hasOwn(ACCEPTS, spec.kind) || typeof spec.name !== 'string') refuse('an unknown control');
    const sound = {
      slider: () => wide(spec.low, spec.high) && spec.step > 0 && (spec.high - spec.low) / spec.step <= CONTROL.steps
        && within(spec.low, -CONTROL.number, CONTROL.number) && within(spec.high, -CONTROL.number, CONTROL.number),
      toggle: () => true,
      choice: () => isObject(spec.options),
      spikes: () => within(spec.steps, 1, CONTROL.entries),
      numbers: () => within(spec.count, 1, CONTROL.entries)
    }[spec.kind];
    if (!sound()) refuse(`the control ${spec.name}`);
  }
  return plain(given);
}

function ownBuffers(given, state) {
  for (const { path, data } of given ?? []) {
    const [name] = path;
    if (path.length !== 1 || typeof name !== 'string' || name.startsWith('_') || name === 'params') refuse('a buffer');
    if (typeof data !== 'string' || !BASE64.test(data)) refuse('a buffer that is not base64');
    state[name] = null; // its place, for restore()
  }
  return (given ?? []).map(({ path, data }) => ({ path: [path[0]], data }));
}

/** Whether the package's sample is needed for what the notebook stored. */
export function wantsSample(bundle, entry) {
  return entry.closed || bundle.sample === true;
}

/** {state, buffers} for the widget, from what the notebook stored, what the package says of the widget (its entry in
 *  the catalogue), and the package's sample where it is wanted. Raises TypeError where the data do not fit. */
export function stateOf(bundle, entry, sample) {
  if (JSON.stringify(bundle).length > MOST.bytes) refuse('too much data');
  const given = isObject(bundle.state) ? bundle.state : {};
  if (wantsSample(bundle, entry)) {
    if (!sample || !entry.controls) refuse('the package has no sample of it');
    const state = structuredClone(sample.state);
    const chosen = bundle.params ?? given.params;
    Object.assign(state, { title: entry.title, controls: entry.controls });
    state.params = parameters({ ...state.params, ...(isObject(chosen) ? chosen : {}) }, entry.controls);
    return { state, buffers: sample.buffers };
  }
  const state = Object.fromEntries(Object.entries(plain(given)).filter(([name]) => !name.startsWith('_')));
  const { controls, params, ...data } = state;
  bounded(data);
  state.controls = entry.controls ?? ownControls(controls);
  state.params = parameters(params, state.controls);
  state.title = entry.title;
  return { state, buffers: ownBuffers(bundle.buffers, state) };
}
