import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { fakeBulk, fakeRun, fakeRunRow } from '#test/fakes/fake-bulk.ts';
import { fakeAsOf, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fakePlan } from '#test/fakes/fake-plans.ts';
import { renderConsole } from '../../render-console.tsx';
import { savedFiles } from '../../saved-files.ts';

async function chooseTwo(verb: string) {
  const user = userEvent.setup();
  for (const name of [/user-000003/, /user-000004/]) {
    const row = await screen.findByRole('row', { name });
    await user.click(within(row).getByRole('checkbox'));
  }
  await user.click(screen.getByRole('button', { name: 'Change' }));
  await user.click(await screen.findByRole('menuitem', { name: verb }));
  return user;
}

const ids = ['0000000000000003', '0000000000000004'];

test('previews a quota for the selected users and opens the run', async () => {
  const core = fakeBulk(fakeRun(), [fakeRunRow(3), fakeRunRow(4)]);
  const { address } = renderConsole(core, '/c/rack-7/users');
  const user = await chooseTwo('Set quota');
  const dialog = await screen.findByRole('dialog', { name: 'Change 2 users' });
  expect(within(dialog).getByRole('button', { name: 'Preview 2 changes' })).toBeDisabled();
  await user.type(within(dialog).getByLabelText('Quota in GB'), '100{Enter}');
  await waitFor(() => expect(address()).toBe('/c/rack-7/changes/run/run-1'));
  expect(core.inputsOf('bulk.preview')).toEqual([
    {
      connectionId: 'rack-7',
      source: { from: 'users', userIds: ids, change: { change: 'setQuota', sizeGb: '100' } },
    },
  ]);
});

test('says why nothing could be previewed, and keeps what was entered', async () => {
  const core = fakeBulk(fakeRun(), []).on('bulk.preview', () => {
    throw new AppError({
      code: 'GATEWAY_FAILED',
      message: 'The gateway answered with an error.',
      hint: 'Try again in a moment.',
      requestId: 'req-9',
    });
  });
  renderConsole(core, '/c/rack-7/users');
  const user = await chooseTwo('Set quota');
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('Quota in GB'), '100{Enter}');
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('req-9');
  expect(within(dialog).getByLabelText('Quota in GB')).toHaveValue('100');
});

test('makes a plan while the gateway is out of reach', async () => {
  const core = fakeBulk(fakeRun(), [])
    .on('sync.status', () => fakeStatus({ state: 'offline' }))
    .on('plans.make', ({ name }) => ({
      name,
      note: null,
      createdAt: fakeAsOf,
      createdBy: 'operator',
      endpoint: 'https://s3.rack7.example:8443',
      connectionName: 'Rack 7',
      sameCluster: true,
      snapshotAsOf: fakeAsOf,
      changes: 2,
      tenants: 2,
      destructive: true,
      reverses: null,
      fileName: 'change-plan-night.json',
      mediaType: 'application/json',
      content: '{}',
      warnings: ['1 target was skipped.'],
    }));
  renderConsole(core, '/c/rack-7/users');
  const user = await chooseTwo('Disable');
  const dialog = await screen.findByRole('dialog');
  await waitFor(() => expect(dialog).toHaveTextContent('can’t be reached'));
  expect(within(dialog).getByRole('button', { name: 'Preview 2 changes' })).toBeDisabled();
  await user.click(within(dialog).getByRole('button', { name: 'Save as a plan' }));
  await user.type(await screen.findByLabelText('Name of the plan'), 'Night');
  await user.click(screen.getByRole('button', { name: 'Save plan' }));
  expect(await screen.findByText('Plan of 2 changes saved')).toBeVisible();
  expect(screen.getByText('1 target was skipped.')).toBeVisible();
  expect(savedFiles).toHaveLength(1);
  expect(core.inputsOf('plans.make')[0]).toEqual({
    connectionId: 'rack-7',
    name: 'Night',
    source: { from: 'users', userIds: ids, change: { change: 'disable' } },
  });
});

test('of a read-only cluster changes of many are added to a plan, and previewed all the same', async () => {
  const connection = fakeConnection({ readOnly: true });
  const core = fakeBulk(fakeRun(), [fakeRunRow(3)])
    .on('connections.list', () => [connection])
    .on('plans.list', () => [fakePlan()])
    .on('plans.add', () => ({ ...fakePlan(), added: 2, replaced: 0, warnings: [] }));
  renderConsole(core, '/c/rack-7/users');
  const user = await chooseTwo('Set quota');
  const dialog = await screen.findByRole('dialog', { name: 'Change 2 users' });
  expect(dialog).toHaveTextContent('(CONNECTION_READ_ONLY)');
  await user.type(within(dialog).getByLabelText('Quota in GB'), '100');
  expect(within(dialog).getByRole('button', { name: 'Preview 2 changes' })).toBeEnabled();
  await user.click(within(dialog).getByRole('button', { name: 'Add to plan' }));
  const chooser = await screen.findByRole('dialog');
  await user.click(await within(chooser).findByRole('button', { name: 'Add to plan' }));
  await waitFor(() => expect(core.inputsOf('plans.add')).toHaveLength(1));
});

test('offers buckets no change that only users know', async () => {
  const core = fakeBulk(fakeRun(), []);
  renderConsole(core, '/c/rack-7/buckets');
  const user = userEvent.setup();
  const row = await screen.findByRole('row', { name: /bucket-3/ });
  await user.click(within(row).getByRole('checkbox'));
  await user.click(screen.getByRole('button', { name: 'Change' }));
  const items = await screen.findAllByRole('menuitem');
  expect(items.map(({ textContent }) => textContent)).toEqual(['Set quota', 'Set rate limits']);
});
