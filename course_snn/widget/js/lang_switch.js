// The language switch as a widget. JupyterLab's extension of this course, where it is installed, hears
// 'course-lang-choose', applies and saves the choice, and says so with preventDefault; elsewhere we do it ourselves.

const NAME = 'course-lang';
const CHOICES = { zh: '中文', en: 'English', both: '双语 · Both' };
const HIDE = 'position:absolute!important;visibility:hidden!important;height:0!important;overflow:hidden!important';
const CSS = `
  body[data-course-lang=zh] :is(div,span,p,section)[lang=en],
  body[data-course-lang=en] :is(div,span,p,section)[lang=zh] { ${HIDE} }
  body:is([data-course-lang=zh],[data-course-lang=en]) .lang-sep { display: none !important }`;

const current = () => document.body.dataset.courseLang || 'both';

function choose(lang) {
  const asked = new CustomEvent(`${NAME}-choose`, { detail: lang, cancelable: true });
  if (!window.dispatchEvent(asked)) return; // the extension has taken it
  if (!document.getElementById(NAME)) {
    const style = document.head.appendChild(document.createElement('style'));
    style.id = NAME;
    style.textContent = CSS;
  }
  document.body.dataset.courseLang = lang;
  window.dispatchEvent(new CustomEvent(NAME, { detail: lang }));
}

function render({ model, el }) {
  const group = el.appendChild(document.createElement('div'));
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', '语言 / Language');
  const buttons = Object.entries(CHOICES).map(([lang, label]) => {
    const button = group.appendChild(document.createElement('button'));
    button.className = 'jupyter-button widget-button';
    button.style.width = 'auto';
    button.textContent = label;
    button.onclick = () => choose(lang);
    return [lang, button];
  });
  const follow = () => {
    for (const [lang, button] of buttons) {
      button.setAttribute('aria-pressed', String(lang === current()));
      button.style.fontWeight = lang === current() ? '700' : '400';
    }
    if (document.body.dataset.courseLang && model.get('lang') !== current()) {
      model.set('lang', current());
      model.save_changes();
    }
  };
  window.addEventListener(NAME, follow);
  follow();
  return () => window.removeEventListener(NAME, follow);
}

export default { render };
