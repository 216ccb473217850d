/** The examples: what is fed in, and the modules; make() gives a fresh module, a function of its input. */
export const EXAMPLES = {
  toy: {
    inputs: [1, 2, 3, 4, 5, 6, 7],
    modules: [1, 10, 100].map((k) => ({ label: [`×${k}`, `×${k}`], make: () => (x) => x * k })),
    digits: 0,
  },
  spikes: {
    inputs: [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0],
    modules: [
      { label: ['脉冲电流', 'current'], make: () => (s) => 0.6 * s },
      { label: ['IF', 'IF'], make: () => clockModule({ r: 1, threshold: 1, leak: false }) },
      { label: ['指数电流', 'decay'], make: decayModule },
      { label: ['LIF', 'LIF'], make: () => clockModule({ r: 2, threshold: 1, tau: 2 }) },
    ],
    digits: 2,
  },
};

function clockModule(params) {
  const neuron = new ClockNeuron(params);
  return (current) => Number(neuron.step(current));
}

function decayModule() {
  let i = 0;
  return (s) => (i += -(i / 3) * (1 - s) + s);
}

/** simulator.Simulator over all inputs: one row per step, {values: x[0] … x[n], null where nothing has arrived;
 *  origins: the step whose input each value comes from}. */
export function runPipeline({ inputs, modules }, fast) {
  const run = modules.map((m) => m.make()), n = run.length;
  let values = new Array(n + 1).fill(null), origins = new Array(n + 1).fill(null);
  return inputs.map((input, t) => {
    values = [input, ...values.slice(1)];
    origins = [t, ...origins.slice(1)];
    const forward = fast && t === 0;
    for (let k = 0; k < n; k += 1) {
      const i = forward ? k : n - 1 - k;         // backwards, so that a module reads what its neighbour held before
      const [source, from] = forward || i > 0 ? [values[i], origins[i]] : [input, t];
      values[i + 1] = source === null ? null : run[i](source);
      origins[i + 1] = source === null ? null : from;
    }
    return { values: values.slice(), origins: origins.slice() };
  });
}

/** The rows of one of the examples. */
export function runExample(name, fast) {
  return runPipeline(EXAMPLES[name], fast);
}

/** The background of a value: its colour says from which input it came. */
function tint(kit, origin, of) {
  if (origin === null || origin === undefined) return 'transparent';
  return `color-mix(in srgb, ${kit.scale(origin / Math.max(1, of - 1))} 38%, transparent)`;
}

function cellText(value, digits) {
  if (value === null) return 'None';
  return Number.isInteger(value) ? String(value) : number(value, digits);
}

function buildPipeline(kit) {
  const chain = kit.stage.appendChild(node('div', 'csnn-chain'));
  const table = kit.stage.appendChild(node('table', 'csnn-table'));
  const show = kit.stats({
    out: ['这一步的输出', 'output of this step'], origin: ['它来自的输入', 'which input it is'], first: ['第一个输出', 'first output'],
  });
  kit.note(['颜色表示数据来自哪一步的输入：沿对角线看，每一步只前进一个模块。',
    'A colour is the input it came from: follow the diagonals. Each step moves it on by one module.']);
  let built = '', shown = -1;
  const last = () => EXAMPLES[kit.params.example].inputs.length;
  let moving = false;                            // slide the values along after a button, not while scrubbing
  const go = (step) => {
    moving = true;
    kit.change({ step: Math.min(last(), step) });
    moving = false;
  };
  const player = kit.player({
    every: 700, begin: () => { if (kit.params.step >= last()) go(0); }, end: () => kit.save(),
    frame: () => { go(kit.params.step + 1); return kit.params.step < last(); },
  });
  kit.button(['走一步', 'Step'], () => { player.stop(); go(kit.params.step + 1); kit.save(); });
  kit.button(['重置', 'Reset'], () => { player.stop(); kit.change({ step: 0 }, true); });
  return (p) => {
    const example = EXAMPLES[p.example], step = Math.min(p.step, example.inputs.length);
    const key = p.example + language();
    if (key !== built) [built, shown] = [key, -1];
    if (shown < 0) { layChain(chain, example); layTable(table, example); }
    const rows = runExample(p.example, p.fast);
    fillChain(kit, chain, rows[step - 1], example, moving && step > shown);
    fillTable(kit, table, rows, step, example);
    shown = step;
    const now = rows[step - 1], n = example.modules.length;
    const first = rows.findIndex((r) => r.values[n] !== null);
    const atStep = (t) => (t === null || t === undefined ? '–' : [`第 ${t} 步的输入`, `input of step ${t}`]);
    show({
      out: now ? cellText(now.values[n], example.digits) : '–', origin: atStep(now?.origins[n]),
      first: [`第 ${first} 步`, `in step ${first}`],
    });
  };
}

function slotName(k) {
  const name = node('span', 'csnn-math', 'x');
  name.append(node('sub', '', String(k)));
  return name;
}

/** Slots x0 … xn with the modules between them. */
function layChain(chain, example) {
  const slot = (k) => node('div', 'csnn-slot', slotName(k), node('output', 'csnn-token'));
  chain.replaceChildren(slot(0));
  example.modules.forEach((module, k) => {
    chain.append(node('div', 'csnn-module', node('span', '', say(module.label))), slot(k + 1));
  });
}

function fillChain(kit, chain, row, example, moved) {
  const rests = !moved || still();
  const apart = rests ? 0 : chain.querySelector('.csnn-module').offsetWidth + 20;
  chain.querySelectorAll('.csnn-token').forEach((token, k) => {
    const value = row ? row.values[k] : null;
    token.textContent = cellText(value, example.digits);
    token.style.background = tint(kit, row?.origins[k], example.inputs.length);
    token.classList.toggle('csnn-none', value === null);
    if (rests || value === null) return;
    const from = { transform: `translateX(${k ? -apart : -24}px)`, opacity: 0.2 };
    token.animate([from, { transform: 'none', opacity: 1 }], { duration: 380, easing: 'ease-out' });
  });
}

function layTable(table, example) {
  const n = example.modules.length;
  const head = node('tr', '', node('th', '', say(['步', 'step'])), ...Array.from({ length: n + 1 }, (_, k) => node('th', '', slotName(k))));
  const rows = example.inputs.map((_, t) => node('tr', '', node('th', '', String(t)), ...Array.from({ length: n + 1 }, () => node('td'))));
  table.replaceChildren(node('thead', '', head), node('tbody', '', ...rows));
}

function fillTable(kit, table, rows, step, example) {
  table.querySelectorAll('tbody tr').forEach((tr, t) => {
    tr.classList.toggle('csnn-now', t === step - 1);
    tr.querySelectorAll('td').forEach((td, k) => {
      const value = t < step ? rows[t].values[k] : undefined;
      td.textContent = value === undefined ? '' : cellText(value, example.digits);
      td.style.background = value === undefined ? '' : tint(kit, rows[t].origins[k], example.inputs.length);
      td.classList.toggle('csnn-none', value === null);
    });
  });
}

export default { render: (context) => mount(context, buildPipeline) };
