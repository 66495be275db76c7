import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { tellOutcome } from '#renderer/changes/operation/outcome-toast.tsx';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderDialogs } from './render-operation.tsx';

test('the newest of many verified changes is told at once: older news makes room', async () => {
  renderDialogs(fakeOperations());
  const common = { connectionId: 'rack-7', verified: true, sent: true };
  for (let count = 1; count <= 8; count += 1) {
    const title = `Change ${count}`;
    act(() => tellOutcome({ ...common, title, name: 'u', journalId: `entry-${count}` }));
    expect(await screen.findByText(`${title}: verified`)).toBeVisible();
  }
  await waitFor(() => expect(screen.getAllByText(/: verified$/)).toHaveLength(3));
  expect(screen.getByText('Change 6: verified')).toBeVisible();
});
