import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { foundUnder } from '#test/fakes/files-under.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { part } from '#test/part.ts';
import { programPath } from '#test/program-path.ts';
import type { CampaignOrder } from './campaign-until-killed.ts';

const people = part(12, 30);
/** Who hold two keys already. */
const full = 4;

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;

type Key = CallOutput<'campaigns.keys'>['rows'][number];

beforeEach(async () => {
  // one is the console's own
  simulator = await startSimulator({ users: people + 1, buckets: 0 });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  ({ id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', environment: 'lab', endpoint, accessKeyId, secretKey },
  }));
  const { users } = simulator.state;
  for (const [index, user] of tenants().entries()) {
    const first = users.newKey(user.id, []);
    const keys = index < full ? [first, users.newKey(user.id, [first])] : [first];
    users.put({ ...user, keys, accounts: [], enabled: true });
  }
  await console_.call('sync.refresh', { connectionId });
  await readKeys();
});

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

const tenants = () => [...simulator.state.users.byId.values()].filter(({ system }) => !system);

async function readKeys(): Promise<void> {
  const { taskId } = await console_.call('inventory.start', {
    ...{ connectionId, parts: ['keys'], requestsPerSecond: 2000, restart: true },
  });
  await taskEnd(console_, taskId);
}

const start = (kind: 'rotate' | 'finish', filter: object = {}) =>
  console_.call('campaigns.start', { connectionId, title: 'Autumn', kind, of: { filter } });

async function step(campaignId: string, name: 'generate' | 'revoke') {
  const input = { connectionId, campaignId, step: name };
  const { taskId } = await console_.call('campaigns.step', input);
  return taskEnd(console_, taskId);
}

const keysOf = async (campaignId: string): Promise<Key[]> =>
  (await console_.call('campaigns.keys', { connectionId, campaignId, limit: 1000 })).rows;

const countsOf = async (campaignId: string) =>
  (await console_.call('campaigns.get', { connectionId, campaignId })).counts;

async function mark(
  campaignId: string,
  as: CallInput<'campaigns.mark'>['as'],
  from: Key['state'],
  more: Partial<CallInput<'campaigns.mark'>> = {},
) {
  const rows = (await keysOf(campaignId)).filter(({ state }) => state === from);
  const input = { connectionId, campaignId, as, rows: rows.map(({ row }) => row) };
  return console_.call('campaigns.mark', { ...input, ...more });
}

const posts = { method: 'POST', service: 'ostor-users' };

/** Lets that many writes fail: refused, or acted on without an answer. */
const failWrites = (count: number, how: 403 | 500 | 'reset-after') =>
  simulator.faults.add(
    how === 'reset-after'
      ? { kind: how, match: posts, count }
      : { kind: 'status', status: how, match: posts, count },
  );

/** Each user that was rotated holds the new key alone, and that is the one the campaign names. */
async function expectRotated(campaignId: string, skipped: number): Promise<void> {
  const keys = await keysOf(campaignId);
  const rotated = keys.filter(({ state }) => state === 'revoked');
  expect(keys.filter(({ state }) => state === 'skipped')).toHaveLength(skipped);
  expect(rotated).toHaveLength(keys.length - skipped);
  for (const { userId, oldAccessKeyId, newAccessKeyId } of rotated) {
    const held = simulator.state.users.byId.get(userId)?.keys;
    expect(held).toEqual([newAccessKeyId]);
    expect(held).not.toContain(oldAccessKeyId);
  }
}

/** Looks through all files of a console that has written what it writes. */
async function expectNoSecrets(): Promise<void> {
  await console_.core.close();
  const all = tenants().flatMap(({ keys }) => keys);
  const secrets = all.map((key) => simulator.state.users.secretOf(key));
  expect(foundUnder(console_.dataDir, secrets)).toEqual([]);
}

describe('a key campaign', () => {
  it('rotates what has a free slot, keeps the cap, and says why it skipped', async () => {
    const { campaignId, total, counts } = await start('rotate');
    // both keys of who holds two, and the console's own
    expect(counts).toMatchObject({ todo: people - full, skipped: 2 * full + 1 });
    expect(total).toBe(people + full + 1);
    const skipped = (await keysOf(campaignId)).filter(({ state }) => state === 'skipped');
    expect(skipped.map(({ reason }) => reason).filter((reason) => !reason)).toEqual([]);

    const preview = await console_.call('campaigns.preview', {
      ...{ connectionId, campaignId, step: 'generate' },
    });
    expect(preview).toMatchObject({ keys: people - full, needsTypedName: null, refusal: null });
    expect(preview.first?.operation).toBe('keys.generate');
    await step(campaignId, 'generate');
    expect(await countsOf(campaignId)).toMatchObject({ todo: 0, generated: people - full });
    expect(tenants().filter(({ keys }) => keys.length > 2)).toEqual([]);

    // nothing is revoked before the operator says that the new key is in use
    expect(
      await console_.call('campaigns.preview', { connectionId, campaignId, step: 'revoke' }),
    ).toMatchObject({ keys: 0, first: null });
    const [first] = (await keysOf(campaignId)).filter(({ state }) => state === 'generated');
    const sheet = await console_.call('onboarding.handover', {
      connectionId,
      userId: first?.userId ?? '',
      accessKeyId: first?.newAccessKeyId ?? '',
      withSecret: true,
    });
    expect(sheet.secretAccessKey).toBe(simulator.state.users.secretOf(first?.newAccessKeyId ?? ''));
    await mark(campaignId, 'handed-over', 'generated');
    await console_.restart();
    await mark(campaignId, 'in-use', 'handed-over');
    await step(campaignId, 'revoke');
    await expectRotated(campaignId, 2 * full + 1);
    const { rows } = await console_.call('journal.list', { connectionId, limit: 500 });
    const ofCampaign = rows.filter(({ ticket }) => ticket === 'Key campaign: Autumn');
    expect(ofCampaign).toHaveLength(2 * (people - full));
    expect(rows.filter(({ title }) => title === 'Mark keys as in use')).toHaveLength(1);
    await expectNoSecrets();
  });

  it('finishes rotations: the younger key stays', async () => {
    // a second reading later: who came since was first seen later
    const userId = tenants()[full]?.id ?? '';
    await console_.call('keys.generate', { connectionId, userId });
    const held = () => simulator.state.users.byId.get(userId)?.keys;
    const before = held() ?? [];
    await readKeys();
    const { campaignId, counts } = await start('finish', { bothSlots: true });
    expect(counts).toMatchObject({ generated: 1, skipped: full });
    const key = (await keysOf(campaignId)).find((one) => one.userId === userId);
    expect(key).toMatchObject({ state: 'generated', newAccessKeyId: before[1] });
    await mark(campaignId, 'in-use', 'generated');
    await step(campaignId, 'revoke');
    expect(held()).toEqual([before[1]]);
  });

  it('finds a key whose answer was lost, and makes no third', async () => {
    const { campaignId } = await start('rotate');
    failWrites(3, 'reset-after');
    failWrites(2, 500);
    await step(campaignId, 'generate');
    simulator.faults.clear();
    // what is not clear can be skipped, and taken up again
    expect(await mark(campaignId, 'skipped', 'generating', { reason: 'Later' })).toMatchObject({
      marked: 2,
    });
    const rows = (await keysOf(campaignId)).flatMap(({ row, reason }) =>
      reason === 'Later' ? [row] : [],
    );
    // it is read before anything is sent for it again
    await mark(campaignId, 'open', 'skipped', { rows });
    expect(await countsOf(campaignId)).toMatchObject({ generating: 2, todo: 0 });
    await step(campaignId, 'generate');
    const of = { connectionId, limit: 500 };
    const { rows: entries } = await console_.call('journal.list', of);
    expect(entries.filter(({ result }) => result === 'open' || result === 'unknown')).toEqual([]);
    expect(await countsOf(campaignId)).toMatchObject({
      ...{ todo: 0, generating: 0, failed: 0, generated: people - full },
    });
    const held = tenants().map(({ keys }) => keys.length);
    expect(held).toEqual(held.map(() => 2));
    await mark(campaignId, 'in-use', 'generated');
    failWrites(3, 'reset-after');
    await step(campaignId, 'revoke');
    simulator.faults.clear();
    await step(campaignId, 'revoke');
    await expectRotated(campaignId, 2 * full + 1);
    await expectNoSecrets();
  });

  it('never revokes where the new key is gone, and repeats what was refused', async () => {
    const { campaignId } = await start('rotate');
    await step(campaignId, 'generate');
    const [key] = (await keysOf(campaignId)).filter(({ state }) => state === 'generated');
    const { userId = '', newAccessKeyId, oldAccessKeyId } = key ?? {};
    await console_.call('keys.revoke', {
      ...{ connectionId, userId, accessKeyId: newAccessKeyId ?? '' },
    });
    await mark(campaignId, 'in-use', 'generated');
    failWrites(3, 403);
    await step(campaignId, 'revoke');
    expect(simulator.state.users.byId.get(userId)?.keys).toEqual([oldAccessKeyId]);
    const failed = (await keysOf(campaignId)).filter(({ state }) => state === 'failed');
    expect(failed.find((key) => key.userId === userId)?.reason).toContain('no longer exists');
    // three were refused, and are due for what they failed at
    const { due } = await console_.call('campaigns.get', { connectionId, campaignId });
    expect([failed.length, due]).toEqual([4, { generate: 1, revoke: 3 }]);
    // another is generated, and it is the one that stays
    await step(campaignId, 'generate');
    await mark(campaignId, 'in-use', 'generated');
    await step(campaignId, 'revoke');
    await expectRotated(campaignId, 2 * full + 1);
  });

  it('marks what still is as it was seen, and works on a key from one side at a time', async () => {
    const { campaignId } = await start('rotate');
    const todo = (await keysOf(campaignId)).filter(({ state }) => state === 'todo');
    const [one, ...others] = todo.map(({ row }) => row);
    const rows = [one ?? 0];
    await step(campaignId, 'generate');
    const skip = { connectionId, campaignId, as: 'skipped', reason: 'No time' } as const;
    expect(
      await console_.call('campaigns.mark', { ...skip, rows, states: ['todo'] }),
    ).toMatchObject({ marked: 0 });
    expect(
      await console_.call('campaigns.mark', { ...skip, rows, states: ['generated'] }),
    ).toMatchObject({ marked: 1 });
    await mark(campaignId, 'in-use', 'generated');
    // a step that begins while keys are marked leaves those, and a campaign that is closed takes none
    const marked = console_.call('campaigns.mark', { ...skip, rows: others });
    const stepped = step(campaignId, 'revoke');
    expect(await marked).toMatchObject({ marked: others.length });
    await stepped;
    expect(await countsOf(campaignId)).toMatchObject({ skipped: todo.length + 2 * full + 1 });
    const of = { connectionId, campaignId };
    const [closed, refused] = await Promise.allSettled([
      console_.call('campaigns.update', { ...of, closed: true }),
      console_.call('campaigns.step', { ...of, step: 'revoke' }),
    ]);
    expect([closed.status, refused.status]).toEqual(['fulfilled', 'rejected']);
  });

  it('says of its own requests alone that they did not happen', async () => {
    const { id: userId = '', keys: [accessKeyId = ''] = [] } = tenants()[full] ?? {};
    const of = { connectionId, userId };
    await console_.call('accounts.create', { ...of, accountName: 'backup' });
    const results = async () =>
      (await console_.call('journal.list', { connectionId })).rows
        .filter(({ operation }) => operation === 'keys.generate')
        .map(({ result }) => result);
    failWrites(1, 500);
    await expect(
      console_.call('keys.generate', { ...of, accountName: 'backup' }),
    ).rejects.toMatchObject({ details: { outcome: 'unknown' } });
    const { campaignId } = await console_.call('campaigns.start', {
      ...{ connectionId, title: 'One', kind: 'rotate' },
      of: { keys: [{ userId, accessKeyId }] },
    });
    failWrites(1, 500);
    await step(campaignId, 'generate');
    expect(await results()).toEqual(['unknown', 'unknown']);
    await step(campaignId, 'generate');
    expect(await results()).toEqual(['verified', 'refused', 'unknown']);
  });

  it('keeps two campaigns off the same key where one is reopened or continues', async () => {
    const { campaignId } = await start('rotate');
    const of = { connectionId, campaignId };
    await console_.call('campaigns.update', { ...of, closed: true });
    const second = await start('rotate');
    expect(second.counts.todo).toBe(people - full);
    const reopened = await console_.call('campaigns.update', { ...of, closed: false });
    const { rows: entries } = await console_.call('journal.list', { connectionId, limit: 500 });
    const ofCampaign = entries.filter(({ operation }) =>
      /^campaigns\.(start|update)$/.test(operation),
    );
    expect(ofCampaign.map(({ title }) => title.split(' ')[0]).reverse()).toEqual([
      ...['Start', 'Close', 'Start', 'Reopen'],
    ]);
    expect(ofCampaign[0]).toMatchObject({ ticket: 'Autumn', after: { state: 'open' } });
    expect(reopened.counts).toMatchObject({ todo: 0, skipped: reopened.total });
    const held = (await keysOf(campaignId)).filter(({ reason }) => reason?.includes('is open for'));
    const rows = held.map(({ row }) => row);
    expect(await mark(campaignId, 'open', 'skipped', { rows })).toEqual({
      marked: 0,
      heldElsewhere: people - full,
    });
    await console_.call('campaigns.update', {
      ...{ connectionId, campaignId: second.campaignId, closed: true },
    });
    expect(await mark(campaignId, 'open', 'skipped', { rows })).toEqual({
      marked: people - full,
      heldElsewhere: 0,
    });
    expect(await countsOf(campaignId)).toMatchObject({ todo: people - full });
  });

  it('keeps two campaigns off the same key, asks production for its name, and closes', async () => {
    const first = await start('rotate');
    const second = await start('rotate');
    expect(second.counts.todo).toBe(0);
    const { campaignId } = first;
    const of = { connectionId, campaignId };
    await expect(
      console_.call('campaigns.mark', { ...of, rows: [1], as: 'skipped' }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const closed = await console_.call('campaigns.update', { ...of, closed: true, comment: 'No' });
    expect(closed).toMatchObject({ comment: 'No', closedAt: expect.any(String) });
    const closedStep = console_.call('campaigns.step', { ...of, step: 'generate' });
    await expect(closedStep).rejects.toMatchObject({ code: 'CONFLICT' });
    const { total, rows } = await console_.call('campaigns.list', { connectionId });
    expect([total, rows.map((one) => one.campaignId)]).toEqual([
      2,
      expect.arrayContaining([campaignId, second.campaignId]),
    ]);
    const { url: endpoint, accessKeyId } = simulator;
    await console_.call('connections.save', {
      ...{ id: connectionId, name: 'Rack 1', environment: 'production', endpoint, accessKeyId },
    });
    await console_.call('connections.unlock', { id: connectionId, minutes: 15 });
    const revoke = { connectionId, campaignId: second.campaignId, step: 'revoke' } as const;
    const asked = await console_.call('campaigns.preview', revoke);
    expect(asked.needsTypedName).toBe('Autumn');
    const refused = console_.call('campaigns.step', { ...revoke, typedName: 'autumn' });
    await expect(refused).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    const { taskId } = await console_.call('campaigns.step', { ...revoke, typedName: 'Autumn' });
    expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'succeeded' });
  });
});

/** Runs a step in a separate process that is killed once the gateway acted a number of times. */
async function stepUntilKilled(order: CampaignOrder, after: number): Promise<boolean> {
  const child = fork(programPath(import.meta.url, './campaign-until-killed.ts'), {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'ostor-compiled'), ...process.env },
  });
  const exited = once(child, 'exit');
  const { log } = simulator;
  let sent = 0;
  let killed = false;
  log.add = (request) => {
    if (request.method === 'POST') sent += 1;
    // the gateway acts on it, and nobody hears of it
    if (sent === after) killed ||= child.kill('SIGKILL');
    return Object.getPrototypeOf(log).add.call(log, request);
  };
  try {
    await once(child, 'message');
    child.send(order);
    await exited;
    return killed;
  } finally {
    log.add = Object.getPrototypeOf(log).add;
  }
}

it('a campaign that is killed in the middle ends with exactly the new key of each', async () => {
  const { campaignId } = await start('rotate');
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const gateway = { endpoint, accessKeyId, secretKey };
  const { dataDir } = console_;
  const order = { dataDir, campaignId, connection: { id: connectionId, ...gateway } };
  const run = async (name: 'generate' | 'revoke'): Promise<void> => {
    await console_.core.close(); // the archive is open in one process at a time
    const killed = await stepUntilKilled({ ...order, step: name }, 5);
    expect(killed).toBe(true);
    await console_.restart();
    // what the kill left is shown as not clear, and done by the same step
    const { generating, revoking } = await countsOf(campaignId);
    expect(generating + revoking).toBeGreaterThan(0);
    await step(campaignId, name);
  };
  await run('generate');
  expect(await countsOf(campaignId)).toMatchObject({ generated: people - full, generating: 0 });
  expect(tenants().filter(({ keys }) => keys.length > 2)).toEqual([]);
  await mark(campaignId, 'in-use', 'generated');
  await run('revoke');
  await expectRotated(campaignId, 2 * full + 1);
  // what a kill left open in the journal says how it ended
  const { rows } = await console_.call('journal.list', { connectionId, limit: 500 });
  expect(rows.filter(({ result }) => result === 'open' || result === 'unknown')).toEqual([]);
  await expectNoSecrets();
});
