/* A widget without a kernel: the model that an anywidget module expects, its data, and how it is put in the page.
 * The page of a chapter holds this text in its script, JupyterLab's extension loads it from the server. */

/** A model that keeps its values in the page and tells who listens. */
export class Model {
  constructor(state) {
    this.kernel = false;                         // its parameters are what a notebook or a page says
    this.state = state;
    this.listeners = new Map();
  }
  get(name) { return this.state[name]; }
  set(name, value) {
    const changes = typeof name === 'object' ? name : { [name]: value };
    for (const [key, next] of Object.entries(changes)) {
      if (this.state[key] === next) continue;
      this.state[key] = next;
      this.emit(`change:${key}`, next);
    }
    this.emit('change');
  }
  on(events, listener) {
    for (const event of events.split(' ')) {
      if (!this.listeners.has(event)) this.listeners.set(event, new Set());
      this.listeners.get(event).add(listener);
    }
  }
  off(events, listener) {
    for (const event of events ? events.split(' ') : [...this.listeners.keys()]) {
      if (listener) this.listeners.get(event)?.delete(listener);
      else this.listeners.delete(event);
    }
  }
  emit(event, ...values) {
    for (const listener of [...(this.listeners.get(event) || [])]) listener(this, ...values);
  }
  save_changes() {}
  send() {}
}

/** The state with its buffers, [{path, data: base64}], put back where they belong; changes it and returns it. */
export function restore(state, buffers) {
  for (const { path, data } of buffers) {
    const bytes = Uint8Array.from(atob(data), char => char.charCodeAt(0));
    const holder = path.slice(0, -1).reduce((part, key) => part[key], state);
    holder[path.at(-1)] = new DataView(bytes.buffer);
  }
  return state;
}

/** Let a widget's module render the model into an element of the page; returns what takes it away again. */
export async function mountWidget(exported, model, el) {
  const widget = typeof exported === 'function' ? await exported() : exported;
  const undo = [await widget.initialize?.({ model }), await widget.render?.({ model, el })];
  return () => undo.reverse().forEach(each => typeof each === 'function' && each());
}
