/* Figures in two languages: the English picture is the output's image/png, which every viewer shows, the Chinese one
 * stands beside it. The renderer shows the one that is wanted and changes it when the language changes. */

const CHANGED = 'course-lang';
const FIGURE = 'application/vnd.course-snn.figure+json';

const current = () => document.body.dataset.courseLang;

function figureFactory(Widget) {
  class Figure extends Widget {
    constructor() {
      super();
      this.addClass('course-figure');
      this.image = this.node.appendChild(document.createElement('img'));
      this.sources = {};
      this.show = () => {
        const source = this.sources[current()] || this.sources.zh || this.sources.en;
        if (source && this.image.src !== source) this.image.src = source;
      };
      window.addEventListener(CHANGED, this.show);
    }
    async renderModel(model) {
      const data = { en: model.data['image/png'], ...model.data[FIGURE] };
      for (const lang of ['zh', 'en']) {
        if (data[lang]) this.sources[lang] = `data:image/png;base64,${data[lang].replace(/\s/g, '')}`;
      }
      const size = model.metadata['image/png'] || {};
      if (size.width) this.image.width = size.width;
      this.image.alt = String(model.data['text/plain'] || '');
      this.show();
      await this.image.decode().catch(() => undefined); // the cell has its height before it counts as rendered
    }
    dispose() {
      window.removeEventListener(CHANGED, this.show);
      super.dispose();
    }
  }
  // Rank 80 stands before image/png (90) and after live widgets; safe: shown in notebooks that are not trusted.
  return { safe: true, mimeTypes: [FIGURE], defaultRank: 80, createRenderer: () => new Figure() };
}

/** The JupyterLab plugin; `load(name)` gives a module that JupyterLab shares. */
export async function plugin(load) {
  const { IRenderMimeRegistry } = await load('@jupyterlab/rendermime');
  const { Widget } = await load('@lumino/widgets');
  return {
    id: 'course-lang:figures',
    description: 'Shows figures in the language of the course.',
    autoStart: true,
    requires: [IRenderMimeRegistry],
    activate: (_app, rendermime) => rendermime.addFactory(figureFactory(Widget))
  };
}
