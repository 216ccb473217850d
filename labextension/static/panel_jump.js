/* Ways into the chapters: open a notebook, go to a cell of it, also where cells are drawn only when they are seen. */

const LATE = 500; // looks at a chapter that is not drawn yet
const TRIES = 80; // looks at one that is
const CALM = 3; // so many looks in a row find the cell where it belongs
const PAUSE = 120; // ms between them: on a slow machine a notebook takes seconds until its pictures have their heights
const OFF = 24; // px from where the cell should be

const pause = () => new Promise(resolve => setTimeout(resolve, PAUSE));

/** The number of the cell that has this id, or else checks this exercise; -1 if none does. */
function numberOf(notebook, cell, exercise) {
  const byId = notebook.widgets.findIndex(one => one.model.id === cell);
  if (byId >= 0 || !exercise) return byId;
  const check = new RegExp(`\\bcheck\\(\\s*["']${exercise.replace('.', '\\.')}["']`);
  return notebook.widgets.findIndex(one => check.test(one.model.sharedModel.source));
}

/** The number of the cell with the task of an exercise: the prose right above it that begins with a heading. */
function taskAbove(notebook, number) {
  const above = notebook.widgets[number - 1]?.model;
  return above?.type === 'markdown' && /^#/.test(above.sharedModel.source) ? number - 1 : number;
}

/* JupyterLab draws cells one after the other when it has time, and the text of a cell when what renders it is loaded. */
function drawn(notebook, last) {
  const isDrawn = cell => !cell.isPlaceholder()
    && (cell.model.type !== 'markdown' || !cell.rendered || cell.renderer.node.hasChildNodes());
  return notebook.widgets.slice(0, last + 1).every(isDrawn);
}

/** Whether a cell begins where the view does; the last cells are in place as soon as they are seen. */
function inPlace(notebook, target) {
  if (!target.node.isConnected) return false;
  const { scrollTop, scrollHeight, clientHeight } = notebook.outerNode;
  const frame = notebook.outerNode.getBoundingClientRect();
  const below = target.node.getBoundingClientRect().top - frame.top; // the top of the view
  if (Math.abs(below) < OFF) return true;
  const atEnd = scrollTop + clientHeight >= scrollHeight - OFF;
  return atEnd && below > 0 && below < frame.height;
}

export class Guide {
  constructor(app, tracker, NotebookActions, course) {
    Object.assign(this, { app, tracker, NotebookActions, course });
    this.journeys = 0;
  }

  /** Open a notebook, or bring it to the front, and go to a cell: `cell` is its id, `exercise` what it checks. */
  async open(path, { cell = null, exercise = null } = {}) {
    const journey = ++this.journeys;
    const front = this.tracker.currentWidget;
    const here = front && this.course.chapterOf(front.context.path);
    const panel = here && here.path === path // also a copy of the chapter in another folder
      ? front
      : await this.app.commands.execute('docmanager:open', { path, factory: 'Notebook' });
    if (!panel?.content?.widgets) return null;
    this.app.shell.activateById(panel.id);
    await panel.context.ready;
    await panel.revealed;
    if (cell || exercise) await this.show(panel, cell, exercise, journey);
    return panel;
  }

  /** Go to the cell of an exercise; false if nobody knows where it is. */
  async exercise(id) {
    const found = this.course.exercise(id);
    if (!found) return false;
    await this.open(found.chapter.path, { cell: found.cell, exercise: id });
    return true;
  }

  /** Go on: to the next exercise, or to the first chapter where nothing was done yet. */
  async goOn() {
    const { next, passed, chapters } = this.course;
    if (next && passed) return this.exercise(next.id);
    if (chapters.length) return this.open(chapters[0].path);
    return null;
  }

  async show(panel, cell, exercise, journey) {
    const notebook = panel.content;
    const number = numberOf(notebook, cell, exercise);
    if (number < 0) return;
    const target = notebook.widgets[number];
    if (target.isHidden) this.NotebookActions.expandParent?.(target);
    notebook.deselectAll();
    notebook.mode = 'command';
    notebook.activeCellIndex = number;
    const task = exercise ? taskAbove(notebook, number) : number; // above an exercise stands its text
    await this.settle(notebook, number, task, journey);
  }

  /* Until a cell is drawn it cannot have the keyboard, and cells above change their height once they are drawn: scroll
   * to the task until it stays where it belongs, or the learner acts, or goes elsewhere. */
  async settle(notebook, number, task, journey) {
    const { activeCell } = notebook;
    const target = notebook.widgets[task];
    let free = true;
    let focused = false;
    const stop = () => { free = false; };
    for (const event of ['wheel', 'pointerdown', 'keydown']) {
      document.addEventListener(event, stop, { once: true, capture: true, passive: true });
    }
    const goingOn = () => free && journey === this.journeys && !notebook.isDisposed && notebook.activeCell === activeCell;
    let late = 0;
    let tries = 0;
    let calm = 0;
    while (tries < TRIES && calm < CALM && goingOn()) {
      if (!focused && activeCell.node.isConnected) {
        this.NotebookActions.focusActiveCell?.(notebook, { preventScroll: true });
        focused = true;
      }
      const complete = late >= LATE || drawn(notebook, number);
      const there = inPlace(notebook, target);
      if (!there) notebook.scrollToItem(task, 'start', 0).catch(() => undefined);
      calm = there && complete ? calm + 1 : 0;
      if (complete) tries++;
      else late++;
      await pause();
    }
    for (const event of ['wheel', 'pointerdown', 'keydown']) document.removeEventListener(event, stop, true);
  }
}
