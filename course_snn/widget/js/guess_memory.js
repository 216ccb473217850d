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

/** What the views of a page share, each from a module of its own: a queue of writes per id, and a line to other tabs. */
function shared() {
  if (window.courseGuesses) return window.courseGuesses;
  const made = { writes: new Map(), tabs: null };
  window.courseGuesses = made;
  try {
    made.tabs = new BroadcastChannel('course-guess');
    made.tabs.onmessage = ({ data }) => tell(data?.id, data?.record ?? null);
  } catch { /* an old browser: other tabs see it when they are loaded again */ }
  return made;
}

/** Let the views of this page show a record. */
function tell(id, record, from = null) {
  window.dispatchEvent(new CustomEvent('course-guess', { detail: { id, record, from } }));
}

async function recall(id) {
  const kept = await window.courseSnn?.guesses?.get(id).catch(() => null);
  return kept ?? browserGuesses.get(id);
}

/** Keep a record, null forgets it; returns what is kept now, which is another one where that is settled. */
async function store(id, record) {
  const host = window.courseSnn?.guesses;
  try {
    await host?.set(id, record);
    if (!host || record === null) await browserGuesses.set(id, record);   // nothing forgotten comes back from there
  } catch (error) {
    const settled = error?.status === 409 ? await host.get(id).catch(() => null) : null;
    if (settled) return settled;
    await browserGuesses.set(id, record);                                 // its server has gone, or cannot write
  }
  return record;
}

/** Store a record after those of the same id that came before it, then tell the other tabs. */
function remember(id, { value, sealed }) {
  const { writes, tabs } = shared(), record = value === null && !sealed ? null : { value, sealed };
  const done = (writes.get(id) ?? Promise.resolve()).then(() => store(id, record)).then((kept) => {
    if (kept === record) tabs?.postMessage({ id, record });
    else if (writes.get(id) === done) tell(id, kept);
  });
  writes.set(id, done);
  return done;
}

/** The guess of one view; all views of the same id in the page show the same. */
class Kept {
  constructor(kit) {
    Object.assign(this, { kit, id: kit.model.get('guess_id'), spec: kit.model.get('spec'), touched: false, answered: false });
    shared();
    // Without a kernel the parameters are what a notebook says, perhaps somebody else's guess: only the host is asked.
    kit.params = soundRecord(this.spec, kit.model.kernel === false ? null : kit.params);
    kit.listen(window, 'course-guess', ({ detail }) => {
      if (detail.id === this.id && detail.from !== this) this.take(detail.record);
    });
    recall(this.id).then((record) => {
      this.answered = true;
      if (record && !this.touched) this.take(record, false);
      else kit.redraw();
    });
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
    if (this.sealed) return;
    this.touched = true;
    this.kit.change({ value });
  }

  /** Keep a guess, or none, everywhere; a sealed one can only be forgotten. */
  put(value, sealed = false) {
    if (this.sealed && !sealed && value !== null) return undefined;
    this.touched = true;
    const record = { value, sealed };
    this.kit.change(record, true);
    const kept = remember(this.id, record);       // first: who hears of it may seal it, which is written after this
    tell(this.id, record, this);
    return kept;
  }

  /** Keep that the truth was seen with this guess; not before the host said whether it has another one. */
  seal() {
    if (this.answered && !document.hidden && isComplete(this.value) && !this.sealed) this.put(this.value, true);
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
