import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../render-console.tsx';

test.each(['{Enter}', ' ', '{ArrowDown}'])(
  '“%s” on a menu’s button opens it with the focus on its first entry, Escape gives it back',
  async (key) => {
    renderConsole(fakeCluster(), '/c/rack-7/users');
    await screen.findByText('user-000000@example.com');
    const button = screen.getByRole('button', { name: 'Views' });
    expect(button).toHaveAttribute('aria-haspopup', 'menu');
    button.focus();
    await userEvent.keyboard(key);
    const menu = await screen.findByRole('menu', { name: 'Views' });
    const entries = within(menu).getAllByRole('menuitem');
    await waitFor(() => expect(entries[0]).toHaveFocus());
    // nothing else in it can have the focus
    expect(menu.querySelectorAll('[tabindex], input')).toHaveLength(entries.length);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(button).toHaveFocus());
  },
);

test('a space typed within the name of a menu’s entry presses no other entry', async () => {
  renderConsole(fakeCluster(), '/c/rack-7/users');
  await screen.findByText('user-000000@example.com');
  await userEvent.click(screen.getByRole('button', { name: 'Actions on user-000001@example.com' }));
  const menu = await screen.findByRole('menu');
  const target = within(menu).getByRole('menuitem', { name: 'Set quota' });
  const key = (of: string) => {
    const at = menu.contains(document.activeElement) ? document.activeElement : menu;
    fireEvent.keyDown(at ?? menu, { key: of });
    return fireEvent.keyUp(document.activeElement ?? menu, { key: of });
  };
  for (const letter of 'set') key(letter);
  expect(key(' ')).toBe(false);
  for (const letter of 'quota') key(letter);
  expect(target).toHaveFocus();
});
