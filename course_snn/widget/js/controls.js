/** How each kind of control is built: spec -> {element, set(value)}. */
const CONTROL = {
  slider(kit, spec) {
    const input = node('input', 'csnn-range');
    Object.assign(input, { type: 'range', min: spec.low, max: spec.high, step: spec.step });
    const output = node('output', 'csnn-value');
    const put = (value) => {
      const unit = say(spec.unit);
      output.textContent = number(value, spec.digits) + (unit ? ` ${unit}` : '');
      input.setAttribute('aria-valuetext', output.textContent);
      input.style.setProperty('--fill', `${(100 * (value - spec.low)) / (spec.high - spec.low)}%`);
    };
    kit.texts.push(() => put(kit.params[spec.name]));
    kit.listen(input, 'input', () => {
      kit.params[spec.name] = input.valueAsNumber;
      put(input.valueAsNumber);
      kit.redraw();
    });
    kit.listen(input, 'change', () => kit.save());
    const label = node('span', 'csnn-label', kit.text(node('span'), spec.label));
    input.id = `csnn-${spec.name}-${Math.random().toString(36).slice(2)}`; // an <output> can be labelled too, and is first
    if (spec.symbol) label.append(' ', kit.text(node('span'), `$${spec.symbol}$`));
    return {
      element: Object.assign(node('label', 'csnn-control', label, output, input), { htmlFor: input.id }),
      set: (value) => { input.value = value; put(value); },
    };
  },

  toggle(kit, spec) {
    const input = node('input', 'csnn-switch');
    input.type = 'checkbox';
    input.setAttribute('role', 'switch');
    kit.listen(input, 'change', () => kit.change({ [spec.name]: input.checked }, true));
    return {
      element: node('label', 'csnn-control csnn-toggle', kit.text(node('span', 'csnn-label'), spec.label), input),
      set: (value) => { input.checked = value; },
    };
  },

  choice(kit, spec) {
    const select = node('select', 'csnn-select');
    for (const [value, label] of Object.entries(spec.options)) {
      const option = node('option');
      option.value = value;
      kit.text(option, label);
      select.append(option);
    }
    kit.listen(select, 'change', () => kit.change({ [spec.name]: select.value }, true));
    return {
      element: node('label', 'csnn-control', kit.text(node('span', 'csnn-label'), spec.label), select),
      set: (value) => { select.value = value; },
    };
  },
};
