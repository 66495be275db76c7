import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const onboardingId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const none = { problem: 0, pending: 0, creating: 0, created: 0, unwritten: 0, failed: 0 };
const counts = { ...none, done: 1 };
const caution = 'No service plan has the product "Gold".';

const finished: CallOutput<'onboarding.get'> = {
  ...{ onboardingId, title: 'Onboard pending orders', source: 'orders', state: 'finished' },
  ...{ createdAt: '2026-11-20T10:00:00.000Z', createdBy: 'ada', total: 1, counts },
  ...{ clusters: [], writeBack: { place: 'username', note: true, secretInNote: false } },
  taskId: null,
  unaccepted: 0,
  changed: [],
  rows: [
    {
      ...{ row: 1, line: null, email: 'it@example.com', connectionId: 'rack-7' },
      ...{ customerId: '7', customerName: 'Example Ltd', serviceId: '41', productName: 'Gold' },
      serviceStatus: 'Pending',
      ...{ planId: null, planName: null, quotaGb: null, limits: null, accountName: null },
      ...{ problem: null, existing: null, cautions: [caution], state: 'done' },
      ...{ userId: '0000000000000001', accessKeyId: '0000000000000001ABCD', error: null },
      writeBack: { field: 'written', note: 'unknown', problems: [] },
    },
  ],
};

test('a finished row says what it lacks, and what the billing system holds by now', async () => {
  renderConsole(
    fakeCluster().on('onboarding.get', () => finished),
    `/c/rack-7/customers/onboarding/${onboardingId}`,
  );
  expect(await screen.findByText(caution)).toBeVisible();
  expect(screen.getByText('WHMCS holds the user id.')).toBeVisible();
  expect(screen.queryByText('Note added to the client.')).toBeNull();
});

test('a finished run says to accept orders that wait; a row without a customer is done', async () => {
  const [row] = finished.rows as [(typeof finished.rows)[0]];
  const problems = ['The row names no customer: nothing was written to the billing system.'];
  const { core } = open({
    ...finished,
    source: 'services',
    unaccepted: 1,
    rows: [
      {
        ...{ ...row, customerId: null },
        order: { billingId: 'b1', externalId: '31', number: '1000031', payment: 'Unpaid' },
        writeBack: { field: null, note: null, problems },
      },
    ],
  });
  core.on('billing.list', () => [
    {
      ...{
        id: 'b1',
        name: 'Billing',
        kind: 'whmcs',
        readOnly: false,
        asOf: null,
        capabilities: [],
      },
      ...{ hasCredential: true, hasAccessKey: false, customers: 1, services: 1 },
      url: 'https://billing.example/whmcs',
      adminUrl: 'https://billing.example/whmcs/staff',
    },
    {
      ...{ id: 'b2', name: 'Other', kind: 'whmcs', readOnly: false, asOf: null, capabilities: [] },
      ...{ hasCredential: true, hasAccessKey: false, customers: 1, services: 1 },
      url: 'https://other.example',
    },
  ]);
  expect(await screen.findByText('Accept the order in WHMCS')).toBeVisible();
  const orders = await screen.findByRole('link', { name: 'Pending orders in Billing' });
  expect(orders).toHaveAttribute(
    'href',
    'https://billing.example/whmcs/staff/orders.php?status=Pending',
  );
  expect(screen.getByText(/^Pending, .*: unpaid$/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Order 1000031 in WHMCS' })).toHaveAttribute(
    'href',
    'https://billing.example/whmcs/staff/orders.php?action=view&id=31',
  );
  expect(orders).toHaveAttribute('target', '_blank');
  expect(orders).toHaveAttribute('rel', 'noopener noreferrer');
  expect(screen.queryByRole('link', { name: 'Pending orders in Other' })).toBeNull();
  expect(screen.getByText('Done').closest('[data-tone]')).toHaveAttribute('data-tone', 'good');
  expect(screen.getByText(problems[0] as string)).toBeVisible();
});

test('a row whose note failed is not done: it says what is, why not, and is written again', async () => {
  const [row] = finished.rows as [(typeof finished.rows)[0]];
  const problems = ['The API role may not call AddClientNote.'];
  const { core } = open({
    ...finished,
    counts: { ...none, done: 0, unwritten: 1 },
    rows: [
      {
        ...{ ...row, state: 'unwritten' },
        writeBack: { field: 'written', note: 'failed', problems },
      },
    ],
  });
  core.on('onboarding.writeBack', () => ({ field: null, note: 'written', problems: [] }));
  core.on('onboarding.start', () => ({ taskId: 'task' }));
  expect(await screen.findByText('Done; note in WHMCS failed')).toBeVisible();
  expect(screen.getByText(problems[0] as string)).toBeVisible();
  expect(screen.queryByText('Done')).toBeNull();
  expect(screen.queryByText('Finished')).toBeNull();
  await userEvent.click(
    screen.getByRole('button', { name: 'Write to WHMCS again: it@example.com' }),
  );
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Write to WHMCS' }));
  await waitFor(() =>
    expect(core.inputsOf('onboarding.writeBack')).toEqual([
      {
        ...{ customerId: '7', serviceId: '41', connectionId: 'rack-7', again: true },
        ...{ userId: '0000000000000001', accessKeyId: '0000000000000001ABCD' },
        ...{ note: true, secretInNote: false },
      },
    ]),
  );
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await userEvent.click(screen.getByRole('button', { name: 'Write 1 row to WHMCS again' }));
  await waitFor(() => expect(core.inputsOf('onboarding.start')).toEqual([{ onboardingId }]));
});

test('a second refusal stays in the dialog, apart from the last one, until it is written', async () => {
  const [row] = finished.rows as [(typeof finished.rows)[0]];
  const { core } = open({
    ...finished,
    counts: { ...none, done: 0, unwritten: 1 },
    rows: [
      {
        ...{ ...row, state: 'unwritten' },
        writeBack: {
          ...{ field: 'written', note: 'failed', problems: ['Refused.'] },
          at: '2026-11-20T10:15:00.000Z',
        },
      },
    ],
  });
  const second = 'WHMCS refused AddClientNote: Refused again.';
  core.on('onboarding.writeBack', () => ({ field: null, note: 'failed', problems: [second] }));
  await userEvent.click(
    await screen.findByRole('button', { name: 'Write to WHMCS again: it@example.com' }),
  );
  const dialog = within(await screen.findByRole('dialog'));
  expect(screen.getByRole('dialog')).toHaveTextContent(/Last time \(.*20.*\): Refused\./);
  await userEvent.click(dialog.getByRole('button', { name: 'Write to WHMCS' }));
  const alert = await dialog.findByRole('alert');
  expect(alert).toHaveTextContent(`${second}Fix the cause in WHMCS and write again`);
  core.on('onboarding.writeBack', () => ({ field: null, note: 'written', problems: [] }));
  await userEvent.click(dialog.getByRole('button', { name: 'Write to WHMCS' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test.each([
  ['failed', 'failed', 'Done; user id and note not in WHMCS'],
  ['failed', 'written', 'Done; user id not in WHMCS'],
  ['written', 'unknown', 'Done; note in WHMCS not confirmed'],
] as const)(
  'with the user id %s and the note %s it says what is not there',
  async (field, note, words) => {
    const [row] = finished.rows as [(typeof finished.rows)[0]];
    const writeBack = { field, note, problems: ['The API role may not do that.'] };
    open({
      ...{ ...finished, counts: { ...none, done: 0, unwritten: 1 } },
      rows: [{ ...row, state: 'unwritten', writeBack }],
    });
    expect(await screen.findByText(words)).toBeVisible();
  },
);

const [done] = finished.rows as [(typeof finished.rows)[0]];
const previewed: CallOutput<'onboarding.get'> = {
  ...{
    ...finished,
    state: 'prepared',
    writeBack: null,
    counts: { ...counts, done: 0, pending: 2 },
  },
  total: 2,
  rows: [
    {
      ...{ ...done, state: 'pending', userId: null, accessKeyId: null, writeBack: null },
      unplanned: { billingId: 'b1', productId: '13' },
    },
    {
      ...{ ...done, row: 2, email: 'two@example.com', cautions: [], state: 'pending' },
      ...{ userId: null, accessKeyId: null, writeBack: null, planName: 'Silver', quotaGb: '500' },
      limits: { opsGet: 100 },
    },
  ],
};

const open = (run: CallOutput<'onboarding.get'>) => {
  const core = fakeCluster()
    .on('onboarding.get', () => run)
    .on('onboarding.prepareAgain', () => run)
    .on('onboarding.discard', () => null)
    .on('onboarding.counts', () => ({ services: 31, pending: 4 }))
    .on('onboarding.list', () => ({ total: 0, rows: [] }))
    .on('tariffs.list', () => [])
    .on('servicePlans.list', () => [])
    .on('servicePlans.products', () => [
      { billingId: 'b1', productId: '13', name: 'Gold', services: 3 },
    ])
    .on('billing.list', () => [{ id: 'b1', name: 'Billing', capabilities: [] }] as never)
    .on('servicePlans.save', () => ({ id: 'new' }) as never);
  return { core, ...renderConsole(core, `/c/rack-7/customers/onboarding/${onboardingId}`) };
};

test('a preview shows quota and rate limits, and makes the plan that a product lacks', async () => {
  const { core } = open(previewed);
  const row = (await screen.findByText('two@example.com')).closest('tr') as HTMLElement;
  expect(within(row).getByText(/^Get.* 100 /)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Create a plan for Gold' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByLabelText(/^Name/)).toHaveValue('Gold');
  await userEvent.click(dialog.getByRole('button', { name: 'Create plan' }));
  await waitFor(() => expect(core.inputsOf('onboarding.prepareAgain')).toEqual([{ onboardingId }]));
  expect(core.inputsOf('servicePlans.save')).toMatchObject([
    { name: 'Gold', products: [{ billingId: 'b1', productId: '13' }] },
  ]);
});

test('a preview of before says what changed, is made again, and can be given up', async () => {
  const { core, address } = open({ ...previewed, changed: ['plans', 'services'] });
  expect(
    await screen.findByText('Service plans and services changed since this preview'),
  ).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Preview again' }));
  await waitFor(() => expect(core.inputsOf('onboarding.prepareAgain')).toHaveLength(1));
  await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
  await waitFor(() => expect(address()).toMatch(/onboarding$/));
  expect(core.inputsOf('onboarding.discard')).toEqual([{ onboardingId }]);
  // the page of sources says how many there are of each
  expect(await screen.findByText('Services without a user (31)')).toBeVisible();
  expect(screen.getByText('Pending orders (4 of these)')).toBeVisible();
});

test('an earlier run says how many rows are still to do: none of those that are skipped', async () => {
  const { rows: _rows, changed: _changed, ...run } = finished;
  const counted = { ...counts, done: 6, problem: 54, failed: 1 };
  const core = fakeCluster()
    .on('billing.list', () => [])
    .on('servicePlans.list', () => [])
    .on('onboarding.counts', () => ({ services: 31, pending: 4 }))
    .on('onboarding.list', () => ({ total: 1, rows: [{ ...run, total: 61, counts: counted }] }));
  renderConsole(core, '/c/rack-7/customers/onboarding');
  const runs = within(await screen.findByRole('region', { name: 'Earlier runs' }));
  const heads = runs.getAllByRole('columnheader').map(({ textContent }) => textContent);
  const cells = runs.getAllByRole('cell').map(({ textContent }) => textContent);
  expect(cells[heads.indexOf('To do')]).toBe('1');
});

/** Previews of these billing systems, which nobody is to be onboarded from. */
async function previewNobody(systems: readonly unknown[]) {
  const core = fakeCluster()
    .on('billing.list', () => systems as never)
    .on('servicePlans.list', () => [])
    .on('onboarding.counts', () => ({ services: 0, pending: 0 }))
    .on('onboarding.list', () => ({ total: 0, rows: [] }))
    .on('onboarding.prepare', () => {
      throw new AppError({
        ...{ code: 'INPUT_INVALID', message: 'There is nobody to onboard.', hint: 'Refresh.' },
        details: { nobody: true },
      });
    });
  renderConsole(core, '/c/rack-7/customers/onboarding');
  await userEvent.click(await screen.findByRole('button', { name: 'Preview' }));
}

test('that there is nobody to onboard is said without a code', async () => {
  await previewNobody([]);
  expect(await screen.findByText('There is nobody to onboard.')).toBeVisible();
  expect(screen.queryByText('INPUT_INVALID')).toBeNull();
});

test('what the last run wrote to WHMCS is selected for the next one, without the secret', async () => {
  const { rows: _rows, changed: _changed, ...run } = finished;
  const before = { place: { customFieldNamed: 'S3 user' }, note: true, secretInNote: true };
  const billing = { id: 'b1', name: 'Billing', capabilities: ['notes'], readOnly: false };
  const { core } = open(previewed);
  core
    .on('billing.list', () => [billing] as never)
    .on('onboarding.list', () => ({ total: 1, rows: [{ ...run, writeBack: before }] }))
    .on('onboarding.start', () => ({ taskId: 't1' }));
  expect(await screen.findByLabelText(/^Name of the custom field/)).toHaveValue('S3 user');
  await userEvent.click(screen.getByRole('button', { name: 'Create 2 users' }));
  await waitFor(() =>
    expect(core.inputsOf('onboarding.start')).toEqual([
      { onboardingId, writeBack: { ...before, secretInNote: false } },
    ]),
  );
});

test('the head of a run says where, and what WHMCS lacks, apart from what is to do', async () => {
  const clusters = [{ connectionId: 'rack-7', name: 'Rack 7', hold: null }];
  open({ ...finished, clusters, counts: { ...counts, unwritten: 2 } });
  expect(
    await screen.findByText('Rack 7: 1 done, 2 not written to WHMCS; previewed by ada'),
  ).toBeVisible();
});

test('nobody is said to be there to onboard of a billing system that was not read', async () => {
  const shop = { id: 'b1', name: 'Shop', asOf: null, capabilities: [], refreshing: true };
  await previewNobody([shop]);
  expect(await screen.findByText('Customers to onboard are not known yet')).toBeVisible();
  expect(screen.getByText('Shop is being read for the first time.')).toBeVisible();
  expect(screen.queryByText(/nobody to onboard/)).toBeNull();
  expect(screen.getByRole('radio', { name: 'Services without a user' })).toBeVisible();
});

test('nothing is sent to WHMCS while nothing can be written to it, and no run begins before that is known', async () => {
  const { rows: _rows, changed: _changed, ...run } = finished;
  const before = { place: 'username' as const, note: true, secretInNote: false };
  const message = 'The connection "Billing" is read-only.';
  const billing = { id: 'b1', name: 'Billing', capabilities: ['notes'], hold: { message } };
  const { promise, resolve } = Promise.withResolvers<void>();
  const { core } = open(previewed);
  core
    .on('billing.list', () => [billing] as never)
    .on('onboarding.list', async () => {
      await promise;
      return { total: 1, rows: [{ ...run, writeBack: before }] };
    })
    .on('onboarding.start', () => ({ taskId: 't1' }));
  const create = await screen.findByRole('button', { name: 'Create 2 users' });
  expect(create).toHaveAttribute('aria-disabled', 'true');
  await userEvent.click(create);
  expect(core.inputsOf('onboarding.start')).toEqual([]);
  resolve();
  expect(await screen.findByText(message)).toBeVisible();
  await userEvent.click(create);
  await waitFor(() =>
    expect(core.inputsOf('onboarding.start')).toEqual([{ onboardingId, writeBack: {} }]),
  );
});

test('a run that was started with secret keys in notes is resumed without them, where they would travel in clear', async () => {
  const started = { place: 'username' as const, note: true, secretInNote: true };
  const { core } = open({
    ...finished,
    writeBack: started,
    counts: { ...none, done: 0, pending: 1 },
  });
  core.on('onboarding.start', ({ writeBack }) => {
    if (writeBack?.secretInNote === false) return { taskId: 't1' };
    const [message, hint] = ['It is reached over plain http.', 'Leave the secret key out.'];
    throw new AppError({ code: 'PLAIN_HTTP', message, hint });
  });
  const without = { name: 'Resume without the secret key in notes' };
  await userEvent.click(await screen.findByRole('button', { name: 'Resume 1 row' }));
  await userEvent.click(await screen.findByRole('button', without));
  expect(core.inputsOf('onboarding.start')).toEqual([
    { onboardingId },
    { onboardingId, writeBack: { ...started, secretInNote: false } },
  ]);
  await waitFor(() => expect(screen.queryByRole('button', without)).toBeNull());
});
