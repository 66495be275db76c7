import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { DialogHost } from '#renderer/changes/dialog-host.tsx';
import { SinceIssued } from '#renderer/changes/statements/issued-statement.tsx';
import { ClusterProvider } from '#renderer/kit/cluster-context.tsx';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderPart } from '../../render-console.tsx';

type Corrections = CallOutput<'statements.corrections'>;

const statementId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';

const corrections = {
  statementId,
  issued: { statementId, number: 'C-2026-0001', currency: 'EUR', minorDigits: 2 },
  ...{ changed: true, words: 'Changed since issued: +50.00 EUR.', difference: 5000 },
  ...{ state: 'final', total: 12_440, users: [], sizesSampled: false, corrections: [] },
  objects: { late: 60, replaced: 0, gone: 0 },
  objectNames: Array.from({ length: 60 }, (_, at) => ({ name: `object-${at}`, change: 'late' })),
} as unknown as Corrections;

test('of many objects the rest is counted, and the correction of a customer names no cluster', async () => {
  const core = fakeUsage().on('statements.issue', () => ({ number: 'C-2026-0002' }) as never);
  renderPart(
    core,
    <ClusterProvider connection={fakeConnection({ id: 'rack-7' })}>
      <SinceIssued corrections={corrections} note="Correct the invoice by hand." />
      <DialogHost />
    </ClusterProvider>,
  );
  const objects = await screen.findByRole('list', { name: 'Statistics objects that differ' });
  expect(within(objects).getByText('object-49 (late)')).toBeVisible();
  expect(within(objects).queryByText('object-50 (late)')).toBeNull();
  expect(within(objects).getByText('and 10 more')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Issue correction' }));
  const dialog = await screen.findByRole('dialog', { name: 'Issue correction of C-2026-0001' });
  expect(within(dialog).getByText(/Correct the invoice by hand\./)).toBeVisible();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Issue correction' }));
  await waitFor(() =>
    expect(core.inputsOf('statements.issue')).toEqual([{ corrects: statementId }]),
  );
});
