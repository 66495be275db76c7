import { afterEach, beforeEach, expect, it } from 'vitest';
import { BilledCluster } from '#test/fakes/billed-cluster.ts';

let cluster: BilledCluster;

beforeEach(async () => {
  const gateway = { usage: 10, users: 6, now: Date.UTC(2026, 9, 20) };
  cluster = await BilledCluster.start({ gateway, clients: 30 });
});

afterEach(() => cluster.end());

const call: BilledCluster['console']['call'] = (name, input) => cluster.console.call(name, input);

it('says what changed since a preview, and makes it again until it is started', async () => {
  const { connectionId } = cluster;
  const counted = await call('onboarding.counts', {});
  const first = await call('onboarding.prepare', { source: { from: 'services' } });
  expect(first).toMatchObject({ changed: [], total: counted.services });
  const { clients, services } = cluster.whmcs.state;
  const emails = new Set(first.rows.map(({ email }) => email));
  const pending = [...services.values()].filter(
    ({ status, clientid }) =>
      status === 'Pending' && emails.has(clients.get(clientid)?.email ?? ''),
  );
  expect(counted.pending).toBe(pending.length);
  const { onboardingId } = first;
  const open = first.rows.find(({ problem }) => problem === null);
  const { unplanned, productName, customerId, serviceId } = open ?? {};
  if (!unplanned || !customerId || !serviceId) throw new Error('every product has a plan');
  const products = await call('servicePlans.products', {});
  expect(products).toContainEqual(expect.objectContaining({ ...unplanned, name: productName }));

  await call('servicePlans.save', { name: 'Silver', quotaGb: 500, products: [unplanned] });
  const changed = async () => (await call('onboarding.get', { onboardingId, limit: 1 })).changed;
  expect(await changed()).toEqual(['plans']);
  const again = await call('onboarding.prepareAgain', { onboardingId });
  expect(again).toMatchObject({ onboardingId, changed: [], total: first.total });
  const row = again.rows.find((one) => one.serviceId === serviceId);
  expect(row).toMatchObject({ planName: 'Silver', quotaGb: '500', unplanned: null });

  const [user] = [...cluster.gateway.state.users.byId.values()].filter(({ system }) => !system);
  const userId = user?.id ?? '';
  await call('customers.map', { customerId, serviceId, connectionId, userId });
  expect(await changed()).toEqual(['services']);
  const last = await call('onboarding.prepareAgain', { onboardingId });
  expect(last).toMatchObject({ changed: [], total: first.total - 1 });
  const { taskId } = await call('onboarding.start', { onboardingId });
  await cluster.finish(taskId);
  await expect(call('onboarding.prepareAgain', { onboardingId })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

it('says who has paid, and which orders are still to be accepted', async () => {
  const { orders, services } = cluster.whmcs.state;
  for (const { id, orderid } of services.values()) {
    const [service, order] = [services.get(id), orders.get(orderid)];
    if (!service || !order || id % 3 === 0) continue;
    service.status = order.status = 'Pending';
    order.paymentstatus = id % 2 === 0 ? 'Paid' : 'Unpaid';
  }
  await call('billing.refresh', { id: cluster.billingId });
  const { rows, onboardingId } = await call('onboarding.prepare', { source: { from: 'services' } });
  const ordered = rows.filter(({ serviceStatus }) => serviceStatus === 'Pending');
  expect(ordered.length).toBeGreaterThan(0);
  for (const { order } of ordered) {
    const { id = 0, paymentstatus } = orders.get(Number(order?.externalId)) ?? {};
    expect(order).toMatchObject({ number: String(1_000_000 + id), payment: paymentstatus });
  }
  const active = rows.filter(({ serviceStatus }) => serviceStatus === 'Active');
  expect(active.map(({ order }) => order)).toEqual(active.map(() => null));
  const { taskId } = await call('onboarding.start', { onboardingId });
  await cluster.finish(taskId);
  const done = await call('onboarding.get', { onboardingId });
  const waiting = done.rows.filter((row) => row.userId && row.serviceStatus === 'Pending');
  expect(waiting.length).toBeGreaterThan(0);
  expect(done.unaccepted).toBe(waiting.length);
  const drift = await call('customers.suspensionDrift', {});
  expect(drift.pending).toBeGreaterThanOrEqual(waiting.length);
  for (const service of services.values())
    if (service.status === 'Pending') service.status = 'Active';
  await call('billing.refresh', { id: cluster.billingId });
  expect(await call('onboarding.get', { onboardingId })).toMatchObject({ unaccepted: 0 });
  expect(await call('customers.suspensionDrift', {})).toMatchObject({ pending: 0 });
});

it('writes the user id into the custom field of a name, whatever its number is in a product', async () => {
  const { connectionId } = cluster;
  const { onboardingId } = await call('onboarding.prepare', { source: { from: 'services' } });
  const { taskId } = await call('onboarding.start', { onboardingId });
  await cluster.finish(taskId);
  const { rows } = await call('customers.list', { filter: { users: 'some' }, limit: 50 });
  const customers = await Promise.all(
    rows.map(({ customerId }) => call('customers.get', { customerId })),
  );
  const mapped = customers.flatMap(({ customerId, users, serviceList }) =>
    users.flatMap(({ userId, serviceId }) => {
      const service = serviceList.find((one) => one.serviceId === serviceId);
      return service ? [{ of: { customerId, connectionId, userId }, service }] : [];
    }),
  );
  expect(mapped.length).toBeGreaterThan(1);
  for (const [at, { of, service }] of mapped.entries()) {
    const fields = cluster.whmcs.state.services.get(Number(service.externalId))?.customfields;
    fields?.push({ id: 80 + at, name: 'S3 owner', value: '' });
    const target = { ...of, serviceId: service.serviceId };
    const named = (customFieldNamed: string) =>
      call('onboarding.writeBack', { ...target, place: { customFieldNamed } });
    expect(await named('s3 OWNER')).toMatchObject({ field: 'written', problems: [] });
    expect(fields?.find(({ id }) => id === 80 + at)?.value).toBe(of.userId);
    expect(await named('Nowhere')).toMatchObject({
      field: 'failed',
      problems: [expect.stringContaining('no custom field named "Nowhere"')],
    });
  }
});
