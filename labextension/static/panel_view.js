/* The panel at the left: the chapters with what is done in them, what comes next, and a search over both languages. */

import { dots, element, say, spoken } from './panel_course.js';

const TYPED = 180; // ms without a key before a search
const MOST = 20; // the server sends no more

const TROUBLE = {
  extension: [
    '这个 JupyterLab 里没有课程的服务器扩展，所以看不到进度，也不能搜索。关掉它，在终端运行',
    'This JupyterLab runs without the course’s server extension: no progress, no search. Stop it and start, in a terminal,'
  ],
  folder: [
    '这个文件夹里没有课程的章节。要打开它们，在终端运行',
    'There are no chapters of the course in this folder. To open them, run in a terminal'
  ],
  server: ['服务器没有回答，下面的内容可能不是最新的。', 'The server does not answer; what you see may be out of date.']
};

/** A class of panels, made of JupyterLab's own widget. */
export function panelClass(Widget) {
  return class CoursePanel extends Widget {
    constructor(course, guide) {
      super();
      Object.assign(this, { course, guide, found: null, asked: 0, typing: 0 });
      this.id = 'course-snn-panel';
      this.addClass('course-panel');
      this.head = element('header', { class: 'course-head' });
      this.box = element('input', {
        type: 'search', class: 'course-search', maxlength: '200', spellcheck: 'false', autocomplete: 'off', 'data-key': 'search',
        oninput: () => this.searchSoon(), onkeydown: event => this.inBox(event)
      });
      this.said = element('p', { class: 'course-said', role: 'status' });
      this.list = element('nav', { class: 'course-list', onkeydown: event => this.inList(event) });
      this.node.append(this.head, element('div', { role: 'search' }, this.box), this.said, this.list);
      course.follow(() => this.draw());
      window.addEventListener('course-lang', () => this.relabel());
      this.relabel();
    }

    onActivateRequest() {
      this.course.lookSoon();
    }

    relabel() {
      this.title.caption = '脉冲神经网络课 · SNN course';
      this.box.placeholder = say('搜索（中文、英文都行）', 'Search, also in Chinese');
      this.box.setAttribute('aria-label', say('在所有章节里搜索', 'Search in all chapters'));
      this.list.setAttribute('aria-label', say('章节', 'Chapters'));
      this.node.setAttribute('aria-label', say('脉冲神经网络课', 'SNN course'));
      this.node.setAttribute('role', 'region');
      this.node.lang = spoken();
      this.draw();
      if (this.found) this.search();
    }

    // ---------------------------------------------------------------- drawing

    /* Everything below the search box is made anew; where the keyboard was and how far one had scrolled stays. */
    draw() {
      const key = this.node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      const { scrollTop } = this.list;
      const { course } = this;
      this.box.parentElement.hidden = !course.chapters.length;
      this.head.replaceChildren(...this.heading());
      this.list.replaceChildren(...(this.found ? this.results() : course.chapters.length ? [this.chapters()] : []));
      this.list.scrollTop = scrollTop;
      if (key && key !== 'search') this.node.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
      if (course.current?.key !== this.shown && !this.found) {
        this.shown = course.current?.key;
        const row = this.list.querySelector('[aria-current="page"]');
        if (row) this.list.scrollTop += row.getBoundingClientRect().top - this.list.getBoundingClientRect().top - 4;
      }
      this.mark();
    }

    heading() {
      const { course } = this;
      const parts = [element('h2', {}, say('脉冲神经网络课', 'SNN course'))];
      if (course.trouble) parts.push(this.trouble());
      if (!course.chapters.length) return parts;
      const bar = element('progress', { max: course.of, value: course.passed, 'aria-hidden': 'true' });
      const count = say(`练习：通过 ${course.passed} / ${course.of}`, `${course.passed} of ${course.of} exercises passed`);
      parts.push(element('p', { class: 'course-total' }, count), bar, this.goOn());
      return parts;
    }

    trouble() {
      const command = element('code', {}, 'course-snn lab');
      const [zh, en] = TROUBLE[this.course.trouble];
      if (this.course.trouble === 'server') return element('p', { class: 'course-trouble' }, say(zh, en));
      const lines = [['zh-CN', zh, '。'], ['en-US', en, '.']].map(([lang, text, end]) =>
        element('p', { 'lang': lang }, text, ' ', command.cloneNode(true), end));
      return element('div', { class: 'course-trouble' }, lines); // in both languages, whatever is chosen
    }

    goOn() {
      const { next, passed } = this.course;
      const act = { type: 'button', class: 'course-go', 'data-key': 'go', onclick: () => this.guide.goOn() };
      if (!next) return element('p', { class: 'course-all' }, say('所有练习都通过了。', 'Every exercise is passed.'));
      if (!passed) return element('button', act, element('b', {}, say('从这里开始', 'Start here')));
      const text = say(`继续：${next.id}`, `Continue with ${next.id}`);
      return element('button', act, element('b', {}, text), element('span', {}, say(...next.title)));
    }

    chapters() {
      return element('ol', {}, this.course.chapters.map(chapter => {
        const current = chapter.key === this.course.current?.key;
        return element('li', {}, this.chapterRow(chapter, current), current && this.sections(chapter));
      }));
    }

    chapterRow(chapter, current) {
      const { key, passed, of, minutes } = chapter;
      const title = say(...chapter.title);
      const long = say(`约 ${minutes} 分钟`, `about ${minutes} minutes`);
      const count = say(`练习通过 ${passed} / ${of}`, `${passed} of ${of} exercises passed`);
      const meta = [
        minutes > 0 && element('span', { class: 'course-minutes' }, say(`${minutes} 分钟`, `${minutes} min`)),
        of > 0 && dots(chapter.exercises),
        of > 0 && element('span', { class: passed === of ? 'course-full' : '' }, `${passed}/${of}${passed === of ? ' ✓' : ''}`)
      ];
      return element('button', {
        type: 'button', class: 'course-chapter', 'data-key': `chapter ${key}`, title, 'aria-current': current && 'page',
        'aria-label': [`${key} ${title}`, minutes && long, of && count].filter(Boolean).join(say('，', ', ')),
        onclick: () => this.guide.open(chapter.path)
      }, element('span', { class: 'course-key' }, key), element('span', { class: 'course-title' }, title),
      element('span', { class: 'course-meta' }, meta));
    }

    sections(chapter) {
      const titles = new Set(chapter.exercises.map(one => one.title[1]));
      const rows = [...chapter.sections.filter(one => !titles.has(one.title[1])), ...chapter.exercises];
      rows.sort((one, other) => one.place - other.place);
      return element('ol', { class: 'course-sections' }, rows.map(row => {
        const state = row.id && (row.passed ? say('已通过', 'passed') : say('未通过', 'open'));
        return element('li', {}, element('button', {
          type: 'button', class: row.id ? 'course-task' : 'course-section', 'data-key': `${chapter.key} ${row.id ?? row.cell}`,
          'data-cell': row.cell, title: row.id ?? false, 'aria-label': row.id ? `${say(...row.title)}, ${state}` : false,
          onclick: () => this.guide.open(chapter.path, { cell: row.cell, exercise: row.id })
        }, row.id ? element('span', { class: 'course-tick', 'aria-hidden': 'true' }, row.passed ? '✓' : '○') : null,
        say(...row.title)));
      }));
    }

    /** Mark the section in which the learner is; `cells`: the ids of the cells up to the active one. */
    mark(cells = this.above) {
      this.above = cells;
      const rows = [...this.list.querySelectorAll('[data-cell]')];
      const here = cells && rows.findLast(row => cells.has(row.dataset.cell));
      for (const row of rows) row === here ? row.setAttribute('aria-current', 'location') : row.removeAttribute('aria-current');
    }

    // ---------------------------------------------------------------- searching

    searchSoon() {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.search(), this.box.value.trim() ? TYPED : 0);
    }

    async search() {
      const words = this.box.value.trim();
      const asked = ++this.asked;
      let found = null;
      let said = '';
      if (words) {
        const lang = document.body.dataset.courseLang === 'en' ? 'en' : 'zh';
        try {
          found = await this.course.search(words, lang);
          said = howMany(found.length, words);
        } catch (error) {
          found = [];
          said = say('搜索失败：', 'The search failed: ') + error.message;
        }
      }
      if (asked !== this.asked) return; // another one came after it
      this.found = found && { words, rows: found };
      this.said.textContent = said;
      this.draw();
      if (found) this.list.scrollTop = 0;
    }

    results() {
      const { words, rows } = this.found;
      return [element('ol', { class: 'course-results' }, rows.map((row, number) => {
        const chapter = this.course.chapters.find(one => one.key === row.chapter);
        const place = chapter ? `${row.chapter} ${say(...chapter.title)}` : row.chapter;
        return element('li', {}, element('button', {
          type: 'button', class: 'course-result', 'data-key': `result ${number}`,
          onclick: () => this.guide.open(row.path, { cell: row.cell })
        }, element('b', {}, marked(say(...row.title), words)), element('span', { class: 'course-place' }, place),
        element('span', { class: 'course-excerpt' }, marked(row.excerpt, words))));
      }))];
    }

    // ---------------------------------------------------------------- the keyboard

    inBox(event) {
      const first = this.list.querySelector('button');
      if (event.isComposing) return; // Chinese is being typed
      if (event.key === 'Escape' && this.box.value) {
        this.box.value = '';
        this.searchSoon();
      } else if (event.key === 'ArrowDown' && first) first.focus();
      else if (event.key === 'Enter' && this.found) first?.click();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    inList(event) {
      const rows = [...this.list.querySelectorAll('button')];
      const here = rows.indexOf(document.activeElement);
      const goal = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
      if (goal === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (goal < 0) this.box.focus();
      else rows[goal]?.focus();
    }
  };
}

function howMany(count, words) {
  if (count >= MOST) return say(`前 ${MOST} 处`, `The first ${MOST}`);
  return count ? say(`找到 ${count} 处`, `${count} found`) : say(`没有找到“${words}”`, `Nothing found for “${words}”`);
}

/** The text with every word that was looked for marked, as nodes. */
function marked(text, words) {
  const escaped = words.split(/\s+/).filter(Boolean).map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pieces = text.split(new RegExp(`(${escaped.join('|')})`, 'gi'));
  return pieces.map((piece, number) => (number % 2 ? element('mark', {}, piece) : piece));
}
