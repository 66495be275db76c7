import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

type Plan = CallOutput<'servicePlans.list'>[number];
type Drift = CallOutput<'servicePlans.drift'>;

const planId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const gold: Plan = {
  id: planId,
  name: 'Gold',
  version: 1,
  quotaGb: 500,
  limits: { opsGet: 100 },
  products: [],
  productIds: [],
  retired: false,
  holders: 1,
  users: 0,
  savedAt: '2026-11-01T00:00:00.000Z',
  savedBy: 'ada',
};
const noDrift: Drift = { total: 0, unknown: 0, excepted: 0, clusters: [], rows: [] };
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
      given: null,
      exception: null,
      since: { at: '2026-11-20T10:00:00.000Z', is: 'exact' },
      asOf: '2026-11-20T10:00:00.000Z',
    },
  ],
};

const products = [
  { billingId: 'b1', productId: '11', name: 'Bronze', services: 3 },
  { billingId: 'b2', productId: '11', name: 'Backup', services: 0 },
  { billingId: 'b2', productId: '12', name: 'Silver', services: 1 },
];

test('a plan is saved as its next version; an empty field says nothing', async () => {
  const core = fakeCluster()
    .on('servicePlans.list', () => [gold])
    .on('servicePlans.holders', () => [])
    .on('servicePlans.products', () => products)
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
      { id: planId, name: 'Gold', limits: { opsGet: '100' }, products: [] },
    ]),
  );
});

test('a plan says who gets it and how many differ, while it is typed and when it is saved', async () => {
  const core = fakeCluster()
    .on('servicePlans.list', () => [])
    .on('servicePlans.products', () => products)
    .on('servicePlans.drift', () => noDrift)
    .on('servicePlans.preview', ({ quotaGb }) => ({
      ...{ users: 83, unknown: 3, losing: 0, differing: quotaGb === 500 ? 80 : 0 },
    }))
    .on('tariffs.list', () => [])
    .on('servicePlans.save', () => gold);
  renderConsole(core, '/c/rack-7/customers/plans');
  const [open] = await screen.findAllByRole('button', { name: 'Create plan' });
  await userEvent.click(open as HTMLElement);
  const dialog = within(await screen.findByRole('dialog'));
  expect(await dialog.findByText('83 users get this plan')).toBeVisible();
  expect(
    dialog.getByText(/None is known to differ from it\. Nothing was read yet of 3\./),
  ).toBeVisible();
  expect(dialog.getByText(/With none, users of the plan are billed only where/)).toBeVisible();
  await fill(dialog.getByLabelText('Quota, GB'), '500');
  expect(await dialog.findByText(/^80 of them differ from it\./)).toBeVisible();
  await fill(dialog.getByLabelText(/^Name/), 'Gold');
  await userEvent.click(dialog.getByRole('button', { name: 'Create plan' }));
  expect(
    await screen.findByText('Gold, version 1, saved. 83 users have it, 80 of them differ from it.'),
  ).toBeVisible();
  expect(core.inputsOf('servicePlans.preview').at(-1)).toEqual({
    id: planId,
    quotaGb: 500,
    products: [],
  });
});

test('a plan says what it is sold as, and that nobody has it', async () => {
  const core = fakeCluster()
    .on('servicePlans.list', () => [
      { ...gold, products: [{ billingId: 'b1', productId: '11' }], productIds: ['11'] },
    ])
    .on('servicePlans.holders', () => [])
    .on('servicePlans.products', () => products)
    .on('servicePlans.drift', () => noDrift)
    .on('tariffs.list', () => []);
  using scrolled = vi.spyOn(Element.prototype, 'scrollIntoView');
  renderConsole(core, `/c/rack-7/customers/plans?plan=${planId}`);
  const opened = await screen.findByRole('complementary', { name: /^Plan Gold/ });
  expect(scrolled.mock.contexts).toContain(opened);
  const panel = within(opened);
  expect(await panel.findByText('Bronze (11)')).toBeVisible();
  expect(await panel.findByText('No user has this plan yet.')).toBeVisible();
  expect(panel.queryByRole('region', { name: 'Drift' })).toBeNull();
  expect(panel.queryByRole('region', { name: 'Holders' })).toBeNull();
});

test('products of a plan are those of their billing connection', async () => {
  const of = (billingId: string, productId: string) => ({ billingId, productId });
  const sold = [of('b1', '11'), of('b2', '11'), of('gone', '9')];
  const core = fakeCluster()
    .on('servicePlans.list', () => [{ ...gold, products: sold, productIds: ['11', '9'] }])
    .on('servicePlans.holders', () => [])
    .on('servicePlans.products', () => products)
    .on('servicePlans.drift', () => noDrift)
    .on('tariffs.list', () => [])
    .on(
      'billing.list',
      () =>
        [
          { id: 'b1', name: 'One' },
          { id: 'b2', name: 'Two' },
        ] as never,
    )
    .on('servicePlans.save', () => ({ ...gold, version: 2 }));
  renderConsole(core, `/c/rack-7/customers/plans?plan=${planId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  const dialog = within(await screen.findByRole('dialog'));
  const two = dialog.getByRole('combobox', { name: 'Products in Two' });
  expect(dialog.getAllByText('Bronze (11)')[0]).toBeVisible();
  expect(dialog.getAllByText('9')[0]).toBeVisible();
  // of a removed connection nothing is known
  expect(dialog.queryByText(/yet: nobody gets/)).toBeNull();
  await userEvent.click(two);
  await userEvent.click(await screen.findByRole('option', { name: 'Silver (12)' }));
  await userEvent.type(two, '13');
  await userEvent.click(await screen.findByRole('option', { name: 'Other product: 13' }));
  expect(dialog.getByText(/product id 13 yet: nobody gets the plan by it/)).toBeVisible();
  await userEvent.click(dialog.getByRole('button', { name: 'Save version 2' }));
  await waitFor(() => expect(core.inputsOf('servicePlans.save')).toHaveLength(1));
  expect(core.inputsOf('servicePlans.save')[0]?.products).toEqual([
    of('b1', '11'),
    of('b2', '11'),
    of('b2', '12'),
    of('b2', '13'),
    of('gone', '9'),
  ]);
});

test('drift says in what, why and since when, and its fix is a previewed bulk run', async () => {
  const core = fakeCluster()
    .on('servicePlans.drift', () => drifting)
    .on('servicePlans.fix', () => ({ users: 1, text: 'id,quota_gb\n0000000000000001,500\n' }))
    .on('bulk.preview', () => ({ runId: 'run-1' }) as never);
  const view = renderConsole(core, '/c/rack-7/customers/drift?q=bob');
  expect(await screen.findByText('Quota: 800 GB, the plan says 500 GB')).toBeVisible();
  expect(screen.getByRole('link', { name: /Set quota by ada/ })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Preview fix' }));
  await waitFor(() => expect(view.address()).toContain('/changes/run/run-1'));
  expect(core.inputsOf('servicePlans.fix')).toEqual([
    { connectionId: 'rack-7', userIds: ['0000000000000001'] },
  ]);
  expect(core.inputsOf('bulk.preview')[0]?.source).toMatchObject({
    title: 'Give users what their plans say',
  });
  await userEvent.click(await screen.findByRole('link', { name: 'Back' }));
  expect(view.address()).toBe('/c/rack-7/customers/drift?q=bob');
});

test('drift after a plan was assigned, or a version saved, says so; without a plan there is none', async () => {
  const [row] = drifting.rows as [(typeof drifting.rows)[0]];
  const at = '2026-11-20T11:00:00.000Z';
  const of = (kind: 'assigned' | 'version', userId: string) => ({
    ...{ ...row, userId, cause: null, version: 2, given: { kind, at, by: 'ada' } },
  });
  const core = fakeCluster()
    .on('servicePlans.list', () => [gold])
    .on('servicePlans.drift', () => ({
      ...{ ...drifting, total: 2, rows: [of('assigned', '0a'), of('version', '0b')] },
    }));
  const view = renderConsole(core, '/c/rack-7/customers/drift');
  expect(await screen.findByText(/^plan assigned by ada/)).toBeVisible();
  expect(screen.getByText(/^version 2 saved by ada/)).toBeVisible();
  view.unmount();
  const none = fakeCluster()
    .on('servicePlans.list', () => [])
    .on('servicePlans.drift', () => noDrift);
  renderConsole(none, '/c/rack-7/customers/drift');
  expect(await screen.findByText('No service plan yet')).toBeVisible();
});

test('drift is searched and filtered by its address, and says what its time is', async () => {
  const [row] = drifting.rows as [(typeof drifting.rows)[0]];
  const at = '2026-11-20T11:00:00.000Z';
  const of = (is: 'after' | 'before', userId: string) => ({
    ...{ ...row, userId, email: '', cause: null, since: { at, is } },
  });
  const clusters = [
    { connectionId: 'rack-7', users: 83 },
    { connectionId: 'rack-9', users: 1 },
  ];
  const core = fakeCluster()
    .on('servicePlans.list', () => [gold])
    .on('servicePlans.fix', () => ({ users: 1, text: 'id,quota_gb\n' }))
    .on('bulk.preview', () => ({ runId: 'run-1' }) as never)
    .on('servicePlans.drift', ({ search }) =>
      search === 'nobody'
        ? noDrift
        : { ...drifting, total: 83, clusters, rows: [of('after', '0a'), of('before', '0b')] },
    );
  const view = renderConsole(core, `/c/rack-7/customers/drift?plan=${planId}`);
  expect(await screen.findByText(/^matched until/)).toBeVisible();
  expect(screen.getByText(/^unknown, before/)).toBeVisible();
  expect(screen.getByRole('combobox', { name: 'Plan' })).toHaveValue('Gold');
  await fill(screen.getByLabelText('Search users and customers'), 'nobody');
  expect(await screen.findByText('No results')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/customers/drift'));
  await fill(screen.getByLabelText('Search users and customers'), 'bob');
  await waitFor(() => expect(core.inputsOf('servicePlans.drift').at(-1)?.search).toBe('bob'));
  expect(view.address()).toBe('/c/rack-7/customers/drift?q=bob');
  expect(screen.getByText('Each cluster has its own run.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Preview changes of 1 user on rack-9' })).toBeEnabled();
  await userEvent.click(
    await screen.findByRole('button', { name: 'Preview changes of 83 users on Rack 7' }),
  );
  await waitFor(() =>
    expect(core.inputsOf('servicePlans.fix')).toEqual([{ connectionId: 'rack-7', search: 'bob' }]),
  );
});

test('a right click on a plan or on a user that differs offers what only reads', async () => {
  const core = fakeCluster()
    .on('servicePlans.list', () => [gold])
    .on('servicePlans.drift', () => drifting);
  const view = renderConsole(core, '/c/rack-7/customers/plans');
  expect(fireEvent.contextMenu(await screen.findByText('Gold'))).toBe(false);
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Show drift' }));
  expect(view.address()).toBe(`/c/rack-7/customers/drift?plan=${planId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Actions on bob@example.com' }));
  const items = (await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent);
  expect(items).toEqual([
    ...['Copy as', 'Open user', 'Open customer', 'Open plan', 'Open in new window'],
  ]);
  await userEvent.click(screen.getByRole('menuitem', { name: 'Open customer' }));
  expect(view.address()).toBe('/c/rack-7/customers/7');
});

test('an exception has a reason and an end', async () => {
  const core = fakeCluster()
    .on('servicePlans.drift', () => drifting)
    .on('servicePlans.except', ({ reason, until }) => ({
      ...{ reason, until, ended: false, raised: false, createdBy: 'ada' },
      createdAt: '2026-11-20T10:00:00.000Z',
    }));
  renderConsole(core, '/c/rack-7/customers/drift');
  await userEvent.click(await screen.findByRole('button', { name: /^Exception… for bob/ }));
  const save = screen.getByRole('button', { name: 'Allow exception' });
  expect(save).toBeDisabled();
  await fill(screen.getByLabelText(/Reason/), 'Migration');
  await userEvent.click(save);
  await waitFor(() =>
    expect(core.inputsOf('servicePlans.except')).toMatchObject([
      { connectionId: 'rack-7', userId: '0000000000000001', reason: 'Migration' },
    ]),
  );
});

test('a plan keeps and changes how its new users are created', async () => {
  const newUsers = { connectionId: 'rack-7', accountName: 'gold' };
  const core = fakeCluster()
    .on('servicePlans.list', () => [{ ...gold, newUsers }])
    .on('servicePlans.holders', () => [])
    .on('servicePlans.products', () => products)
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
  await fill(account, ' customers');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save version 2' }));
  await waitFor(() =>
    expect(core.inputsOf('servicePlans.save')).toMatchObject([
      { newUsers: { connectionId: 'rack-7', accountName: 'gold customers' } },
    ]),
  );
});
