/* Widgets that run without a kernel (by model.js), each in the place of its picture when it comes near the window. */
(() => {
  /* A page from the disk may run a script of its folder, but not import a module: so modules come as texts. */
  window.courseSnn ??= {};
  const site = window.courseSnn;
  const texts = {}, samples = {}, scripts = {}, imported = {}, live = {};
  site.module = (name, text) => { texts[name] = text; };
  site.sample = (name, sample) => { samples[name] = sample; };
  site.script = address => {
    scripts[address] ??= new Promise((done, failed) => {
      const script = document.createElement('script');
      script.src = address;
      script.onload = done;
      script.onerror = () => failed(new Error(`${address} is missing`));
      document.head.append(script);
    });
    return scripts[address];
  };

  const { modules, models } = JSON.parse(document.getElementById('course-widgets')?.textContent ?? '{"models":{}}');

  async function imports(key) {
    if (typeof key === 'string') await site.script(`assets/widgets/${key}.js`);
    const source = typeof key === 'string' ? texts[key] : modules[key];
    imported[key] ??= import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    return imported[key];
  }

  async function modelOf(id) {
    const { module, sample, params } = models[id];
    let { state, buffers } = models[id];
    if (sample) {
      await site.script(`assets/samples/${module}.js`);
      ({ state, buffers } = structuredClone(samples[module]));
      state.params = { ...state.params, ...params };
    }
    return new Model(restore(state, buffers ?? []));
  }

  async function start(place) {
    const id = place.dataset.model, { module, css } = models[id];
    const exported = (await imports(module)).default;
    live[id] ??= modelOf(id); // one model however often it is shown
    const model = await live[id];
    const view = document.createElement('div');
    view.className = 'course-live';
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

  const watch = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      start(target).catch(error => console.warn('a widget stays a picture:', error));
    }
  }, { rootMargin: '900px' });
  for (const place of document.querySelectorAll('.course-widget')) if (models[place.dataset.model]) watch.observe(place);
})();
