/* Before anything is drawn: the theme and the language that the reader chose, else those of the system. */
(() => {
  const kept = name => { try { return localStorage.getItem(name); } catch { return null; } }; // may be forbidden
  const root = document.documentElement, body = document.body;
  const dark = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.dataset.theme = ['light', 'dark'].includes(kept('course-theme')) ? kept('course-theme') : dark;
  const known = ['zh', 'en', 'both'], lang = kept('course-lang');
  if (known.includes(lang)) body.dataset.courseLang = lang;
  else if (!known.includes(body.dataset.courseLang)) {
    body.dataset.courseLang = /^zh/i.test(navigator.language) ? 'zh' : 'en';
  }
  root.lang = body.dataset.courseLang === 'en' ? 'en' : 'zh-CN';
})();
