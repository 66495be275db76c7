import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeBulk, fakeRun, fakeRunRow } from '#test/fakes/fake-bulk.ts';
import { fakeAsOf, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const address = '/c/rack-7/changes/plan';

function opened(update: Partial<CallOutput<'plans.open'>> = {}): CallOutput<'plans.open'> {
  return {
    name: 'Raise quotas',
    note: 'Agreed with finance.',
    createdAt: fakeAsOf,
    createdBy: 'planner',
    endpoint: 'https://s3.rack7.example:8443',
    connectionName: 'Rack 7',
    sameCluster: true,
    snapshotAsOf: fakeAsOf,
    changes: 40,
    tenants: 40,
    destructive: false,
    reverses: null,
    rows: [fakeRunRow(1), fakeRunRow(2)],
    ...update,
  };
}

async function openFile(text = '{"format":"plan"}') {
  const user = userEvent.setup();
  const file = new File([text], 'raise.json', { type: 'application/json' });
  await user.upload(await screen.findByLabelText('Open a plan file'), file);
  return user;
}

test('opens a plan and compares it with the live cluster', async () => {
  const core = fakeBulk(fakeRun(), [])
    .on('plans.open', () => opened())
    .on('plans.check', () => ({ ...fakeRun(), drifted: 0, rows: [] }));
  const { address: now } = renderConsole(core, address);
  const user = await openFile();
  expect(await screen.findByRole('heading', { name: 'Raise quotas' })).toBeVisible();
  expect(screen.getByText('Agreed with finance.')).toBeVisible();
  expect(screen.getByText('40 changes of 40 tenants')).toBeVisible();
  expect(screen.getByText('The first 2 of 40 changes')).toBeVisible();
  expect(screen.queryByText('This plan was made for another address')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Compare with the cluster' }));
  await waitFor(() => expect(now()).toBe('/c/rack-7/changes/run/run-1'));
  expect(core.inputsOf('plans.check')[0]?.content).toBe('{"format":"plan"}');
});

test('warns of a plan made for another cluster', async () => {
  const other = { sameCluster: false, endpoint: 'https://elsewhere.example' };
  renderConsole(
    fakeBulk(fakeRun(), []).on('plans.open', () => opened(other)),
    address,
  );
  await openFile();
  expect(await screen.findByText('This plan was made for another address')).toBeVisible();
});

test('says why a file is no plan, and takes another', async () => {
  const core = fakeBulk(fakeRun(), []).on('plans.open', () => {
    throw new AppError({
      code: 'PLAN_INVALID',
      message: 'The plan was changed since it was saved: its checksum does not fit.',
      hint: 'Get an unchanged copy.',
    });
  });
  renderConsole(core, address);
  await openFile();
  expect(await screen.findByRole('alert')).toHaveTextContent('checksum does not fit');
  core.on('plans.open', () => opened());
  await openFile();
  expect(await screen.findByRole('heading', { name: 'Raise quotas' })).toBeVisible();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('is read offline, and compared later', async () => {
  const core = fakeBulk(fakeRun(), [])
    .on('sync.status', () => fakeStatus({ state: 'offline' }))
    .on('plans.open', () => opened());
  renderConsole(core, address);
  await openFile();
  const compare = await screen.findByRole('button', { name: 'Compare with the cluster' });
  await waitFor(() => expect(compare).toBeDisabled());
  expect(screen.getByText(/can’t be reached; the plan can be read/)).toBeVisible();
});
