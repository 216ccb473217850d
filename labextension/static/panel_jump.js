/* Ways into the chapters: open a notebook, go to a cell of it, also where cells are drawn only when they are seen. */

const TRIES = 80;
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

export class Guide {
  constructor(app, tracker, NotebookActions, course) {
    Object.assign(this, { app, tracker, NotebookActions, course });
    this.journeys = 0;
  }

  /** Open a notebook, or bring it to the front, and go to a cell: `cell` is its id, `exercise` what it checks. */
  async open(path, { cell = null, exercise = null } = {}) {
    const front = this.tracker.currentWidget;
    const here = front && this.course.chapterOf(front.context.path);
    const panel = here && here.path === path // also a copy of the chapter in another folder
      ? front
      : await this.app.commands.execute('docmanager:open', { path, factory: 'Notebook' });
    if (!panel?.content?.widgets) return null;
    this.app.shell.activateById(panel.id);
    await panel.context.ready;
    await panel.revealed;
    if (cell || exercise) await this.show(panel, cell, exercise);
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

  async show(panel, cell, exercise) {
    const notebook = panel.content;
    const number = numberOf(notebook, cell, exercise);
    if (number < 0) return;
    const target = notebook.widgets[number];
    if (target.isHidden) this.NotebookActions.expandParent?.(target);
    notebook.deselectAll();
    notebook.mode = 'command';
    notebook.activeCellIndex = number;
    this.NotebookActions.focusActiveCell?.(notebook, { preventScroll: true });
    const task = exercise ? taskAbove(notebook, number) : number; // above an exercise stands its text
    await this.settle(notebook, notebook.widgets[task], task, 'start');
  }

  /* Cells above may change their height once they are drawn: scroll until the cell stays where it belongs, or the
   * learner scrolls, or goes elsewhere. */
  async settle(notebook, target, number, align) {
    const journey = ++this.journeys;
    let free = true;
    const stop = () => { free = false; };
    for (const event of ['wheel', 'pointerdown', 'keydown']) {
      document.addEventListener(event, stop, { once: true, capture: true, passive: true });
    }
    for (let tries = 0, calm = 0; tries < TRIES && calm < 3 && free && journey === this.journeys; tries++) {
      if (this.inPlace(notebook, target, align)) {
        calm++;
      } else {
        calm = 0;
        notebook.scrollToItem(number, align, 0).catch(() => undefined);
      }
      await pause();
    }
    for (const event of ['wheel', 'pointerdown', 'keydown']) document.removeEventListener(event, stop, true);
  }

  inPlace(notebook, target, align) {
    if (!target.node.isConnected) return false;
    const frame = notebook.outerNode.getBoundingClientRect();
    const box = target.node.getBoundingClientRect();
    if (align === 'start') {
      const { scrollTop, scrollHeight, clientHeight } = notebook.outerNode;
      const atEnd = scrollTop + clientHeight >= scrollHeight - OFF && box.top < frame.bottom;
      return Math.abs(box.top - frame.top) < OFF || atEnd;
    }
    const whole = box.bottom <= frame.bottom || box.height > frame.height / 2;
    return box.top >= frame.top - OFF && box.top < frame.bottom - OFF && whole;
  }
}
