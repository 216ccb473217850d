/* Search over both languages: every word must stand in a section; titles come first, then early chapters. */
(() => {
  'use strict';
  const box = document.getElementById('site-search'), list = document.getElementById('site-found');
  if (!box) return;
  const site = window.courseSnn, MOST = 24, AROUND = 34;
  const plain = text => text.normalize('NFKC').toLowerCase();
  let rows = null;

  site.index = found => {
    rows = found.map(([file, key, anchor, level, zh, en, textZh, textEn, code]) => ({
      address: anchor ? `${file}#${anchor}` : file, key, level,
      title: { zh, en }, text: { zh: textZh, en: textEn }, code,
      plain: { zh: plain(`${zh}\n${textZh}\n${code}`), en: plain(`${en}\n${textEn}\n${code}`) },
      head: { zh: plain(zh), en: plain(en) },
    }));
  };

  /* Rank of a row for these words: smaller is better; null if a word is missing. */
  function rank(row, words, lang) {
    if (!words.every(word => row.plain[lang].includes(word))) return null;
    if (words.every(word => row.head[lang].includes(word))) return row.level === 1 ? 0 : 1;
    return words.some(word => row.head[lang].includes(word)) ? 2 : 3;
  }

  function find(query) {
    const words = plain(query).split(/\s+/).filter(Boolean);
    const first = document.body.dataset.courseLang === 'en' ? 'en' : 'zh', langs = [first, first === 'en' ? 'zh' : 'en'];
    const hits = [];
    rows.forEach((row, order) => {
      for (const lang of langs) {
        const at = rank(row, words, lang);
        if (at === null) continue;
        hits.push({ row, lang, at, order });
        break;
      }
    });
    hits.sort((a, b) => a.at - b.at || a.order - b.order);
    return { words, hits: hits.slice(0, MOST) };
  }

  function marked(text, words) {
    const pattern = new RegExp(words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'gi');
    const part = document.createDocumentFragment();
    let at = 0;
    for (const found of text.matchAll(pattern)) {
      part.append(text.slice(at, found.index));
      part.append(Object.assign(document.createElement('mark'), { textContent: found[0] }));
      at = found.index + found[0].length;
    }
    part.append(text.slice(at));
    return part;
  }

  function around(row, words, lang) {
    for (const text of [row.text[lang], row.code]) {
      const low = plain(text), at = Math.min(...words.map(word => low.indexOf(word)).filter(k => k >= 0));
      if (!Number.isFinite(at)) continue;
      const from = Math.max(0, at - AROUND);
      return `${from ? '…' : ''}${text.slice(from, at + 90)}…`;
    }
    return row.text[lang].slice(0, 110);
  }

  function item({ row, lang }, words, number) {
    const li = document.createElement('li'), link = document.createElement('a');
    li.id = `site-found-${number}`;
    li.setAttribute('role', 'option');
    link.href = row.address;
    link.lang = lang === 'zh' ? 'zh-CN' : 'en-GB';
    link.tabIndex = -1;
    const title = document.createElement('b'), text = document.createElement('span');
    title.append(`${row.key}  `, marked(row.title[lang], words));
    text.append(marked(around(row, words, lang), words));
    link.append(title, text);
    li.append(link);
    return li;
  }

  let chosen = -1;
  function choose(number) {
    const items = [...list.querySelectorAll('[role=option]')];
    if (!items.length) return;
    chosen = (number + items.length) % items.length;
    items.forEach((li, k) => { li.setAttribute('aria-selected', String(k === chosen)); });
    box.setAttribute('aria-activedescendant', items[chosen].id);
    items[chosen].scrollIntoView({ block: 'nearest' });
  }

  function close() {
    list.hidden = true;
    chosen = -1;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
  }

  function message(zh, en) {
    const li = document.createElement('li'), lang = document.body.dataset.courseLang;
    li.className = 'message';
    li.textContent = lang === 'both' ? `${zh} · ${en}` : lang === 'en' ? en : zh;
    list.replaceChildren(li);
  }

  async function show() {
    const query = box.value.trim();
    if (!query) { close(); return; }
    try {
      await site.script('assets/search.js');
    } catch {
      message('搜索文件不见了', 'The search index is missing');
      list.hidden = false;
      return;
    }
    if (query !== box.value.trim()) return; // typed on meanwhile
    const { words, hits } = find(query);
    list.replaceChildren(...hits.map((hit, k) => item(hit, words, k)));
    if (!hits.length) message('没有找到', 'Nothing found');
    chosen = -1;
    box.removeAttribute('aria-activedescendant');
    list.hidden = false;
    list.scrollTop = 0;
    box.setAttribute('aria-expanded', 'true');
  }

  box.addEventListener('input', show);
  box.addEventListener('focus', () => { if (box.value.trim()) show(); });
  box.addEventListener('keydown', event => {
    if (event.isComposing || event.keyCode === 229) return; // the keys belong to an input method
    if (event.key === 'Escape') { box.value = ''; close(); }
    else if (list.hidden) return;
    else if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === 'Enter') list.querySelectorAll('[role=option] a')[Math.max(chosen, 0)]?.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener('click', event => { if (event.target.closest('a')) close(); });
  document.addEventListener('pointerdown', event => { if (!event.target.closest('.search')) close(); });
  box.addEventListener('blur', () => { setTimeout(() => { if (!list.contains(document.activeElement)) close(); }, 150); });
  function relabel() {
    const said = { zh: '搜索', en: 'Search' }[document.body.dataset.courseLang] ?? '搜索 · Search';
    box.placeholder = said;
    box.setAttribute('aria-label', said);
  }
  relabel();
  addEventListener('course-lang', () => { relabel(); if (!list.hidden && rows) show(); });
  addEventListener('keydown', event => { // "/" as on many sites
    const typing = event.target.closest?.('input, textarea, select, [contenteditable], .csnn');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
  });
})();
