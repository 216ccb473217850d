/* The course's extension of JupyterLab, prebuilt: a list of plugins, each an ES module beside this file.
 *
 * JupyterLab loads extensions as module-federation containers, objects with `init` and `get`; this one is written by
 * hand, so there is nothing to build. A plugin that cannot be loaded takes none of the others with it.
 */
(() => {
  'use strict';

  const NAME = 'course-lang';
  const PLUGINS = ['language', 'figures', 'reading', 'live', 'panel', 'motion'];
  const here = document.currentScript.src;

  let shared; // what JupyterLab shares: { package: { version: { get, … } } }

  async function load(name) {
    const versions = Object.values(shared[name]);
    const factory = await (versions.find(version => version.loaded) || versions[0]).get();
    return factory();
  }

  async function one(name) {
    try {
      const { plugin } = await import(new URL(`${name}.js${new URL(here).search}`, here));
      return await plugin(load);
    } catch (error) {
      console.error(`${NAME}: ${name}.js could not be loaded`, error);
      return null;
    }
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: scope => { shared = scope; },
    get: async () => {
      const plugins = await Promise.all(PLUGINS.map(one));
      const exported = { __esModule: true, default: plugins.filter(plugin => plugin) };
      return () => exported;
    }
  };
})();
