import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { foundUnder } from '#test/fakes/files-under.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

describe('customers', () => {
  let gateway: Simulator;
  let whmcs: WhmcsSimulator;
  let console_: TestConsole;
  let connectionId: string;

  beforeEach(async () => {
    gateway = await startSimulator({ users: 30, buckets: 60 });
    const emails = [...gateway.state.users.byId.values()]
      .filter(({ system }) => !system)
      .map(({ email }) => email);
    whmcs = await startWhmcsSimulator({ clients: 20, emails });
    console_ = await TestConsole.start();
    const saved = await console_.call('connections.save', {
      name: 'lab',
      endpoint: gateway.url,
      accessKeyId: gateway.accessKeyId,
      secretKey: gateway.secretKey,
      environment: 'lab',
    });
    connectionId = saved.id;
    await console_.call('sync.refresh', { connectionId });
  });

  afterEach(async () => {
    await console_.end();
    await whmcs.stop();
    await gateway.stop();
  });

  async function connect(): Promise<string> {
    const { url, identifier, secret } = whmcs;
    const saved = await console_.call('billing.save', {
      name: 'Billing',
      kind: 'whmcs',
      url,
      identifier,
      secret,
    });
    await console_.call('billing.refresh', { id: saved.id });
    return saved.id;
  }

  it('are read from WHMCS, kept over a restart, and found offline', async () => {
    const id = await connect();
    await whmcs.stop();
    await console_.restart();
    const [billing] = await console_.call('billing.list', {});
    expect(billing).toMatchObject({ id, customers: 20, hasCredential: true });
    const email = whmcs.state.clients.get(3)?.email ?? '';
    const { total, rows } = await console_.call('customers.list', { search: email.toUpperCase() });
    expect(total).toBe(1);
    expect(rows[0]).toMatchObject({ externalId: '3', email });
    const only = rows[0]?.customerId ?? '';
    const alone = (search: string) => console_.call('customers.list', { search, only });
    expect((await alone(email)).rows).toEqual(rows);
    expect(await alone('nobody of this name')).toMatchObject({ total: 0, rows: [] });
    await expect(console_.call('billing.refresh', { id })).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    const [failed] = await console_.call('billing.list', {});
    expect(failed?.asOf).toBe(billing?.asOf);
    expect(failed?.problem?.message).toMatch(/127\.0\.0\.1/);
  });

  it('have no system user among theirs, and say so', async () => {
    const id = await connect();
    const [customer] = (await console_.call('customers.list', { filter: { billingId: id } })).rows;
    const { id: userId } = gateway.state.systemUser;
    const mapping = { customerId: customer?.customerId ?? '', connectionId, userId };
    await expect(console_.call('customers.map', mapping)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('system user'),
    });
  });

  it('show the plan in force of each service and user, with its version', async () => {
    await connect();
    const { rows } = await console_.call('customers.suggestions', { limit: 100 });
    const found = rows.find((row) => row.serviceId !== null);
    const { customerId = '', serviceId, userId = '' } = found ?? {};
    await console_.call('customers.map', {
      ...{ customerId, connectionId, userId, serviceId: serviceId ?? '' },
    });
    const { serviceList } = await console_.call('customers.get', { customerId });
    const { productId = '' } = serviceList.find((of) => of.serviceId === serviceId) ?? {};
    const plans = () => console_.call('servicePlans.ofCustomer', { customerId });
    expect(await plans()).toEqual({ services: [], users: [] });
    const bronze = await console_.call('servicePlans.save', {
      ...{ name: 'Bronze', quotaGb: 100, productIds: [productId] },
    });
    const gold = await console_.call('servicePlans.save', { name: 'Gold', quotaGb: 900 });
    await console_.call('servicePlans.save', {
      id: bronze.id,
      name: 'Bronze',
      quotaGb: 200,
      productIds: [productId],
    });
    const second = { id: bronze.id, name: 'Bronze', version: 2 };
    expect(await plans()).toEqual({
      services: [{ serviceId, plan: second }],
      users: [{ connectionId, userId, plan: second }],
    });
    const counts = async () =>
      (await console_.call('servicePlans.list', {})).map(({ name, users }) => [name, users]);
    expect(await counts()).toEqual([
      ['Bronze', 1],
      ['Gold', 0],
    ]);
    await console_.call('servicePlans.assign', { id: gold.id, holder: { connectionId, userId } });
    expect(await counts()).toEqual([
      ['Bronze', 0],
      ['Gold', 1],
    ]);
    expect(await plans()).toEqual({
      services: [{ serviceId, plan: second }],
      users: [{ connectionId, userId, plan: { id: gold.id, name: 'Gold', version: 1 } }],
    });
    await console_.call('servicePlans.assign', { id: null, holder: { connectionId, userId } });
    await console_.call('servicePlans.assign', {
      id: gold.id,
      holder: { serviceId: serviceId ?? '' },
    });
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const user = { connectionId, userId };
    await console_.call('servicePlans.except', { ...user, reason: 'Migration', until });
    await console_.call('servicePlans.endException', user);
    // the customer's own history has what its plans were
    const history = await console_.call('customers.journal', { customerId, limit: 5 });
    expect(history.rows.map(({ action, details: { plan } }) => [action, plan])).toEqual([
      ['servicePlans.endException', undefined],
      ['servicePlans.except', undefined],
      ['servicePlans.assign', 'Gold'],
      ['servicePlans.unassign', 'Gold'],
      ['servicePlans.assign', 'Gold'],
    ]);
  });

  it('keep no password and no secret in any file', async () => {
    const [service] = whmcs.state.services.values();
    service?.customfields.push({ id: 9, name: 'Root password', value: 'kept-in-a-field' });
    await connect();
    await console_.core.close();
    const secrets = [
      whmcs.secret,
      'kept-in-a-field',
      ...[...whmcs.state.services.values()].map(({ password }) => password),
    ];
    expect(foundUnder(console_.dataDir, secrets)).toEqual([]);
  });

  it('are suggested by e-mail, mapped once, and keep their users when e-mails change', async () => {
    const id = await connect();
    const { total, rows } = await console_.call('customers.suggestions', {});
    expect(total).toBe(20);
    const [first = expect.fail('nothing suggested')] = rows;
    const mapping = {
      customerId: first.customerId,
      connectionId,
      userId: first.userId,
      ...(first.serviceId ? { serviceId: first.serviceId } : {}),
    };
    const { serviceId: _service, ...whole } = mapping;
    for (const one of [whole, mapping, mapping, whole]) {
      const { users } = await console_.call('customers.map', one);
      expect(users).toHaveLength(1);
    }
    for (const client of whmcs.state.clients.values()) {
      if (client.email === first.email) client.email = 'another@changed.example';
    }
    await console_.call('billing.refresh', { id });
    const customer = await console_.call('customers.get', { customerId: first.customerId });
    expect(customer.email).toBe('another@changed.example');
    const { serviceId } = first;
    expect(customer.users).toEqual([expect.objectContaining({ userId: first.userId, serviceId })]);
    expect((await console_.call('customers.suggestions', {})).total).toBe(19);
    const of = await console_.call('customers.ofUser', { connectionId, userId: first.userId });
    expect(of).toEqual([expect.objectContaining({ customerId: first.customerId })]);
    const after = await console_.call('customers.unmap', mapping);
    expect(after.users).toEqual([]);
  });

  it('name the users that nobody pays for, largest first, and paid services without a user', async () => {
    await connect();
    const unpaid = await console_.call('customers.unpaid', { limit: 1000 });
    expect(unpaid.total).toBe(29);
    expect(unpaid.rows[0]?.traffic).toBeNull(); // no statistics were collected
    const sizes = unpaid.rows.map(({ currentBytes }) => BigInt(currentBytes ?? -1));
    expect(sizes).toEqual([...sizes].sort((left, right) => (left < right ? 1 : -1)));
    expect(sizes.reduce((sum, size) => sum + size, 0n)).toBe(BigInt(unpaid.totalBytes));
    const active = [...whmcs.state.services.values()].filter(({ status }) => status === 'Active');
    const unused = () => console_.call('customers.unused', { limit: 1000 });
    const { total, rows } = await unused();
    expect(total).toBe(active.length);
    expect(rows.every(({ lost, offboardingId }) => !lost && offboardingId === null)).toBe(true);
    // a service is paid without a user again once its user is deleted
    const { services } = await console_.call('onboarding.counts', {});
    const { customerId = '', serviceId = '' } = rows[0] ?? {};
    const email = 'short-lived@new.example';
    const { userId } = await console_.call('users.create', { connectionId, email });
    await console_.call('customers.map', { customerId, serviceId, connectionId, userId });
    expect((await unused()).total).toBe(total - 1);
    await console_.call('users.remove', { connectionId, userId });
    for (const refreshed of [false, true]) {
      if (refreshed) await console_.call('sync.refresh', { connectionId });
      const after = await unused();
      expect(after.rows.filter(({ lost }) => lost).map((row) => row.serviceId)).toEqual([
        serviceId,
      ]);
      expect(await console_.call('onboarding.counts', {})).toMatchObject({ services });
    }
  });

  it('show services that are suspended there and enabled here', async () => {
    await connect();
    const { rows } = await console_.call('customers.suggestions', { limit: 1000 });
    const enabled = new Set(
      [...gateway.state.users.byId.values()].filter((user) => user.enabled).map((user) => user.id),
    );
    const pair = rows.find(({ serviceId, userId }) => serviceId !== null && enabled.has(userId));
    if (!pair?.serviceId) throw new Error('no pair');
    const { customerId, serviceId, userId } = pair;
    await console_.call('customers.map', { customerId, serviceId, connectionId, userId });
    const { serviceList, billingId } = await console_.call('customers.get', { customerId });
    const external = serviceList.find((service) => service.serviceId === serviceId)?.externalId;
    const service = whmcs.state.services.get(Number(external));
    if (service) service.status = 'Suspended';
    await console_.call('billing.refresh', { id: billingId });
    expect((await console_.call('customers.suspensionDrift', {})).rows).toEqual([
      expect.objectContaining({ userId, serviceId, operation: 'users.disable' }),
    ]);
    const run = await console_.call('customers.suspensionRun', { connectionId });
    expect(run).toMatchObject({ state: 'previewed', total: 1, writes: 1 });
    const { runId } = run;
    const { taskId } = await console_.call('bulk.apply', { connectionId, runId, canary: 'none' });
    expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'succeeded' });
    expect(gateway.state.users.byId.get(userId)?.enabled).toBe(false);
    const drift = () => console_.call('customers.suspensionDrift', {});
    expect(await drift()).toMatchObject({ total: 0, clusters: [] });
    // nothing is refreshed: what the console changes is compared at once
    await console_.call('users.enable', { connectionId, userId });
    expect(await drift()).toMatchObject({ total: 1, clusters: [{ connectionId, users: 1 }] });
    // a user that is being cancelled is left to its cancellation, whether asked for or not
    const { offboardingId } = await console_.call('offboarding.open', { customerId });
    expect(await drift()).toMatchObject({ total: 1, clusters: [], rows: [{ offboardingId }] });
    const refusal = { message: expect.stringContaining('is being cancelled') };
    for (const input of [{ connectionId }, { connectionId, userIds: [userId] }])
      await expect(console_.call('customers.suspensionRun', input)).rejects.toMatchObject(refusal);
    await console_.call('offboarding.cancel', { offboardingId });
    expect(await drift()).toMatchObject({ total: 1, rows: [{ offboardingId: null }] });
    const one = await console_.call('customers.suspensionRun', { connectionId, userIds: [userId] });
    expect(one).toMatchObject({ state: 'previewed', total: 1 });
    await console_.call('users.disable', { connectionId, userId });
    expect((await drift()).total).toBe(0);
    const { total } = await console_.call('customers.unpaid', {});
    const email = 'nobody-pays@new.example';
    const { userId: unpaid } = await console_.call('users.create', { connectionId, email });
    const owed = await console_.call('customers.unpaid', { limit: 1000 });
    expect([owed.total, owed.rows.some((row) => row.userId === unpaid)]).toEqual([total + 1, true]);
    await console_.call('users.remove', { connectionId, userId: unpaid });
    expect((await console_.call('customers.unpaid', {})).total).toBe(total);
    await expect(console_.call('customers.suspensionRun', { connectionId })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('come from a table where there is no billing system', async () => {
    const csv =
      'customer id,name,e-mail,service id,product,service status\r\n' +
      '7,Müller,a@b.example,s1,Gold,Active\r\n7,Müller,a@b.example,s2,Gold,Suspended\r\n,,,,,\r\n';
    const { id } = await console_.call('billing.save', { name: 'Table', kind: 'file', csv });
    expect(await console_.call('billing.refresh', { id })).toMatchObject({
      customers: 1,
      services: 2,
    });
    const { rows } = await console_.call('customers.list', { search: 'MÜLLER' });
    expect(rows).toEqual([expect.objectContaining({ externalId: '7', services: 2 })]);
    expect(await console_.call('billing.test', { id })).toMatchObject({ ok: true });
  });

  it('mark a customer that the billing system no longer lists as gone, and keep it', async () => {
    const id = await connect();
    whmcs.state.clients.delete(5);
    await console_.call('billing.refresh', { id });
    const { rows } = await console_.call('customers.list', { limit: 1000 });
    expect(rows).toHaveLength(20);
    expect(rows.filter(({ gone }) => gone).map(({ externalId }) => externalId)).toEqual(['5']);
  });

  it('are put back from a backup, and what was there is kept', async () => {
    await connect();
    const [first] = (await console_.call('customers.suggestions', {})).rows;
    const { customerId = '', userId = '' } = first ?? {};
    const { fileName } = await console_.call('customers.backUp', {});
    await console_.call('customers.map', { customerId, connectionId, userId });
    const { setAside } = await console_.call('customers.restore', { fileName });
    expect((await console_.call('customers.get', { customerId })).users).toEqual([]);
    const names = (await console_.call('customers.backups', {})).map((backup) => backup.fileName);
    expect(names).toEqual([setAside, fileName]);
    await console_.restart();
    await console_.call('customers.restore', { fileName: setAside ?? '' });
    expect((await console_.call('customers.get', { customerId })).users).toHaveLength(1);
    await expect(
      console_.call('customers.restore', { fileName: 'customers-1.sqlite' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await console_.call('customers.list', {})).total).toBe(20);
    await writeFile(join(console_.dataDir, 'customers-backups', fileName), 'no database');
    await expect(console_.call('customers.restore', { fileName })).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
    });
    expect((await console_.call('customers.get', { customerId })).users).toHaveLength(1);
  });

  it('are mapped all at once where their e-mails are clear', async () => {
    const shared = whmcs.state.clients.get(2);
    if (shared) shared.email = whmcs.state.clients.get(1)?.email ?? '';
    await connect();
    const before = (await console_.call('customers.suggestions', { limit: 100 })).rows;
    const clear = before.filter(({ ambiguous }) => !ambiguous);
    expect(clear.length).toBeLessThan(before.length);
    expect(await console_.call('customers.mapSuggested', {})).toEqual({
      mapped: clear.length,
      skipped: before.length - clear.length,
    });
    const { total, rows } = await console_.call('customers.suggestions', { limit: 100 });
    expect([total, rows.every(({ ambiguous }) => ambiguous)]).toEqual([
      before.length - clear.length,
      true,
    ]);
    expect(await console_.call('customers.mapSuggested', {})).toMatchObject({ mapped: 0 });
  });

  it('of one e-mail are named as ambiguous, and none of them is mapped automatically', async () => {
    const [one, two] = [whmcs.state.clients.get(1), whmcs.state.clients.get(2)];
    if (one && two) two.email = one.email;
    await connect();
    const { rows } = await console_.call('customers.suggestions', { limit: 1000 });
    const pairs = rows.filter(({ email }) => email === one?.email);
    expect(pairs.map(({ ambiguous }) => ambiguous)).toEqual([true, true]);
  });

  it('show a user as the console has just changed or created it', async () => {
    await connect();
    const { rows } = await console_.call('customers.suggestions', { limit: 100 });
    const enabled = rows.find(({ userId }) => gateway.state.users.byId.get(userId)?.enabled);
    const { customerId = '', userId = '' } = enabled ?? {};
    await console_.call('customers.map', { customerId, connectionId, userId });
    await console_.call('users.disable', { connectionId, userId });
    const users = async () => (await console_.call('customers.get', { customerId })).users;
    expect(await users()).toMatchObject([{ userId, state: 'disabled' }]);
    const email = 'one-more@new.example';
    const made = await console_.call('users.create', { connectionId, email });
    await console_.call('customers.map', { customerId, connectionId, userId: made.userId });
    expect((await users())[1]).toMatchObject({ userId: made.userId, email, state: 'enabled' });
    // one that the console deleted is known to be gone, and belongs to nobody once it is unmapped
    await console_.call('users.remove', { connectionId, userId: made.userId });
    expect((await users())[1]).toMatchObject({ email, state: null, gone: true });
    await console_.call('customers.unpaid', {});
    expect((await users())[1]).toMatchObject({ email, state: null, gone: true });
    await console_.call('customers.unmap', { customerId, connectionId, userId: made.userId });
    const unpaid = await console_.call('customers.unpaid', { limit: 1000 });
    expect(unpaid.rows.some((row) => row.userId === made.userId)).toBe(false);
  });

  it('have their currency from WHMCS once they have a user, and when their page asks', async () => {
    const id = await connect();
    const { rows } = await console_.call('customers.suggestions', { limit: 100 });
    const [one, two] = rows;
    if (!one || !two) throw new Error('nothing suggested');
    const currencyOf = async (customerId: string) =>
      (await console_.call('customers.get', { customerId })).currency;
    const codes = async (customerId: string) => {
      const { externalId } = await console_.call('customers.get', { customerId });
      const client = whmcs.state.clients.get(Number(externalId));
      return whmcs.state.currencies.get(client?.currency ?? 0)?.code;
    };
    const { customerId, userId } = one;
    await console_.call('customers.map', { customerId, connectionId, userId });
    expect(await currencyOf(customerId)).toBeNull();
    await console_.call('billing.refresh', { id });
    expect(await currencyOf(customerId)).toBe(await codes(customerId));
    expect(await currencyOf(two.customerId)).toBeNull();
    const read = await console_.call('customers.readDetails', { customerId: two.customerId });
    expect(read.currency).toBe(await codes(two.customerId));
    expect(await currencyOf(two.customerId)).toBe(read.currency);
    await whmcs.stop();
    await expect(
      console_.call('customers.readDetails', { customerId: two.customerId }),
    ).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' });
  });
});
