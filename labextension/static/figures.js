/* Figures in two languages, light and dark. The English picture is the output's image/png, which every viewer shows;
 * the Chinese one stands beside it, and for each a palette for the dark: the same pixels in other colours.
 *
 * The renderer shows the picture that is wanted, and changes it when the language or the theme changes.
 */

const CHANGED = 'course-lang';
const FIGURE = 'application/vnd.course-snn.figure+json';
const PALETTE_AT = 33; // signature 8, header 25: a PNG with a palette as the course writes it has PLTE next

const current = () => document.body.dataset.courseLang;
const isDark = () => document.body.dataset.jpThemeLight === 'false';

/** The bytes of a base64 text; null where it is none: one damaged part must not take the figure away. */
function bytes(base64) {
  try {
    return Uint8Array.from(atob(base64.replace(/\s/g, '')), char => char.charCodeAt(0));
  } catch {
    return null;
  }
}

function crc32(data) {
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc >>> 0;
}

/** The PNG with another palette; the PNG itself where the palette is not one for it. */
export function recoloured(png, palette) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const isPalette = png.length > PALETTE_AT + 12 && view.getUint32(PALETTE_AT + 4) === 0x504C5445; // "PLTE"
  if (!isPalette || view.getUint32(PALETTE_AT) !== palette.length) return png;
  const out = png.slice();
  out.set(palette, PALETTE_AT + 8);
  const end = PALETTE_AT + 8 + palette.length;
  new DataView(out.buffer).setUint32(end, crc32(out.subarray(PALETTE_AT + 4, end)));
  return out;
}

/** {en, zh} of one output, each {light, dark} PNGs as bytes; a figure without words has one for both. */
function pictures(data) {
  const more = data[FIGURE] || {};
  const found = {};
  for (const [lang, png] of [['en', data['image/png']], ['zh', more.zh]]) {
    const light = bytes(png);
    if (light?.[1] !== 0x50) continue; // no PNG
    const palette = bytes(more.dark?.[lang]);
    found[lang] = { light, dark: palette ? recoloured(light, palette) : light };
  }
  return found;
}

function figureFactory(Widget) {
  class Figure extends Widget {
    constructor() {
      super();
      this.addClass('course-figure');
      this.image = this.node.appendChild(document.createElement('img'));
      this.pictures = {};
      this.shown = null;
      this.show = () => {
        const { en, zh } = this.pictures;
        const picture = (current() === 'en' ? en || zh : zh || en)?.[isDark() ? 'dark' : 'light'];
        if (!picture || picture === this.shown) return;
        this.shown = picture;
        const before = this.image.src;
        this.image.src = URL.createObjectURL(new Blob([picture], { type: 'image/png' }));
        if (before) URL.revokeObjectURL(before);
      };
      window.addEventListener(CHANGED, this.show);
      this.theme = new MutationObserver(this.show);
      this.theme.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light'] });
    }
    async renderModel(model) {
      this.pictures = pictures(model.data);
      const size = model.metadata['image/png'] || {};
      if (size.width) this.image.width = size.width;
      this.image.alt = String(model.data['text/plain'] || '');
      this.show();
      await this.image.decode().catch(() => undefined); // the cell has its height before it counts as rendered
    }
    dispose() {
      window.removeEventListener(CHANGED, this.show);
      this.theme.disconnect();
      if (this.image.src) URL.revokeObjectURL(this.image.src);
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
    description: 'Shows figures in the language of the course, light or dark.',
    autoStart: true,
    requires: [IRenderMimeRegistry],
    activate: (_app, rendermime) => rendermime.addFactory(figureFactory(Widget))
  };
}
