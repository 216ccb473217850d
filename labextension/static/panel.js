/* The course panel of JupyterLab: chapters, progress and search at the left, a card in the launcher, the end of each
 * chapter, jumps to exercises, and the guesses that widgets keep. All of it asks the course's server extension. */

import { Course, folderOf, guesses, requester } from './panel_course.js';
import { End } from './panel_end.js';
import { Guide } from './panel_jump.js';
import { panelClass } from './panel_view.js';

const NAME = 'course-snn';
const VERDICT = '.course-verdict[data-passed]';
const SEEN = 'course-snn:seen';
// A neuron: a body that sums up, and a spike.
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16">
  <path class="jp-icon3" stroke="#616161" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"
    style="fill: none" d="M2 18h4.5l2-1.5L11 18l2-14 2.5 17 1.5-3h5"/>
  <circle class="jp-icon3" fill="#616161" cx="5" cy="8" r="3"/></svg>`;

function style() {
  const sheet = document.createElement('link');
  sheet.rel = 'stylesheet';
  sheet.href = new URL('panel.css', import.meta.url).href;
  document.head.append(sheet);
}

/* A verdict that appears, also within what appears: something may have been passed. */
function watchVerdicts(node, seen) {
  const holds = one => one.nodeType === Node.ELEMENT_NODE && (one.matches(VERDICT) || one.querySelector(VERDICT));
  new MutationObserver(records => {
    if (records.some(record => [...record.addedNodes].some(holds))) seen();
  }).observe(node, { childList: true, subtree: true });
}

/* The notebook in front: its chapter, its folder, and the cell one is in. */
function followNotebook(tracker, course, panel) {
  const moved = () => {
    const notebook = tracker.currentWidget?.content;
    if (!notebook?.widgets) return;
    panel.mark(new Set(notebook.widgets.slice(0, notebook.activeCellIndex + 1).map(cell => cell.model.id)));
  };
  const changed = () => {
    const path = tracker.currentWidget?.context.path ?? '';
    const near = path ? folderOf(path) : course.near;
    const other = near !== course.near;
    Object.assign(course, { near, front: path });
    if (other || path) course.lookSoon();
    course.tell();
    moved();
  };
  tracker.currentChanged.connect(changed);
  tracker.activeCellChanged.connect(moved);
  changed();
}

/* Links in outputs: <a data-course-exercise="03.wire">, <a data-course-chapter="04">. One that leads to what nobody
 * knows here keeps its own address. */
function followLinks(guide, course) {
  document.addEventListener('click', event => {
    const link = event.target.closest?.('[data-course-exercise], [data-course-chapter]');
    const { courseExercise, courseChapter } = link?.dataset ?? {};
    const chapter = course.chapters.find(one => one.key === courseChapter);
    if (course.exercise(courseExercise)) guide.exercise(courseExercise);
    else if (chapter) guide.open(chapter.path);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

function addCommands(app, panel, guide, course, icon, { launcher, palette }) {
  const commands = {
    panel: ['课程面板 · Course panel', () => app.shell.activateById(panel.id)],
    start: ['SNN course · 脉冲神经网络课', async () => {
      await course.look();
      if (!(await guide.goOn())) app.shell.activateById(panel.id); // the panel says what is missing
    }],
    exercise: ['练习 · Exercise', ({ id }) => guide.exercise(String(id ?? ''))]
  };
  for (const [name, [label, execute]] of Object.entries(commands)) {
    app.commands.addCommand(`${NAME}:${name}`, { label, icon, caption: label, execute });
  }
  for (const name of ['panel', 'start']) palette?.addItem({ command: `${NAME}:${name}`, category: 'SNN' });
  launcher?.add({ command: `${NAME}:start`, category: 'SNN', categoryRank: -1, rank: 0 });
}

/* The first time that chapters are there, the panel is in front of the file browser: a learner sees the way through before the files. */
async function first(app, panel, state) {
  await app.restored;
  if (!state || (await state.fetch(SEEN))) return;
  await state.save(SEEN, true);
  if (!app.shell.leftCollapsed) app.shell.activateById(panel.id);
}

function activate(app, shared, tracker, { labShell, launcher, palette, restorer, state }) {
  const course = new Course(shared.request);
  const guide = new Guide(app, tracker, shared.NotebookActions, course);
  const icon = new shared.LabIcon({ name: `${NAME}:icon`, svgstr: ICON });
  const panel = new (panelClass(shared.Widget))(course, guide);
  panel.title.icon = icon;
  style();
  if (labShell) {
    labShell.add(panel, 'left', { rank: 101 });
    restorer?.add(panel, panel.id);
  }
  addCommands(app, panel, guide, course, icon, { launcher, palette });
  followNotebook(tracker, course, panel);
  followLinks(guide, course);
  watchVerdicts(app.shell.node, () => course.lookSoon());
  window.addEventListener('focus', () => course.lookSoon());
  const address = path => `${shared.baseUrl}lab/tree/${path.split('/').map(encodeURIComponent).join('/')}`;
  const end = notebook => new End(notebook, course, guide, address);
  tracker.forEach(end);
  tracker.widgetAdded.connect((_, notebook) => end(notebook));
  course.look().then(() => course.chapters.length && first(app, panel, state)); // JupyterLab need not wait for it
}

/** The JupyterLab plugin; `load(name)` gives a module that JupyterLab shares. */
export async function plugin(load) {
  const { ILabShell, ILayoutRestorer } = await load('@jupyterlab/application');
  const { ICommandPalette } = await load('@jupyterlab/apputils');
  const { ILauncher } = await load('@jupyterlab/launcher');
  const { INotebookTracker, NotebookActions } = await load('@jupyterlab/notebook');
  const { ServerConnection } = await load('@jupyterlab/services');
  const { IStateDB } = await load('@jupyterlab/statedb');
  const { LabIcon } = await load('@jupyterlab/ui-components');
  const { Widget } = await load('@lumino/widgets');
  const request = requester(ServerConnection);
  const { baseUrl } = ServerConnection.makeSettings();
  window.courseSnn = { ...window.courseSnn, host: 'lab', guesses: guesses(request) };
  return {
    id: 'course-lang:panel',
    description: 'The course panel: chapters, progress, search, and the way on.',
    autoStart: true,
    requires: [INotebookTracker],
    optional: [ILabShell, ILauncher, ICommandPalette, ILayoutRestorer, IStateDB],
    activate: (app, tracker, labShell, launcher, palette, restorer, state) =>
      activate(app, { request, baseUrl, NotebookActions, LabIcon, Widget }, tracker,
        { labShell, launcher, palette, restorer, state })
  };
}
