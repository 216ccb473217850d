/* What the reader chooses: the language, and light or dark. */
(() => {
  'use strict';
  const root = document.documentElement, body = document.body;

  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch { /* then the choice lasts for this page */ }
  }

  // ---------------------------------------------------------------- language

  const KEY = 'course-lang';
  const buttons = [...document.querySelectorAll('.course-switch button')];
  const titles = document.title.split(' · ');

  function show(lang) {
    body.dataset.courseLang = lang;
    root.lang = lang === 'en' ? 'en' : 'zh-CN';
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === lang));
    if (titles.length === 2) document.title = lang === 'both' ? titles.join(' · ') : titles[lang === 'en' ? 1 : 0];
    window.dispatchEvent(new CustomEvent(KEY, { detail: lang }));
  }

  function choose(lang) {
    show(lang);
    keep(KEY, lang);
  }

  for (const button of buttons) button.addEventListener('click', () => choose(button.value));
  window.addEventListener(`${KEY}-choose`, event => { // a widget in the page asks for a language
    event.preventDefault();
    choose(event.detail);
  });
  window.addEventListener('storage', event => { // chosen in another tab
    if (event.key === KEY && buttons.some(button => button.value === event.newValue)) show(event.newValue);
    if (event.key === 'course-theme' && ['light', 'dark'].includes(event.newValue)) shade(event.newValue);
  });

  // ---------------------------------------------------------------- light and dark

  const toggle = document.querySelector('.theme-switch');

  function shade(theme) {
    root.dataset.theme = theme;
    toggle?.setAttribute('aria-pressed', String(theme === 'dark'));
  }

  toggle?.addEventListener('click', () => {
    shade(root.dataset.theme === 'dark' ? 'light' : 'dark');
    keep('course-theme', root.dataset.theme);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', event => {
    let chosen = null;
    try { chosen = localStorage.getItem('course-theme'); } catch { /* nothing is kept */ }
    if (!chosen) shade(event.matches ? 'dark' : 'light');
  });

  window.addEventListener('beforeprint', () => { // what is folded would be missing on paper
    for (const fold of document.querySelectorAll('main details:not([open], .setup)')) {
      fold.open = true;
      window.addEventListener('afterprint', () => { fold.open = false; }, { once: true });
    }
  });

  shade(root.dataset.theme);
  show(body.dataset.courseLang);
})();
