import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { customerActions } from '#renderer/pages/customers/cancel-customer.tsx';
import type { CallOutput } from '#shared/contract/index.ts';
import { offboardingSteps } from '#shared/contract/offboarding.ts';
import { fakeCluster, fakeConnection, fakeUserDetail } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';

const offboardingId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const at = '2026-11-20T10:00:00.000Z';

const notFinal = {
  message: 'Two hours are missing.',
  hint: 'Collect again later.',
  reasons: ['4 gateway hours are still open.', 'One line is held back.'],
};

/** A cancellation whose statement comes next. */
function cancellation(statement: 'open' | 'waiting'): CallOutput<'offboarding.get'> {
  const steps = offboardingSteps.map((step) => {
    const done = step === 'disable' || step === 'collect';
    const tried = done || (step === 'statement' && statement === 'waiting');
    const state = done ? ('done' as const) : tried ? ('waiting' as const) : ('open' as const);
    const came = { at, by: 'ada', words: 'Two hours are missing.', hint: null };
    return { step, state, ...(tried ? came : { at: null, by: null, words: null, hint: null }) };
  });
  return {
    ...{ offboardingId, customerId: '7', customerName: 'Example Ltd', serviceId: null },
    users: [
      { connectionId: 'rack-7', clusterName: 'Rack 7', userId: '01', email: 'bob@example.com' },
    ],
    ...{ state: 'open', startedAt: at, startedBy: 'ada', steps, next: 'statement' },
    ...{ needsTypedName: null, taskId: null },
  };
}

test('a statement that can’t be final is issued as a draft, once its meaning was read', async () => {
  const core = fakeCluster()
    .on('offboarding.get', () => cancellation('waiting'))
    .on('offboarding.run', () => ({ taskId: 't1' }));
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Issue draft statement' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText(/marked as a draft/)).toBeVisible();
  await userEvent.click(within(dialog).getByRole('button', { name: /^Issue draft statement/ }));
  await waitFor(() =>
    expect(core.inputsOf('offboarding.run')).toEqual([
      { offboardingId, step: 'statement', acceptDraft: true },
    ]),
  );
});

test.each([
  ['is not offered where it would be no final one, with the reason and a draft instead', notFinal],
  ['is offered where it is final', null],
])('the final statement %s', async (_how, reason) => {
  const core = fakeCluster()
    .on('offboarding.get', () => cancellation('open'))
    .on('offboarding.run', () => ({ taskId: 't1' }))
    .on('offboarding.previewStatement', () => ({
      ...{ from: '2026-11-17T00:00:00.000Z', to: at, state: reason ? 'draft' : 'final' },
      ...{ total: 58, currency: 'EUR', minorDigits: 2, notFinal: reason },
    }));
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Issue final statement' }));
  const dialog = within(await screen.findByRole('dialog'));
  await dialog.findByText('0.58 EUR');
  const issue = dialog.getByRole('button', { name: 'Issue final statement' });
  if (reason === null) {
    await userEvent.click(issue);
    await waitFor(() => expect(core.inputsOf('offboarding.run')).toHaveLength(1));
    return;
  }
  expect(issue).toBeDisabled();
  for (const words of [...reason.reasons, reason.hint]) {
    expect(dialog.getByText(words)).toBeVisible();
  }
  expect(dialog.getByRole('link', { name: /^Hours missing on / })).toHaveAttribute(
    ...(['href', expect.stringContaining('usage/coverage?period=custom&from=2026-11-17')] as const),
  );
  expect(dialog.getByRole('link', { name: /^Hours missing on / })).toHaveAttribute(
    ...(['href', expect.stringContaining(`offboarding%2F${offboardingId}`)] as const),
  );
  await userEvent.click(dialog.getByRole('button', { name: 'Issue draft statement instead' }));
  const draft = within(await screen.findByRole('dialog', { name: /^Issue draft statement/ }));
  await userEvent.click(draft.getByRole('button', { name: 'Issue draft statement' }));
  await waitFor(() =>
    expect(core.inputsOf('offboarding.run')).toEqual([
      { offboardingId, step: 'statement', acceptDraft: true },
    ]),
  );
});

test('what keeps a final statement back is reviewed in the statement itself', async () => {
  const core = fakeCluster()
    .on('offboarding.get', () => cancellation('open'))
    .on('tariffs.list', () => [])
    .on('statements.make', () => new Promise<never>(() => undefined))
    .on('offboarding.previewStatement', () => ({
      ...{ from: '2026-11-17T00:00:00.000Z', to: at, state: 'draft' as const, total: 58 },
      ...{ currency: 'EUR', minorDigits: 2, notFinal },
    }));
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Issue final statement' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Review statement' }));
  await waitFor(() =>
    expect(core.inputsOf('statements.make')).toEqual([
      { customerId: '7', from: '2026-11-17T00:00:00.000Z', to: at },
    ]),
  );
  expect(screen.queryByRole('dialog', { name: /^Issue final statement/ })).toBeNull();
});

test('the dialog of the final statement says period and amount before it is issued', async () => {
  const core = fakeCluster()
    .on('offboarding.get', () => cancellation('open'))
    .on('offboarding.previewStatement', () => ({
      ...{ from: '2026-11-17T00:00:00.000Z', to: at, state: 'draft' as const, total: 58 },
      ...{ currency: 'EUR', minorDigits: 2, notFinal },
    }));
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Issue final statement' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(await dialog.findByText('0.58 EUR')).toBeVisible();
  expect(dialog.getByText(/not final yet/)).toBeVisible();
});

test('the preview is added up anew when hours are accepted, and the next step shows nothing of it', async () => {
  let reason: typeof notFinal | null = notFinal;
  let shown = cancellation('open');
  const core = fakeCluster()
    .on('offboarding.get', () => shown)
    .on('offboarding.previewStatement', () => ({
      ...{ from: '2026-11-17T00:00:00.000Z', to: at, state: 'draft' as const, total: 58 },
      ...{ currency: 'EUR', minorDigits: 2, notFinal: reason },
    }));
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Issue final statement' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(await dialog.findByText('One line is held back.')).toBeVisible();
  const change = (name: 'data.changed' | 'customers.changed') =>
    act(() =>
      core.emit(
        name === 'data.changed'
          ? { name, payload: { connectionId: 'rack-7', topics: ['usage'] } }
          : { name, payload: {} },
      ),
    );
  reason = { message: 'One hour is missing.', hint: 'Collect again later.', reasons: [] };
  change('data.changed');
  expect(await dialog.findByText(reason.message)).toBeVisible();
  await userEvent.click(dialog.getByRole('button', { name: 'Cancel' }));
  const steps = shown.steps.map((step) =>
    step.step === 'statement' ? { ...step, state: 'done' as const } : step,
  );
  shown = { ...shown, steps, next: 'empty' };
  change('customers.changed');
  await userEvent.click(await screen.findByRole('button', { name: 'Check buckets' }));
  const check = within(await screen.findByRole('dialog', { name: /^Check buckets/ }));
  expect(check.getByRole('button', { name: 'Check buckets' })).toBeEnabled();
  expect(check.queryByText(reason.message)).toBeNull();
});

test('no draft is offered before a final statement was tried', async () => {
  const core = fakeCluster().on('offboarding.get', () => cancellation('open'));
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  expect(await screen.findByRole('button', { name: 'Issue final statement' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Issue draft statement' })).toBeNull();
});

test('a user whose buckets are in the way is enabled for its owner, and disabled again, in place', async () => {
  const of = cancellation('open');
  const steps = of.steps.map((step) =>
    step.step === 'empty'
      ? { ...step, state: 'waiting' as const, at, by: 'ada', words: '1 bucket still there.' }
      : { ...step, state: step.step === 'delete' ? ('open' as const) : ('done' as const) },
  );
  const core = fakeOperations()
    .on('offboarding.get', () => ({ ...of, steps, next: 'empty' }))
    .on('users.get', () => ({ ...fakeUserDetail(1), state: 'disabled' }));
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Enable bob@example.com' }));
  await waitFor(() =>
    expect(core.inputsOf('operations.preview')[0]).toMatchObject({
      ...{ connectionId: 'rack-7', operation: 'users.enable', input: { userId: '01' } },
    }),
  );
});

test('in the demo alone, the buckets are emptied as their owner would', async () => {
  const of = cancellation('open');
  const steps = of.steps.map((step) =>
    step.step === 'empty'
      ? { ...step, state: 'waiting' as const, at, by: 'ada', words: '1 bucket still there.' }
      : step,
  );
  const open = (demo: boolean) => {
    const core = fakeOperations()
      .on('connections.list', () => [{ ...fakeConnection(), demo }])
      .on('offboarding.get', () => ({ ...of, steps, next: 'empty' }))
      .on('offboarding.emptyDemo', () => ({ buckets: 3 }));
    const path = `/c/rack-7/customers/offboarding/${offboardingId}`;
    return { core, ...renderConsole(core, path) };
  };
  const real = open(false);
  await screen.findByText('1 bucket still there.');
  await screen.findByRole('button', { name: /bob@example.com$/ });
  expect(screen.queryByRole('button', { name: 'Empty buckets as the owner' })).toBeNull();
  real.unmount();
  const { core } = open(true);
  await userEvent.click(await screen.findByRole('button', { name: 'Empty buckets as the owner' }));
  expect(await screen.findByText(/^The owner deleted 3 buckets/)).toBeVisible();
  expect(core.inputsOf('offboarding.emptyDemo')).toEqual([{ offboardingId }]);
});

test('a finished cancellation says what is left to do in the billing system', async () => {
  const of = cancellation('open');
  const steps = of.steps.map((step) => ({
    ...{ ...step, state: 'done' as const, at, by: 'ada', words: 'Done.' },
    ...(step.step === 'statement' ? { statementId: 's1' } : {}),
  }));
  const service = (serviceId: string, externalId: string, status: string) => ({
    ...{ serviceId, externalId, status, productName: 'Object Storage', nextDueDate: null },
  });
  const serviceList = [service('1', '20065', 'Active'), service('2', '20066', 'Terminated')];
  const core = fakeCluster()
    .on('offboarding.get', () => ({ ...of, state: 'finished', steps, next: null }))
    .on('customers.get', () => ({ serviceList }) as never);
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  expect(await screen.findByText(/^Object Storage #20065 is active: end it there/)).toBeVisible();
  expect(screen.queryByText(/#20066/)).toBeNull();
  const links = screen.getAllByRole('link', { name: 'Open statement' });
  expect(links[0]).toHaveAttribute('href', expect.stringContaining('statements?open=s1'));
});

test('a customer is cancelled from its head or the palette, as a whole or one service of it', async () => {
  const mapped = {
    ...{ connectionId: 'rack-7', userId: 'ab', email: null, state: null, serviceId: '41' },
    ...{ mappedAt: at, mappedBy: 'ada', alsoOf: [] },
  };
  const service = {
    ...{ serviceId: '41', externalId: '20000', productId: '3', productName: 'Storage' },
    ...{ status: 'Active', username: null, nextDueDate: null, recurringAmount: '5.00' },
    ...{ suspensionReason: null, gone: false, registeredOn: null },
  };
  const second = { ...service, serviceId: '42', externalId: '20001' };
  const customer: CallOutput<'customers.get'> = {
    ...{ customerId: '7', billingId: 'whmcs', externalId: '12', name: 'Bob', company: '' },
    ...{ email: '', ownerEmail: null, status: 'Active', currency: 'EUR', services: 2 },
    ...{ gone: false, tariffId: null, asOf: at, serviceList: [service, second] },
    users: [mapped, { ...mapped, userId: 'cd', serviceId: '42' }],
  };
  const under = { ...cancellation('open'), serviceId: '42' };
  const core = fakeCluster()
    .on('customers.get', () => customer)
    .on('billing.list', () => [])
    .on('statements.issued', () => ({ total: 0, rows: [] }))
    .on('invoices.list', () => ({ total: 0, rows: [] }))
    .on('tariffs.list', () => [])
    .on('servicePlans.list', () => [])
    .on('offboarding.list', () => ({ total: 1, rows: [under] }))
    .on('offboarding.get', () => under)
    .on('offboarding.open', () => under)
    .on('customers.journal', () => ({
      total: 1,
      rows: [
        {
          ...{ recordId: '1', at, operator: 'ada', action: 'offboarding.run', result: 'done' },
          ...{ customerId: '7', billingId: null, details: { offboardingId, step: 'disable' } },
        },
      ],
    }));
  renderConsole(core, '/c/rack-7/customers/7');
  const page = expect.stringContaining(`/customers/offboarding/${offboardingId}`);
  expect(await screen.findByText('Cancellation in progress')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Open cancellation' })).toHaveAttribute('href', page);
  const history = within(screen.getByRole('region', { name: 'Customer history' }));
  expect(await history.findByRole('link', { name: 'Disable users' })).toHaveAttribute('href', page);
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel customer Bob' }));
  const dialog = await screen.findByRole('dialog', { name: 'Begin cancellation of Bob' });
  const begin = within(dialog).getByRole('button', { name: 'Begin cancellation' });
  expect(within(dialog).getByRole('button', { name: 'Back' })).toBeVisible();
  expect(within(dialog).queryByRole('button', { name: 'Cancel' })).toBeNull();
  expect(await within(dialog).findByText('A cancellation is in progress')).toBeVisible();
  expect(begin).toBeDisabled();
  await userEvent.click(within(dialog).getByRole('combobox', { name: 'What ends' }));
  expect(dialog).toHaveTextContent('Affects 2 users: ab, cd.');
  await userEvent.click(await screen.findByRole('option', { name: 'Storage #20000' }));
  // the title says which service ends, and the text who ends with it
  expect(
    await screen.findByRole('dialog', { name: 'Begin cancellation of Bob, Storage #20000' }),
  ).toHaveTextContent('Affects 1 user: ab. Users of other services stay.');
  await waitFor(() => expect(begin).toBeEnabled());
  await userEvent.click(begin);
  await waitFor(() =>
    expect(core.inputsOf('offboarding.open')).toEqual([{ customerId: '7', serviceId: '41' }]),
  );
  expect(await screen.findByRole('heading', { name: /^Cancellation of / })).toBeVisible();
});

test('only customers with a user on a cluster can be cancelled', () => {
  const [action] = customerActions;
  const of = { customerId: '7', name: 'Bob', company: '' };
  expect(action?.applies?.({ ...of, users: [{}] })).toBe(true);
  expect(action?.applies?.({ ...of, users: [{ gone: true }] })).toBe(false);
});

test('the dialog that skips a step names the step', async () => {
  const core = fakeCluster().on('offboarding.get', () => cancellation('open'));
  renderConsole(core, `/c/rack-7/customers/offboarding/${offboardingId}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Skip' }));
  expect(await screen.findByRole('dialog', { name: 'Skip step "Final statement"' })).toBeVisible();
});

test('the list of customers names the cancellations that are in progress, with their next steps', async () => {
  const core = fakeCluster()
    .on('customers.list', () => ({ total: 0, rows: [], asOf: at }))
    .on('customers.shared', () => ({ total: 0, rows: [] }))
    .on('billing.list', () => [])
    .on('offboarding.list', () => ({ total: 7, rows: [cancellation('open')] }));
  renderConsole(core, '/c/rack-7/customers');
  const notice = await screen.findByText(/^7 cancellations in progress:/);
  expect(notice).toHaveTextContent(/ \(final statement\) and 6 more\.$/);
  expect(within(notice).getByRole('link')).toHaveAttribute(
    ...(['href', expect.stringContaining(`/customers/offboarding/${offboardingId}`)] as const),
  );
  expect(core.inputsOf('offboarding.list')).toEqual([{ state: 'open', limit: 5 }]);
});
