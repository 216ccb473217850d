/* The report of a class: tables that sort, and the line below which a student is listed. */
(() => {
  'use strict';

  // ---------------------------------------------------------------- sorting

  const value = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  const compared = (one, other) => {
    const difference = Number(one) - Number(other);
    return Number.isNaN(difference) ? one.localeCompare(other, 'zh') : difference;
  };

  for (const button of document.querySelectorAll('.sort')) {
    const head = button.closest('th'), body = head.closest('table').tBodies[0];
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const rows = [...body.rows].map(row => [value(row, head.cellIndex), row]);
      rows.sort(([one], [other]) => (up ? 1 : -1) * compared(one, other));
      body.append(...rows.map(([, row]) => row));
    });
  }

  // ---------------------------------------------------------------- who needs help

  const below = document.querySelector('#below'), everybody = document.querySelector('#everybody');
  if (!below) return;
  const rows = [...document.querySelectorAll('#people tbody tr')];

  function show() {
    const limit = below.valueAsNumber;
    let count = 0;
    for (const row of rows) {
      const low = Number(row.dataset.share) < limit;
      const marked = low || row.dataset.lacking === 'true';
      row.classList.toggle('marked', marked);
      row.querySelector('.low').hidden = !low;
      row.hidden = !marked && !everybody.checked;
      count += marked;
    }
    for (const place of document.querySelectorAll('.helped')) place.textContent = count;
    for (const place of document.querySelectorAll('.limit')) place.textContent = Number.isNaN(limit) ? '–' : limit;
  }

  below.addEventListener('input', show);
  everybody.addEventListener('change', show);
  document.querySelector('.ask').hidden = false;
  show();
})();
