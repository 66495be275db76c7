import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ClusterProvider } from '#renderer/kit/cluster-context.tsx';
import { CustomerHistory } from '#renderer/pages/customers/customer-history.tsx';
import { dueColumns } from '#renderer/pages/customers/shared/columns.tsx';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster, fakeConnection } from '#test/fakes/fake-cluster.ts';
import { renderConsole, renderPart } from '../../render-console.tsx';

test('a customer’s history names users, services and tariffs', async () => {
  const of = { customerId: '7', billingId: null, at: '2026-11-20T10:00:00.000Z', operator: 'ada' };
  const record = (recordId: string, action: string, details: Record<string, unknown>) => ({
    ...{ ...of, recordId, action, details, result: 'done' as const },
  });
  const tariffs = Promise.withResolvers<never>();
  const core = fakeCluster()
    .on('tariffs.list', () => tariffs.promise)
    .on('customers.journal', () => ({
      total: 4,
      rows: [
        record('4', 'customers.setTariff', { tariffId: 't-1' }),
        record('3', 'customers.setTariff', { tariffId: null }),
        {
          ...record('2', 'customers.map', { connectionId: 'rack-7', userId: '0a' }),
          ...{ userEmail: 'bob@example.com', serviceName: 'Storage #20000' },
        },
        record('1', 'customers.unmap', { connectionId: 'rack-7', userId: '0b' }),
      ],
    }));
  renderPart(
    core,
    <ClusterProvider connection={fakeConnection()}>
      <CustomerHistory customerId="7" />
    </ClusterProvider>,
  );
  expect(await screen.findAllByText('Set tariff')).toHaveLength(2);
  expect(screen.queryByTitle('one of another cluster')).toBeNull(); // while tariffs are read
  tariffs.resolve([{ tariffId: 't-1', name: 'Standard' }] as never);
  expect(await screen.findByTitle('Standard')).toHaveTextContent('Set tariff Standard');
  expect(screen.getByTitle('that of the plan')).toBeVisible();
  const mapped = screen.getByTitle('bob@example.com, Storage #20000');
  expect(mapped).toHaveTextContent('Map user bob@example.com, Storage #20000');
  expect(screen.getByTitle('0b')).toHaveTextContent('Unmap user 0b');
});

test('the history of all customers names each, and how what was begun ended', async () => {
  const of = { billingId: 'whmcs', at: '2026-11-20T10:00:00.000Z', operator: 'ada' };
  const draft = (
    recordId: string,
    customerId: string,
    result: 'intent' | 'done',
    invoiceId = '',
  ) => ({
    ...{ ...of, recordId, customerId, customerName: `Customer ${customerId}` },
    ...{ action: 'invoices.draft', result, details: { statementId: `s${customerId}`, invoiceId } },
  });
  const core = fakeCluster()
    .on('tariffs.list', () => [])
    .on('billing.list', () => [])
    .on('customers.journal', () => ({
      total: 3,
      rows: [draft('3', '8', 'intent'), draft('2', '7', 'done', '41'), draft('1', '7', 'intent')],
    }));
  renderConsole(core, '/c/rack-7/customers/history');
  const done = await screen.findByTitle('#41');
  expect(done).toHaveTextContent('Draft invoice #41');
  expect(screen.getByRole('link', { name: 'Customer 7' })).toHaveAttribute(
    ...(['href', expect.stringMatching(/customers\/7$/)] as const),
  );
  expect(screen.getAllByRole('link', { name: 'Customer 7' })).toHaveLength(1);
  // what has no end on record is not left out
  expect(screen.getByText('Begun')).toBeVisible();
  expect(core.inputsOf('customers.journal')).toEqual([{ limit: 100 }]);
});

test('the chain of the history is checked on request: it is intact, or what was tampered with is named', async () => {
  const detail = 'Statement C-2026-0007 is not what was written.';
  const intact = { ok: true, entries: 9, acts: 4, head: 'ab12', sealed: true, problems: [] };
  let found: CallOutput<'customers.verifyJournal'> = intact;
  const core = fakeCluster()
    .on('tariffs.list', () => [])
    .on('billing.list', () => [])
    .on('customers.journal', () => ({ total: 0, rows: [] }))
    .on('customers.verifyJournal', () => found);
  renderConsole(core, '/c/rack-7/customers/history');
  const verify = await screen.findByRole('button', { name: 'Verify' });
  await userEvent.click(verify);
  expect(await screen.findByText('History intact.')).toBeVisible();
  expect(screen.getByText(/all of 4 entries \(9 records\) as written/)).toBeVisible();
  found = { ...intact, ok: false, problems: [{ kind: 'changed', sequence: 7, detail }] };
  await userEvent.click(verify);
  expect(await screen.findByText('The history was tampered with or damaged.')).toBeVisible();
  expect(screen.getByRole('alert')).toHaveTextContent(`Entry 7, changed: ${detail}`);
});

test('the amount of a service has the currency of its customer', () => {
  const service = { nextDueDate: null, recurringAmount: '99.00' };
  const [, amount] = dueColumns<typeof service>(() => 'EUR');
  expect(amount?.[1](service)).toBe('99.00\u00a0EUR');
});
