import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { foundUnder } from '#test/fakes/files-under.ts';
import { taskResult } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { part } from '#test/part.ts';
import { programPath } from '#test/program-path.ts';

const child = programPath(import.meta.url, '../../soak/onboarding-child.ts');
/** Users that are created, and how many are left at each kill: in full after each user but the last. */
const toCreate = part(4, 31);
const killsAt = part([2], [...Array(31).keys()].slice(1).reverse());

let gateway: Simulator;
let whmcs: WhmcsSimulator;
let console_: TestConsole;
let connectionId: string;
let billingId: string;
let planId: string;

beforeEach(async () => {
  gateway = await startSimulator({ users: 6, buckets: 6 });
  const taken = [...gateway.state.users.byId.values()].filter(({ system }) => !system);
  whmcs = await startWhmcsSimulator({
    clients: 12,
    emails: taken.slice(0, 2).map(({ email }) => email),
    pendingOrderEvery: 4,
  });
  console_ = await TestConsole.start();
  ({ id: connectionId } = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint: gateway.url,
    accessKeyId: gateway.accessKeyId,
    secretKey: gateway.secretKey,
    environment: 'lab',
  }));
  await console_.call('sync.refresh', { connectionId });
  const { url, identifier, secret } = whmcs;
  const billing = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
  ({ id: billingId } = await console_.call('billing.save', billing));
  await console_.call('billing.refresh', { id: billingId });
  ({ id: planId } = await console_.call('servicePlans.save', {
    name: 'Silver',
    quotaGb: 500,
    limits: { opsGet: 100 },
    productIds: ['11', '12', '13'],
    newUsers: { connectionId, accountName: 'backup' },
  }));
});

afterEach(async () => {
  await console_.end();
  await whmcs.stop();
  await gateway.stop();
});

async function finish(taskId: string) {
  return (await taskResult(console_, taskId)) as Record<string, number>;
}

async function start(input: CallInput<'onboarding.start'>) {
  const { taskId } = await console_.call('onboarding.start', input);
  return finish(taskId);
}

/** How many customers the statements of a month are made for; 0: the month that is under way. */
async function billedOf(month: number) {
  const now = new Date();
  const at = (months: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString();
  const input = { from: at(month), to: at(month + 1) };
  return (await finish((await console_.call('statements.issueAll', input)).taskId)).customers;
}

const usersNamed = (email: string) =>
  [...gateway.state.users.byId.values()].filter((user) => user.email === email);

const all = (onboardingId: string) =>
  console_.call('onboarding.get', { onboardingId, limit: 1000 }).then(({ rows }) => rows);

describe('onboarding', () => {
  it('creates user, quota, limits, account, mapping and key of services without a user', async () => {
    const run = await console_.call('onboarding.prepare', { source: { from: 'services' } });
    const open = run.rows.filter(({ problem }) => problem === null);
    expect(open.length).toBeGreaterThan(3);
    const { onboardingId } = run;
    const result = await start({ onboardingId });
    expect(result).toEqual({ done: open.length, failed: 0, skipped: run.total - open.length });
    for (const { email, customerId, serviceId, userId } of await all(onboardingId)) {
      if (userId === null || customerId === null) continue;
      expect(usersNamed(email)).toHaveLength(1);
      const target = { user: userId };
      expect(await console_.call('quotas.get', { connectionId, target })).toMatchObject({
        sizeGb: 500,
      });
      expect(await console_.call('limits.get', { connectionId, target })).toMatchObject({
        limits: { opsGet: 100 },
      });
      const user = await console_.call('users.get', { connectionId, userId });
      expect(user.accounts.map(({ name }) => name)).toEqual(['backup']);
      expect(user.keys).toHaveLength(1);
      const customer = await console_.call('customers.get', { customerId });
      expect(customer.users).toContainEqual(
        expect.objectContaining({ userId, serviceId, email, connectionId }),
      );
    }
    const drift = await console_.call('servicePlans.drift', {});
    expect(drift).toMatchObject({ total: 0, unknown: 0, excepted: 0 });
    // for the time before they were created they owe no fee
    expect(await billedOf(-1)).toBe(0);
    expect(await billedOf(0)).toBeGreaterThan(3);
    const again = await console_.call('onboarding.prepare', { source: { from: 'services' } });
    expect(again.rows.every(({ problem }) => problem !== null)).toBe(true);
  });

  it('names e-mails that a user has already, and makes no second user of them', async () => {
    const { onboardingId, rows } = await console_.call('onboarding.prepare', {
      source: { from: 'services' },
    });
    const named = rows.filter(({ existing }) => existing !== null);
    expect(named.length).toBeGreaterThan(0);
    const [first] = named;
    expect(first?.problem?.message).toContain(first?.existing?.userId);
    const before = gateway.state.users.byId.size;
    const { done = 0 } = await start({ onboardingId });
    expect(gateway.state.users.byId.size).toBe(before + done);
    for (const { email } of named) expect(usersNamed(email)).toHaveLength(1);
  });

  it('says how a service is onboarded whose customer has a user as a whole', async () => {
    const { rows } = await console_.call('onboarding.prepare', { source: { from: 'services' } });
    const { customerId, serviceId } = rows.find(({ existing }) => existing === null) ?? {};
    const [user] = [...gateway.state.users.byId.values()].filter(({ system }) => !system);
    if (!user || !customerId || !serviceId) throw new Error('nobody to onboard');
    const mapping = { customerId, connectionId, userId: user.id };
    await console_.call('customers.map', mapping);
    const problem = async (service: string) => {
      const source = { from: 'services' as const, serviceIds: [service] };
      return (await console_.call('onboarding.prepare', { source })).rows[0]?.problem?.message;
    };
    expect(await problem(serviceId)).toContain('as a whole');
    await console_.call('customers.map', { ...mapping, serviceId });
    expect(await problem(serviceId)).toContain('has a user already');
  });

  it('onboards pending orders, those newer than the last refresh too', async () => {
    const service = [...whmcs.state.services.values()].find(({ status }) => status === 'Pending');
    if (!service) throw new Error('no pending service');
    const late = { ...service, id: 29_999, orderid: 3999 };
    whmcs.state.services.set(late.id, late);
    const order = [...whmcs.state.orders.values()].find(({ status }) => status === 'Pending');
    if (!order) throw new Error('no order');
    whmcs.state.orders.set(3999, { ...order, id: 3999, serviceIds: [late.id] });
    const { rows } = await console_.call('onboarding.prepare', {
      source: { from: 'orders', billingId },
    });
    expect(rows).toHaveLength(4);
    // the client has two pending services and one e-mail
    expect(rows.filter(({ problem }) => problem?.message.includes('of row'))).toHaveLength(1);
  });

  it('reads a table; a bad line stops no other', async () => {
    const text = [
      'e-mail,client id,plan,cluster,quota gb,account',
      'one@new.example,5,Silver,Rack 1,7,',
      'not an e-mail,,Silver,Rack 1,,',
      'two@new.example,,Platinum,Rack 1,,',
      'three@new.example,,,Elsewhere,,',
      'four@new.example,999999,,,,',
      'five@new.example,,,,a lot,',
      'one@new.example,,,,,',
      'six@new.example,,,,,team',
    ].join('\n');
    const run = await console_.call('onboarding.prepare', {
      source: { from: 'csv', text },
      connectionId,
    });
    expect(run.rows.map(({ problem }) => problem?.message ?? null)).toEqual([
      null,
      '"not an e-mail" is not an e-mail address.',
      'There is no service plan "Platinum".',
      'No cluster is named "Elsewhere".',
      'No billing system lists a customer 999999.',
      expect.stringContaining('quota_gb'),
      'one@new.example is also the e-mail of row 1.',
      null,
    ]);
    const result = await start({ onboardingId: run.onboardingId });
    expect(result).toEqual({ done: 2, failed: 0, skipped: 6 });
    const [one] = await all(run.onboardingId);
    const target = { user: one?.userId ?? '' };
    expect(await console_.call('quotas.get', { connectionId, target })).toMatchObject({
      sizeGb: 7,
    });
  });

  it('continues with the other rows where the gateway refuses one, and does that one later', async () => {
    const text = 'email\none@new.example\ntwo@new.example\nthree@new.example';
    const { onboardingId } = await console_.call('onboarding.prepare', {
      source: { from: 'csv', text },
      planId,
    });
    gateway.faults.add({
      kind: 'status',
      status: 400,
      match: { method: 'PUT', query: 'emailAddress=two' },
    });
    expect(await start({ onboardingId })).toEqual({ done: 2, failed: 1, skipped: 0 });
    gateway.faults.clear();
    expect(await start({ onboardingId })).toEqual({ done: 3, failed: 0, skipped: 0 });
    expect(usersNamed('two@new.example')).toHaveLength(1);
  });

  it('makes one user each through kills in the middle', async () => {
    const text = ['email', ...Array.from({ length: toCreate }, (_, at) => `kill${at}@new.example`)];
    const { onboardingId } = await console_.call('onboarding.prepare', {
      source: { from: 'csv', text: text.join('\n') },
      planId,
    });
    const users = gateway.state.users.byId;
    const whole = users.size + toCreate;
    const set = users.set.bind(users);
    const secrets = { [connectionId]: gateway.secretKey };
    const run = async (killAt: number | null): Promise<void> => {
      const { dataDir } = console_;
      const input = JSON.stringify({ dataDir, secrets, start: { onboardingId } });
      const running = spawn(process.execPath, [child, input], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      users.set = (id, user) => {
        set(id, user);
        // the user is there, its answer never arrives
        if (users.size === killAt) running.kill('SIGKILL');
        return users;
      };
      const [, killedBy] = await once(running, 'exit');
      expect(killedBy).toBe(killAt === null ? null : 'SIGKILL');
    };
    await console_.core.close(); // the archive is open in one process at a time
    // what was on its way at a kill is there, too, so that a next one may have nothing to wait for
    for (const left of killsAt) if (users.size < whole - left) await run(whole - left);
    await run(null);
    await console_.restart();
    const rows = await all(onboardingId);
    expect(rows.map(({ error }) => error)).toEqual(rows.map(() => null));
    expect(users.size).toBe(whole);
    expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'done'));
    expect(new Set(rows.map(({ userId }) => userId)).size).toBe(toCreate);
  });
});

describe('what is written back', () => {
  async function one(writeBack: CallInput<'onboarding.start'>['writeBack']) {
    const service = [...whmcs.state.services.values()].find(
      ({ clientid, status }) => clientid > 8 && status === 'Active',
    );
    if (!service) throw new Error('no service');
    const text = `service id\n${service.id}`;
    const { onboardingId } = await console_.call('onboarding.prepare', {
      source: { from: 'csv', text },
    });
    await start({ onboardingId, ...(writeBack ? { writeBack } : {}) });
    const [row] = await all(onboardingId);
    if (!row?.userId || !row.customerId || !row.serviceId) throw new Error(JSON.stringify(row));
    const { customerId, serviceId, userId, accessKeyId } = row;
    return {
      onboardingId,
      row,
      service,
      of: { customerId, serviceId, connectionId, userId },
      accessKeyId,
    };
  }

  it('is the user id as user name or in a custom field, and a note without the secret', async () => {
    const { row, service, of, accessKeyId } = await one({ place: 'username', note: true });
    expect(row.writeBack).toMatchObject({ field: 'written', note: 'written', problems: [] });
    expect(service.username).toBe(of.userId);
    const [note] = whmcs.state.clientNotes;
    expect(note?.notes).toContain(of.userId);
    expect(note?.notes).toContain(accessKeyId);
    expect(note?.notes).not.toContain('Secret');
    const field = { place: { customField: '7' } };
    const first = await console_.call('onboarding.writeBack', { ...of, ...field });
    expect(first.field).toBe('written');
    expect(service.customfields.find(({ id }) => id === 7)?.value).toBe(of.userId);
    const second = await console_.call('onboarding.writeBack', { ...of, ...field, note: true });
    expect(second).toMatchObject({ field: 'unchanged', note: 'unchanged', problems: [] });
    expect(whmcs.state.clientNotes).toHaveLength(1);
    const { rows } = await console_.call('customers.journal', { customerId: of.customerId });
    const written = rows.filter(({ action }) => action === 'onboarding.writeBack');
    const ends = ['done', 'intent', 'done', 'intent', 'done', 'intent'];
    expect(written.map(({ result }) => result)).toEqual(ends);
  });

  it('is sent once where the answer is lost, and said to be unknown', async () => {
    whmcs.faults.add({ kind: 'drop-after', action: 'AddClientNote' });
    whmcs.faults.add({ kind: 'drop-after', action: 'UpdateClientProduct' });
    const { onboardingId, row, of } = await one({ place: 'username', note: true });
    expect(row.writeBack).toMatchObject({ field: 'written', note: 'unknown' });
    whmcs.faults.clear();
    expect(await start({ onboardingId })).toMatchObject({ done: 0, failed: 0, unwritten: 1 });
    const again = await console_.call('onboarding.writeBack', { ...of, note: true });
    expect(again.note).toBe('unknown');
    expect(whmcs.state.clientNotes).toHaveLength(1);
    const asked = await console_.call('onboarding.writeBack', { ...of, note: true, again: true });
    expect(asked.note).toBe('written');
    expect(whmcs.state.clientNotes).toHaveLength(2);
    expect(await start({ onboardingId })).toMatchObject({ done: 1, failed: 0 });
    expect(whmcs.state.clientNotes).toHaveLength(2);
  });

  it('keeps a row from being done where it failed, and is done by the next start', async () => {
    whmcs.faults.add({ kind: 'error', message: 'Refused', action: 'AddClientNote' });
    const { onboardingId, row } = await one({ place: 'username', note: true });
    const writeBack = { field: 'written', at: expect.stringMatching(/^20/) };
    expect(row).toMatchObject({ state: 'unwritten', writeBack });
    const page = await console_.call('onboarding.get', { onboardingId, state: 'unwritten' });
    expect(page).toMatchObject({ counts: { unwritten: 1, done: 0 }, rows: [{ row: row.row }] });
    expect(await start({ onboardingId })).toMatchObject({ done: 0, failed: 0, unwritten: 1 });
    const tasks = await console_.call('tasks.list', {});
    expect(tasks.map(({ failed, waiting }) => [failed, waiting])).toContainEqual([0, 1]);
    whmcs.faults.clear();
    expect(await start({ onboardingId })).toEqual({ done: 1, failed: 0, skipped: 0 });
    expect(whmcs.state.clientNotes).toHaveLength(1);
    const [done] = await all(onboardingId);
    expect(done).toMatchObject({ state: 'done', writeBack: { note: 'written', problems: [] } });
  });

  it('makes a row done where a person writes it back on its own', async () => {
    whmcs.faults.add({ kind: 'error', message: 'Refused', action: 'AddClientNote' });
    whmcs.faults.add({ kind: 'error', message: 'Refused', action: 'UpdateClientProduct' });
    const { onboardingId, of, row } = await one({ place: 'username', note: true });
    expect(row.writeBack).toMatchObject({ field: 'failed', note: 'failed' });
    whmcs.faults.clear();
    await console_.call('onboarding.writeBack', { ...of, note: true });
    const [half] = await all(onboardingId);
    expect(half).toMatchObject({ state: 'unwritten', writeBack: { note: 'written' } });
    await console_.call('onboarding.writeBack', { ...of, place: 'username' });
    const [whole] = await all(onboardingId);
    expect(whole).toMatchObject({ state: 'done', writeBack: { field: 'written', problems: [] } });
  });

  it('overwrites nothing that the service holds already', async () => {
    const { service, of } = await one(undefined);
    service.username = 'somebody';
    const kept = await console_.call('onboarding.writeBack', { ...of, place: 'username' });
    expect(kept).toMatchObject({
      field: 'failed',
      problems: [expect.stringContaining('somebody')],
    });
    expect(service.username).toBe('somebody');
  });

  it('is refused by a read-only billing connection, and by a table', async () => {
    const { of } = await one(undefined);
    const { url, identifier } = whmcs;
    const billing = { id: billingId, name: 'Billing', kind: 'whmcs' as const, url, identifier };
    await console_.call('billing.save', { ...billing, readOnly: true });
    await expect(
      console_.call('onboarding.writeBack', { ...of, note: true }),
    ).rejects.toMatchObject({ code: 'CONNECTION_READ_ONLY' });
    expect(whmcs.state.clientNotes).toHaveLength(0);
    const csv =
      'customer id,name,e-mail,service id,product,service status\n7,A,a@b.example,s1,G,Active\n';
    const table = await console_.call('billing.save', { name: 'Table', kind: 'file', csv });
    await console_.call('billing.refresh', { id: table.id });
    const { onboardingId } = await console_.call('onboarding.prepare', {
      source: { from: 'services', billingId: table.id },
    });
    const writeBack = { note: true };
    await expect(
      console_.call('onboarding.start', { onboardingId, writeBack }),
    ).rejects.toMatchObject({ code: 'BILLING_UNSUPPORTED' });
    expect(usersNamed('a@b.example')).toEqual([]);
    expect(await start({ onboardingId })).toMatchObject({ done: 1 });
  });

  it('holds the secret only where that was asked for; no file of the console does', async () => {
    const { of } = await one({ place: 'username', note: true, secretInNote: true });
    const { userId } = of;
    const asked = { connectionId, userId, withSecret: true };
    const sheet = await console_.call('onboarding.handover', asked);
    const secret = sheet.secretAccessKey ?? '';
    expect(secret.length).toBeGreaterThan(10);
    expect(whmcs.state.clientNotes[0]?.notes).toContain(secret);
    expect(sheet.text.split(secret)).toHaveLength(5 + 1);
    const without = await console_.call('onboarding.handover', { connectionId, userId });
    expect(JSON.stringify(without)).not.toContain(secret);
    const { rows } = await console_.call('journal.list', { connectionId, limit: 1000 });
    expect(rows.filter(({ operation }) => operation === 'keys.reveal')).toHaveLength(2);
    await console_.core.close();
    expect(foundUnder(console_.dataDir, [of.userId]).length).toBeGreaterThan(0);
    expect(foundUnder(console_.dataDir, [secret])).toEqual([]);
  });
});
