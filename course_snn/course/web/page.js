/* The page of an executed chapter: the language switch, and widgets that run without a kernel (by model.js). */
(() => {
  'use strict';

  // ---------------------------------------------------------------- language

  const KEY = 'course-lang';
  const buttons = [...document.querySelectorAll('.course-switch button')];

  function show(lang) {
    document.body.dataset.courseLang = lang;
    document.documentElement.lang = lang === 'en' ? 'en' : 'zh';
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === lang));
    window.dispatchEvent(new CustomEvent(KEY, { detail: lang }));
  }

  function remembered() {
    try { return localStorage.getItem(KEY); } catch { return null; } // storage may be forbidden
  }

  function choose(lang) {
    show(lang);
    try { localStorage.setItem(KEY, lang); } catch { /* then the choice lasts for this page */ }
  }

  for (const button of buttons) button.addEventListener('click', () => choose(button.value));
  window.addEventListener(`${KEY}-choose`, event => { // a widget in the page asks for a language
    event.preventDefault();
    choose(event.detail);
  });
  const known = buttons.map(button => button.value);
  show(known.includes(remembered()) ? remembered() : document.body.dataset.courseLang);

  // ---------------------------------------------------------------- widgets

  async function start(place, module, model, css) {
    const exported = (await module).default;
    const view = document.createElement('div');
    if (css) document.head.appendChild(document.createElement('style')).textContent = css;
    place.before(view); // in the page while it renders, so that it can measure itself
    try {
      await mountWidget(exported, model, view);
      place.remove(); // the picture that stood in for the widget
    } catch (error) {
      view.remove();
      throw error;
    }
  }

  const { modules, models } = JSON.parse(document.getElementById('course-widgets').textContent);
  const loaded = modules.map(source => import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))));
  const live = {}; // one model however often it is shown
  for (const place of document.querySelectorAll('.course-widget')) {
    const { module, css, state, buffers } = models[place.dataset.model];
    live[place.dataset.model] ??= new Model(restore(state, buffers));
    start(place, loaded[module], live[place.dataset.model], css)
      .catch(error => console.warn('a widget stays a picture:', error));
  }
})();
