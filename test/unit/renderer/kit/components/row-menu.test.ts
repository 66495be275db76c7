import { expect, test, vi } from 'vitest';
import { asksForRowMenu, openRowMenu } from '#renderer/kit/components/row-menu.tsx';

test.each([
  [{ key: 'ContextMenu' }, true],
  [{ key: 'F10', shiftKey: true }, true],
  [{ key: 'm' }, true],
  [{ key: 'M' }, true],
  [{ key: 'F10' }, false],
  [{ key: 'm', ctrlKey: true }, false],
  [{ key: 'n' }, false],
])('%o asks for the menu of the row: %s', (key, asks) => {
  expect(asksForRowMenu(new KeyboardEvent('keydown', key))).toBe(asks);
});

test('the menu of the row that the keyboard is on is opened, and none where rows have none', () => {
  const list = document.createElement('div');
  list.innerHTML =
    '<p><button data-row-menu>first</button></p><p data-active><button data-row-menu>second</button></p>';
  const pressed = vi.fn();
  list.addEventListener('click', ({ target }) => pressed((target as Element).textContent));
  openRowMenu(list);
  expect(pressed.mock.calls).toEqual([['second']]);
  openRowMenu(document.createElement('div'));
  openRowMenu(null);
});
