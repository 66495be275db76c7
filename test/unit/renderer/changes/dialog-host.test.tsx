import { Button, Modal } from '@mantine/core';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, expect, test } from 'vitest';
import { DialogHost } from '#renderer/changes/dialog-host.tsx';
import { ClusterProvider, type Connection } from '#renderer/kit/cluster-context.tsx';
import { useFocusKeeper } from '#renderer/kit/focus-keeper.ts';
import { openDialog, useDialogs } from '#renderer/kit/stores/dialogs.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../render-console.tsx';

beforeEach(() => useDialogs.setState({ dialogs: [] }));

function Question({ name, onClose }: { name: string; onClose(): void }) {
  return (
    <Modal opened onClose={onClose} title={name} returnFocus={false}>
      <Button onClick={onClose}>Close {name}</Button>
    </Modal>
  );
}

const open = (name: string) => openDialog((close) => <Question name={name} onClose={close} />);

/** A page with a section whose button opens a dialog, and goes away once it was answered. */
function Page() {
  useFocusKeeper();
  const [there, setThere] = useState(true);
  return (
    <section aria-label="Keys">
      {there && <Button onClick={() => open('one')}>Open</Button>}
      <Button onClick={() => setThere(false)}>Take it away</Button>
    </section>
  );
}

function render(connection: Connection = fakeConnection()) {
  const whole = (of: Connection) => (
    <ClusterProvider connection={of}>
      <Page />
      <DialogHost />
    </ClusterProvider>
  );
  return renderPart(new FakeTransport(), whole(connection));
}

test('gives the focus back to where it was when a dialog closes', async () => {
  render();
  const user = userEvent.setup();
  const button = screen.getByRole('button', { name: 'Open' });
  await user.click(button);
  await user.click(await screen.findByRole('button', { name: 'Close one' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await waitFor(() => expect(button).toHaveFocus());
});

test('gives it to what is around where that has gone away meanwhile', async () => {
  render();
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'Open' }));
  await screen.findByRole('dialog');
  // by the change that the dialog made, not by a click that would take the focus
  screen.getByText('Take it away').closest('button')?.click();
  await waitFor(() => expect(screen.queryByText('Open')).toBeNull());
  await user.click(screen.getByRole('button', { name: 'Close one' }));
  await waitFor(() => expect(screen.getByRole('region', { name: 'Keys' })).toHaveFocus());
});

test('draws every dialog that is open, and closes each on its own', async () => {
  render();
  open('one');
  open('two');
  await waitFor(() => expect(screen.getAllByRole('dialog')).toHaveLength(2));
  await userEvent.click(screen.getByRole('button', { name: 'Close one' }));
  await waitFor(() => expect(screen.getAllByRole('dialog')).toHaveLength(1));
  expect(screen.getByRole('button', { name: 'Close two' })).toBeVisible();
});

test('closes them when it goes away: a dialog belongs to the cluster it was opened on', async () => {
  const { unmount } = render();
  open('one');
  await screen.findByRole('dialog');
  unmount();
  expect(useDialogs.getState().dialogs).toEqual([]);
});
