/* The site: where the reader is, guesses that are kept, the side bar. */
(() => {
  'use strict';
  window.courseSnn ??= {};
  const site = window.courseSnn;
  const get = key => { try { return localStorage.getItem(key); } catch { return null; } };
  const set = (key, value) => { try { localStorage.setItem(key, value); } catch { /* nothing is kept */ } };

  site.host = 'site';
  site.guesses = {
    async get(id) { return JSON.parse(get(`course-snn:guess:${id}`) ?? 'null'); },
    async set(id, value) { set(`course-snn:guess:${id}`, JSON.stringify(value)); },
  };

  // ---------------------------------------------------------------- where the reader is

  const file = location.pathname.split('/').pop();
  if (document.body.classList.contains('chapter')) {
    const title = document.querySelector('.head h1');
    const last = { file, key: file.slice(0, 2) };
    for (const lang of ['zh', 'en']) last[lang] = title.querySelector(`[lang=${lang}]`)?.textContent ?? '';
    set('course-snn:last', JSON.stringify(last));
  }
  const resume = document.getElementById('resume');
  if (resume) {
    let last = null;
    try { last = JSON.parse(get('course-snn:last')); } catch { /* written by something else */ }
    if (last && /^\d\d_\w+\.html$/.test(last.file) && document.querySelector(`.card a[href="${last.file}"]`)) {
      resume.href = last.file;
      resume.innerHTML = '<span lang="zh">继续读</span><span class="lang-sep"> · </span><span lang="en">Continue with</span> <b></b>';
      resume.querySelector('b').textContent = last.key;
      resume.hidden = false;
    }
  }

  // ---------------------------------------------------------------- the side bar

  const contents = document.querySelector('.contents');
  if (contents) {
    const wide = matchMedia('(min-width: 1060px)');
    const fit = () => { contents.open = wide.matches; };
    wide.addEventListener('change', fit);
    fit();
    contents.addEventListener('click', event => {
      if (event.target.closest('.sections a') && !wide.matches) contents.open = false;
    });
    const links = new Map([...contents.querySelectorAll('.sections a')].map(a => [a.hash.slice(1), a]));
    const heads = [...links.keys()].map(id => document.getElementById(id)).filter(Boolean);
    const side = contents.closest('.side');
    contents.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
    let waiting = false;
    const mark = () => {
      waiting = false;
      const now = heads.filter(head => head.getBoundingClientRect().top < innerHeight * 0.3).at(-1);
      for (const [id, link] of links) {
        if (id === now?.id) link.setAttribute('aria-current', 'location');
        else link.removeAttribute('aria-current');
      }
      const link = now && links.get(now.id);
      if (!link || !wide.matches) return;
      const box = link.getBoundingClientRect(), frame = side.getBoundingClientRect();
      if (box.top < frame.top + 40 || box.bottom > frame.bottom - 40) side.scrollTop += box.top - frame.top - frame.height / 3;
    };
    addEventListener('scroll', () => { if (!waiting) { waiting = true; requestAnimationFrame(mark); } }, { passive: true });
    mark();
  }
})();
