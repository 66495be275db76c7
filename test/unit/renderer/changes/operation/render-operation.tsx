import { notifications } from '@mantine/notifications';
import { screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { DialogHost } from '#renderer/changes/dialog-host.tsx';
import { ClusterProvider, type Connection } from '#renderer/kit/cluster-context.tsx';
import { openDialog, useDialogs } from '#renderer/kit/stores/dialogs.ts';
import { useRecentWrites } from '#renderer/kit/stores/recent-writes.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import type { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

/** Renders the host of dialogs on a cluster, and what is to be next to it. */
export function renderDialogs(
  core: FakeTransport,
  connection: Connection = fakeConnection(),
  sibling: ReactNode = null,
) {
  notifications.clean();
  useDialogs.setState({ dialogs: [] });
  useRecentWrites.setState({ writes: {}, flashing: new Set() });
  return renderPart(
    core,
    <ClusterProvider connection={connection}>
      {sibling}
      <DialogHost />
    </ClusterProvider>,
  );
}

/** Opens a dialog as an action does, once the host is mounted. */
export async function openOne(render: (close: () => void) => ReactNode): Promise<HTMLElement> {
  openDialog(render);
  return screen.findByRole('dialog');
}
