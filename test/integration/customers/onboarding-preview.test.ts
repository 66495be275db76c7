import { afterAll, beforeAll, expect, it } from 'vitest';
import { BilledCluster } from '#test/fakes/billed-cluster.ts';

let cluster: BilledCluster;

beforeAll(async () => {
  const gateway = { usage: 10, users: 6, now: Date.UTC(2026, 9, 20) };
  cluster = await BilledCluster.start({ gateway, clients: 30 });
});

afterAll(() => cluster.end());

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
