import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePlan } from '#core/changes/plans/plan-file.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console: TestConsole;
let connectionId: string;
let users: CallOutput<'users.list'>['rows'];
let outage: { remove(): void };

beforeEach(async () => {
  simulator = await startSimulator({ users: 12, buckets: 12 });
  console = await TestConsole.start();
  ({ id: connectionId } = await console.call('connections.save', {
    ...{ name: 'Rack 12', endpoint: simulator.url, accessKeyId: simulator.accessKeyId },
    ...{ secretKey: simulator.secretKey, environment: 'lab', proxy: { mode: 'direct' } },
  }));
  await console.call('sync.refresh', { connectionId });
  const listed = await console.call('users.list', { connectionId, limit: 50 });
  users = listed.rows.filter(
    ({ flags, state }) => state === 'enabled' && !flags.includes('system'),
  );
  outage = simulator.faults.add({ kind: 'reset-before' });
  await expect(console.call('sync.refresh', { connectionId })).rejects.toThrow();
});
afterEach(async () => {
  await console.end();
  await simulator.stop();
});

it('compares the plans that wait once the gateway answers again, also after a restart', async () => {
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

it('says of a plan that it was not compared, too large or failed, until somebody compares it', async () => {
  const quota = (userId = '', sizeGb = '5') =>
    ({ operation: 'quotas.set', input: { target: { user: userId }, sizeGb } }) as const;
  const add = (name: string, userId?: string) =>
    console.call('plans.add', { connectionId, name, change: quota(userId) });
  const small = await add('Small', users[0]?.userId);
  const { content } = await console.call('plans.export', { connectionId, planId: small.planId });
  const { checksum: _, format: _format, version: _version, ...file } = JSON.parse(content);
  const changes = Array.from({ length: 1001 }, () => file.changes[0]);
  const large = { connectionId, content: writePlan({ ...file, name: 'Large', changes }) };
  await console.call('plans.import', large);
  const waiting = async () => {
    const plans = await console.call('plans.list', { connectionId });
    return Object.fromEntries(
      plans.map(({ name, comparison, compareDueSince }) => [
        name,
        [compareDueSince !== null, comparison !== null],
      ]),
    );
  };
  expect(await waiting()).toEqual({ Small: [false, false], Large: [false, false] });
  outage.remove();
  const hanging = simulator.faults.add({
    ...{ kind: 'hang-before', match: { service: 'ostor-quotas' } },
  });
  await console.call('sync.refresh', { connectionId });
  const { taskId } = await eventually(async () => {
    const tasks = await console.call('tasks.list', {});
    const reading = tasks.find(({ title }) => title === 'Compare: Small');
    if (!reading) throw new Error('Nothing is compared.');
    return reading;
  });
  await console.call('tasks.cancel', { taskId });
  await eventually(async () =>
    expect(await waiting()).toEqual({ Small: [true, false], Large: [true, false] }),
  );
  hanging.remove();
  for (const { planId } of await console.call('plans.list', { connectionId })) {
    await console.call('plans.compare', { connectionId, planId });
  }
  expect(await waiting()).toEqual({ Small: [false, true], Large: [false, true] });
});
