import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { refreshSizes, standardTariff as tariff } from '#test/fakes/billed-cluster.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';

let gateway: Simulator;
let console_: TestConsole;
let connectionId: string;
let customerId: string;
let userId: string;

beforeEach(async () => {
  // hours go by in an instant where a test says so; timers stay real
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now(), shouldAdvanceTime: true });
  gateway = await startSimulator({ users: 6, buckets: 18, usage: 200 });
  console_ = await TestConsole.start();
  ({ id: connectionId } = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint: gateway.url,
    accessKeyId: gateway.accessKeyId,
    secretKey: gateway.secretKey,
    environment: 'lab',
  }));
  await refreshSizes(console_, connectionId);
  const { rows } = await console_.call('users.list', { connectionId, filter: { buckets: 'some' } });
  const user = rows.find(({ flags }) => !flags.includes('system'));
  userId = user?.userId ?? '';
  const csv =
    'customer id,name,e-mail,service id,product,service status\n' +
    `7,Leaver,${user?.email},s1,Gold,Active\n`;
  const { id } = await console_.call('billing.save', { name: 'Table', kind: 'file', csv });
  await console_.call('billing.refresh', { id });
  customerId = (await console_.call('customers.list', {})).rows[0]?.customerId ?? '';
});

afterEach(async () => {
  await console_.end();
  await gateway.stop();
  vi.useRealTimers();
});

/** Kills the process that runs a step, once `isDone` sees that the gateway acted or the step is on record. */
async function killIn(
  input: CallInput<'offboarding.run'>,
  isDone: () => boolean | Promise<boolean>,
): Promise<void> {
  const { dataDir } = console_;
  const child = programPath(import.meta.url, '../../soak/step-child.ts');
  const of = JSON.stringify({ dataDir, connectionId, secret: gateway.secretKey, input });
  const running = spawn(process.execPath, [child, of], { stdio: 'inherit' });
  const gone = once(running, 'exit');
  while (running.exitCode === null && !(await isDone())) await pause(2);
  running.kill('SIGKILL');
  await gone;
}

const ago = (hours: number) => new Date(Math.floor(Date.now() / hour - hours) * hour).toISOString();

/** The final statement begins where the last one ended, also on the first of a month. */
const issueEarlier = () =>
  console_.call('statements.issue', { customerId, from: ago(12), to: ago(6) });

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
  const open = await console_.call('offboarding.list', { state: 'open' });
  expect(open.rows).toMatchObject([{ offboardingId }]);
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
  await issueEarlier();
  // the last hours are not written yet, so that no final statement can be made
  const preview = await console_.call('offboarding.previewStatement', { offboardingId });
  const waits = await run({ offboardingId, step: 'statement' });
  expect(waits.step?.state).toBe('waiting');
  expect(waits.task).toMatchObject({
    ...{ total: 1, failed: 0, waiting: 1 },
    reason: expect.stringContaining('not final'),
  });
  const { words: message, hint } = waits.step ?? {};
  expect(preview).toMatchObject({ state: 'draft', notFinal: { message, hint } });
  expect(preview?.notFinal?.reasons.length).toBeGreaterThan(0);
  const issued = await run({ offboardingId, step: 'statement', acceptDraft: true });
  expect(issued.step).toMatchObject({ state: 'done', statementId: expect.any(String) });
  expect(issued.after.next).toBe('empty');
  // an invoice of it would bill figures that are not complete
  const { statementId = '' } = issued.step ?? {};
  const { billingId } = await console_.call('customers.get', { customerId });
  const drafts = { billingId, statementIds: [statementId] };
  expect(await console_.call('invoices.preview', drafts)).toMatchObject({
    notFinal: { statements: 1, first: [{ statementId }] },
  });

  const left = await run({ offboardingId, step: 'empty' });
  const owned = (await console_.call('buckets.list', { connectionId, ownerId: userId })).rows;
  expect(left.step).toMatchObject({ state: 'waiting' });
  expect(left.task).toMatchObject({ failed: 0, waiting: 1, reason: left.step?.words });
  expect(left.step?.buckets?.map(({ name }) => name).sort()).toEqual(
    owned.map(({ name }) => name).sort(),
  );
  for (const { name } of owned) gateway.state.buckets.remove(name);
  await console_.restart();
  expect((await run({ offboardingId, step: 'empty' })).step?.state).toBe('done');
  // what asks about the user next counts none of the buckets that its owner deleted
  const listed = await console_.call('buckets.list', { connectionId, ownerId: userId });
  expect(listed.total).toBe(0);
  const { after } = await run({ offboardingId, step: 'delete' });
  expect(after).toMatchObject({ state: 'finished', next: null });
  // the billing system has it as active still: the list says both
  const shown = (await console_.call('customers.list', { only: customerId })).rows;
  const deletedAt = after.steps.at(-1)?.at;
  expect(shown).toMatchObject([{ cancelledAt: deletedAt }]);
  // the user is named as before, is not counted, and the list of who has none says the same
  await console_.call('sync.refresh', { connectionId });
  const { users } = await console_.call('customers.get', { customerId });
  const email = after.users[0]?.email;
  expect(users).toMatchObject([{ userId, email, state: null, gone: true, deletedAt }]);
  const having = async (some: 'some' | 'none') => {
    const of = { filter: { users: some }, limit: 1000 };
    const { rows: listed } = await console_.call('customers.list', of);
    return listed.some((row) => row.customerId === customerId);
  };
  expect([await having('some'), await having('none')]).toEqual([false, true]);
  expect(gateway.state.users.byId.get(userId)).toBeUndefined();
  const { rows } = await console_.call('customers.journal', { customerId });
  const actions = rows.filter(({ action }) => action === 'offboarding.run');
  expect(actions.map(({ result }) => result)).toContain('failed');
  expect(await console_.call('offboarding.list', { customerId })).toMatchObject({ total: 1 });
  expect(await console_.call('offboarding.list', { state: 'open' })).toMatchObject({ total: 0 });
  // what is still charged for is not taken for one to onboard
  expect(await console_.call('customers.unused', {})).toMatchObject({
    onboardable: 0,
    rows: [{ lost: true, offboardingId }],
  });
  expect(await console_.call('onboarding.counts', {})).toMatchObject({ services: 0 });
  await expect(
    console_.call('onboarding.prepare', { source: { from: 'services' } }),
  ).rejects.toMatchObject({
    message: expect.stringContaining('but for 1 service cancelled here'),
    details: { nobody: true },
  });
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
  const { rows } = await console_.call('customers.journal', { customerId });
  expect(rows.slice(0, 4)).toMatchObject([
    { action: 'offboarding.open', details: { offboardingId: again } },
    { action: 'offboarding.cancel', details: { offboardingId } },
    { action: 'offboarding.open', details: { offboardingId } },
    { action: 'customers.map', userEmail: expect.stringContaining('@'), serviceName: null },
  ]);
  await run({ offboardingId: again, step: 'disable' });
  const of = { offboardingId: again, reason: 'Billed elsewhere' };
  await console_.call('offboarding.skip', { ...of, step: 'collect' });
  const skipped = await console_.call('offboarding.skip', { ...of, step: 'statement' });
  expect(skipped.next).toBe('empty');
});

it('a cancellation ends with a final statement once the last hours are written, and the user deleted', async () => {
  await console_.call('customers.map', { customerId, connectionId, userId });
  const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
  await console_.call('customers.setTariff', { customerId, tariffId });
  const { offboardingId } = await console_.call('offboarding.open', { customerId });
  await run({ offboardingId, step: 'disable' });
  await run({ offboardingId, step: 'collect' });
  await issueEarlier();
  expect((await run({ offboardingId, step: 'statement' })).step?.state).toBe('waiting');
  // a day of tenants' work later, in which the gateway writes what is due
  vi.setSystemTime(Date.now() + 24 * 3_600_000);
  for (let period = 0; period < 48; period += 1) gateway.state.usage.advance();
  expect((await run({ offboardingId, step: 'collect' })).step?.state).toBe('done');
  const preview = await console_.call('offboarding.previewStatement', { offboardingId });
  expect(preview).toMatchObject({ state: 'final', notFinal: null });
  const issued = await run({ offboardingId, step: 'statement' });
  expect(issued.step).toMatchObject({
    state: 'done',
    words: expect.stringContaining('(final)'),
  });
  const { rows } = await console_.call('statements.issued', { customerId });
  expect(rows[0]).toMatchObject({ state: 'final', from: rows[1]?.to });
  // the month in which it ends does not bill it again, while the cancellation goes on either
  const final = rows[0];
  const end = new Date(Date.parse(final?.to ?? '') - 1);
  const [from, to] = [0, 1].map((more) =>
    new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + more)).toISOString(),
  ) as [string, string];
  const toBill = async () => {
    const { items } = await console_.call('statements.previewAll', { from, to });
    return items.find((item) => item.customerId === customerId);
  };
  expect(await toBill()).toBeUndefined();
  const owned = (await console_.call('buckets.list', { connectionId, ownerId: userId })).rows;
  expect((await run({ offboardingId, step: 'empty' })).step?.state).toBe('waiting');
  for (const { name } of owned) gateway.state.buckets.remove(name);
  expect((await run({ offboardingId, step: 'empty' })).step?.state).toBe('done');
  expect((await run({ offboardingId, step: 'delete' })).after.state).toBe('finished');
  expect(gateway.state.users.byId.get(userId)).toBeUndefined();

  // it is one of the month in which it ends: listed and drafted there, and not billed again
  const { billingId } = await console_.call('customers.get', { customerId });
  const asked = { customerId, within: { from, to }, compare: false };
  const listed = await console_.call('statements.issued', asked);
  expect(listed.rows[0]?.statementId).toBe(final?.statementId);
  const open = await console_.call('invoices.outstanding', { billingId, from, to });
  expect(open.issued).toBe(listed.total);
  expect(await toBill()).toBeUndefined();
  // a user of later makes the rest of the month one to bill: said, and never billed with what was
  const [other = ''] = [...gateway.state.users.byId.values()].flatMap((user) =>
    user.system ? [] : [user.id],
  );
  await console_.call('customers.map', { customerId, connectionId, userId: other });
  expect(await toBill()).toMatchObject({
    amount: null,
    error: { message: expect.stringMatching(`^${final?.number} bills .* already\\.$`) },
  });
});

it('one service of two is cancelled: the other’s users stay, and the month bills both', async () => {
  const { rows: users } = await console_.call('users.list', { connectionId });
  const other = users.find((user) => !user.flags.includes('system') && user.userId !== userId);
  const otherId = other?.userId ?? '';
  const csv =
    'customer id,name,e-mail,service id,product id,product name,service status\n' +
    '8,Both,both@example.com,81,1,Bronze,Active\n8,Both,both@example.com,82,2,Silver,Active\n';
  const { id } = await console_.call('billing.save', { name: 'Two', kind: 'file', csv });
  await console_.call('billing.refresh', { id });
  const [both] = (await console_.call('customers.list', { search: 'both@' })).rows;
  const of = { customerId: both?.customerId ?? '', connectionId };
  const { serviceList } = await console_.call('customers.get', of);
  const [bronze = '', silver = ''] = serviceList.map(({ serviceId }) => serviceId);
  await console_.call('customers.map', { ...of, serviceId: bronze, userId });
  await console_.call('customers.map', { ...of, serviceId: silver, userId: otherId });
  await console_.call('customers.map', { ...of, serviceId: silver, userId });
  const opening = { customerId: of.customerId, serviceId: bronze };
  await expect(console_.call('offboarding.open', opening)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('another service'),
  });
  await console_.call('customers.unmap', { ...of, serviceId: silver, userId });

  const { offboardingId, users: leaving } = await console_.call('offboarding.open', opening);
  expect(leaving.map((user) => user.userId)).toEqual([userId]);
  await run({ offboardingId, step: 'disable' });
  await run({ offboardingId, step: 'collect' });
  const stated = await run({ offboardingId, step: 'statement' });
  expect(stated.step).toMatchObject({
    state: 'done',
    words: expect.stringContaining('statement of the month'),
  });
  expect((await console_.call('statements.issued', {})).total).toBe(0);
  for (const { name } of (await console_.call('buckets.list', { connectionId, ownerId: userId }))
    .rows) {
    gateway.state.buckets.remove(name);
  }
  await run({ offboardingId, step: 'empty' });
  expect((await run({ offboardingId, step: 'delete' })).after.state).toBe('finished');
  expect(gateway.state.users.byId.get(userId)).toBeUndefined();
  expect(gateway.state.users.byId.get(otherId)).toMatchObject({ enabled: true });
});

it('a step whose process was killed is done once, however often it is run', async () => {
  await console_.call('customers.map', { customerId, connectionId, userId });
  const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
  await console_.call('customers.setTariff', { customerId, tariffId });
  const { offboardingId } = await console_.call('offboarding.open', { customerId });
  const acted = (kind: string) => gateway.log.acted(kind).length;

  gateway.faults.add({ kind: 'hang-after', match: { method: 'POST' } });
  await killIn({ offboardingId, step: 'disable' }, () => acted('user.disabled') > 0);
  gateway.faults.clear();
  const killed = await console_.call('offboarding.get', { offboardingId });
  expect(killed.steps[0]).toMatchObject({
    state: 'failed',
    words: 'The console ended while this step was under way.',
  });
  expect((await run({ offboardingId, step: 'disable' })).step?.state).toBe('done');
  expect(acted('user.disabled')).toBe(1);

  await run({ offboardingId, step: 'collect' });
  await issueEarlier();
  const issued = async () => (await console_.call('statements.issued', { customerId })).total;
  const statement = { offboardingId, step: 'statement', acceptDraft: true } as const;
  await killIn(statement, async () => (await issued()) > 1);
  await run(statement).catch(() => undefined); // its process may have ended the step before it was killed
  expect(await issued()).toBe(2);

  for (const { name } of (await console_.call('buckets.list', { connectionId, ownerId: userId }))
    .rows) {
    gateway.state.buckets.remove(name);
  }
  await run({ offboardingId, step: 'empty' });
  gateway.faults.add({ kind: 'hang-after', match: { method: 'DELETE' } });
  await killIn({ offboardingId, step: 'delete' }, () => acted('user.removed') > 0);
  gateway.faults.clear();
  const { after } = await run({ offboardingId, step: 'delete' });
  expect(after).toMatchObject({ state: 'finished', next: null });
  expect(acted('user.removed')).toBe(1);
});
