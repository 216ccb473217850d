/* The worker that judges answers: Python by Pyodide, and in it the course's own judge. A module worker. */
let python = null;

async function begin() {
  const { loadPyodide } = await import('./pyodide/pyodide.mjs');
  const loaded = await loadPyodide({ indexURL: new URL('./pyodide/', import.meta.url).href });
  const sources = await (await fetch(new URL('./course.json', import.meta.url))).json();
  for (const [path, text] of Object.entries(sources)) {
    loaded.FS.mkdirTree(`/course/${path}`.split('/').slice(0, -1).join('/'));
    loaded.FS.writeFile(`/course/${path}`, text);
  }
  loaded.runPython('import sys; sys.path.insert(0, "/course"); from judging import judged');
  return loaded;
}

self.onmessage = async ({ data: { name, source } }) => {
  try {
    python ??= begin();
    const judged = (await python).globals.get('judged');
    self.postMessage({ state: 'begun' });
    self.postMessage({ state: 'judged', ...JSON.parse(judged(name, source)) });
  } catch (error) {
    self.postMessage({ state: 'failed', text: String(error.message ?? error).slice(-400) });
  }
};
