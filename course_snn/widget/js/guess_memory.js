// A guess is kept by the page's host (JupyterLab's server, the web site), else by the browser, and by a kernel that lives.
const GUESS_KEY = 'course-snn:guess:';

const browserGuesses = {
  async get(id) {
    try { return JSON.parse(localStorage.getItem(GUESS_KEY + id)); } catch { return null; }
  },
  async set(id, value) {
    try { localStorage.setItem(GUESS_KEY + id, JSON.stringify(value)); } catch { /* private window: until the reload */ }
  },
};

async function recall(id) {
  const kept = await window.courseSnn?.guesses?.get(id).catch(() => null);
  return kept ?? browserGuesses.get(id);
}

async function remember(id, record) {
  const host = window.courseSnn?.guesses;
  if (!host) return browserGuesses.set(id, record);
  return host.set(id, record).catch(() => browserGuesses.set(id, record));   // its server has gone
}

/** The guess of one view; all views of the same id in the page show the same. */
class Kept {
  constructor(kit) {
    Object.assign(this, { kit, id: kit.model.get('guess_id'), spec: kit.model.get('spec'), touched: false });
    kit.params = soundRecord(this.spec, kit.params);
    kit.listen(window, 'course-guess', ({ detail }) => {
      if (detail.id === this.id && detail.from !== this) this.take(detail.record);
    });
    recall(this.id).then((record) => { if (record && !this.touched) this.take(record, false); });
  }

  get value() { return this.kit.params.value; }
  get sealed() { return this.kit.params.sealed; }

  /** Show what another view or the host says. */
  take(record, touched = true) {
    this.touched ||= touched;
    this.kit.change(soundRecord(this.spec, record));
  }

  /** Change the guess in this view only, while the hand moves. */
  move(value) {
    this.touched = true;
    this.kit.change({ value });
  }

  /** Keep a guess, or none, everywhere. */
  put(value, sealed = false) {
    this.touched = true;
    const record = { value, sealed };
    this.kit.change(record, true);
    window.dispatchEvent(new CustomEvent('course-guess', { detail: { id: this.id, record, from: this } }));
    return remember(this.id, record);
  }
}

/** Let keys change a guess: onKey(key, event) returns the new one, or undefined; it is kept when the key is let go. */
function keysMove(kit, kept, element, onKey) {
  let moved = false;
  const keep = () => { if (moved) kept.put(kept.value); moved = false; };
  kit.listen(element, 'keydown', (e) => {
    if (kept.sealed) return;
    const value = onKey(e.key, e);
    if (value === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    if (value === null) return;
    kept.move(value);
    moved = true;
  });
  kit.listen(element, 'keyup', keep);
  kit.listen(element, 'blur', keep);
}
