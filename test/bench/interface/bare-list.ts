import type { Page } from '@playwright/test';

const style = `
  body { margin: 0; font: 13px Inter, system-ui, sans-serif; }
  input { position: absolute; top: 10px; left: 220px; }
  [role=grid] { position: absolute; inset: 92px 0 0 208px; overflow: auto; font-size: 12px; }
  .row { display: grid; grid-template-columns: 36px 1fr 1fr 92px 76px 64px 92px 92px 150px 64px; height: 32px;
    width: 100%; align-items: center; border-bottom: 1px solid #ddd; box-sizing: border-box; }
  .head { position: sticky; top: 0; background: #fff; z-index: 1; }
  .body { position: relative; }
  .body .row { position: absolute; top: 0; }
  .row > span { padding: 0 8px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
`;

/** Runs in the page: as little as it takes to draw rows that are all in memory already. */
function drawInPage({ sample, total }: { sample: string[][]; total: number }): void {
  const grid = document.querySelector('[role="grid"]') as HTMLElement;
  const body = document.querySelector('.body') as HTMLElement;
  const search = document.querySelector('input') as HTMLInputElement;
  const rowHeight = 32;
  const overscan = 16;
  let rows = sample;
  let length = total;
  const shown = new Map<number, HTMLElement>();
  const rowAt = (index: number) => {
    const row = document.createElement('div');
    row.className = 'row';
    row.setAttribute('role', 'row');
    row.setAttribute('aria-rowindex', String(index + 2));
    row.style.transform = `translateY(${index * rowHeight}px)`;
    const check = document.createElement('input');
    check.type = 'checkbox';
    check.style.position = 'static';
    row.append(check);
    for (const text of rows[index % rows.length] ?? []) {
      const cell = document.createElement('span');
      cell.textContent = text;
      row.append(cell);
    }
    return row;
  };
  const draw = () => {
    const first = Math.max(0, Math.floor(grid.scrollTop / rowHeight) - overscan);
    const end = (grid.scrollTop + grid.clientHeight) / rowHeight + overscan;
    const last = Math.min(length - 1, Math.ceil(end));
    for (const [index, row] of shown) {
      if (index >= first && index <= last) continue;
      row.remove();
      shown.delete(index);
    }
    for (let index = first; index <= last; index += 1) {
      if (shown.has(index)) continue;
      const row = rowAt(index);
      shown.set(index, row);
      body.append(row);
    }
  };
  const begin = () => {
    for (const row of shown.values()) row.remove();
    shown.clear();
    body.style.height = `${length * rowHeight}px`;
    grid.scrollTop = 0;
    draw();
  };
  grid.addEventListener('scroll', draw);
  search.addEventListener('input', () => {
    const text = search.value;
    rows =
      text === '' ? sample : sample.filter((cells) => cells.some((cell) => cell.includes(text)));
    length = text === '' ? total : rows.length;
    begin();
  });
  begin();
}

/**
 * Draws a list of the same rows and columns without any library: what the browser can do at best on
 * this machine.
 * @param sample rows in words, repeated until there are `total`
 */
export async function openBareList(page: Page, sample: string[][], total: number): Promise<void> {
  const figures = ['Size', 'Quota GB', 'Used %', 'Growth, 30 days', 'Peak'];
  const heads = ['', 'Name', 'Owner', ...figures, 'Created', 'Actions'];
  await page.setContent(
    `<style>${style}</style><input aria-label="Search"><div role="grid" tabindex="0">
      <div class="row head" role="row" aria-rowindex="1">${heads.map((head) => `<span>${head}</span>`).join('')}</div>
      <div class="body"></div></div>`,
  );
  await page.evaluate(drawInPage, { sample, total });
}
