import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePlan } from '#core/changes/plans/plan-file.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const keysOf = (userId: string): readonly string[] =>
  simulator.state.users.byId.get(userId)?.keys ?? [];

async function filesIn(directory: string): Promise<Buffer[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
}

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

it('plans keys without the gateway, makes each once when it answers, and keeps no secret', async () => {
  const { id: own } = simulator.state.systemUser;
  const one = users.filter(({ userId }) => userId !== own && keysOf(userId).length === 1);
  const [first = '', second = '', third = ''] = one.map(({ userId }) => userId);
  const old = keysOf(second);
  outage.remove();
  for (const userId of [first, second, third]) {
    await console.call('users.get', { connectionId, userId });
  }
  outage = simulator.faults.add({ kind: 'reset-before' });
  await expect(console.call('sync.refresh', { connectionId })).rejects.toThrow();
  const changes = [
    { operation: 'keys.generate', input: { userId: first } },
    { operation: 'keys.revoke', input: { userId: first, accessKeyId: keysOf(first)[0] ?? '' } },
    { operation: 'keys.rotate', input: { userId: second } },
    { operation: 'keys.rotate', input: { userId: third, giveUp: keysOf(third)[0] ?? '' } },
  ] as const;
  let planId: string | undefined;
  for (const change of changes) {
    const plan = planId === undefined ? { name: 'Keys' } : { planId };
    ({ planId } = await console.call('plans.add', { connectionId, ...plan, change }));
  }
  const id = planId ?? '';
  // a third key of one holder is certain to be refused, whatever the plan has made before
  const over = { operation: 'keys.generate', input: { userId: second } } as const;
  const refused = await console.reply('plans.add', { connectionId, planId: id, change: over });
  expect(refused).toMatchObject({ ok: false, error: { code: 'KEY_LIMIT_REACHED' } });
  expect((await console.call('plans.list', { connectionId }))[0]?.destructive).toBe(true);

  outage.remove();
  await console.call('sync.refresh', { connectionId });
  const compared = await console.call('plans.compare', { connectionId, planId: id });
  expect(compared.comparison).toMatchObject({ applies: 4, drifted: 0, refused: 0 });
  const apply = async () => {
    const run = await console.call('plans.check', { connectionId, planId: id });
    const { taskId } = await console.call('bulk.apply', { connectionId, runId: run.runId });
    await taskEnd(console, taskId);
    return (await console.call('bulk.get', { connectionId, runId: run.runId })).counts;
  };
  simulator.log.clear();
  expect(await apply()).toMatchObject({ verified: 4 });
  expect([first, second, third].map((userId) => keysOf(userId).length)).toEqual([1, 2, 1]);
  const made = [first, second, third].flatMap((userId) => keysOf(userId));
  expect(made).toEqual(expect.arrayContaining([...old]));

  const again = await console.call('plans.compare', { connectionId, planId: id });
  expect(again.comparison).toMatchObject({ done: 3, applies: 0 });
  const acted = simulator.log.acted().length;
  for (let times = 0; times < 2; times += 1) expect((await apply()).unchanged).toBe(3);
  expect(simulator.log.acted()).toHaveLength(acted);
  const sheet = { connectionId, userId: second, accessKeyId: keysOf(second)[1] ?? '' };
  const { secretAccessKey } = await console.call('onboarding.handover', {
    ...{ ...sheet, withSecret: true },
  });
  expect(secretAccessKey).toBe(simulator.state.users.secretOf(sheet.accessKeyId));
  for (const key of made) {
    const secret = String(simulator.state.users.secretOf(key));
    for (const file of await filesIn(console.dataDir)) expect(file.includes(secret)).toBe(false);
  }
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

it('makes a key for a row that is added again once the holder lost it, and for the equal row that failed', async () => {
  const { id: own } = simulator.state.systemUser;
  outage.remove();
  const one = users.filter(({ userId }) => userId !== own && keysOf(userId).length === 1);
  const [holder = '', bare = ''] = one.map(({ userId }) => userId);
  const revoke = async (userId: string, accessKeyIds: readonly string[]) => {
    for (const accessKeyId of accessKeyIds) {
      await console.call('keys.revoke', { connectionId, userId, accessKeyId });
    }
  };
  await revoke(bare, keysOf(bare));
  for (const userId of [holder, bare]) await console.call('users.get', { connectionId, userId });
  const generate = (userId: string) => ({ operation: 'keys.generate', input: { userId } }) as const;
  const add = (userId: string, planId?: string) =>
    console.call('plans.add', {
      ...{ connectionId, change: generate(userId) },
      ...(planId === undefined ? { name: `Keys of ${userId}` } : { planId }),
    });
  const apply = async (planId: string) => {
    const run = await console.call('plans.check', { connectionId, planId });
    const { taskId } = await console.call('bulk.apply', { connectionId, runId: run.runId });
    await taskEnd(console, taskId);
    return (await console.call('bulk.get', { connectionId, runId: run.runId })).counts;
  };

  const { planId } = await add(holder);
  expect(await apply(planId)).toMatchObject({ verified: 1 });
  for (const left of [1, 0]) {
    // what the plan has made counts no more among the keys that the holder will have
    await revoke(holder, keysOf(holder).slice(left));
    expect(await add(holder, planId)).toMatchObject({ left: 1 });
    const { comparison } = await console.call('plans.compare', { connectionId, planId });
    expect(comparison).toMatchObject({ done: 2 - left, applies: 1, refused: 0 });
    expect(await apply(planId)).toMatchObject({ verified: 1, unchanged: 2 - left });
    expect(keysOf(holder)).toHaveLength(left + 1);
  }

  const twins = (await add(bare)).planId;
  await add(bare, twins);
  const match = { method: 'POST', service: 'ostor-users', query: 'genKey' };
  const refusing = simulator.faults.add({ kind: 'status', status: 403, match, skip: 1 });
  expect(await apply(twins)).toMatchObject({ verified: 1, failed: 1 });
  expect(refusing.hits).toBe(1);
  refusing.remove();
  const plans = await console.call('plans.list', { connectionId });
  expect(plans.find((plan) => plan.planId === twins)).toMatchObject({ changes: 2, left: 1 });
  expect(await apply(twins)).toMatchObject({ verified: 1, unchanged: 1 });
  expect(keysOf(bare)).toHaveLength(2);
});
