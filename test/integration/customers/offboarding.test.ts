import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const tariff = {
  name: 'Standard',
  currency: 'EUR',
  minorDigits: 2,
  gigabyte: 'decimal' as const,
  prices: [
    {
      validFrom: '2020-01-01',
      storedPerGbHour: '0',
      downloadedPerGb: '800',
      uploadedPerGb: '100',
      putPerThousand: '50',
      getPerThousand: '4',
      listPerThousand: '50',
      otherPerThousand: '0',
    },
  ],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

let gateway: Simulator;
let console_: TestConsole;
let connectionId: string;
let customerId: string;
let userId: string;

beforeEach(async () => {
  gateway = await startSimulator({ users: 6, buckets: 18, usage: 200 });
  console_ = await TestConsole.start();
  ({ id: connectionId } = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint: gateway.url,
    accessKeyId: gateway.accessKeyId,
    secretKey: gateway.secretKey,
    environment: 'lab',
  }));
  await console_.call('sync.refresh', { connectionId });
  const { rows } = await console_.call('users.list', { connectionId, filter: { buckets: 'some' } });
  const user = rows.find(({ flags }) => !flags.includes('system'));
  userId = user?.userId ?? '';
  const csv = `customer id,name,e-mail\n7,Leaver,${user?.email}\n`;
  const { id } = await console_.call('billing.save', { name: 'Table', kind: 'file', csv });
  await console_.call('billing.refresh', { id });
  customerId = (await console_.call('customers.list', {})).rows[0]?.customerId ?? '';
});

afterEach(async () => {
  await console_.end();
  await gateway.stop();
});

async function run(input: CallInput<'offboarding.run'>) {
  const { taskId } = await console_.call('offboarding.run', input);
  let task = await console_.call('tasks.get', { taskId });
  while (task.endedAt === null) {
    await pause(5);
    task = await console_.call('tasks.get', { taskId });
  }
  const { offboardingId, step } = input;
  const after = await console_.call('offboarding.get', { offboardingId });
  return { after, task, step: after.steps.find((one) => one.step === step) };
}

it('a cancellation goes step by step over restarts, and deletes the user once it is empty', async () => {
  await expect(console_.call('offboarding.open', { customerId })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
  await console_.call('customers.map', { customerId, connectionId, userId });
  const { offboardingId, next } = await console_.call('offboarding.open', { customerId });
  expect(next).toBe('disable');
  await expect(console_.call('offboarding.open', { customerId })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  await expect(run({ offboardingId, step: 'delete' })).rejects.toMatchObject({ code: 'CONFLICT' });

  expect((await run({ offboardingId, step: 'disable' })).step?.state).toBe('done');
  expect(gateway.state.users.byId.get(userId)?.enabled).toBe(false);
  expect((await run({ offboardingId, step: 'collect' })).step).toMatchObject({
    state: 'done',
    words: expect.stringContaining('statistics objects collected'),
  });
  await console_.restart();

  // neither customer nor plan has a tariff
  const refused = await run({ offboardingId, step: 'statement' });
  expect(refused.step).toMatchObject({
    state: 'failed',
    words: expect.stringContaining('has a tariff'),
  });
  expect(refused.task).toMatchObject({ done: 0, total: 1, failed: 1 });
  const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
  await console_.call('customers.setTariff', { customerId, tariffId });
  // the last hours are not written yet, so that no final statement can be made
  const waits = await run({ offboardingId, step: 'statement' });
  expect(waits.step?.state).toBe('waiting');
  expect(waits.task).toMatchObject({ done: 0, total: 1, failed: 0 });
  const issued = await run({ offboardingId, step: 'statement', acceptDraft: true });
  expect(issued.step).toMatchObject({ state: 'done', statementId: expect.any(String) });
  expect(issued.after.next).toBe('empty');

  const left = await run({ offboardingId, step: 'empty' });
  const owned = (await console_.call('buckets.list', { connectionId, ownerId: userId })).rows;
  expect(left.step).toMatchObject({ state: 'waiting' });
  expect(left.step?.buckets?.map(({ name }) => name).sort()).toEqual(
    owned.map(({ name }) => name).sort(),
  );
  for (const { name } of owned) gateway.state.buckets.remove(name);
  await console_.restart();
  expect((await run({ offboardingId, step: 'empty' })).step?.state).toBe('done');
  const { after } = await run({ offboardingId, step: 'delete' });
  expect(after).toMatchObject({ state: 'finished', next: null });
  expect(gateway.state.users.byId.get(userId)).toBeUndefined();
  const { rows } = await console_.call('customers.journal', { customerId });
  const actions = rows.filter(({ action }) => action === 'offboarding.run');
  expect(actions.map(({ result }) => result)).toContain('failed');
  expect(await console_.call('offboarding.list', { customerId })).toMatchObject({ total: 1 });
});

it('a cancellation that is not to be finished is cancelled, and another can be opened', async () => {
  await console_.call('customers.map', { customerId, connectionId, userId });
  const { offboardingId } = await console_.call('offboarding.open', { customerId });
  expect(await console_.call('offboarding.cancel', { offboardingId })).toMatchObject({
    state: 'cancelled',
    next: null,
  });
  await expect(run({ offboardingId, step: 'disable' })).rejects.toMatchObject({ code: 'CONFLICT' });
  const again = (await console_.call('offboarding.open', { customerId })).offboardingId;
  await run({ offboardingId: again, step: 'disable' });
  const of = { offboardingId: again, reason: 'Billed elsewhere' };
  await console_.call('offboarding.skip', { ...of, step: 'collect' });
  const skipped = await console_.call('offboarding.skip', { ...of, step: 'statement' });
  expect(skipped.next).toBe('empty');
});
