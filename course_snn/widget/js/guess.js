// A question with a guess: nothing is said about right or wrong until the truth appears in its place (truth.js).
const ASK = { number: askNumber, choice: askChoice, order: askOrder, curve: askCurve };
const HINTS = {
  number: ['在尺上点一下或拖动；键盘：方向键。', 'Click the scale or drag along it; keyboard: arrow keys.'],
  choice: ['点一张卡片。', 'Click a card.'],
  order: ['拖动卡片；键盘：Tab 选中，上下方向键移动。', 'Drag the cards; keyboard: Tab selects, the up and down arrows move.'],
  curve: ['用鼠标或手指画；键盘：左右方向键选点，上下方向键移动它。', 'Draw with mouse or finger; keyboard: left and right choose a point, up and down move it.'],
};

function standing({ kind }, { value, sealed }) {
  if (sealed && value === null) return ['没有猜，答案就出现过了。', 'The answer has been shown without a guess.'];
  if (sealed) return ['答案已经出现，这个猜测定下了。', 'The answer has been shown; the guess is settled.'];
  if (value === null) return HINTS[kind];
  if (!isComplete(value)) return ['还有没画到的地方，接着画完。', 'Some of it is still empty; draw on to the end.'];
  return ['记下了。答案出现之前随时可以改。', 'Kept. You can change it until the answer appears.'];
}

/** What the button does: a settled guess is forgotten before another one is made. */
function againLabel({ value, sealed }) {
  if (!sealed) return ['重新猜', 'Guess again'];
  return value === null ? ['还是猜一猜', 'Guess anyway'] : ['忘掉，重新猜', 'Forget and guess again'];
}

function buildGuess(kit) {
  const spec = kit.model.get('spec'), kept = new Kept(kit);
  kit.root.dataset.guess = kit.model.get('guess_id');
  kit.stage.append(kit.text(node('p', 'csnn-g-question'), kit.model.get('question')));
  const again = kit.button(['重新猜', 'Guess again'], () => kept.put(null));
  const draw = ASK[spec.kind](kit, spec, kept);
  const note = kit.stage.appendChild(node('p', 'csnn-note'));
  note.setAttribute('role', 'status');
  return (p) => {
    draw(p);
    again.style.visibility = p.value === null && !p.sealed ? 'hidden' : '';   // keeps its place: nothing moves under the pen
    write(again, againLabel(p));
    write(note, standing(spec, p));
  };
}

export default { render: (context) => mount(context, buildGuess) };
