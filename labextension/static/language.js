/* The language switch: hides one of the two languages that a chapter holds side by side (<div lang="zh">…</div>
 * <div lang="en">…</div>), and remembers the choice. It needs neither a kernel nor a trusted notebook.
 *
 * Everything else on the page follows document.body.dataset.courseLang and the window event 'course-lang'.
 */

const NAME = 'course-lang';
const SETTINGS = 'course-lang:plugin';
const MENUS = '@jupyterlab/translation-extension:plugin';

const NEXT = { zh: 'en', en: 'both', both: 'zh' };
const BUTTON = { zh: '中', en: 'EN', both: '中/EN' };
const MENU_ENTRY = { zh: '课程语言：中文', en: 'Course language: English', both: '课程语言：双语 · Both languages' };
const LOCALE = { zh: 'zh_CN', en: 'en' };

// Hidden, but never display:none: MathJax measures a formula when it renders it, and in a box without a size it
// would get the size wrong. The tag names keep <html lang="en"> out of it.
const HIDE = 'position:absolute!important;visibility:hidden!important;height:0!important;overflow:hidden!important';
const CSS = `
  body[data-course-lang=zh] :is(div,span,p,section)[lang=en],
  body[data-course-lang=en] :is(div,span,p,section)[lang=zh] { ${HIDE} }
  body:is([data-course-lang=zh],[data-course-lang=en]) .lang-sep { display: none !important }
  .course-figure img { max-width: 100%; height: auto }
  .jp-Toolbar [data-command="${NAME}:cycle"] {
    border: 1px solid var(--jp-border-color1); border-radius: 1em; font-weight: 600
  }`;

const current = () => document.body.dataset.courseLang;

// ---------------------------------------------------------------- contents panel

/* JupyterLab strips the tags of a heading, so the contents panel says '膜电位 · Membrane'. Keep the half that is
 * wanted, in the text nodes only: the elements belong to React. */
function trimContents() {
  for (const item of document.querySelectorAll('.jp-tocItem-content')) {
    for (const node of item.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE) continue;
      if (node.data !== node.courseShown) node.courseFull = node.data; // JupyterLab wrote it anew
      const halves = node.courseFull.split(' · ');
      const whole = halves.length !== 2 || current() === 'both';
      node.courseShown = whole ? node.courseFull : halves[current() === 'zh' ? 0 : 1];
      if (node.data !== node.courseShown) node.data = node.courseShown;
    }
  }
}

function watchContents() {
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; trimContents(); });
  };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, characterData: true });
  window.addEventListener(NAME, soon);
}

// ---------------------------------------------------------------- JupyterLab's own menus

/* The menus are translated when the page loads, so a new locale waits for a reload: offer one, and take
 * the offer back when the learner returns to the language of the menus.
 *
 * The locale is saved when the page is left, not before. The server translates what it hands out by the saved locale:
 * any setting that changes afterwards (a theme, say) would come back with menus in the new language, and JupyterLab
 * would ask in a dialog whether to reload because "menu customization has changed".
 */
function menuFollower(registry, save, translator, Notification) {
  let offer = null;
  let wanted = null; // what the settings of the menus shall be, as text
  const keep = async () => {
    const raw = wanted;
    wanted = null;
    if (raw) await save(MENUS, raw);
  };
  window.addEventListener('pagehide', keep);
  return async lang => {
    const locale = LOCALE[lang];
    if (!locale) return; // both languages: leave the menus as they are
    const settings = await registry.load(MENUS);
    const shown = /^zh/i.test(translator?.languageCode || 'en') ? 'zh' : 'en';
    const saved = settings.get('locale').composite;
    const same = saved === locale || (saved === 'default' && shown === lang);
    wanted = same ? null : JSON.stringify({ ...settings.user, locale }, null, 4);
    if (!Notification) return;
    if (shown === lang) {
      if (offer) Notification.dismiss(offer);
      offer = null;
      return;
    }
    if (offer) return;
    const [text, action] = lang === 'zh'
      ? ['重新载入页面后，菜单也会变成中文。', '重新载入']
      : ['The menus will be in English too after a reload.', 'Reload'];
    offer = Notification.info(text, {
      autoClose: 12000,
      actions: [{ label: action, displayType: 'accent', callback: () => keep().finally(() => window.location.reload()) }]
    });
  };
}

/** How settings are written past the registry, also while the page is being left. */
function saver(ServerConnection) {
  return (id, raw) => {
    const settings = ServerConnection.makeSettings();
    const request = { method: 'PUT', body: JSON.stringify({ raw }), keepalive: true };
    return ServerConnection.makeRequest(`${settings.baseUrl}lab/api/settings/${id}`, request, settings);
  };
}

// ---------------------------------------------------------------- the plugin

async function activate(app, registry, translator, Notification, save) {
  const style = document.head.appendChild(document.createElement('style'));
  style.id = NAME;
  style.textContent = CSS;

  const guess = () =>
    [translator?.languageCode, navigator.language].some(code => /^zh/i.test(code || '')) ? 'zh' : 'en';
  const show = choice => {
    const lang = choice === 'auto' ? guess() : choice;
    if (lang === current()) return;
    document.body.dataset.courseLang = lang;
    window.dispatchEvent(new CustomEvent(NAME, { detail: lang }));
    for (const name of [...Object.keys(NEXT), 'cycle']) app.commands.notifyCommandChanged(`${NAME}:${name}`);
  };

  let settings = null;
  const followMenus = menuFollower(registry, save, translator, Notification);
  const choose = async lang => {
    show(lang);
    try {
      await settings?.set('lang', lang);
      await followMenus(lang);
    } catch (error) {
      console.warn(`${NAME}: could not save the choice`, error);
    }
  };
  window.addEventListener(`${NAME}-choose`, event => { // the LangSwitch widget of chapter 00 asks for a language
    event.preventDefault();
    choose(event.detail);
  });
  for (const lang of Object.keys(NEXT)) {
    app.commands.addCommand(`${NAME}:${lang}`, {
      label: MENU_ENTRY[lang], isToggleable: true, isToggled: () => current() === lang, execute: () => choose(lang)
    });
  }
  app.commands.addCommand(`${NAME}:cycle`, {
    label: () => BUTTON[current()],
    caption: '切换课程语言 · Switch the course language (Alt+L)',
    execute: () => choose(NEXT[current()])
  });

  show('auto');
  watchContents();
  try {
    settings = await registry.load(SETTINGS);
    const follow = () => show(settings.get('lang').composite);
    settings.changed.connect(follow);
    follow();
  } catch (error) {
    console.warn(`${NAME}: the saved choice could not be read`, error);
  }
}

/** The JupyterLab plugin; `load(name)` gives a module that JupyterLab shares. */
export async function plugin(load) {
  const { ISettingRegistry } = await load('@jupyterlab/settingregistry');
  const { ITranslator } = await load('@jupyterlab/translation');
  const { Notification } = await load('@jupyterlab/apputils');
  const save = saver((await load('@jupyterlab/services')).ServerConnection);
  return {
    id: SETTINGS,
    description: 'Shows a bilingual notebook in Chinese, in English or in both.',
    autoStart: true,
    requires: [ISettingRegistry],
    optional: [ITranslator],
    activate: (app, registry, translator) => activate(app, registry, translator, Notification, save)
  };
}
