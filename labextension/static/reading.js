/* A chapter as a page to read: lines of about 80 characters, as wide as its figures. Other notebooks stay as they are. */

const CHAPTER = /^\d\d_[a-z_]+\.ipynb$/;
const CSS = `
  .course-text .jp-Notebook { --jp-content-font-size1: 16px; --course-measure: 42rem }
  .course-text .jp-MarkdownOutput > :is(div[lang], p, ul, ol, blockquote, details, h1, h2, h3, h4) {
    max-width: var(--course-measure)
  }
  .course-text .jp-MarkdownOutput h1 { margin: .2em 0; font-size: 1.75em; line-height: 1.2 }
  .course-text .jp-MarkdownOutput > div[lang] > :last-child { margin-bottom: .3em }
  .course-text .jp-MarkdownOutput > div[lang] > table { font-size: 15px }
  .course-text .course-figure img { max-width: 100%; height: auto }
  .course-text .course-verdict { max-width: var(--course-measure); box-sizing: border-box }`;

/** The JupyterLab plugin; `load(name)` gives a module that JupyterLab shares. */
export async function plugin(load) {
  const { INotebookTracker } = await load('@jupyterlab/notebook');
  return {
    id: 'course-lang:reading',
    description: 'Sets the chapters of the course as pages to read.',
    autoStart: true,
    requires: [INotebookTracker],
    activate: (_app, tracker) => {
      const style = document.head.appendChild(document.createElement('style'));
      style.textContent = CSS;
      const mark = panel => {
        const name = panel.context.path.split('/').at(-1);
        panel.node.classList.toggle('course-text', CHAPTER.test(name));
      };
      tracker.widgetAdded.connect((_tracker, panel) => {
        mark(panel);
        panel.context.pathChanged.connect(() => mark(panel));
      });
    }
  };
}
