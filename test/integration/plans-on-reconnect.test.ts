import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console: TestConsole;

beforeEach(async () => {
  simulator = await startSimulator({ users: 12, buckets: 12 });
  console = await TestConsole.start();
});
afterEach(async () => {
  await console.end();
  await simulator.stop();
});

it('compares the plans that wait once the gateway answers again, also after a restart', async () => {
  const { id: connectionId } = await console.call('connections.save', {
    ...{ name: 'Rack 12', endpoint: simulator.url, accessKeyId: simulator.accessKeyId },
    ...{ secretKey: simulator.secretKey, environment: 'lab', proxy: { mode: 'direct' } },
  });
  await console.call('sync.refresh', { connectionId });
  const listed = await console.call('users.list', { connectionId, limit: 50 });
  const users = listed.rows.filter(
    ({ flags, state }) => state === 'enabled' && !flags.includes('system'),
  );
  const outage = simulator.faults.add({ kind: 'reset-before' });
  await expect(console.call('sync.refresh', { connectionId })).rejects.toThrow();
  const [connection] = await console.call('connections.list', {});
  expect(connection?.hold?.code).toBe('CONNECTION_OFFLINE');
  let planId: string | undefined;
  for (const { userId } of users.slice(0, 3)) {
    const change = { operation: 'users.disable', input: { userId } } as const;
    const plan = planId === undefined ? { name: 'Night' } : { planId };
    ({ planId } = await console.call('plans.add', { connectionId, ...plan, change }));
  }
  await console.restart();
  outage.remove();
  const changed = simulator.state.users.byId.get(users[0]?.userId ?? '');
  if (!changed) throw new Error('The user is not there.');
  simulator.state.users.put({ ...changed, enabled: false });
  expect((await console.call('plans.list', { connectionId }))[0]?.comparison).toBeNull();
  await console.call('sync.refresh', { connectionId });
  const compared = await eventually(async () => {
    const [plan] = await console.call('plans.list', { connectionId });
    expect(plan?.comparison).not.toBeNull();
    return plan?.comparison;
  });
  expect(compared).toMatchObject({ applies: 2, done: 1, drifted: 0 });
});
