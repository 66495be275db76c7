import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-20T00:00:00Z' };

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;
let path: string;

beforeEach(async () => {
  simulator = await startSimulator({
    usage: 60,
    users: 6,
    buckets: 10,
    now: Date.UTC(2026, 9, 20),
  });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  });
  connectionId = connection.id;
  path = join(console_.dataDir, 'connections', connectionId, 'archive.sqlite');
  await collect();
});

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

async function collect(verify = false): Promise<unknown> {
  const { taskId } = await console_.call('usage.collect', { connectionId, verify });
  return (await taskEnd(console_, taskId)).result;
}

/** Does something to the file while no console has it open: one opens it when it is first asked for. */
async function whileClosed(work: () => void): Promise<void> {
  await console_.restart();
  work();
}

it('keeps both contents of an object that changed, until somebody says which counts', async () => {
  const before = await console_.call('usage.report', { connectionId, ...period, groupBy: 'user' });
  const [name = ''] = simulator.state.usage.names();
  simulator.state.usage.alter(name);
  expect(await collect(true)).toMatchObject({
    failed: 1,
    failures: [{ name, stage: 'conflict', error: { code: 'CONFLICT' } }],
  });
  const coverage = await console_.call('usage.coverage', { connectionId, ...period });
  expect(coverage.summary).toMatchObject({ final: false, conflictingHours: 1 });
  const [conflict] = await console_.call('usage.conflicts', { connectionId });
  expect(conflict?.name).toBe(name);
  const digest = conflict?.digest ?? '';
  const removal = await console_.call('usage.removeObjects', { connectionId, names: [name] });
  expect(await taskEnd(console_, removal.taskId)).toMatchObject({
    state: 'failed',
    error: {
      code: 'NOTHING_REMOVED',
      message: 'Nothing was sent: 1 object differs from the archive.',
    },
  });
  expect(simulator.state.usage.find(name)).toBeDefined();

  await console_.call('usage.resolveConflict', { connectionId, name, digest, take: 'variant' });
  expect(await console_.call('usage.conflicts', { connectionId })).toEqual([]);
  const after = await console_.call('usage.report', { connectionId, ...period, groupBy: 'user' });
  expect(BigInt(after.totals.downloaded)).toBe(BigInt(before.totals.downloaded) + 1n);
  const object = await console_.call('usage.object', { connectionId, name });
  expect(object).toMatchObject({
    archived: { digest, conflicts: 0 },
    variants: [{ resolution: 'took-variant' }],
  });
});

it('says that its file is of a newer console, touches nothing, and opens the older copy again', async () => {
  const kept = join(console_.dataDir, 'kept.sqlite');
  await whileClosed(() => {
    copyFileSync(path, kept);
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 9999');
    database.close();
  });
  const bytes = readFileSync(path);
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({
    state: 'newer',
    error: { code: 'ARCHIVE_NEWER' },
  });
  for (const call of [
    () => console_.call('usage.report', { connectionId, ...period, groupBy: 'user' }),
    () => console_.call('usage.collect', { connectionId, removeCollected: true }),
    () => console_.call('journal.list', { connectionId, limit: 1 }),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'ARCHIVE_NEWER' });
  }
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(simulator.log.entries.filter(({ method }) => method === 'DELETE')).toEqual([]);
  await whileClosed(() => copyFileSync(kept, path));
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({ state: 'sound' });
});

it('deletes nothing with a damaged file, reads what can be read, and is whole again from its backup', async () => {
  const backup = await console_.call('archive.backup', { connectionId });
  const whole = await console_.call('usage.report', { connectionId, ...period, groupBy: 'user' });
  // Its five services have all of these hours.
  const evening = { from: '2026-10-19T19:00:00Z', to: '2026-10-19T23:00:00Z' };
  expect(
    await console_.call('usage.report', { connectionId, ...evening, groupBy: 'day' }),
  ).toMatchObject({ coverage: { final: true } });
  await whileClosed(() => damage(path));
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({
    state: 'damaged',
    error: { code: 'ARCHIVE_DAMAGED' },
    newestBackup: { fileName: backup.fileName },
  });
  await expect(
    console_.call('usage.collect', { connectionId, removeCollected: true }),
  ).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await console_.call('archive.openReadOnly', { connectionId });
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({
    state: 'damaged',
    readOnly: true,
  });
  const salvaged = await console_.call('usage.report', {
    connectionId,
    ...evening,
    groupBy: 'day',
  });
  expect(salvaged.coverage).toMatchObject({ final: false, missingHours: 0, openHours: 0 });
  expect(salvaged.coverage.words).toContain('the archive is damaged');
  const { taskId } = await console_.call('usage.collect', { connectionId, removeCollected: true });
  expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'failed' });
  expect(simulator.log.entries.filter(({ method }) => method === 'DELETE')).toEqual([]);
  expect(simulator.state.usage.names()).toHaveLength(60);

  const { fileName } = backup;
  await console_.call('archive.restore', { connectionId, fileName });
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({
    state: 'sound',
    objects: 60,
  });
  const again = await console_.call('usage.report', { connectionId, ...period, groupBy: 'user' });
  expect(again.totals).toEqual(whole.totals);
});

it('without a backup says how to continue, and begins a new archive only when asked to', async () => {
  await whileClosed(() => damage(path));
  const { error } = await console_.call('archive.status', { connectionId });
  expect(error?.hint).toContain('start a new archive');
  await expect(collect()).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await whileClosed(() => renameSync(path, `${path}.kept`));
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({
    state: 'damaged',
    damage: 'missing',
  });
  await expect(collect()).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  expect(existsSync(path)).toBe(false);
  await console_.call('archive.decide', { connectionId, decision: 'begin-new' });
  expect(await collect()).toMatchObject({ collected: 60, failed: 0 });
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({
    state: 'sound',
    objects: 60,
  });
  const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
  expect(rows).toMatchObject([{ operation: 'archive.decide', title: 'Start a new archive' }]);
});

/** Writes over a piece of the counters' table: the file opens, and its check fails. */
function damage(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
  const size = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  const root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'counter'").get();
  database.close();
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(64, 0xee), 0, 64, (Number(root?.rootpage) - 1) * size + 8);
  closeSync(handle);
}
