import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { userIdField } from '#simulator/whmcs/populate.ts';
import { BilledCluster } from '#test/fakes/billed-cluster.ts';
import { foundIn, foundUnder } from '#test/fakes/files-under.ts';
import type { TestConsole } from '#test/fakes/test-console.ts';

let cluster: BilledCluster;
let whmcs: WhmcsSimulator;
let console_: TestConsole;
let connectionId: string;
let billingId: string;
/** A customer with one service and the user that is mapped to it. */
let of: { customerId: string; serviceId: string; connectionId: string; userId: string };
let secretOfUser: string;

const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-20T00:00:00Z' };

/** Saves the billing connection with these guards, its secrets as they are. */
async function guardWith(guards: {
  environment?: 'production' | 'lab';
  readOnly?: boolean;
  fingerprint256?: string;
  url?: string;
}): Promise<void> {
  const { identifier } = whmcs;
  const { environment = 'lab', readOnly = false, fingerprint256, url = whmcs.url } = guards;
  const tls = fingerprint256 === undefined ? {} : { tls: { fingerprint256 } };
  const saved = { id: billingId, name: 'Billing', kind: 'whmcs' as const, url, identifier };
  await console_.call('billing.save', { ...saved, environment, readOnly, ...tls });
}

const issue = async (index: number) => {
  const customerId = cluster.customerIds[index] ?? '';
  const input = { customerId, tariffId: cluster.tariffId, ...period };
  return (await console_.call('statements.issue', input)).statementId;
};

const task = async (starting: Promise<{ taskId: string }>) =>
  cluster.finish((await starting).taskId);

/** What is sent to a billing system: looked at first, then sent, and what is there of it then. */
interface Sent {
  preview?: () => Promise<unknown>;
  send: () => Promise<unknown>;
  /** How much of it WHMCS holds. */
  held: () => unknown;
  action: string;
}

/** Each with a statement of its own: one that was billed is not billed again. */
const statements = new Map<string, Promise<string>>();
const statementOf = (name: string): Promise<string> => {
  const known = statements.get(name) ?? issue(statements.size);
  statements.set(name, known);
  return known;
};
const service = () => whmcs.state.services.values().find(({ clientid }) => clientid === clientId);
let clientId: number;

const sendings: Record<string, Sent> = {
  'a draft invoice': {
    preview: async () =>
      console_.call('invoices.preview', { billingId, statementIds: [await statementOf('draft')] }),
    send: async () =>
      task(
        console_.call('invoices.draft', { billingId, statementIds: [await statementOf('draft')] }),
      ),
    held: () => whmcs.state.invoices.size,
    action: 'invoices.draft',
  },
  'billable items': {
    preview: async () =>
      console_.call('invoices.items', { billingId, statementId: await statementOf('items') }),
    send: async () =>
      task(
        console_.call('invoices.addItems', {
          billingId,
          statementIds: [await statementOf('items')],
        }),
      ),
    held: () => whmcs.state.billableItems.length,
    action: 'invoices.addItems',
  },
  'usage figures': {
    preview: () => console_.call('invoices.usage', { customerId: of.customerId }),
    send: () =>
      task(console_.call('invoices.sendUsage', { billingId, customerIds: [of.customerId] })),
    held: () => service()?.diskusage,
    action: 'invoices.sendUsage',
  },
  'a note with a secret key': {
    send: () => console_.call('onboarding.writeBack', { ...of, note: true, secretInNote: true }),
    held: () => whmcs.state.clientNotes.length,
    action: 'onboarding.writeBack',
  },
  'a custom field': {
    send: () =>
      console_.call('onboarding.writeBack', { ...of, place: { customField: `${userIdField}` } }),
    held: () => service()?.customfields.find(({ id }) => id === userIdField)?.value ?? '',
    action: 'onboarding.writeBack',
  },
};

const refusals = [
  [
    { readOnly: true },
    {
      code: 'CONNECTION_READ_ONLY',
      message: 'The connection "Billing" is read-only. Nothing was sent.',
    },
  ],
  [
    { environment: 'production' },
    {
      code: 'CONNECTION_LOCKED',
      message:
        'The production billing system "Billing" is locked against changes. Nothing was sent.',
      hint: 'Unlock it for a few minutes.',
    },
  ],
] as const;

const journal = async () => (await console_.call('customers.journal', { limit: 500 })).rows;

beforeAll(async () => {
  cluster = await BilledCluster.start();
  ({ whmcs, console: console_, connectionId, billingId } = cluster);
  for (const product of whmcs.state.products.values()) product.overagesenabled = false;
  await console_.call('billing.refresh', { id: billingId });
  for (const customerId of cluster.customerIds.toReversed()) {
    const customer = await console_.call('customers.get', { customerId });
    const [only, second] = customer.serviceList;
    const userId = customer.users[0]?.userId;
    const key = cluster.gateway.state.users.byId.get(userId ?? '')?.keys[0];
    if (!only || second || userId === undefined || key === undefined) continue;
    of = { customerId, serviceId: only.serviceId, connectionId, userId };
    clientId = Number(customer.externalId);
    secretOfUser = cluster.gateway.state.users.secretOf(key);
    await console_.call('customers.unmap', { customerId, connectionId, userId });
    await console_.call('customers.map', of);
    break;
  }
  const held = service();
  if (held) held.diskusage = 7; // what somebody entered there
  await guardWith({});
});
afterEach(() => guardWith({}));
afterAll(() => cluster.end());

describe('what is sent to a billing system', () => {
  it.each(Object.keys(sendings))(
    '(%s) is looked at first, held back while it is guarded, sent once, and on record',
    async (name) => {
      const sending = sendings[name];
      if (!sending) throw new Error(name);
      const { preview, send, held, action } = sending;
      const before = held();
      for (const [guards, refusal] of refusals) {
        await guardWith(guards);
        await preview?.();
        whmcs.log.length = 0;
        await expect(send()).rejects.toMatchObject(refusal);
        expect([held(), whmcs.log]).toEqual([before, []]);
      }
      const unlocked = await console_.call('billing.unlock', { id: billingId, minutes: 5 });
      expect(unlocked).not.toHaveProperty('hold');
      await preview?.();
      expect(held()).toEqual(before);
      await send();
      await console_.call('billing.lock', { id: billingId });
      expect(held()).not.toEqual(before);
      const sent = (await journal()).find((row) => row.action === action);
      expect(sent).toMatchObject({
        result: 'done',
        billingId,
        operator: expect.stringMatching(/./),
      });
    },
  );

  it('has no secret key where it would travel in clear, nor does a run begin that would send one', async () => {
    const text = `service id,e-mail\n${service()?.id},second@example.com`;
    const source = { from: 'csv' as const, text };
    const { onboardingId } = await console_.call('onboarding.prepare', { source });
    const notes = whmcs.state.clientNotes.length;
    const users = cluster.gateway.state.users.byId.size;
    await guardWith({ url: 'http://billing.example.com' });
    const refusal = { code: 'PLAIN_HTTP', message: expect.stringMatching(/^"Billing" is reached/) };
    const writeBack = { note: true, secretInNote: true };
    await expect(
      console_.call('onboarding.writeBack', { ...of, ...writeBack }),
    ).rejects.toMatchObject(refusal);
    await expect(
      console_.call('onboarding.start', { onboardingId, writeBack }),
    ).rejects.toMatchObject(refusal);
    const run = await console_.call('onboarding.get', { onboardingId });
    expect(run.state).toBe('prepared');
    expect(cluster.gateway.state.users.byId.size).toBe(users);
    await guardWith({});
    const again = { ...of, ...writeBack, again: true };
    expect(await console_.call('onboarding.writeBack', again)).toMatchObject({ note: 'written' });
    expect(whmcs.state.clientNotes).toHaveLength(notes + 1);
  });

  it('leaves no secret in the journal, in a file or in the log', async () => {
    const passwords = [...whmcs.state.services.values()].map(({ password }) => password);
    expect(passwords.length).toBeGreaterThan(3);
    const { secret } = whmcs;
    // the note holds it, as was wished; nothing here does
    expect(JSON.stringify(whmcs.state.clientNotes)).toContain(secretOfUser);
    const secrets = [secret, secretOfUser, ...passwords];
    const rows = Buffer.from(JSON.stringify(await journal()));
    expect(foundIn('journal', rows, secrets)).toEqual([]);
    expect(foundUnder(console_.dataDir, secrets)).toEqual([]);
  });
});

describe('the history of customers', () => {
  it('names the issued statement that somebody changed in the file, and the record of a deed', async () => {
    await statementOf('draft');
    expect(await console_.call('customers.verifyJournal', {})).toMatchObject({ ok: true });
    const { rows } = await console_.call('statements.issued', { limit: 1 });
    const [issued] = rows;
    const [last] = await journal();
    await console_.restart(async () => {
      const database = new DatabaseSync(join(console_.dataDir, 'customers.sqlite'));
      for (const table of ['record', 'issued_statement']) {
        database.exec(`DROP TRIGGER ${table}_is_not_changed`);
      }
      database.exec(`UPDATE issued_statement SET issued_by = 'eve' WHERE number = '${issued?.number}';
        UPDATE record SET operator = 'eve' WHERE record_id = ${last?.recordId}`);
      database.close();
    });
    const { ok, problems } = await console_.call('customers.verifyJournal', {});
    expect([ok, problems.map(({ kind }) => kind)]).toEqual([false, ['changed', 'changed']]);
    expect(problems.map(({ detail }) => detail)).toEqual([
      `Record ${last?.recordId} (${last?.action}, by ${last?.operator}) is not what was written.`,
      `Statement ${issued?.number} is not what was written.`,
    ]);
  });
});

describe('the guards of a billing connection', () => {
  it('are on record when they change, and only then', async () => {
    const changes = async () => (await journal()).filter(({ action }) => action === 'billing.save');
    const count = (await changes()).length;
    await guardWith({});
    expect(await changes()).toHaveLength(count);
    await guardWith({ readOnly: true });
    const [system] = await console_.call('billing.list', {});
    expect(system?.hold).toMatchObject({ code: 'CONNECTION_READ_ONLY' });
    await guardWith({});
    const pair = 'AB';
    const fingerprint256 = Array.from({ length: 32 }, () => pair).join(':');
    await guardWith({ fingerprint256 });
    const reported = (await changes())
      .slice(0, 3)
      .map(({ details }) => [details.before, details.after]);
    expect(reported).toEqual([
      ['takes changes, certificate not pinned', `takes changes, certificate ${fingerprint256}`],
      ['read-only', 'takes changes'],
      ['takes changes', 'read-only'],
    ]);
    expect((await console_.call('billing.list', {}))[0]).not.toHaveProperty('hold');
  });

  it('let a production system be unlocked for a while, which is on record and ends when the console is secured', async () => {
    await guardWith({ environment: 'production' });
    const since = (await journal()).length;
    const hold = async () => (await console_.call('billing.list', {}))[0]?.hold?.code;
    expect(await hold()).toBe('CONNECTION_LOCKED');
    const before = Date.now();
    const { unlockedUntil } = await console_.call('billing.unlock', { id: billingId, minutes: 5 });
    expect(Date.parse(unlockedUntil ?? '')).toBeGreaterThanOrEqual(before + 5 * 60_000);
    expect(await hold()).toBeUndefined();
    // a script that knows of no environment changes none
    const { url, identifier } = whmcs;
    const fields = { id: billingId, name: 'Billing', kind: 'whmcs' as const, url, identifier };
    expect(await console_.call('billing.save', fields)).toMatchObject({
      environment: 'production',
    });
    expect(await console_.call('app.secure', {})).toEqual({ locked: 1, inProgress: 0 });
    expect(await hold()).toBe('CONNECTION_LOCKED');
    expect(await console_.call('app.secure', {})).toEqual({ locked: 0, inProgress: 0 });
    const rows = await journal();
    const recorded = rows.slice(0, rows.length - since).map((row) => [row.action, row.details]);
    const until = expect.stringMatching(/^unlocked until 20..-..-.. ..:..:.. UTC$/);
    expect(recorded).toEqual([
      ['billing.lock', { billing: 'Billing', before: until, after: 'locked' }],
      ['billing.unlock', { billing: 'Billing', before: 'locked', after: until }],
    ]);
  });

  it('end a run when the lock closes: what is left is not sent, and says so', async () => {
    await guardWith({ environment: 'production' });
    await console_.call('billing.unlock', { id: billingId });
    const statementIds = [await statementOf('first'), await statementOf('second')];
    const before = whmcs.state.invoices.size;
    const closing = Promise.withResolvers<unknown>();
    const { log } = whmcs;
    // asked of the store before what came of the first draft is noted there
    log.push = (...calls) => {
      if (calls.some(({ action }) => action === 'CreateInvoice')) {
        closing.resolve(console_.call('billing.lock', { id: billingId }));
      }
      return Array.prototype.push.apply(log, calls);
    };
    const result = await task(console_.call('invoices.draft', { billingId, statementIds }));
    await closing.promise;
    log.push = Array.prototype.push;
    expect(whmcs.state.invoices.size).toBe(before + 1);
    expect(result).toMatchObject({
      ...{ created: 1, failed: 1 },
      failures: [{ message: expect.stringContaining('is locked against changes') }],
    });
  });

  it('keep the ticket of what is sent', async () => {
    const statementIds = [await statementOf('ticket')];
    await task(console_.call('invoices.draft', { billingId, statementIds, ticket: 'OPS-7' }));
    const [row] = await journal();
    expect(row).toMatchObject({ action: 'invoices.draft', details: { ticket: 'OPS-7' } });
  });

  it('stay where the name is taken, and nothing is on record', async () => {
    const csv = 'customer id,name\n1,Ada\n';
    await console_.call('billing.save', { name: 'Table', kind: 'file', csv });
    const count = (await journal()).length;
    const { url, identifier } = whmcs;
    const fields = { id: billingId, name: 'Table', kind: 'whmcs' as const, url, identifier };
    await expect(
      console_.call('billing.save', { ...fields, readOnly: true }),
    ).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await journal()).toHaveLength(count);
    const systems = await console_.call('billing.list', {});
    expect(systems.find(({ id }) => id === billingId)?.readOnly).toBe(false);
  });

  it('let nothing through that was unlocked before the system was removed and added again', async () => {
    await guardWith({ environment: 'production' });
    expect(await console_.call('billing.unlock', { id: billingId })).not.toHaveProperty('hold');
    await console_.call('billing.remove', { id: billingId });
    const { url, identifier, secret } = whmcs;
    const again = await console_.call('billing.save', {
      ...{ name: 'Billing', kind: 'whmcs', url, identifier, secret, environment: 'production' },
    });
    expect(again).toMatchObject({ id: billingId, hold: { code: 'CONNECTION_LOCKED' } });
    expect(again).not.toHaveProperty('unlockedUntil');
  });
});
