import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WhmcsSimulator } from '#simulator/whmcs/index.ts';
import {
  BilledCluster,
  refreshSizes,
  standardTariff as tariff,
} from '#test/fakes/billed-cluster.ts';
import type { TestConsole } from '#test/fakes/test-console.ts';
import { billOnce, isWholeBill } from '../../../src/collect/bill-once.ts';

const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-20T00:00:00Z' };
let cluster: BilledCluster;
let whmcs: WhmcsSimulator;
let console_: TestConsole;
let connectionId: string;
let billingId: string;
let tariffId: string;
let customerIds: string[];

const issue = (customerId: string) =>
  console_.call('statements.issue', { customerId, tariffId, ...period });

/** Two customers are left to be billed of another time. */
const issueMost = () => Promise.all(customerIds.slice(0, -2).map(issue));

const draftsOf = (externalId: string) =>
  [...whmcs.state.invoices.values()].filter(({ userid }) => String(userid) === externalId);

beforeAll(async () => {
  cluster = await BilledCluster.start();
  ({ whmcs, console: console_, connectionId, billingId, tariffId, customerIds } = cluster);
});

afterAll(() => cluster.end());

describe('the statement of a customer', () => {
  it('has base fee and minimum once, whatever the number of its users', async () => {
    const customerId = customerIds[0] ?? '';
    const saved = await console_.call('tariffs.save', {
      connectionId,
      tariff: {
        ...tariff,
        prices: [
          {
            ...(tariff.prices[0] as (typeof tariff.prices)[0]),
            baseFee: '500',
            minimum: '100000000000',
          },
        ],
      },
    });
    const input = { customerId, tariffId: saved.tariffId, ...period };
    const statement = await console_.call('statements.make', input);
    expect(statement.fees?.map(({ kind }) => kind)).toEqual(['base', 'minimum']);
    const parts = [...statement.users, ...(statement.fees ?? [])];
    expect(parts.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(statement.total);
  });

  it('holds the charges of all its users, and of nobody else, as the cluster states them', async () => {
    const of = { connectionId, tariffId, ...period };
    const whole = await console_.call('statements.make', of);
    for (const customerId of customerIds) {
      const made = await console_.call('statements.make', { customerId, tariffId, ...period });
      const { users } = await console_.call('customers.get', { customerId });
      const mine = whole.users.filter(({ userId }) => users.some((user) => user.userId === userId));
      expect(made.users).toEqual(mine.map((user) => ({ connectionId, ...user })));
      expect(made.customer?.customerId).toBe(customerId);
      const userIds = users.map(({ userId }) => userId);
      const alone = await console_.call('statements.make', { ...of, userIds });
      expect(made.overlaps).toEqual(alone.overlaps);
      expect(made.overlaps).not.toEqual(whole.overlaps);
    }
    expect(whole.overlaps).not.toEqual([]);
  });

  it('counts what is included and tiers over all its users, or per user where the tariff says so', async () => {
    const [customerId = '', other = ''] = customerIds;
    const [{ userId = '' } = {}] = (await console_.call('customers.get', { customerId: other }))
      .users;
    await console_.call('customers.map', { customerId, connectionId, userId });
    const [prices] = tariff.prices;
    const tiers = { downloaded: [{ above: 1, price: '1' }] };
    const body = {
      ...tariff,
      prices: [{ ...(prices as NonNullable<typeof prices>), downloadedPerGb: '800', tiers }],
      free: { ...tariff.free, get: 100_000, downloadedGb: 2 },
    };
    const downloadsOf = async (countPer?: 'user') => {
      const { tariffId: id } = await console_.call('tariffs.save', {
        connectionId,
        tariff: { ...body, ...(countPer && { countPer }) },
      });
      const made = await console_.call('statements.make', { customerId, tariffId: id, ...period });
      expect(made.users).toHaveLength(2);
      const lines = made.users.flatMap((user) => user.lines);
      const sum = (item: string, field: 'free' | 'billable', above?: number) =>
        lines
          .filter((line) => line.item === item && (above === undefined || line.above === above))
          .reduce((total, line) => total + BigInt(line[field]), 0n);
      return {
        free: sum('downloaded', 'free'),
        first: sum('downloaded', 'billable', 0),
        freeGets: sum('get', 'free'),
      };
    };
    const gigabyte = 1_000_000_000n;
    expect(await downloadsOf()).toMatchObject({ free: 2n * gigabyte, first: gigabyte });
    expect(await downloadsOf('user')).toMatchObject({ free: 4n * gigabyte, first: 2n * gigabyte });
    await console_.call('customers.unmap', { customerId, connectionId, userId });
  });

  it('is issued once, with a number and a digest, and kept', async () => {
    const [customerId = ''] = customerIds;
    const [one, two] = await Promise.all([issue(customerId), issue(customerId)]);
    expect(one).toEqual(two);
    expect(one).toMatchObject({ number: expect.stringMatching(/^C-\d{4}-0001$/), customerId });
    await console_.restart();
    expect(await issue(customerId)).toEqual(one);
    const { rows } = await console_.call('statements.issued', { customerId });
    expect(rows).toEqual([{ ...one, change: expect.objectContaining({ changed: false }) }]);
    const { statementId } = one;
    expect((await console_.call('statements.get', { statementId })).issued).toEqual(one);
    await expect(
      console_.call('statements.issue', { corrects: statementId }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('takes the tariff of the customer, else that of its plan, and says where there is none', async () => {
    const customerId = customerIds[1] ?? '';
    const make = () => console_.call('statements.make', { customerId, ...period });
    await expect(make()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const { id } = await console_.call('servicePlans.save', { name: 'Gold', tariffId });
    const { users } = await console_.call('customers.get', { customerId });
    const userId = users[0]?.userId ?? '';
    await console_.call('servicePlans.assign', { id, holder: { connectionId, userId } });
    expect(await make()).toMatchObject({ tariffId, tariffReason: 'Tariff of its plan.' });
    const own = await console_.call('tariffs.save', {
      connectionId,
      tariff: { ...tariff, name: 'Own' },
    });
    await console_.call('customers.setTariff', { customerId, tariffId: own.tariffId });
    expect(await make()).toMatchObject({ tariffId: own.tariffId });
    const asked = { customerId, tariffId, ...period };
    const tariffReason = 'The customer’s own tariff, used in place of the one asked for.';
    const instead = { tariffId: own.tariffId, tariffReason };
    expect(await console_.call('statements.make', asked)).toMatchObject(instead);
    const before = { from: '2026-10-17T00:00:00Z', to: period.from };
    const { statementId } = await console_.call('statements.issue', { ...asked, ...before });
    const kept = await console_.call('statements.get', { statementId });
    expect(kept.statement).toMatchObject(instead);
    await console_.call('customers.setTariff', { customerId, tariffId: null });
    const named = await console_.call('statements.make', { ...asked, tariffId: own.tariffId });
    expect(named).toMatchObject({ tariffId });
  });

  it('owes nothing, no base fee either, for a time before its users were created', async () => {
    const csv = 'customer id,name,e-mail\n7,Newcomer,newcomer@new.example\n';
    const { id } = await console_.call('billing.save', { name: 'Table', kind: 'file', csv });
    await console_.call('billing.refresh', { id });
    const [{ customerId = '' } = {}] = (
      await console_.call('customers.list', { search: 'newcomer@' })
    ).rows;
    const baseFee = { ...(tariff.prices[0] as (typeof tariff.prices)[0]), baseFee: '500' };
    const saved = await console_.call('tariffs.save', {
      ...{ connectionId, tariff: { ...tariff, prices: [baseFee] } },
    });
    await console_.call('customers.setTariff', { customerId, tariffId: saved.tariffId });
    const map = (userId: string) =>
      console_.call('customers.map', { customerId, connectionId, userId });
    const owesNothing = async () => {
      await expect(console_.call('statements.make', { customerId, ...period })).rejects.toThrow(
        'All users of "Newcomer" were created after this period',
      );
      const foretold = await console_.call('statements.previewAll', { billingId: id, ...period });
      const elsewhere = { twice: { sums: [], customers: [] }, byUser: [] };
      const counts = { issued: 0, refused: 0, withoutUser: 1 };
      expect(foretold).toEqual({ sums: [], ...counts, items: [], elsewhere });
      const run = await console_.call('statements.issueAll', { billingId: id, ...period });
      const none = { customers: 0, issued: 0, refused: 0, withoutUser: 1, items: [] };
      expect(await cluster.finish(run.taskId)).toEqual(none);
    };
    const email = 'newcomer@new.example';
    const created = await console_.call('users.create', { connectionId, email });
    const unmapped = await console_.call('statements.previewAll', { billingId: id, ...period });
    expect(unmapped).toMatchObject({ refused: 0, withoutUser: 1, items: [] });
    await map(created.userId);
    await owesNothing();

    // made by others, and seen since: a user as well
    const { users } = cluster.gateway.state;
    const others = {
      ...{ id: users.newId(), email: 'other@new.example', enabled: true },
      system: false,
    };
    users.put({ ...others, keys: [], accounts: [] });
    await console_.call('customers.unmap', { customerId, connectionId, userId: created.userId });
    await refreshSizes(console_, connectionId);
    await map(others.id);
    await owesNothing();

    // with one that was there, it is a customer of that time
    const [{ userId = '' } = {}] = (
      await console_.call('customers.get', { customerId: customerIds[0] ?? '' })
    ).users;
    await map(userId);
    const { fees } = await console_.call('statements.make', { customerId, ...period });
    expect(fees).toMatchObject([{ kind: 'base' }]);
    await console_.call('billing.remove', { id });
  });

  it('refuses to be final where it is not', async () => {
    const customerId = customerIds[0] ?? '';
    const later = { from: '2026-10-19T00:00:00Z', to: '2026-10-25T00:00:00Z' };
    const input = { customerId, tariffId, ...later, requireFinal: true };
    await expect(console_.call('statements.make', input)).rejects.toMatchObject({
      code: 'COVERAGE_INCOMPLETE',
    });
  });
});

describe('draft invoices', () => {
  it.each([
    ['invalid-ip', 1],
    ['html-200', 5],
  ] as const)('are not tried further where WHMCS fails each alike (%s)', async (kind, most) => {
    const ids = (await issueMost()).map(({ statementId }) => statementId);
    expect(ids.length).toBeGreaterThan(most);
    const before = whmcs.faults.hits;
    whmcs.faults.add({ kind });
    const failures = ids.map((statementId, index) => ({
      ...{
        statementId,
        message: index < most ? expect.any(String) : expect.stringMatching(/^Not tried/),
      },
    }));
    expect(await cluster.draft(ids)).toMatchObject({ created: 0, failed: ids.length, failures });
    whmcs.faults.clear();
    expect(whmcs.faults.hits - before).toBe(most);
  });

  it('are made once a statement, with its sum, whatever answers are lost', async () => {
    const issued = await issueMost();
    const billed = issued.filter(({ total }) => BigInt(total) > 0n);
    const ids = billed.map(({ statementId }) => statementId);
    whmcs.faults.add({ kind: 'drop-after', action: 'CreateInvoice', count: 2 });
    whmcs.faults.add({ kind: 'drop-before', action: 'CreateInvoice', count: 1, skip: 1 });
    expect(await cluster.draft(ids)).toMatchObject({
      created: ids.length - 1,
      existing: 0,
      failed: 1,
    });
    whmcs.faults.clear();
    expect(await cluster.draft(ids)).toMatchObject({
      created: 1,
      existing: ids.length - 1,
      failed: 0,
    });
    await console_.restart();
    expect(await cluster.draft(ids)).toMatchObject({ created: 0, existing: ids.length, failed: 0 });
    const { rows } = await console_.call('invoices.list', { billingId, limit: 1000 });
    expect(rows).toHaveLength(ids.length);
    for (const row of rows) {
      const [only, second] = draftsOf(row.externalId);
      expect(second).toBeUndefined();
      expect(row).toMatchObject({ state: 'drafted', invoiceId: String(only?.id) });
      const sum = only?.items.reduce((total, { amount }) => total + amount, 0);
      const statement = billed.find(({ statementId }) => statementId === row.statementId);
      expect(String(sum)).toBe(String(statement?.total));
      expect(only).toMatchObject({
        status: 'Draft',
        notes: expect.stringContaining(row.reference),
      });
    }
    const found = async (of: object) =>
      (await console_.call('invoices.list', of)).rows.map(({ statementId }) => statementId);
    const last = rows.at(-1);
    for (const search of [last?.number, `#${last?.invoiceId}`, last?.reference.toLowerCase()]) {
      expect(await found({ search, limit: 1 }), search).toEqual([last?.statementId]);
    }
    expect(await found({ search: last?.customerName })).toContain(last?.statementId);
    const { from, to } = issued[0] ?? {};
    const all = rows.map(({ statementId }) => statementId);
    expect(await found({ within: { from, to } })).toEqual(all);
    expect(await found({ within: { from: '2020-01-01', to: '2020-02-01' } })).toEqual([]);
    const journal = await console_.call('customers.journal', { limit: 1000 });
    const sent = journal.rows.filter(
      ({ action, result }) => action === 'invoices.draft' && result === 'intent',
    );
    expect(sent.length).toBe(ids.length + 1);
  });

  it('say where an invoice differs from its statement, and are not made again', async () => {
    const { rows } = await console_.call('invoices.list', { billingId });
    const [row] = rows;
    const item = whmcs.state.invoices.get(Number(row?.invoiceId))?.items[0];
    if (!row || !item) throw new Error('no draft');
    item.amount += 1;
    expect(await cluster.draft([row.statementId])).toMatchObject({
      failed: 1,
      failures: [{ message: expect.stringContaining('differs from its statement') }],
    });
    expect(draftsOf(row.externalId)).toHaveLength(1);
    item.amount -= 1;
    whmcs.state.invoices.delete(Number(row.invoiceId));
    expect(await cluster.draft([row.statementId])).toMatchObject({ created: 0, existing: 1 });
    expect(draftsOf(row.externalId)).toHaveLength(0);
  });

  it('are not made by the command where a month is not final', async () => {
    await Promise.all(
      customerIds.map((customerId) =>
        console_.call('customers.setTariff', { customerId, tariffId }),
      ),
    );
    const out = join(console_.dataDir, 'statements');
    const options = { connection: 'Billing', period: '2026-09', draftInvoices: true, out };
    const bill = () => billOnce(console_.core, options, new AbortController().signal);
    // the whole month is not on record: nothing final can be issued, and nothing is
    const report = await bill();
    expect(report).toMatchObject({ customers: customerIds.length, issued: 0, files: 0 });
    expect(report.refused.map(({ error }) => error.code)).toEqual(
      customerIds.map(() => 'COVERAGE_INCOMPLETE'),
    );
    expect(isWholeBill(report)).toBe(false);
  });

  it('are refused of what two customers would pay for', async () => {
    const [customerId = '', other = ''] = customerIds.slice(-2);
    const day = { from: period.from, to: '2026-10-19T00:00:00Z' };
    const [{ userId = '', email = '' } = {}] = (
      await console_.call('customers.get', { customerId: other })
    ).users;
    const make = (id: string, requireFinal = false) =>
      console_.call('statements.make', { customerId: id, tariffId, ...day, requireFinal });
    expect((await make(customerId)).state).toBe('final');
    await console_.call('customers.map', { customerId, connectionId, userId });

    const reason = `${email} is mapped to another customer too: unmap it from the customer that does not pay for it.`;
    for (const id of [customerId, other]) {
      expect(await make(id)).toMatchObject({ state: 'draft', reasons: [reason] });
      await expect(make(id, true)).rejects.toMatchObject({
        code: 'COVERAGE_INCOMPLETE',
        message: `Two customers would pay for the same user. ${reason}`,
        hint: expect.stringContaining('unmap each user'),
      });
    }
    const { users } = await console_.call('customers.get', { customerId: other });
    expect(users[0]?.alsoOf).toMatchObject([{ customerId }]);
    const shared = await console_.call('customers.shared', {});
    expect(shared).toMatchObject({ total: 1, rows: [{ connectionId, userId, email }] });
    expect(shared.rows[0]?.customers.map((one) => one.customerId).sort()).toEqual(
      [customerId, other].sort(),
    );

    // issued as a draft, it is not invoiced meanwhile
    const { statementId } = await console_.call('statements.issue', {
      ...{ customerId: other, tariffId, ...day },
    });
    const refused = { failures: [{ message: expect.stringContaining('both would pay') }] };
    expect(await cluster.draft([statementId])).toMatchObject({ created: 0, failed: 1, ...refused });
    const items = { billingId, statementIds: [statementId], when: 'noinvoice' as const };
    const { taskId } = await console_.call('invoices.addItems', items);
    expect(await cluster.finish(taskId)).toMatchObject({ sent: 0, failed: 1, ...refused });

    await console_.call('customers.unmap', { customerId, connectionId, userId });
    expect((await console_.call('customers.shared', {})).total).toBe(0);
    expect((await make(other, true)).state).toBe('final');
    expect(await cluster.draft([statementId])).toMatchObject({ created: 1, failed: 0 });
  });

  it('are refused by a read-only billing connection', async () => {
    const { url, identifier } = whmcs;
    const saved = { id: billingId, name: 'Billing', kind: 'whmcs' as const, url, identifier };
    await console_.call('billing.save', { ...saved, readOnly: true });
    const { statementId } = await issue(customerIds[0] ?? '');
    await expect(
      console_.call('invoices.draft', { billingId, statementIds: [statementId] }),
    ).rejects.toMatchObject({ code: 'CONNECTION_READ_ONLY' });
  });
});
