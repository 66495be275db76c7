import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { lastMonths } from '#renderer/pages/customers/bills/months.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

type Plan = CallOutput<'servicePlans.list'>[number];
type Drift = CallOutput<'servicePlans.drift'>;

const planId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const statementId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6e';
const gold: Plan = {
  id: planId,
  name: 'Gold',
  version: 1,
  quotaGb: 500,
  limits: { opsGet: 100 },
  productIds: [],
  retired: false,
  holders: 1,
  savedAt: '2026-11-01T00:00:00.000Z',
  savedBy: 'ada',
};
const noDrift: Drift = { total: 0, unknown: 0, excepted: 0, rows: [] };
const drifting: Drift = {
  ...noDrift,
  total: 1,
  rows: [
    {
      connectionId: 'rack-7',
      userId: '0000000000000001',
      email: 'bob@example.com',
      customerId: '7',
      customerName: 'Example Ltd',
      planId,
      planName: 'Gold',
      version: 1,
      differences: [{ field: 'quotaGb', wanted: 500, found: 800 }],
      cause: {
        at: '2026-11-20T10:00:00.000Z',
        operator: 'ada',
        title: 'Set quota',
        journalId: 'j1',
      },
      exception: null,
      since: '2026-11-20T10:00:00.000Z',
      asOf: '2026-11-20T10:00:00.000Z',
    },
  ],
};

test('a plan is saved as its next version; an empty field says nothing', async () => {
  const core = fakeCluster()
    .on('servicePlans.list', () => [gold])
    .on('servicePlans.holders', () => [])
    .on('servicePlans.drift', () => noDrift)
    .on('tariffs.list', () => [])
    .on('servicePlans.save', () => ({ ...gold, version: 2 }));
  renderConsole(core, `/c/rack-7/customers/plans?plan=${planId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  const dialog = await screen.findByRole('dialog');
  const quota = within(dialog).getByLabelText('Quota, GB');
  expect(quota).toHaveValue('500');
  await userEvent.clear(quota);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save version 2' }));
  await waitFor(() =>
    expect(core.inputsOf('servicePlans.save')).toEqual([
      { id: planId, name: 'Gold', limits: { opsGet: '100' }, productIds: [] },
    ]),
  );
});

test('drift says in what, why and since when, and its fix is a previewed bulk run', async () => {
  const core = fakeCluster()
    .on('servicePlans.drift', () => drifting)
    .on('servicePlans.fix', () => ({ users: 1, text: 'id,quota_gb\n0000000000000001,500\n' }))
    .on('bulk.preview', () => ({ runId: 'run-1' }) as never);
  const view = renderConsole(core, '/c/rack-7/customers/drift');
  expect(await screen.findByText('Quota: 800 GB, the plan says 500 GB')).toBeVisible();
  expect(screen.getByRole('link', { name: /Set quota by ada/ })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Preview fix' }));
  await waitFor(() => expect(view.address()).toContain('/changes/run/run-1'));
  expect(core.inputsOf('servicePlans.fix')).toEqual([
    { connectionId: 'rack-7', userIds: ['0000000000000001'] },
  ]);
});

test('an exception has a reason and an end', async () => {
  const core = fakeCluster()
    .on('servicePlans.drift', () => drifting)
    .on('servicePlans.except', ({ reason, until }) => ({
      ...{ reason, until, ended: false, createdBy: 'ada' },
      createdAt: '2026-11-20T10:00:00.000Z',
    }));
  renderConsole(core, '/c/rack-7/customers/drift');
  await userEvent.click(await screen.findByRole('button', { name: /^Exception… for bob/ }));
  const save = screen.getByRole('button', { name: 'Allow exception' });
  expect(save).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/Reason/), 'Migration');
  await userEvent.click(save);
  await waitFor(() =>
    expect(core.inputsOf('servicePlans.except')).toMatchObject([
      { connectionId: 'rack-7', userId: '0000000000000001', reason: 'Migration' },
    ]),
  );
});

test('the invoices of a month are drafted once each', async () => {
  const [month] = lastMonths(new Date());
  const issued = {
    ...{ statementId, number: 'C-2026-0001', digest: 'a', state: 'final', total: 1250 },
    ...{ currency: 'EUR', minorDigits: 2, tariffId: 't', tariffVersion: 1, tariffName: 'S' },
    ...{ from: month?.from ?? '', to: month?.to ?? '', users: 1, userIds: [] },
    ...{ issuedAt: '2026-11-02T00:00:00.000Z', issuedBy: 'ada', corrects: null },
    ...{ correctedBy: null, customerId: '7', customerName: 'Example Ltd', change: null },
  } as CallOutput<'statements.issued'>['rows'][number];
  const core = fakeCluster()
    .on('billing.list', () => [{ id: 'b1', name: 'Billing', capabilities: ['drafts'] }] as never)
    .on('statements.issued', () => ({ total: 1, rows: [issued] }))
    .on('invoices.list', () => ({ total: 0, rows: [] }))
    .on('invoices.draft', () => ({ taskId: 't1' }));
  renderConsole(core, '/c/rack-7/customers/invoices');
  await userEvent.click(await screen.findByRole('button', { name: 'Draft 1 invoice' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Draft 1 invoice' }));
  await waitFor(() =>
    expect(core.inputsOf('invoices.draft')).toEqual([
      { billingId: 'b1', statementIds: [statementId] },
    ]),
  );
  expect(await screen.findByRole('button', { name: 'Dismiss' })).toBeVisible();
});

test('a plan keeps and changes how its new users are created', async () => {
  const newUsers = { connectionId: 'rack-7', accountName: 'gold' };
  const core = fakeCluster()
    .on('servicePlans.list', () => [{ ...gold, newUsers }])
    .on('servicePlans.holders', () => [])
    .on('servicePlans.drift', () => noDrift)
    .on('tariffs.list', () => [])
    .on('servicePlans.save', () => ({ ...gold, version: 2 }));
  renderConsole(core, `/c/rack-7/customers/plans?plan=${planId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  const dialog = await screen.findByRole('dialog');
  await waitFor(() =>
    expect(within(dialog).getByRole('combobox', { name: 'Cluster of new users' })).toHaveValue(
      'Rack 7',
    ),
  );
  const account = within(dialog).getByLabelText('Account of new users');
  expect(account).toHaveValue('gold');
  await userEvent.type(account, ' customers');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save version 2' }));
  await waitFor(() =>
    expect(core.inputsOf('servicePlans.save')).toMatchObject([
      { newUsers: { connectionId: 'rack-7', accountName: 'gold customers' } },
    ]),
  );
});
