import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeBulk, fakeRun, fakeRunRow } from '#test/fakes/fake-bulk.ts';
import { fakeAsOf, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fill } from '../../fill.ts';
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
    planId: 'plan-1',
    ...update,
  };
}

const planned = Array.from({ length: 240 }, (_, index) => fakeRunRow(index + 1));

/** A core that has opened a plan of 240 changes. */
function withPlan(update: Partial<CallOutput<'plans.open'>> = {}) {
  return fakeBulk(fakeRun(), [])
    .on('plans.open', () => opened({ changes: 240, ...update }))
    .on('plans.rows', ({ search, offset = 0, limit = 100 }) => {
      const found = planned.filter(({ target }) => !search || target.name.includes(search));
      return { total: found.length, rows: found.slice(offset, offset + limit) };
    });
}

async function openFile(text = '{"format":"plan"}', label = 'Open a plan file') {
  const user = userEvent.setup();
  const file = new File([text], 'raise.json', { type: 'application/json' });
  await user.upload(await screen.findByLabelText(label), file);
  return user;
}

test('opens a plan and compares it with the live cluster', async () => {
  const core = withPlan().on('plans.check', () => ({ ...fakeRun(), drifted: 0, rows: [] }));
  const { address: now } = renderConsole(core, address);
  const user = await openFile();
  expect(await screen.findByRole('heading', { name: 'Raise quotas' })).toBeVisible();
  expect(screen.getByText('Agreed with finance.')).toBeVisible();
  expect(screen.getByText('240 changes of 40 targets')).toBeVisible();
  expect(screen.queryByText('This plan was made for another address')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Compare with the cluster' }));
  await waitFor(() => expect(now()).toBe('/c/rack-7/changes/run/run-1'));
  expect(core.inputsOf('plans.check')[0]?.content).toBe('{"format":"plan"}');
});

test('lets the whole plan be looked through: drawn as far as in sight, searched, opened', async () => {
  const core = withPlan();
  const { address: now } = renderConsole(core, address);
  const user = await openFile();
  expect(await screen.findByRole('row', { name: /user-000001/ })).toHaveTextContent('10 GB100 GB');
  expect(screen.getAllByRole('row').length).toBeLessThan(80);
  expect(screen.getByText(/of 240$/)).toBeVisible();
  await fill(screen.getByPlaceholderText('Search e-mail, name or id'), 'user-000231');
  const found = await screen.findByRole('row', { name: /user-000231/ });
  await waitFor(() =>
    expect(core.inputsOf('plans.rows').at(-1)).toMatchObject({
      planId: 'plan-1',
      search: 'user-000231',
    }),
  );
  await user.click(found);
  expect(await screen.findByRole('complementary', { name: 'Details of the row' })).toBeVisible();
  await openFile('{"format":"another"}', 'Open another');
  await waitFor(() => expect(now()).toBe(address));
});

test('warns of a plan made for another cluster', async () => {
  const other = { sameCluster: false, endpoint: 'https://elsewhere.example' };
  renderConsole(withPlan(other), address);
  await openFile();
  expect(await screen.findByText('This plan was made for another address')).toBeVisible();
});

test('says why a file is no plan, and takes another', async () => {
  const core = withPlan().on('plans.open', () => {
    throw new AppError({
      code: 'PLAN_INVALID',
      message: 'The plan was changed since it was saved: its checksum does not match.',
      hint: 'Get an unchanged copy.',
    });
  });
  renderConsole(core, address);
  await openFile();
  expect(await screen.findByRole('alert')).toHaveTextContent('checksum does not match');
  core.on('plans.open', () => opened());
  await openFile();
  expect(await screen.findByRole('heading', { name: 'Raise quotas' })).toBeVisible();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('is read offline, and compared later', async () => {
  const core = withPlan().on('sync.status', () => fakeStatus({ state: 'offline' }));
  renderConsole(core, address);
  await openFile();
  const compare = await screen.findByRole('button', { name: 'Compare with the cluster' });
  await waitFor(() => expect(compare).toBeDisabled());
  expect(screen.getByText(/can’t be reached; the plan can be read/)).toBeVisible();
});
