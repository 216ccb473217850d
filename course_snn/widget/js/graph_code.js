// A graph as lines of Python for course_snn.network; widget/network_code.py writes the same text.

/** A number as Python writes a float. */
export function pyFloat(value) {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function made(group) {
  if (group.kind === 'input') return 'network.Encoder(1, "null")';
  const leak = group.kind === 'lif' ? `tau_m=${pyFloat(group.tau_m)}, ` : '';
  return `network.NeuronGroup(1, "${group.kind}", ${leak}v_th=${pyFloat(group.v_th)})`;
}

const added = (group) => `net.add_assembly("${group.name}", ${made(group)})`;
const joined = ({ name, pre, post, weight, delay }) => `net.add_connection("${name}", network.Connection(net.${pre}, net.${post}, weight=[[${pyFloat(weight)}]], delay=${delay}))`;

/** The line that says when an input fires; t is a column of steps. */
export function trainLine({ name, every, times }, steps = LIMITS.steps) {
  const parts = [every > 0 ? `t % ${every} == 0` : '', times.length ? `torch.isin(t, torch.tensor([${times.join(', ')}]))` : ''].filter(Boolean);
  const train = { 0: `torch.zeros(1, ${steps}, 1)`, 1: every > 0 ? `(${parts[0]}).float()` : `${parts[0]}.float()` }[parts.length]
    ?? `((${parts[0]}) | ${parts[1]}).float()`;
  return `inputs["${name}"] = ${train}`;
}

/** The whole graph, from the imports to the run. */
export function codeOf(graph, steps = LIMITS.steps) {
  const trains = graph.groups.filter((g) => g.kind === 'input');
  const body = ['from course_snn import network', '', 'net = network.Network()', ...graph.groups.map(added), ...graph.connections.map(joined)];
  if (!trains.length) return body.join('\n');
  const data = [`t = torch.arange(${steps}).reshape(1, -1, 1)  # [N, T, num]`, 'inputs = {}', ...trains.map((g) => trainLine(g, steps))];
  return ['import torch', ...body, '', ...data, 'net.input(inputs)', `net.run(${steps})`].join('\n');
}

const differ = (a, b, keys) => keys.some((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));

/** The lines of Python that make `after` out of `before`; none where only places changed. */
export function linesBetween(before, after) {
  const find = (graph, kind, name) => graph[kind].find((thing) => thing.name === name);
  const lines = [];
  for (const old of before.groups) if (!find(after, 'groups', old.name)) lines.push(`net.del_assembly("${old.name}")`);
  for (const { name, pre, post } of before.connections) {
    if (!find(after, 'connections', name) && find(after, 'groups', pre) && find(after, 'groups', post)) lines.push(`net.del_connection("${name}")`);
  }
  for (const group of after.groups) {
    const old = find(before, 'groups', group.name);
    if (!old) lines.push(added(group));
    else if (differ(old, group, ['kind', 'v_th', 'tau_m'])) lines.push(`net.replace_assembly("${group.name}", ${made(group)})`);
    else if (differ(old, group, ['every', 'times'])) lines.push(trainLine(group));
  }
  for (const con of after.connections) {
    const old = find(before, 'connections', con.name);
    if (!old) lines.push(joined(con));
    else {
      if (differ(old, con, ['weight'])) lines.push(`net.${con.name}.weight.data.fill_(${pyFloat(con.weight)})`);
      if (differ(old, con, ['delay'])) lines.push(`net.${con.name}.delay = ${con.delay}`);
    }
  }
  return lines;
}
