import { expect, it } from 'vitest';
import { startWhmcsSimulator } from '#simulator/whmcs/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

it('customers whose services were not read yet have none that is known, and the reading is said to be under way', async () => {
  const whmcs = await startWhmcsSimulator({ clients: 20, emails: [] });
  const console_ = await TestConsole.start();
  const { url, identifier, secret } = whmcs;
  const system = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
  const { id } = await console_.call('billing.save', system);
  const rows = async () => (await console_.call('customers.list', { limit: 100 })).rows;
  const state = async () => (await console_.call('billing.list', {}))[0];
  expect(await state()).not.toHaveProperty('refreshing');

  whmcs.faults.add({ kind: 'hang-before', action: 'GetClientsProducts' });
  const reading = console_.call('billing.refresh', { id }).catch(({ code }) => code);
  await expect.poll(async () => (await rows()).length).toBe(20);
  expect(await state()).toMatchObject({ refreshing: true, asOf: null });
  const services = new Set((await rows()).map((row) => row.services));
  expect([...services]).toEqual([null]);

  await whmcs.stop();
  expect(await reading).toEqual(expect.any(String));
  expect(await state()).toMatchObject({ asOf: null, problem: { message: expect.any(String) } });
  expect(await state()).not.toHaveProperty('refreshing');
  const [one] = await rows();
  const detail = await console_.call('customers.get', { customerId: one?.customerId ?? '' });
  expect(detail.services).toBeNull();
  await console_.end();
});
