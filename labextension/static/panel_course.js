/* What the course panel knows: the chapters, how far the learner is, and the guesses, all from the server. */

const LANG = 'courseLang';
const GUESS = 'course-snn:guess:';
const SOON = 150; // ms: several verdicts of one run are one look

/** One of two texts, or both, as the learner wants it. */
export function say(zh, en) {
  const lang = document.body.dataset[LANG];
  return lang === 'zh' ? zh : lang === 'both' ? `${zh} · ${en}` : en;
}

/** The language of what `say` gives, for screen readers and fonts; never "zh" or "en", which the switch would hide. */
export const spoken = () => ({ zh: 'zh-CN', en: 'en-US' })[document.body.dataset[LANG]] ?? '';

/** An element: attributes by name, `on…` as listeners, children as nodes or text; null and false are left out. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== false));
  return node;
}

/** Filled dots for what is passed, rings for what is open. */
export function dots(exercises) {
  const marks = exercises.map(one => element('i', { class: one.passed ? 'course-dot course-done' : 'course-dot' }));
  return element('span', { class: 'course-dots', 'aria-hidden': 'true' }, marks);
}

/** What stands after the last slash, and before it. */
export const fileOf = path => path.slice(path.lastIndexOf('/') + 1);
export const folderOf = path => path.replace(/^[^/:]+:/, '').split('/').slice(0, -1).join('/');

/** How the course's server is asked: `request(path, init)` gives what it answers, or throws an error with `status`. */
export function requester(ServerConnection) {
  return async (path, init = {}) => {
    const settings = ServerConnection.makeSettings();
    const response = await ServerConnection.makeRequest(`${settings.baseUrl}course-snn/${path}`, init, settings);
    if (response.status === 204) return null;
    if (response.ok) return response.json();
    const told = await response.json().catch(() => ({}));
    throw Object.assign(new Error(told.message || response.statusText), { status: response.status });
  };
}

/** The guesses of the learner; in the browser's own memory where the server does not keep them. */
export function guesses(request) {
  const name = id => `api/guesses/${encodeURIComponent(id)}`;
  return {
    async get(id) {
      try {
        return await request(name(id));
      } catch (error) {
        if (error.status !== 404) throw error;
        return JSON.parse(localStorage.getItem(GUESS + id) ?? 'null');
      }
    },
    async set(id, value) {
      try {
        await request(name(id), { method: 'PUT', body: JSON.stringify(value) });
      } catch (error) {
        if (error.status !== 404) throw error;
        localStorage.setItem(GUESS + id, JSON.stringify(value));
      }
    }
  };
}

/** The course as the server sees it now. `trouble`: '', 'extension' (no such route), 'folder' (no chapters), 'server'. */
export class Course {
  constructor(request) {
    this.request = request;
    this.chapters = [];
    this.next = null;
    this.passed = this.of = 0;
    this.trouble = '';
    this.known = false;
    this.near = ''; // the folder of the notebook in front: the chapters beside it are meant
    this.front = ''; // the path of the notebook in front
    this.listeners = new Set();
    this.timer = 0;
  }

  /** Call it whenever something changes here. */
  follow(listener) {
    this.listeners.add(listener);
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  /** Ask the server again, soon. */
  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), SOON);
  }

  /** Ask the server again; what fails is told in `trouble`. */
  async look() {
    try {
      const told = await this.request(`api/outline?near=${encodeURIComponent(this.near)}`);
      Object.assign(this, told, { trouble: told.chapters.length ? '' : 'folder', known: true });
    } catch (error) {
      this.trouble = error.status === 404 ? 'extension' : 'server';
    }
    this.tell();
  }

  /** The chapter whose notebook has this path; a copy of the same name in another folder is the same chapter. */
  chapterOf(path) {
    return this.chapters.find(chapter => fileOf(chapter.path) === fileOf(path)) ?? null;
  }

  /** The chapter in front; null if what is in front is none. */
  get current() {
    return this.front ? this.chapterOf(this.front) : null;
  }

  /** The exercise of that id and its chapter; null if there is none. */
  exercise(id) {
    for (const chapter of this.chapters) {
      const found = chapter.exercises.find(one => one.id === id);
      if (found) return { chapter, ...found };
    }
    return null;
  }

  search(words, lang) {
    const query = new URLSearchParams({ q: words, lang, near: this.near });
    return this.request(`api/search?${query}`);
  }
}
