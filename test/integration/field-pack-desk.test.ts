import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipReader } from '#core/platform/files/read-zip.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let [here, there] = [] as unknown as [TestConsole, TestConsole];
let id: string;
let pack: string;
let users: CallOutput<'users.list'>['rows'];
const secrets: string[] = [];

const quota = (userId: string, sizeGb: number) =>
  ({
    operation: 'quotas.set',
    input: { target: { user: userId }, sizeGb: String(sizeGb) },
  }) as const;
const userOf = (index: number): string => users[index]?.userId ?? '';
const quotaOf = (userId: string) => simulator.state.quotas.get(`user:${userId}`);

/** When a pack was made whose data never came to its place. */
const packedLater = '2026-01-01T00:00:00.000Z';

/** Of what is refreshed once more where the data is from. */
async function laterPack(): Promise<string> {
  await here.call('sync.refresh', { connectionId: id });
  return (await here.call('connections.fieldPack', { id, withSeen: true })).base64;
}

beforeAll(async () => {
  simulator = await startSimulator({ users: 8, buckets: 12 });
  [here, there] = await Promise.all([TestConsole.start(), TestConsole.start()]);
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  ({ id } = await here.call('connections.save', {
    ...{ name: 'Rack 7', endpoint, accessKeyId, secretKey, environment: 'production' },
    ...{ group: 'Basel', volumeId: 'ab12', secretsOverPlainHttp: true, timeoutSeconds: 30 },
  }));
  await here.call('sync.refresh', { connectionId: id });
  const { taskId } = await here.call('inventory.start', {
    ...{ connectionId: id, requestsPerSecond: 2000 },
  });
  await taskEnd(here, taskId);
  const listed = await here.call('users.list', { connectionId: id, filter: { system: false } });
  users = listed.rows.filter(({ state }) => state === 'enabled');
  // a secret that found its way into a comment does not leave with it
  const change = quota(userOf(0), 700);
  const comment = `Agreed; ${secretKey} was mailed by mistake.`;
  await here.call('plans.add', { connectionId: id, name: 'Night', change, comment });
  secrets.push(secretKey);
  for (const { keys } of simulator.state.users.byId.values()) {
    for (const key of keys) secrets.push(String(simulator.state.users.secretOf(key)));
  }
  pack = (await here.call('connections.fieldPack', { id, withSeen: true })).base64;
});
afterAll(async () => {
  await Promise.all([here.end(), there.end()]);
  await simulator.stop();
});

describe('a field pack with what was last seen', () => {
  it('is made only on request, holds ids of keys and no secret, and is on record', async () => {
    const plain = await here.call('connections.fieldPack', { id });
    expect(new ZipReader(Buffer.from(plain.base64, 'base64'), 100).has('cluster.json')).toBe(false);
    const zip = new ZipReader(Buffer.from(pack, 'base64'), 100);
    const parts = ['README.txt', 'cluster.json', 'seen/snapshot.sqlite', 'plans/1.ostorplan'];
    const texts = await Promise.all(parts.map((name) => zip.text(name, 10_000_000)));
    const all = texts.join('\n');
    const [keyId] = [...simulator.state.users.byId.values()].flatMap(({ keys }) => keys);
    expect(all).toContain(keyId);
    expect(secrets.length).toBeGreaterThan(8);
    for (const secret of secrets) {
      for (const form of [secret, encodeURIComponent(secret), btoa(secret)]) {
        expect(all.includes(form), 'a secret').toBe(false);
      }
    }
    expect(texts[3]).toContain('[redacted]');
    expect(JSON.parse(texts[1] ?? '').connection).not.toHaveProperty('secretsOverPlainHttp');
    const left = await readdir(join(here.dataDir, 'connections', id));
    expect(left.filter((name) => name.includes('copy'))).toEqual([]);
    const [entry] = (await here.call('journal.list', { connectionId: id })).rows;
    expect(entry).toMatchObject({ operation: 'connections.fieldPack', result: 'done' });
  });

  it('opens on another workstation as the cluster of that time, where changes go to plans', async () => {
    const held = await there.call('connections.readPack', { contentBase64: pack });
    expect(held).toMatchObject({
      ...{ name: 'Rack 7', environment: 'production', sameAs: null, nameTaken: false },
      ...{ users: 8, buckets: 12, plans: [{ name: 'Night', changes: 1 }] },
    });
    expect(await there.call('connections.list', {})).toEqual([]);
    const opened = await there.call('connections.openPack', { contentBase64: pack });
    expect(opened).toMatchObject({ plans: 1, seen: true });
    const connectionId = opened.id;
    expect((await readdir(there.dataDir)).filter((name) => name.startsWith('opening'))).toEqual([]);

    const [connection] = await there.call('connections.list', {});
    const { asOf } = await here.call('sync.status', { connectionId: id });
    expect(connection).toMatchObject({
      ...{ name: 'Rack 7', endpoint: simulator.url, environment: 'production', group: 'Basel' },
      ...{ volumeId: 'ab12', timeoutSeconds: 30, hasCredential: false },
      hold: { code: 'CREDENTIAL_MISSING' },
      fieldPack: { asOf },
    });
    expect(connection).not.toHaveProperty('secretsOverPlainHttp');
    simulator.log.clear();
    const status = await there.call('sync.status', { connectionId });
    expect(status).toMatchObject({ state: 'offline', asOf, users: 8, buckets: 12 });
    for (const call of ['users.list', 'buckets.list', 'keys.list', 'limits.grid'] as const) {
      const input = call === 'limits.grid' ? { kind: 'user' as const } : {};
      const [mine, theirs] = await Promise.all([
        here.call(call, { connectionId: id, ...input }),
        there.call(call, { connectionId, ...input }),
      ]);
      expect(theirs.total, call).toBe(mine.total);
    }
    const detail = await there.call('users.get', { connectionId, userId: userOf(0) });
    expect(detail.source).toBe('snapshot');

    const [plan] = await there.call('plans.list', { connectionId });
    const planId = plan?.planId ?? '';
    expect(plan).toMatchObject({ name: 'Night', changes: 1, sameCluster: true });
    const change = quota(userOf(1), 800);
    await there.call('plans.add', { connectionId, planId, change, comment: 'On the train.' });
    const generate = { operation: 'keys.generate', input: { userId: userOf(3) } } as const;
    await there.call('plans.add', { connectionId, planId, change: generate });
    await there.call('plans.edit', { connectionId, planId, note: 'Looked through.' });
    const write = { connectionId, target: { user: userOf(1) }, sizeGb: '800' };
    expect(await there.reply('quotas.set', write)).toMatchObject({ ok: false });
    expect(simulator.log.entries).toHaveLength(0);
    const [entry] = (await there.call('journal.list', { connectionId })).rows;
    expect(entry).toMatchObject({ operation: 'connections.openPack', result: 'done' });
  });

  it('brings its plans alone to where the cluster is already, each once', async () => {
    const [connection] = await there.call('connections.list', {});
    const known = { id: connection?.id ?? '', name: 'Rack 7' };
    const held = await there.call('connections.readPack', { contentBase64: pack });
    expect(held.sameAs).toMatchObject({ ...known, takesSeen: false });
    const again = await there.reply('connections.openPack', { contentBase64: pack });
    expect(again).toMatchObject({ ok: false, error: { code: 'ALREADY_EXISTS' } });
    const into = await there.call('connections.openPack', { contentBase64: pack, into: known.id });
    // the plan of the pack was edited here since: its copy is known, and not brought again
    expect(into).toEqual({ id: known.id, plans: 0, seen: false });

    // where it was made nothing of it is new, and what was seen there stays
    const later = await laterPack();
    const { asOf } = await here.call('sync.status', { connectionId: id });
    const home = await here.call('connections.openPack', { contentBase64: later, into: id });
    expect(home.seen).toBe(false);
    expect((await here.call('sync.status', { connectionId: id })).asOf).toBe(asOf);
    const newer = await there.call('connections.readPack', { contentBase64: later });
    expect(newer.sameAs).toMatchObject({ ...known, takesSeen: true });
    await there.call('connections.openPack', { contentBase64: later, into: known.id });
    const status = await there.call('sync.status', { connectionId: known.id });
    expect(status).toMatchObject({ state: 'offline', asOf });
    const [taken] = await there.call('connections.list', {});
    expect(taken?.fieldPack?.asOf).toBe(asOf);
    const [entry] = (await there.call('journal.list', { connectionId: known.id })).rows;
    expect(entry).toMatchObject({ operation: 'connections.openPack', result: 'done' });
  });

  it('takes a later pack where a console was ended while it took one', async () => {
    const [{ id: connectionId } = { id: '' }] = await there.call('connections.list', {});
    // whose data it is was noted, and the data was no longer put in place
    const path = join(there.dataDir, 'connections.json');
    const text = await readFile(path, 'utf8');
    const { asOf } = await there.call('sync.status', { connectionId });
    expect(text).toContain(String(asOf));
    await there.restart(() => writeFile(path, text.replaceAll(String(asOf), packedLater)));
    const [noted] = await there.call('connections.list', {});
    expect(noted?.fieldPack?.asOf).toBe(packedLater);
    const later = await laterPack();
    const opened = await there.call('connections.openPack', {
      ...{ contentBase64: later, into: connectionId },
    });
    expect(opened.seen).toBe(true);
    const status = await there.call('sync.status', { connectionId });
    const [connection] = await there.call('connections.list', {});
    expect(connection?.fieldPack?.asOf).toBe(status.asOf);
  });

  it('its plan goes back as a file and is applied there', async () => {
    const [{ id: connectionId } = { id: '' }] = await there.call('connections.list', {});
    const [plan] = await there.call('plans.list', { connectionId });
    const { content } = await there.call('plans.export', {
      ...{ connectionId, planId: plan?.planId ?? '' },
    });
    const { planId, sameCluster } = await here.call('plans.import', { connectionId: id, content });
    expect(sameCluster).toBe(true);
    await here.call('connections.unlock', { id, minutes: 15 });
    const keysBefore = simulator.state.users.byId.get(userOf(3))?.keys.length ?? 0;
    const { comparison } = await here.call('plans.compare', { connectionId: id, planId });
    expect(comparison).toMatchObject({ applies: 3, drifted: 0 });
    const run = await here.call('plans.check', { connectionId: id, planId });
    const { taskId } = await here.call('bulk.apply', { connectionId: id, runId: run.runId });
    await taskEnd(here, taskId);
    expect(String(quotaOf(userOf(1)))).toBe('800');
    expect(simulator.state.users.byId.get(userOf(3))?.keys).toHaveLength(keysBefore + 1);
  });

  it('with its secret key entered it is a cluster like any other, and what waits is compared', async () => {
    const [{ id: connectionId } = { id: '' }] = await there.call('connections.list', {});
    const change = quota(userOf(2), 900);
    const plan = await there.call('plans.add', { connectionId, name: 'Here', change });
    await there.call('connections.enterSecret', {
      ...{ id: connectionId, secretKey: simulator.secretKey },
    });
    // work under way is not interrupted, and a value read here makes the data its own
    const before = await there.call('sync.status', { connectionId });
    const contentBase64 = await laterPack();
    simulator.faults.add({ kind: 'hang-before', match: { method: 'GET' } });
    const reading = await there.call('inventory.start', { connectionId, requestsPerSecond: 5 });
    const busy = await there.reply('connections.openPack', { contentBase64, into: connectionId });
    expect(busy).toMatchObject({ ok: false, error: { code: 'TASK_BUSY' } });
    await there.call('tasks.cancel', { taskId: reading.taskId });
    await taskEnd(there, reading.taskId);
    simulator.faults.clear();
    const detail = await there.call('users.get', { connectionId, userId: userOf(0) });
    expect(detail.source).toBe('gateway');
    const taken = await there.call('connections.openPack', { contentBase64, into: connectionId });
    expect(taken.seen).toBe(false);
    expect((await there.call('sync.status', { connectionId })).asOf).toBe(before.asOf);
    await there.call('sync.refresh', { connectionId });
    const status = await there.call('sync.status', { connectionId });
    expect(status.state).toBe('online');
    const [connection] = await there.call('connections.list', {});
    expect(connection?.hold?.code).toBe('CONNECTION_LOCKED');
    expect(connection?.fieldPack?.asOf).not.toBe(status.asOf);
    await there.call('connections.unlock', { id: connectionId, minutes: 15 });
    const { planId } = plan;
    const compared = await there.call('plans.compare', { connectionId, planId });
    expect(compared.comparison).toMatchObject({ applies: 1 });
    const run = await there.call('plans.check', { connectionId, planId });
    const { taskId } = await there.call('bulk.apply', { connectionId, runId: run.runId });
    await taskEnd(there, taskId);
    expect(String(quotaOf(userOf(2)))).toBe('900');
    // what was read here is its own now: no pack takes its place
    const held = await there.call('connections.readPack', { contentBase64: await laterPack() });
    expect(held.sameAs).toMatchObject({ takesSeen: false });
  });
});
