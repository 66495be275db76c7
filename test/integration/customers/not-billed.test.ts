import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let gateway: Simulator;
let console_: TestConsole;

beforeAll(async () => {
  gateway = await startSimulator({ users: 6 });
  console_ = await TestConsole.start();
});

afterAll(async () => {
  await console_.end();
  await gateway.stop();
});

it('keeps a user off the list of those that nobody pays for, with the reason, until that ends', async () => {
  const { url: endpoint, accessKeyId, secretKey } = gateway;
  const { id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', endpoint, accessKeyId, secretKey, environment: 'lab' },
  });
  await console_.call('sync.refresh', { connectionId });
  const unpaid = await console_.call('customers.unpaid', { limit: 1000 });
  expect(unpaid.total).toBeGreaterThan(1);
  const [largest] = unpaid.rows;
  const user = { connectionId, userId: largest?.userId ?? '' };
  const bytes = BigInt(unpaid.totalBytes) - BigInt(largest?.currentBytes ?? 0);
  await console_.call('customers.setNotBilled', { ...user, reason: 'Monitoring' });
  const left = await console_.call('customers.unpaid', { limit: 1000 });
  expect(left).toMatchObject({ total: unpaid.total - 1, notBilled: 1 });
  expect([BigInt(left.totalBytes), left.rows.some(({ userId }) => userId === user.userId)]).toEqual(
    [bytes, false],
  );
  const marked = await console_.call('customers.unpaid', { notBilled: true });
  expect(marked).toMatchObject({ total: 1, notBilled: 1 });
  expect(marked.rows[0]).toMatchObject({ ...user, notBilled: { reason: 'Monitoring' } });
  await console_.call('customers.setNotBilled', { ...user, reason: null });
  expect(await console_.call('customers.unpaid', { limit: 1000 })).toEqual(unpaid);
  const { rows: records } = await console_.call('customers.journal', { limit: 2 });
  expect(records.map(({ action, details }) => [action, details.reason])).toEqual([
    ['customers.billAgain', null],
    ['customers.setNotBilled', 'Monitoring'],
  ]);
});
