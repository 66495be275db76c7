import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let gateway: Simulator;
let whmcs: WhmcsSimulator;
let console_: TestConsole;
let connectionId: string;
let billingId: string;

beforeAll(async () => {
  gateway = await startSimulator({ users: 12, buckets: 12 });
  const emails = [...gateway.state.users.byId.values()]
    .filter(({ system }) => !system)
    .map(({ email }) => email);
  whmcs = await startWhmcsSimulator({ clients: 20, emails });
  console_ = await TestConsole.start();
  const { url, accessKeyId, secretKey } = gateway;
  const cluster = { name: 'lab', endpoint: url, accessKeyId, secretKey, environment: 'lab' };
  connectionId = (await console_.call('connections.save', cluster as never)).id;
  await console_.call('sync.refresh', { connectionId });
  const { identifier, secret } = whmcs;
  const system = { name: 'Billing', kind: 'whmcs' as const, url: whmcs.url, identifier, secret };
  billingId = (await console_.call('billing.save', system)).id;
  await console_.call('billing.refresh', { id: billingId });
});

afterAll(async () => {
  await console_.end();
  await whmcs.stop();
  await gateway.stop();
});

it('customers are listed with the states of their services, and filtered by them', async () => {
  const services = [...whmcs.state.services.values()];
  const [one, other] = services;
  if (!one || !other) throw new Error('no services');
  one.status = 'Terminated';
  other.status = 'Cancelled';
  await console_.call('billing.refresh', { id: billingId });
  for (const status of ['Active', 'Suspended', 'Pending', 'Terminated', 'Cancelled'] as const) {
    const service = status.toLowerCase() as Lowercase<typeof status>;
    const of = { filter: { service }, limit: 1000 };
    const { rows } = await console_.call('customers.list', of);
    const counts = rows.map(
      ({ serviceStates }) => serviceStates.find((state) => state.status === status)?.services ?? 0,
    );
    expect(counts.every((count) => count > 0)).toBe(true);
    const there = services.filter((own) => own.status === status);
    expect(
      counts.reduce((sum, count) => sum + count, 0),
      status,
    ).toBe(there.length);
  }
});

it('a user is named with the services that it is mapped to, in their states', async () => {
  const { rows } = await console_.call('customers.suggestions', { limit: 100 });
  const pair = rows.find(({ serviceId }) => serviceId !== null);
  if (!pair?.serviceId) throw new Error('no pair');
  const { customerId, serviceId, userId } = pair;
  const ofUser = () => console_.call('customers.ofUser', { connectionId, userId });
  await console_.call('customers.map', { customerId, connectionId, userId });
  expect(await ofUser()).toMatchObject([{ customerId, services: [] }]);
  await console_.call('customers.map', { customerId, serviceId, connectionId, userId });
  const { serviceList } = await console_.call('customers.get', { customerId });
  const { externalId = '' } = serviceList.find((own) => own.serviceId === serviceId) ?? {};
  const service = whmcs.state.services.get(Number(externalId));
  if (!service) throw new Error('no service');
  Object.assign(service, { status: 'Suspended', suspensionreason: 'Overdue' });
  await console_.call('billing.refresh', { id: billingId });
  expect(await ofUser()).toMatchObject([
    { services: [{ serviceId, externalId, status: 'Suspended', suspensionReason: 'Overdue' }] },
  ]);
});

it('a run that brings users into the state of their services says why, in the run and in the journal', async () => {
  const { rows } = await console_.call('customers.suggestions', { limit: 100 });
  const pair = rows.find(
    ({ serviceId, userId }) => serviceId !== null && gateway.state.users.byId.get(userId)?.enabled,
  );
  if (!pair?.serviceId) throw new Error('no pair');
  const { customerId, serviceId, userId } = pair;
  await console_.call('customers.map', { customerId, serviceId, connectionId, userId });
  const { serviceList, company, name } = await console_.call('customers.get', { customerId });
  const of = serviceList.find((own) => own.serviceId === serviceId);
  const service = whmcs.state.services.get(Number(of?.externalId));
  if (!of || !service) throw new Error('no service');
  const drift = async () =>
    (await console_.call('customers.suspensionDrift', {})).rows.filter(
      (row) => row.userId === userId,
    );
  const run = async (status: 'Suspended' | 'Active') => {
    service.status = status;
    await console_.call('billing.refresh', { id: billingId });
    const [userState, operation] =
      status === 'Active' ? ['disabled', 'users.enable'] : ['enabled', 'users.disable'];
    expect(await drift()).toMatchObject([{ serviceStatus: status, userState, operation }]);
    const asked = { connectionId, userIds: [userId] };
    const { runId } = await console_.call('customers.suspensionRun', asked);
    const reason = `${status} in Billing: ${company || name}, ${of.productName} #${of.externalId}`;
    const [row] = (await console_.call('bulk.rows', { connectionId, runId })).rows;
    expect(row).toMatchObject({ target: { id: userId }, reason });
    const { taskId } = await console_.call('bulk.apply', { connectionId, runId, canary: 'none' });
    expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'succeeded' });
    const entries = { connectionId, search: `${status} in Billing` };
    expect((await console_.call('journal.list', entries)).rows).toMatchObject([{ runId, reason }]);
    expect(await drift()).toEqual([]);
  };
  await run('Suspended');
  expect(gateway.state.users.byId.get(userId)?.enabled).toBe(false);
  await run('Active');
  expect(gateway.state.users.byId.get(userId)?.enabled).toBe(true);
});

it('an enabled user is listed whose service was deleted, or whose customer has none left to serve', async () => {
  const { rows } = await console_.call('customers.suggestions', { limit: 100 });
  const isEnabled = (userId: string) => gateway.state.users.byId.get(userId)?.enabled === true;
  const [one, other] = rows.filter(({ serviceId, userId }) => serviceId && isEnabled(userId));
  if (!one?.serviceId || !other) throw new Error('no pairs');
  const { customerId, serviceId, userId } = one;
  await console_.call('customers.map', { customerId, serviceId, connectionId, userId });
  await console_.call('customers.map', {
    ...{ customerId: other.customerId, connectionId, userId: other.userId },
  });
  const servicesOf = async (id: string) =>
    (await console_.call('customers.get', { customerId: id })).serviceList;
  const own = (await servicesOf(customerId)).find((service) => service.serviceId === serviceId);
  whmcs.state.services.delete(Number(own?.externalId));
  const others = (await servicesOf(other.customerId)).map(({ externalId }) =>
    whmcs.state.services.get(Number(externalId)),
  );
  const drift = async () => {
    await console_.call('billing.refresh', { id: billingId });
    const found = await console_.call('customers.suspensionDrift', {});
    return found.rows.filter((row) => [userId, other.userId].includes(row.userId));
  };
  const mine = [one, other].map((row) => row.customerId);
  const clients = await Promise.all(
    mine.map((id) => console_.call('customers.get', { customerId: id })),
  );
  const [client, ...taken] = clients.map(({ externalId }) => Number(externalId));
  const all = [...whmcs.state.services.values()];
  const spare = all.find(({ clientid }) => clientid !== client && !taken.includes(clientid));
  if (!spare || client === undefined) throw new Error('no other service');
  const deleted = { userId, serviceStatus: 'Deleted', operation: 'users.disable' };
  Object.assign(spare, { clientid: client, status: 'Active' });
  expect(await drift()).toMatchObject([{ ...deleted, byHand: true }]);
  for (const service of all) if (service.clientid === client) service.status = 'Terminated';
  expect(await drift()).toMatchObject([{ ...deleted, byHand: false }]);
  for (const service of others) if (service) service.status = 'Terminated';
  const whole = { userId: other.userId, serviceStatus: 'Terminated', byHand: true };
  expect(await drift()).toMatchObject([deleted, { ...whole, operation: 'users.disable' }]);

  const targetsOf = async (runId: string) =>
    (await console_.call('bulk.rows', { connectionId, runId })).rows.map(({ target }) => target.id);
  const run = await console_.call('customers.suspensionRun', { connectionId });
  expect(await targetsOf(run.runId)).toContain(userId);
  expect(await targetsOf(run.runId)).not.toContain(other.userId);
  expect(run.warnings).toContainEqual(
    expect.stringMatching(/nothing says which service.*skipped, decide by hand/),
  );
  const asked = { connectionId, userIds: [other.userId] };
  const { runId } = await console_.call('customers.suspensionRun', asked);
  expect(await targetsOf(runId)).toEqual([other.userId]);
});

it('customers of one name are distinguished by their client ids', async () => {
  const [one, other] = [...whmcs.state.clients.values()].slice(3, 5);
  if (!one || !other) throw new Error('no clients');
  one.companyname = 'Doubled Ltd';
  Object.assign(other, { companyname: '', firstname: 'Doubled', lastname: 'Ltd' });
  await console_.call('billing.refresh', { id: billingId });
  const namesakes = await console_.call('customers.namesakes', {});
  const ids = namesakes.map(({ externalId }) => externalId);
  expect(ids).toEqual(expect.arrayContaining([String(one.id), String(other.id)]));
  const { rows } = await console_.call('customers.list', { limit: 100 });
  const shared = rows.filter((row) =>
    rows.some(
      (another) =>
        another.customerId !== row.customerId &&
        (another.company || another.name) === (row.company || row.name),
    ),
  );
  expect(ids.toSorted()).toEqual(shared.map(({ externalId }) => externalId).toSorted());
});

it('a user and a bucket still name their customer without gateway and WHMCS, after a start', async () => {
  const { rows } = await console_.call('buckets.list', { connectionId, limit: 100 });
  const { rows: pairs } = await console_.call('customers.suggestions', { limit: 100 });
  const pair = pairs.find(({ userId }) => rows.some(({ ownerId }) => ownerId === userId));
  if (!pair) throw new Error('no pair');
  const { customerId, userId } = pair;
  await console_.call('customers.map', { customerId, connectionId, userId });
  await console_.restart(async () => void (await Promise.all([gateway.stop(), whmcs.stop()])));
  const name = rows.find(({ ownerId }) => ownerId === userId)?.name ?? '';
  const bucket = await console_.call('buckets.get', { connectionId, name });
  expect(bucket).toMatchObject({ ownerId: userId, source: 'snapshot' });
  const of = { connectionId, userId: bucket.ownerId };
  const { company, name: person } = await console_.call('customers.get', { customerId });
  expect(await console_.call('customers.ofUser', of)).toMatchObject([
    { customerId, name: company || person },
  ]);
});
