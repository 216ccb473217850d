/* GIFs that can be stopped: each has a button, plays again from its beginning, and where the reader asks for less motion
 * it shows its first picture until the button is pressed. */

const CHANGED = 'course-lang';
const GIF = 'image/gif';
const CSS = `
  .course-gif { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 10px; padding: var(--jp-code-padding) }
  .course-gif :is(img, canvas) { display: block; max-width: 100%; height: auto; image-rendering: pixelated }
  .course-gif [hidden] { display: none }
  .course-gif button { min-width: 64px; min-height: 24px; padding: 4px 11px;
    border: 1px solid var(--jp-border-color1); border-radius: 6px; background: var(--jp-layout-color1);
    color: var(--jp-ui-font-color1); font: inherit; cursor: pointer }
  .course-gif svg { width: 11px; height: 11px; fill: currentColor; vertical-align: -1px }
  @media print { .course-gif button { display: none } }`;

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
const WORDS = { zh: ['播放', '暂停'], en: ['Play', 'Pause'] };
const GLYPHS = ['M2 0.5v11l9.5-5.5z', 'M1.5 0.5h3.4v11h-3.4zM7.1 0.5h3.4v11h-3.4z'];   // as widgets have them
const face = on => {
  const word = (WORDS[document.body.dataset.courseLang] ?? WORDS.zh)[on];
  return `<svg viewBox="0 0 12 12" aria-hidden="true"><path d="${GLYPHS[on]}"/></svg> ${word}`;
};

function gifFactory(Widget) {
  class Gif extends Widget {
    constructor() {
      super();
      this.addClass('course-gif');
      [this.image, this.first, this.button] = ['img', 'canvas', 'button'].map(tag => document.createElement(tag));
      this.button.type = 'button';
      this.button.addEventListener('click', () => this.play(!this.playing));
      this.first.setAttribute('role', 'img');
      this.node.append(this.image, this.first, this.button);
      this.label = () => { this.button.innerHTML = face(Number(this.playing)); };
      window.addEventListener(CHANGED, this.label);
    }
    async renderModel(model) {
      this.bytes = Uint8Array.from(atob(String(model.data[GIF]).replace(/\s/g, '')), c => c.charCodeAt(0));
      this.image.alt = this.first.ariaLabel = String(model.data['text/plain'] || '');
      this.play(!still());
      const first = await createImageBitmap(new Blob([this.bytes], { type: GIF })).catch(() => null);
      if (!first) return;                                       // no GIF: the image says so by its alternative text
      [this.first.width, this.first.height] = [first.width, first.height];
      this.first.getContext('2d').drawImage(first, 0, 0);
      [this.image.width, this.image.height] = [first.width, first.height];   // the place it takes before it is decoded
    }
    play(on) {
      this.playing = on;
      URL.revokeObjectURL(this.image.src);
      if (on) this.image.src = URL.createObjectURL(new Blob([this.bytes], { type: GIF }));   // a new one: from the start
      else this.image.removeAttribute('src');
      this.image.hidden = !on;
      this.first.hidden = on;
      this.label();
    }
    dispose() {
      window.removeEventListener(CHANGED, this.label);
      URL.revokeObjectURL(this.image.src);
      super.dispose();
    }
  }
  // Rank 80 stands before JupyterLab's own pictures (90); safe: shown in notebooks that are not trusted.
  return { safe: true, mimeTypes: [GIF], defaultRank: 80, createRenderer: () => new Gif() };
}

/** The JupyterLab plugin; `load(name)` gives a module that JupyterLab shares. */
export async function plugin(load) {
  const { IRenderMimeRegistry } = await load('@jupyterlab/rendermime');
  const { Widget } = await load('@lumino/widgets');
  return {
    id: 'course-lang:motion',
    description: 'GIFs that can be stopped.',
    autoStart: true,
    requires: [IRenderMimeRegistry],
    activate: (_app, rendermime) => {
      document.head.append(Object.assign(document.createElement('style'), { textContent: CSS }));
      rendermime.addFactory(gifFactory(Widget));
    }
  };
}
