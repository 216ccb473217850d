// One of two to four answers, each on a card; and an order of items, dragged into place.

function cards(kit, spec, onClick) {
  const row = node('div', 'csnn-g-cards');
  const made = Object.entries(spec.options).map(([key, label]) => {
    const card = node(onClick ? 'button' : 'div', 'csnn-g-card');
    const text = kit.text(node('span'), label), tag = node('em');
    card.append(text, tag);
    if (onClick) {
      card.type = 'button';
      kit.listen(card, 'click', () => onClick(key));
    }
    row.append(card);
    return { key, card, tag };
  });
  kit.stage.append(row);
  return { row, made };
}

function askChoice(kit, spec, kept) {
  const { row, made } = cards(kit, spec, (key) => { if (!kept.sealed) kept.put(key); });
  row.setAttribute('role', 'group');
  kit.text(row, kit.model.get('question'), 'aria-label');
  return ({ value, sealed }) => made.forEach(({ key, card }) => {
    card.setAttribute('aria-pressed', key === value);
    card.disabled = sealed;
  });
}

function tellChoice(kit, spec, truth) {
  const { made } = cards(kit, spec, null);
  return (guess) => made.forEach(({ key, card, tag }) => {
    card.classList.toggle('csnn-g-true', key === truth);
    card.classList.toggle('csnn-g-guessed', key === guess);
    write(tag, key === truth && key === guess ? ['你猜的，也是实际的', 'your guess and the truth']
      : key === truth ? ['实际', 'truth'] : key === guess ? ['你猜的', 'your guess'] : ['', '']);
  });
}

/** An order with one item moved to another place. */
export function reordered(order, key, to) {
  const rest = order.filter((other) => other !== key);
  rest.splice(Math.max(0, Math.min(rest.length, to)), 0, key);
  return rest;
}

function askOrder(kit, spec, kept) {
  const keys = Object.keys(spec.items), list = node('div', 'csnn-g-order'), items = {};
  list.setAttribute('role', 'group');
  kit.text(list, kit.model.get('question'), 'aria-label');
  const now = () => kept.value ?? keys;
  let held = null;
  const placeAt = (y) => {
    const box = list.getBoundingClientRect();
    return Math.max(0, Math.min(keys.length - 1, Math.floor(((y - box.top) / box.height) * keys.length)));
  };
  const holds = (e) => held?.pointer === e.pointerId;
  kit.listen(window, 'pointermove', (e) => {
    const to = placeAt(e.clientY);
    if (holds(e) && now().indexOf(held.key) !== to) kept.move(reordered(now(), held.key, to));
  });
  const drop = (keep) => (e) => {
    if (!holds(e)) return;
    const { before } = held;
    held = null;
    if (keep) kept.put(now());
    else kept.move(before);
  };
  kit.listen(window, 'pointerup', drop(true));
  kit.listen(window, 'pointercancel', drop(false));
  for (const key of keys) {
    const item = node('button', 'csnn-g-item');
    item.type = 'button';
    item.append(node('b'), kit.text(node('span'), spec.items[key]), node('i', '', '⋮⋮'));
    kit.listen(item, 'pointerdown', (e) => {
      if (e.button === 0 && e.isPrimary && !kept.sealed) held = { key, pointer: e.pointerId, before: kept.value };
    });
    keysMove(kit, kept, item, (pressed) => {
      const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[pressed];
      return by && reordered(now(), key, now().indexOf(key) + by);
    });
    items[key] = item;
    list.append(item);
  }
  kit.stage.append(kit.text(node('p', 'csnn-g-end'), spec.ends[0]), list, kit.text(node('p', 'csnn-g-end'), spec.ends[1]));
  const as = kit.button(['就是这个次序', 'This is my order'], () => kept.put(now()), kit.stage);
  return ({ value, sealed }) => {
    as.hidden = value !== null || sealed;
    now().forEach((key, k) => {
      const item = items[key], name = spec.items[key];
      item.style.order = k;                        // in place: an element that is taken out loses finger and focus
      item.disabled = sealed;
      item.firstChild.textContent = k + 1;
      item.classList.toggle('csnn-g-held', held?.key === key);
      item.setAttribute('aria-label', say([`${name[0]}，第 ${k + 1} 位，共 ${keys.length} 位`, `${name[1]}, place ${k + 1} of ${keys.length}`]));
    });
  };
}

function tellOrder(kit, spec, truth, values) {
  const row = 34, plot = new Plot(kit, {
    height: row * truth.length + 34, axes: false, left: 8, right: 8, label: ['你排的次序与实际的次序', 'Your order and the true one'],
  });
  const shown = (key) => {
    const [zh, en] = spec.items[key], value = key in values && measure(values[key], spec);
    return value ? [`${zh}（${value[0]}）`, `${en} (${value[1]})`] : [zh, en];
  };
  return (guess) => {
    plot.begin();
    const { ctx, width } = plot, y = (k) => 40 + row * k, side = guess === null ? 0.08 : 0.56, ink = kit.colour('muted');
    plot.label(['实际', 'truth'], side * width, 12, { colour: ink });
    truth.forEach((key, k) => plot.label(shown(key).map((name) => `${k + 1}  ${name}`), side * width, y(k), { size: 13, room: (0.98 - side) * width }));
    if (guess === null) return;
    plot.label(['你排的', 'your order'], 0.42 * width, 12, { align: 'right', colour: ink });
    guess.forEach((key, k) => {
      const to = truth.indexOf(key);
      plot.label(spec.items[key].map((name) => `${name}  ${k + 1}`), 0.42 * width, y(k), { align: 'right', size: 13, room: 0.4 * width });
      Object.assign(ctx, { strokeStyle: kit.colour(to === k ? 'v' : 'threshold'), lineWidth: 2 });
      ctx.setLineDash(to === k ? [] : [5, 4]);
      ctx.beginPath();
      ctx.moveTo(0.435 * width, y(k));
      ctx.lineTo(0.545 * width, y(to));
      ctx.stroke();
    });
    ctx.setLineDash([]);
  };
}
