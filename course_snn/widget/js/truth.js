// Where the truth appears: it lies over the guess. Without a guess it stays covered until the learner wants to see it.
const TELL = { number: tellNumber, choice: tellChoice, order: tellOrder, curve: tellCurve };

/** The distance in words, or that there was no guess. */
function verdict(spec, guess, truth) {
  if (isComplete(guess)) return distanceWords(spec, guess, truth);
  const none = ['你没有猜。', 'No guess was made. '];
  if (spec.kind === 'number') { const t = measure(truth, spec); return [`${none[0]}实际是 ${t[0]}。`, `${none[1]}It is ${t[1]}.`]; }
  if (spec.kind !== 'choice') return none;
  const t = spec.options[truth];
  return [`${none[0]}实际是“${t[0]}”。`, `${none[1]}It is “${t[1]}”.`];
}

function cover(kit, kept) {
  const box = node('div', 'csnn-g-cover');
  box.append(kit.text(node('p'), ['答案就在这里，可是你还没有猜。', 'The answer is here, but you have not guessed yet.']));
  const asked = () => document.querySelector(`[data-guess="${CSS.escape(kept.id)}"]`);
  const go = kit.button(['先去猜', 'Guess first'], () => {
    const smooth = !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    asked()?.scrollIntoView({ block: 'center', behavior: smooth ? 'smooth' : 'auto' });
    asked()?.querySelector('.csnn-stage :is(button:not(:disabled), canvas[tabindex])')?.focus({ preventScroll: true });
  }, box, 'csnn-primary');
  kit.button(['直接看答案', 'Show the answer'], () => kept.put(kept.value, true), box);
  kit.stage.append(box);
  return (covered) => {
    box.hidden = !covered;
    go.hidden = !asked();
  };
}

/** Call back each time the element comes into view, and at once if it is there. */
function whenSeen(kit, element, callback) {
  const watch = new IntersectionObserver((entries) => callback(entries.at(-1).isIntersecting), { threshold: 0.6 });
  watch.observe(element);
  kit.undo.push(() => watch.disconnect());
}

function buildTruth(kit) {
  const spec = kit.model.get('spec'), { value: truth, values } = kit.model.get('truth'), kept = new Kept(kit);
  kit.stage.append(kit.text(node('p', 'csnn-g-question'), kit.model.get('question')));
  const covered = cover(kit, kept), open = node('div');
  kit.stage.append(open);
  const stage = kit.stage;
  kit.stage = open;                              // what tells the truth is built into the part that is covered
  const draw = TELL[spec.kind](kit, spec, truth, values);
  kit.stage = stage;
  const words = open.appendChild(node('p', 'csnn-g-words'));
  words.setAttribute('role', 'status');
  let seen = false;
  const seal = () => { if (seen) kept.seal(); };
  kit.listen(document, 'visibilitychange', seal);   // in a tab behind others nothing is seen
  whenSeen(kit, kit.root, (now) => { seen = now; seal(); });
  return (p) => {
    const hide = !isComplete(p.value) && !p.sealed;
    covered(hide);
    open.hidden = hide;
    if (hide) return;
    draw(isComplete(p.value) ? p.value : null);
    write(words, verdict(spec, p.value, truth));
    seal();
  };
}

export default { render: (context) => mount(context, buildTruth) };
