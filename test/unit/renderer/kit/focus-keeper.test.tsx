import { Button, Modal } from '@mantine/core';
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, expect, test } from 'vitest';
import { focusHomeMark, useFocusKeeper } from '#renderer/kit/focus-keeper.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderConsole, renderPart } from '../render-console.tsx';

/** What the page of these tests shows; each test changes it the way a write would. */
let show: (
  parts: Partial<{ dialog: boolean; name: string; section: boolean; home: boolean }>,
) => void;

function Page() {
  const [parts, setParts] = useState({
    dialog: false,
    name: 'Disable',
    section: true,
    home: false,
  });
  useFocusKeeper();
  show = (changes) => act(() => setParts((now) => ({ ...now, ...changes })));
  return (
    <main>
      {parts.section && (
        <section aria-label="State">
          <Button key={parts.name}>{parts.name}</Button>
        </section>
      )}
      <p>Nothing to press</p>
      {parts.home && <div {...{ [focusHomeMark]: true }} tabIndex={-1} title="Home" />}
      {parts.dialog && (
        <Modal opened onClose={() => undefined} title="Question" returnFocus={false}>
          <Button data-autofocus>Answer</Button>
        </Modal>
      )}
    </main>
  );
}

beforeEach(async () => {
  renderPart(new FakeTransport(), <Page />);
  await userEvent.click(screen.getByRole('button', { name: 'Disable' }));
});

/** Opens the dialog and waits until it has the focus, as for somebody who answers it. */
async function openDialog() {
  show({ dialog: true });
  await waitFor(() => expect(screen.getByRole('button', { name: 'Answer' })).toHaveFocus());
}

test('a dialog that goes away leaves the focus where it was, in the same moment', async () => {
  await openDialog();
  show({ dialog: false });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  // at once: nothing is waited for
  expect(screen.getByRole('button', { name: 'Disable' })).toHaveFocus();
});

test('what goes away however late hands the focus to what is around it, again and again', async () => {
  await openDialog();
  show({ dialog: false });
  await waitFor(() => expect(screen.getByRole('button', { name: 'Disable' })).toHaveFocus());
  show({ name: 'Enable' });
  await screen.findByRole('button', { name: 'Enable' });
  expect(screen.getByRole('region', { name: 'State' })).toHaveFocus();
  show({ section: false });
  await waitFor(() => expect(screen.queryByRole('region', { name: 'State' })).toBeNull());
  expect(document.body).toHaveFocus();
  show({ home: true });
  expect(await screen.findByTitle('Home')).toHaveFocus();
});

test('nothing takes the focus from an open dialog, nor from somebody who clicked on nothing', async () => {
  await openDialog();
  show({ name: 'Enable' });
  await screen.findByRole('button', { name: 'Enable' });
  expect(screen.getByRole('button', { name: 'Answer' })).toHaveFocus();
  show({ dialog: false });
  await waitFor(() => expect(screen.getByRole('region', { name: 'State' })).toHaveFocus());
  await userEvent.click(screen.getByText('Nothing to press'));
  show({ home: true });
  await screen.findByTitle('Home');
  expect(document.body).toHaveFocus();
});

test('the menu of a row gives the focus back to its list, by keyboard and by pointer', async () => {
  document.body.replaceChildren();
  renderConsole(fakeCluster(), '/c/rack-7/users');
  await screen.findByText('user-000000@example.com');
  const list = screen.getByRole('grid');
  list.focus();
  await userEvent.keyboard('m');
  await screen.findByRole('menu');
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  expect(list).toHaveFocus();
  const dots = screen.getByRole('button', { name: 'Actions on user-000001@example.com' });
  await userEvent.click(dots);
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Disable user' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(list).toHaveFocus();
});
