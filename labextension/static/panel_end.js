/* What stands below the last cell of a chapter in JupyterLab: how far one is in it, what is open, the next chapter.
 * It is part of the page and not of the notebook, which stays as it is. */

import { dots, element, say, spoken } from './panel_course.js';

function link(address, key, act, ...children) {
  return element('a', {
    href: address, 'data-key': key,
    onclick: event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
      event.preventDefault();
      act();
    }
  }, ...children);
}

export class End {
  /** `address(path)` is where JupyterLab shows a notebook. */
  constructor(panel, course, guide, address) {
    Object.assign(this, { panel, course, guide, address });
    this.node = element('section', { class: 'course-end' });
    // The notebook would take the focus away from whatever in it is no cell, and take keys for commands.
    for (const event of ['focusin', 'mousedown', 'keydown']) {
      this.node.addEventListener(event, one => one.stopPropagation());
    }
    this.draw = this.draw.bind(this);
    course.follow(this.draw);
    window.addEventListener('course-lang', this.draw);
    panel.disposed.connect(() => this.dispose());
    panel.context.pathChanged.connect(this.draw);
    this.attach();
  }

  dispose() {
    this.course.listeners.delete(this.draw);
    window.removeEventListener('course-lang', this.draw);
    this.node.remove();
  }

  async attach() {
    await this.panel.context.ready;
    await this.panel.revealed;
    if (this.panel.isDisposed) return;
    const host = this.panel.content.outerNode ?? this.panel.content.node;
    const footer = this.panel.content.layout?.footer?.node;
    host.insertBefore(this.node, footer?.parentNode === host ? footer : null);
    this.draw();
  }

  draw() {
    const chapter = this.course.chapterOf(this.panel.context.path);
    this.node.hidden = !chapter;
    if (!chapter) return;
    const key = this.node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const { passed, of } = chapter;
    const count = of > 0 && element('p', { class: 'course-count' },
      element('b', {}, say(`练习通过 ${passed} / ${of}`, `${passed} of ${of} exercises passed`)), dots(chapter.exercises));
    this.node.setAttribute('aria-label', say('这一章的进度', 'Your progress in this chapter'));
    this.node.lang = spoken();
    this.node.replaceChildren(...[count, this.open(chapter), this.next(chapter)].filter(Boolean));
    if (key) this.node.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }

  open(chapter) {
    const left = chapter.exercises.filter(one => !one.passed);
    if (!left.length || left.length === chapter.exercises.length) return null; // not begun: the text says it all
    const items = left.map(one => element('li', {}, link(this.address(chapter.path), one.id,
      () => this.guide.open(chapter.path, { cell: one.cell, exercise: one.id }), say(...one.title))));
    return element('div', { class: 'course-left' }, say('还没通过：', 'Still open:'), element('ul', {}, items));
  }

  next(chapter) {
    const following = this.course.chapters[this.course.chapters.indexOf(chapter) + 1];
    if (!following) return element('p', {}, say('这是最后一章。', 'This is the last chapter.'));
    const title = `${following.key} ${say(...following.title)}`;
    return element('p', { class: 'course-next' }, link(this.address(following.path), 'next',
      () => this.guide.open(following.path), say('下一章：', 'Next: '), title, ' →'));
  }
}
