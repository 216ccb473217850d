/* Widgets that live before any run, after a reload, without a kernel and without trust.
 *
 * A notebook stores of a widget its name, its parameters and its data (application/vnd.course-snn.widget+json). The
 * code comes from the installed package, by the name, from the server; what the notebook says is data (stored.js).
 * Where the notebook is trusted and its kernel still has the widget, Jupyter's own view of it is shown instead.
 */

const STORED = 'application/vnd.course-snn.widget+json';
const VIEW = 'application/vnd.jupyter.widget-view+json';
const PICTURES = ['application/vnd.course-snn.figure+json', 'image/png', 'text/plain'];
const GRACE = 1000; // ms that a kernel has to show its widget before ours stands in for it

/** What the server has: modules and samples by name, each fetched once; a failure is tried again at the next widget. */
class Package {
  constructor(ServerConnection, settings) {
    this.fetched = new Map();
    this.request = async path => {
      const address = `${settings.baseUrl.replace(/\/*$/, '')}/course-snn/widget/${path}`;
      const answer = await ServerConnection.makeRequest(address, { cache: 'no-cache' }, settings);
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.text();
    };
  }
  once(path, make) {
    if (!this.fetched.has(path)) {
      const found = this.request(path).then(make);
      found.catch(() => this.fetched.delete(path));
      this.fetched.set(path, found);
    }
    return this.fetched.get(path);
  }
  module(path) {
    return this.once(path, text => {
      const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
      return import(url).finally(() => URL.revokeObjectURL(url));
    });
  }
  style() {
    return this.once('kit.css', text => {
      document.head.appendChild(document.createElement('style')).textContent = text;
    });
  }
  sample(name) {
    return this.once(`sample/${name}.json`, JSON.parse);
  }
}

/** Put the stored widget into an element; returns what takes it away again. */
async function mountStored(bundle, pack, { stateOf, wantsSample }, el) {
  const name = String(bundle?.name);
  if (!/^[A-Z][A-Za-z]{0,60}$/.test(name)) throw new TypeError('a widget without a name');
  const [page, module] = await Promise.all([pack.module('model.js'), pack.module(`${name}.js`), pack.style()]);
  const sample = wantsSample(bundle, module.catalogue) ? await pack.sample(name) : null;
  const { state, buffers } = stateOf(bundle, module.catalogue, sample);
  return page.mountWidget(module.default, new page.Model(page.restore(state, buffers)), el);
}

/** The first of a widget's holders that has the property, and its value. */
function held(widget, name) {
  for (let each = widget.parent; each; each = each.parent) if (each[name]) return each[name];
  return null;
}

const pause = ms => new Promise(done => setTimeout(done, ms));

function liveFactory({ Widget, Panel }, pack, guard) {
  class Live extends Panel {
    constructor() {
      super();
      this.addClass('course-live');
      this.run = 0; // counts what was asked to be shown: whatever belongs to an earlier one has no effect
      this.undo = () => {};
    }

    /** JupyterLab asks before the output stands in the page; then its holders, and its size, are not yet known. */
    async renderModel(model) {
      this.clear();
      this.model = model;
      if (this.isAttached) this.begin();
    }
    onAfterAttach(message) {
      super.onAfterAttach(message);
      if (this.model && !this.begun) this.begin();
    }
    clear() {
      this.run += 1;
      this.begun = false;
      this.watch?.disconnect();
      this.undo();
      this.undo = () => {};
      for (const child of [...this.widgets]) child.dispose();
      this.stored = this.kernels = null;
    }
    dispose() {
      if (this.isDisposed) return;
      this.clear();
      super.dispose();
    }

    async begin() {
      this.begun = true;
      const { model, run } = this;
      const height = Number(model.metadata['image/png']?.height);
      if (height > 0) this.node.style.minHeight = `${Math.min(height, 1000)}px`; // less moves when it comes
      if (model.trusted && model.data[VIEW]) await Promise.race([this.askKernel(model, run), pause(GRACE)]);
      if (run === this.run && !this.kernelShows()) await this.showStored(model, run);
    }

    /** Let Jupyter's own renderer try; settled when it shows the widget, or knows that it has none. */
    async askKernel(model, run) {
      const rendermime = held(this, 'rendermime');
      const session = held(this, 'sessionContext');
      await session?.ready;
      await pause(0); // then the manager of this notebook's widgets has its renderer registered
      if (run !== this.run || !rendermime?.mimeTypes.includes(VIEW)) return;
      const renderer = rendermime.createRenderer(VIEW);
      this.kernels = renderer;
      renderer.hide();
      this.addWidget(renderer);
      this.watch = new MutationObserver(() => this.change(model, run));
      this.watch.observe(renderer.node, { childList: true });
      await renderer.renderModel(model);
      this.change(model, run);
    }
    kernelShows() {
      return Boolean(this.kernels?.widgets?.length);
    }
    /** The kernel's widget came, perhaps late, or went. */
    change(model, run) {
      if (run !== this.run || this.isDisposed) return;
      if (!this.kernelShows()) {
        if (!this.kernels?.isHidden) this.showStored(model, run);
        return;
      }
      this.kernels.show();
      this.undo();
      this.undo = () => {};
      this.stored?.dispose();
      this.stored = null;
      this.node.style.minHeight = '';
    }

    async showStored(model, run) {
      if (this.stored) return;
      const place = new Widget();
      this.stored = place;
      this.kernels?.hide();
      this.addWidget(place);
      try {
        const undo = await mountStored(model.data[STORED], pack, guard, place.node);
        if (this.stored === place && run === this.run) this.undo = undo;
        else undo();
      } catch (error) {
        console.warn('course-snn: a widget stays a picture:', error);
        if (this.stored === place && run === this.run) await this.showPicture(model, place);
      }
      if (run === this.run) this.node.style.minHeight = '';
    }
    async showPicture(model, place) {
      place.node.replaceChildren();
      const rendermime = held(this, 'rendermime');
      const mime = PICTURES.find(each => each in model.data && rendermime?.mimeTypes.includes(each));
      if (!mime) return;
      const picture = rendermime.createRenderer(mime);
      place.dispose();
      this.stored = picture;
      this.addWidget(picture);
      await picture.renderModel(model);
    }
  }
  // Rank -20 stands before Jupyter's widgets (-10); safe: the notebook brings data, the code is the package's.
  return { safe: true, mimeTypes: [STORED], defaultRank: -20, createRenderer: () => new Live() };
}

/** The JupyterLab plugin; `load(name)` gives a module that JupyterLab shares. */
export async function plugin(load) {
  const { IRenderMimeRegistry } = await load('@jupyterlab/rendermime');
  const { ServerConnection } = await load('@jupyterlab/services');
  const lumino = await load('@lumino/widgets');
  const here = new URL(import.meta.url);
  const guard = await import(new URL(`stored.js${here.search}`, here));
  return {
    id: 'course-lang:live',
    description: 'Shows the widgets of the course without a kernel, with the code of the installed package.',
    autoStart: true,
    requires: [IRenderMimeRegistry],
    activate: (app, rendermime) => {
      const pack = new Package(ServerConnection, app.serviceManager.serverSettings);
      rendermime.addFactory(liveFactory(lumino, pack, guard));
    }
  };
}
