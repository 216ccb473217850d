const CONTRACT = {
  add_assembly: ['add_assembly：名字要空着，对象要是新的；它还没有任何连接。', 'add_assembly: the name must be free and the object new here; nothing connects to it yet.'],
  del_assembly: ['del_assembly：一并删掉每一条以它（或它里面的东西）为一端的连接。', 'del_assembly also removes every connection that ends at it, or inside it.'],
  copy_assembly: ['copy_assembly：深拷贝。里面的连接改接到副本上；通向外面的连接不复制。', 'copy_assembly is a deep copy: connections inside it join the copies; those that leave it are not copied.'],
  replace_assembly: ['replace_assembly：新的接过旧的名字、位置和全部连接，权重不变；大小不合就报错。', 'replace_assembly: the new one takes over name, place and all connections, weights kept; a size that does not fit is an error.'],
  merge_assembly: ['merge_assembly：就地并入，对象还是原来那些；名字已被占用的加上 _1、_2……', 'merge_assembly works in place and adds the same objects; a name that is taken gets _1, _2, …'],
  select_assembly: ['select_assembly：给出一个新的 Assembly，对象相同，只带两端都选中的连接；A 不变。', 'select_assembly gives a new assembly of the same objects, with the connections whose both ends are chosen; A stays as it is.'],
  add_connection: ['add_connection：两端都必须已经在 A 里；可以是同一个群（自环）。', 'add_connection: both ends must lie in A already; they may be the same group (a loop).'],
  del_connection: ['del_connection：只删这一条；两端的群都留着。', 'del_connection removes this one only; the groups at its ends stay.'],
  assembly_hide: ['assembly_hide：它和以它为一端的连接都不再参与计算，但都还在，权重也在。', 'assembly_hide leaves it, and every connection that ends at it, out of the run; all are kept, weights too.'],
  assembly_show: ['assembly_show：重新参与计算，和隐藏之前一模一样。', 'assembly_show takes it back into the run, just as it was before it was hidden.'],
};
const FIELD_NAMES = { of: ['对谁', 'which'], num: ['新群的大小', 'size of the new one'], first: ['选', 'choose'], second: ['和', 'and'], pre: ['从', 'from'], post: ['到', 'to'] };
const MOST = 18;   // members that a picture holds

class OperationBench {
  constructor(kit) {
    Object.assign(this, { kit, built: '', ticked: [], outcome: null });
    this.form = kit.panel.appendChild(node('div', 'csnn-fields'));
    this.guess = kit.panel.appendChild(node('fieldset', 'csnn-guess'));
    this.pair = kit.stage.appendChild(node('div', 'csnn-pair csnn-before'));
    this.line = kit.stage.appendChild(node('div', 'csnn-code')).appendChild(node('code'));
    this.told = kit.stage.appendChild(node('p', 'csnn-note csnn-contract'));
    this.told.setAttribute('role', 'status');
    this.trail = kit.stage.appendChild(node('ol', 'csnn-trail'));
    kit.legend([['current', ['新的', 'new']], ['spike', ['没了', 'gone'], 'dashed'], ['exact', ['隐藏：不参与计算', 'hidden: not in the run'], 'dotted']]);
    this.step = kit.button(['走一步', 'Step'], () => this.go(), kit.actions, 'csnn-primary');
    this.back = kit.button(['退一步', 'Back'], () => this.jump(kit.params.done.slice(0, -1)));
    this.reset = kit.button(['重来', 'Reset'], () => this.jump([]));
  }

  /** The state after the operations that were done. */
  get state() { return this.kit.params.done.reduce((state, op) => operate(state, op).state, START); }

  jump(done) {
    this.outcome = null;
    this.kit.change({ done }, true);
  }

  go() {
    if (this.outcome) { this.outcome = null; this.kit.redraw(); return; }
    const { state, op } = this, result = operate(state, op);
    this.outcome = { before: state, op, result, right: judged(state, op, this.ticked) };
    this.kit.change({ done: result.error ? this.kit.params.done : [...this.kit.params.done, op] }, true);
  }

  draw({ operation, done }) {
    if (this.outcome && (this.outcome.op.do !== operation)) this.outcome = null;   // another one was chosen
    const before = this.outcome?.before ?? this.state;
    const key = JSON.stringify([operation, done, Boolean(this.outcome), language()]);
    if (key !== this.built) {
      if (!this.outcome) this.ask(before, operation);
      this.built = key;
    }
    this.op = this.outcome?.op ?? operationOf(before, operation, this.values);
    this.show(before);
    this.showGuess(before);
    this.back.disabled = this.reset.disabled = !done.length;
  }

  /** Build the fields of an operation anew, with what stands there first. */
  ask(state, operation) {
    this.values = firstValues(state, operation);
    this.ticked = null;
    this.form.replaceChildren(...Object.entries(fieldsOf(state, operation)).map(([key, options]) => {
      const select = node('select', 'csnn-select'), label = node('span', 'csnn-label');
      write(label, FIELD_NAMES[key]);
      for (const value of options) select.append(Object.assign(node('option', '', key === 'num' ? String(value) : value === 'A' ? say(['A 自己', 'A itself']) : value), { value }));
      select.value = this.values[key];
      select.addEventListener('change', () => {
        this.values[key] = key === 'num' ? Number(select.value) : select.value;
        [this.outcome, this.ticked] = [null, null];
        this.kit.redraw();
      });
      return node('label', 'csnn-control', label, select);
    }));
  }

  show(before) {
    const { outcome, op } = this;
    this.form.inert = Boolean(outcome);
    const full = before.members.length > MOST;
    this.step.disabled = !outcome && (!op || full);
    write(this.step, outcome ? ['下一个操作', 'Next operation'] : ['走一步', 'Step']);
    this.line.textContent = op ? operationLine(op) : '–';
    const result = outcome?.result, after = result && (result.part ?? result.state), place = slots([before, after ?? before]);
    const old = this.figure(result ? ['之前', 'before'] : ['现在的 A', 'A now'], before, place, marks(before, result?.part ? before : after ?? before, 'gone'));
    const name = result?.part ? ['得到的 part', 'the new part'] : ['之后', 'after'];
    const next = after ? this.figure(name, after, place, marks(after, before, 'new')) : this.question(op, full);
    this.pair.replaceChildren(old, next);
    this.tell(result);
    this.trail.replaceChildren(...this.kit.params.done.map((done) => node('li', '', operationLine(done))));
    this.trail.scrollTop = this.trail.scrollHeight;
  }

  figure(title, state, place, mark) {
    const caption = node('figcaption'), figure = node('figure', 'csnn-figure', caption), seen = visible(state);
    write(caption, title);
    drawAssembly(figure, state, place, mark);
    figure.setAttribute('role', 'img');
    const list = (things) => things.map((thing) => thing.path).join(', ') || '–';
    figure.setAttribute('aria-label', say([`${title[0]}：群 ${list(seen.members)}；连接 ${list(seen.connections)}`, `${title[1]}: groups ${list(seen.members)}; connections ${list(seen.connections)}`]));
    return figure;
  }

  question(op, full) {
    const text = node('p', 'csnn-ask');
    write(text, full ? ['图放不下了：退一步或重来。', 'The picture is full: go back or reset.']
      : !op ? ['现在没有可以这样做的对象：换一个操作。', 'There is nothing this could be done to now: choose another operation.']
        : op.do === 'select_assembly' ? ['得到的 part 里会有什么？先勾选，再走一步。', 'What will be in part? Tick your guess, then step.']
          : ['之后，参与计算的有什么？先勾选，再走一步。', 'What takes part afterwards? Tick your guess, then step.']);
    return node('div', 'csnn-figure csnn-open', text);
  }

  tell(result) {
    const right = this.outcome ? Object.values(this.outcome.right) : [], good = right.filter(Boolean).length;
    const score = [`你猜对 ${good}/${right.length}。`, `Your guess: ${good} of ${right.length} right. `];
    const text = result?.error ? [`什么都没有改变。${result.error[0]}`, `Nothing has changed. ${result.error[1]}`] : CONTRACT[this.op?.do] ?? ['', ''];
    write(this.told, this.outcome ? [score[0] + text[0], score[1] + text[1]] : ['', '']);
  }

  /** The ticks: what is there now is ticked at first, so that a guess says what changes. */
  showGuess(before) {
    const title = node('legend');
    write(title, ['猜：之后有', 'Guess: afterwards there are']);
    this.guess.replaceChildren(title);
    if (!this.op) return;
    const now = visible(before), all = tickable(before, this.op);
    this.ticked ??= [...now.members, ...now.connections].map((thing) => thing.path);
    for (const kind of ['members', 'connections']) {
      const row = this.guess.appendChild(node('div', 'csnn-ticks'));
      for (const path of all[kind]) row.append(this.tick(path));
    }
  }

  tick(path) {
    const input = node('input'), right = this.outcome?.right[path], verdict = node('i');
    Object.assign(input, { type: 'checkbox', checked: this.ticked.includes(path), disabled: Boolean(this.outcome) });
    input.addEventListener('change', () => {
      this.ticked = input.checked ? [...this.ticked, path] : this.ticked.filter((p) => p !== path);
    });
    if (right !== undefined) {
      write(verdict, right ? ['✓', '✓'] : ['✗', '✗']);
      verdict.setAttribute('aria-label', say(right ? ['猜对了', 'right'] : ['猜错了', 'wrong']));
      verdict.className = right ? 'right' : 'wrong';
    }
    return node('label', 'csnn-tick', input, ` ${path}`, verdict);
  }
}

function buildStepper(kit) {
  const bench = new OperationBench(kit);
  return (p) => bench.draw(p);
}

export default { render: (context) => mount(context, buildStepper) };
