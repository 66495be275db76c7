import { expect, test } from '@playwright/test';
import { Keyboard, watchForPointers } from '../helpers/keyboard.ts';

test('a page that is to be used by keyboard alone is caught at the first click, move or pasted text', async ({
  page,
}) => {
  await page.setContent('<input aria-label="Name"><button>Send</button>');
  const seen = await watchForPointers(page);
  const keyboard = new Keyboard(page);
  await keyboard.fill(page.getByLabel('Name'), 'by keys');
  await keyboard.activate(page.getByRole('button'));
  expect(seen).toEqual([]);
  await page.getByLabel('Name').fill('not by keys');
  await expect.poll(() => seen.join(' ')).toContain('input on <input');
  await page.getByRole('button').hover();
  await expect.poll(() => seen.join(' ')).toContain('mousemove on <button');
  await page.getByRole('button').click();
  await expect.poll(() => seen.join(' ')).toContain('pointerdown on <button');
});
