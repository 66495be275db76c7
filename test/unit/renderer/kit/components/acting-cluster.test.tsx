import { Button, Modal } from '@mantine/core';
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { create } from 'zustand';
import { DialogHost } from '#renderer/changes/dialog-host.tsx';
import { useOnceRead } from '#renderer/changes/operation/use-once-read.ts';
import { ClusterProvider, useCluster } from '#renderer/kit/cluster-context.tsx';
import { ActingCluster, useActingOnScreen } from '#renderer/kit/components/acting-cluster.tsx';
import { useShortcut } from '#renderer/kit/shortcuts.ts';
import { openDialog, useDialogs } from '#renderer/kit/stores/dialogs.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

function Target({ onClose }: { onClose(): void }) {
  const { name } = useCluster();
  return (
    <Modal opened onClose={onClose} title={`Disable user on ${name}`}>
      <Button onClick={() => openDialog((close) => <Target onClose={close} />)}>Again</Button>
    </Modal>
  );
}

const open = () => openDialog((close) => <Target onClose={close} />);

function Page() {
  useActingOnScreen();
  useShortcut('n', open);
  return (
    <ClusterProvider connection={fakeConnection({ id: 'here', name: 'Here' })}>
      <Button onClick={open}>On screen</Button>
      <ActingCluster connection={fakeConnection({ id: 'there', name: 'There' })}>
        <Button onClick={open}>Elsewhere</Button>
      </ActingCluster>
      <DialogHost />
    </ClusterProvider>
  );
}

function renderPage() {
  renderPart(new FakeTransport(), <Page />);
  return userEvent.setup();
}

test('a dialog acts on the cluster of the part that it was opened from, by mouse', async () => {
  const user = renderPage();
  await user.click(screen.getByRole('button', { name: 'Elsewhere' }));
  expect(await screen.findByText('Disable user on There')).toBeInTheDocument();
  await user.click(await screen.findByRole('button', { name: 'Again' }));
  expect(await screen.findAllByText('Disable user on There')).toHaveLength(2);
});

test('a dialog acts on the cluster of the part that it was opened from, by keyboard', async () => {
  const user = renderPage();
  screen.getByRole('button', { name: 'Elsewhere' }).focus();
  await user.keyboard('{Enter}');
  expect(await screen.findByText('Disable user on There')).toBeInTheDocument();
});

test('what is opened on screen afterwards acts on the cluster on screen', async () => {
  const user = renderPage();
  useDialogs.setState({ acting: fakeConnection({ id: 'there', name: 'There' }) });
  await user.click(screen.getByRole('button', { name: 'On screen' }));
  expect(await screen.findByText('Disable user on Here')).toBeInTheDocument();
});

test('a shortcut while nothing has the focus acts on the cluster on screen', async () => {
  const user = renderPage();
  useDialogs.setState({ acting: fakeConnection({ id: 'there', name: 'There' }) });
  expect(document.activeElement).toBe(document.body);
  await user.keyboard('n');
  expect(await screen.findByText('Disable user on Here')).toBeInTheDocument();
});

const useAnswer = create(() => ({ read: false }));

function FirstRead({ onClose }: { onClose(): void }) {
  const { read } = useAnswer();
  useOnceRead(read || undefined, onClose, open);
  return null;
}

test('a dialog that follows what was read acts on its cluster, whatever was pressed meanwhile', async () => {
  const user = renderPage();
  useDialogs.setState({ acting: fakeConnection({ id: 'there', name: 'There' }) });
  act(() => openDialog((close) => <FirstRead onClose={close} />));
  await user.keyboard('x');
  act(() => useAnswer.setState({ read: true }));
  expect(await screen.findByText('Disable user on There')).toBeInTheDocument();
});
