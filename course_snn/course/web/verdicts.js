/* Exercises that the page itself judges: an editor in place of the code, a button, the verdict below it. */
(() => {
  'use strict';
  if (!location.protocol.startsWith('http')) return; // browsers start no such worker for a page from the disk
  const limit = () => window.courseSnn.seconds ?? 10; // of one check
  const both = (zh, en) => `<span lang="zh">${zh}</span><span class="lang-sep"> · </span><span lang="en">${en}</span>`;
  const get = key => { try { return localStorage.getItem(key); } catch { return null; } };
  const set = (key, value) => { try { localStorage.setItem(key, value); } catch { /* nothing is kept */ } };
  let worker = null;

  /* One check at a time; a check that does not end takes its worker with it. */
  function ask(name, source, say) {
    worker ??= new Worker(new URL('assets/verdicts/judge.js', location.href), { type: 'module' });
    let clock = 0;
    return new Promise(done => {
      const end = answer => { clearTimeout(clock); done(answer); };
      const lose = answer => { worker.terminate(); worker = null; end(answer); };
      worker.onerror = event => lose({ html: `${both('这个浏览器不能在网页里批改', 'This browser cannot judge in the page')} (${event.message ?? ''})` });
      worker.onmessage = ({ data }) => {
        if (data.state === 'begun') {
          say(both('正在检查…', 'Checking…'));
          clock = setTimeout(() => lose({
            html: both(`超时了：${limit()} 秒还没有结束。是循环停不下来吗？`, `Out of time: no end after ${limit()} s. Does a loop not end?`),
          }), 1000 * limit());
        } else if (data.state === 'failed') {
          const text = document.createElement('span');
          text.textContent = data.text;
          lose({ html: `${both('批改程序出错了', 'The judge failed')}: ${text.innerHTML}` });
        } else end(data);
      };
      worker.postMessage({ name, source });
    });
  }

  function indent(event) { // a new line begins where the last one did
    const box = event.target, at = box.selectionStart;
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const line = box.value.slice(0, at).split('\n').at(-1);
    const deeper = line.trimEnd().endsWith(':') ? '    ' : '';
    event.preventDefault();
    box.setRangeText(`\n${/^ */.exec(line)[0]}${deeper}`, at, box.selectionEnd, 'end');
    box.dispatchEvent(new Event('input'));
  }

  let busy = false;
  for (const place of document.querySelectorAll('.exercise[data-stub]')) {
    const name = place.dataset.exercise, stub = JSON.parse(place.dataset.stub), key = `course-snn:answer:${name}`;
    const form = document.createElement('form');
    form.className = 'judge';
    form.innerHTML = `<textarea spellcheck="false" autocapitalize="off" autocomplete="off" aria-label="${name}"></textarea>
      <p><button type="submit" class="button">${both('检查', 'Check')}</button>
      <button type="reset" class="button quiet">${both('复原', 'Reset')}</button></p><div class="verdict" aria-live="polite"></div>`;
    const [box, verdict] = [form.querySelector('textarea'), form.querySelector('.verdict')];
    const say = html => { verdict.innerHTML = html; };
    const fit = () => { box.rows = Math.max(4, box.value.split('\n').length + 1); };
    box.value = get(key) ?? stub;
    fit();
    box.addEventListener('input', () => { set(key, box.value); fit(); });
    box.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || event.shiftKey)) { event.preventDefault(); form.requestSubmit(); }
      else indent(event);
    });
    form.addEventListener('reset', event => {
      event.preventDefault();
      box.value = stub;
      set(key, stub);
      fit();
      say('');
    });
    form.addEventListener('submit', async event => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      say(worker ? both('正在检查…', 'Checking…') : both('正在载入 Python（约 6 MB，只有第一次）…', 'Loading Python (some 6 MB, the first time only)…'));
      const answer = await ask(name, box.value, say);
      busy = false;
      say(answer.html);
      if (answer.passed) set('course-snn:passed', JSON.stringify([...new Set([...JSON.parse(get('course-snn:passed') ?? '[]'), name])]));
    });
    place.querySelector('.input').replaceWith(form);
    place.querySelector('.how').innerHTML = both('改好代码，点“检查”（Shift+Enter）。代码只在你的浏览器里运行。', 'Change the code and press Check (Shift+Enter). It runs in your browser only.');
    for (const fold of place.querySelectorAll(':scope > details')) fold.remove(); // the verdict brings its own
  }
})();
