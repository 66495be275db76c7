import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { openArchive } from '#core/store/archive/archive.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { CollectingConsole } from '#test/fakes/collecting-console.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';
import type { CollectOrder } from '#test/soak/collect-child.ts';

const ends: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ostor-safety-'));
  ends.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function simulate(usage: number): Promise<Simulator> {
  const simulator = await startSimulator({ usage, now: Date.UTC(2026, 9, 20) });
  ends.push(() => simulator.stop());
  return simulator;
}

/** A process that collects and deletes in a directory, once it is ready. */
async function startCollector(order: Omit<CollectOrder, 'threads'>): Promise<ChildProcess> {
  const child = fork(programPath(import.meta.url, '../../soak/collect-child.ts'), {
    stdio: 'inherit',
  });
  ends.push(() => child.kill('SIGKILL'));
  await once(child, 'message');
  child.send({ ...order, threads: true } satisfies CollectOrder);
  return child;
}

/** Resolves once the simulator has acted so often. */
async function acted(simulator: Simulator, times: number): Promise<void> {
  while (simulator.log.acted('usage.removed').length < times) {
    // in the middle of hundreds, and no core is kept busy by looking
    await pause(2);
  }
}

async function killAfter(removals: number, directory: string): Promise<Simulator> {
  const simulator = await simulate(600);
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const child = await startCollector({ directory, endpoint, accessKeyId, secretKey });
  await acted(simulator, removals);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  return simulator;
}

it('knows a copy of archive.sqlite alone, taken after a kill, for what it is', async () => {
  const directory = newDirectory();
  const simulator = await killAfter(40, directory);
  const deleted = simulator.log.acted('usage.removed').length;
  const [alone, inPlace, whole] = [newDirectory(), newDirectory(), newDirectory()];
  copyFileSync(join(directory, 'archive.sqlite'), join(alone, 'archive.sqlite'));
  cpSync(directory, inPlace, { recursive: true });
  rmSync(join(inPlace, 'archive.sqlite-wal'));
  rmSync(join(inPlace, 'archive.sqlite-shm'), { force: true });
  cpSync(directory, whole, { recursive: true });

  for (const copy of [alone, inPlace]) {
    const bytes = readFileSync(join(copy, 'archive.sqlite'));
    await expect(openArchive(copy)).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
      details: { damage: 'incomplete' },
    });
    expect(readFileSync(join(copy, 'archive.sqlite')).equals(bytes)).toBe(true);
  }
  const archive = await openArchive(whole);
  const { objects } = await archive.read('extent', undefined as never);
  expect(objects).toBeGreaterThanOrEqual(deleted);
  const { fileName } = await archive.write('backUp', { reason: 'demand' });
  await archive.close();
  // After a close, as after a backup, one file is the whole archive.
  const copies = [join(whole, 'archive.sqlite'), join(whole, 'archive-backups', fileName)];
  for (const file of copies) {
    const next = newDirectory();
    copyFileSync(file, join(next, 'archive.sqlite'));
    const opened = await openArchive(next);
    expect(await opened.read('extent', undefined as never)).toMatchObject({ objects });
    await opened.close();
  }
});

it('has all of a task in the file itself when the task has ended', async () => {
  const { console_, connectionId, path } = await consoleWith(await simulate(60));
  const { taskId } = await console_.call('usage.collect', { connectionId });
  await taskEnd(console_, taskId);
  const copy = join(newDirectory(), 'archive.sqlite');
  copyFileSync(path, copy);
  const database = new DatabaseSync(copy);
  expect(database.prepare('SELECT count(*) AS n FROM usage_object').get()).toEqual({ n: 60 });
  database.close();
});

it.each(['missing', 'empty', 'without its log'])(
  'collects and writes nothing into an archive that is %s, until a backup is restored',
  async (what) => {
    const simulator = await simulate(60);
    const { console_, connectionId, path } = await consoleWith(simulator);
    await taskEnd(console_, (await console_.call('usage.collect', { connectionId })).taskId);
    const backup = await console_.call('archive.backup', { connectionId });
    const record = await console_.call('archive.status', { connectionId });
    expect(record.objects).toBe(60);
    await console_.restart();
    if (what === 'missing') rmSync(path);
    if (what === 'empty') writeFileSync(path, '');
    if (what === 'without its log') loseHalf(path);

    const status = await console_.call('archive.status', { connectionId });
    expect(status).toMatchObject({ state: 'damaged', error: { code: 'ARCHIVE_DAMAGED' } });
    expect(status.error?.hint).toContain(backup.fileName);
    for (const call of [
      () => console_.call('usage.collect', { connectionId, removeCollected: true }),
      () => console_.call('users.create', { connectionId, email: 'new@example.com' }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
    }
    expect(simulator.log.entries.filter(({ method }) => method !== 'GET')).toEqual([]);

    await console_.call('archive.restore', { connectionId, fileName: backup.fileName });
    expect(await console_.call('archive.status', { connectionId })).toMatchObject({
      state: 'sound',
      objects: 60,
    });
    const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
    expect(rows[0]).toMatchObject({ operation: 'archive.restore', result: 'done' });
    expect(await console_.call('journal.verify', { connectionId })).toMatchObject({ ok: true });
  },
);

it('continues with an incomplete archive when asked to, and its journal says so', async () => {
  const { console_, connectionId, path } = await consoleWith(await simulate(60));
  await taskEnd(console_, (await console_.call('usage.collect', { connectionId })).taskId);
  await console_.restart();
  loseHalf(path);
  await expect(
    console_.call('archive.decide', { connectionId: 'demo', decision: 'continue' }),
  ).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  await console_.call('archive.decide', { connectionId, decision: 'continue' });
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({
    state: 'sound',
    objects: 30,
  });
  const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
  expect(rows).toMatchObject([{ title: 'Continue with an incomplete archive' }]);
  await expect(
    console_.call('archive.decide', { connectionId, decision: 'begin-new' }),
  ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

it.each(['moved away', 'replaced by a copy', 'robbed of its log'])(
  'deletes nothing on the gateway once the archive was %s',
  async (what) => {
    await using setup = await CollectingConsole.start({ usage: 50 });
    const { archive, simulator } = setup;
    const { directory, path } = archive;
    let done = false;
    const spoil = (): null => {
      if (done) return null;
      done = true;
      if (what === 'robbed of its log') rmSync(`${path}-wal`);
      else renameSync(directory, `${directory}-moved`);
      if (what === 'replaced by a copy') {
        cpSync(`${directory}-moved`, directory, { recursive: true });
      }
      return null;
    };
    ends.push(() => rmSync(`${directory}-moved`, { recursive: true, force: true }));
    await expect(
      setup.collect({ removeCollected: true, removalHold: spoil }),
    ).rejects.toMatchObject({ code: 'ARCHIVE_REPLACED' });
    expect(simulator.log.acted('usage.removed')).toEqual([]);
    await expect(archive.write('writeSetting', { name: 'a', value: 1 })).rejects.toMatchObject({
      code: 'ARCHIVE_REPLACED',
    });
    if (!existsSync(directory)) mkdirSync(directory);
  },
);

it('restores nothing while another process collects, and loses nothing', async () => {
  const simulator = await simulate(60);
  const { console_, connectionId, path } = await consoleWith(simulator);
  const { fileName } = await console_.call('archive.backup', { connectionId });
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const directory = join(path, '..');
  // the other process is in the middle of it for as long as this one needs
  const asked = Promise.withResolvers<void>();
  const match = { method: 'DELETE' };
  simulator.faults.add({ kind: 'latency', until: asked.promise, match });
  const child = await startCollector({ directory, endpoint, accessKeyId, secretKey });
  const collected = once(child, 'exit');
  await acted(simulator, 1);
  await expect(console_.call('archive.restore', { connectionId, fileName })).rejects.toMatchObject({
    code: 'ARCHIVE_IN_USE',
    retryable: true,
  });
  await expect(console_.call('connections.remove', { id: connectionId })).rejects.toMatchObject({
    code: 'ARCHIVE_IN_USE',
  });
  asked.resolve();
  await collected;
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({ objects: 60 });

  const { setAside } = await console_.call('archive.restore', { connectionId, fileName });
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({ objects: 0 });
  const aside = (await console_.call('archive.backups', { connectionId })).find(
    (backup) => backup.path === setAside,
  );
  expect(aside).toMatchObject({ reason: 'before-restore' });
  await console_.call('archive.restore', { connectionId, fileName: aside?.fileName ?? '' });
  expect(await console_.call('archive.status', { connectionId })).toMatchObject({ objects: 60 });
  const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
  expect(rows[0]).toMatchObject({ operation: 'archive.restore' });
});

it('restores nothing while a task or another change of the archive is in progress', async () => {
  const simulator = await simulate(60);
  const { console_, connectionId } = await consoleWith(simulator);
  const { fileName } = await console_.call('archive.backup', { connectionId });
  const collecting = Promise.withResolvers<void>();
  const slow = simulator.faults.add({ kind: 'latency', until: collecting.promise });
  const { taskId } = await console_.call('usage.collect', { connectionId });
  await expect(console_.call('archive.restore', { connectionId, fileName })).rejects.toMatchObject({
    code: 'TASK_BUSY',
  });
  slow.remove();
  collecting.resolve();
  await taskEnd(console_, taskId);
  const answered = Promise.withResolvers<void>();
  const match = { method: 'PUT' };
  const held = simulator.faults.add({ kind: 'latency', until: answered.promise, match });
  const target = { default: 'user' } as const;
  const change = console_.call('quotas.set', { connectionId, target, sizeGb: 5 });
  await eventually(() => expect(held.hits).toBe(1));
  await expect(console_.call('archive.restore', { connectionId, fileName })).rejects.toMatchObject({
    code: 'TASK_BUSY',
    message: expect.stringContaining('A change of this cluster is in progress'),
  });
  answered.resolve();
  await change;
  await console_.call('archive.restore', { connectionId, fileName });
});

interface Setup {
  console_: TestConsole;
  connectionId: string;
  path: string;
}

async function consoleWith(simulator: Simulator): Promise<Setup> {
  const console_ = await TestConsole.start();
  ends.push(() => console_.end());
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const { id } = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  });
  const path = join(console_.dataDir, 'connections', id, 'archive.sqlite');
  return { console_, connectionId: id, path };
}

/** As if half of what was collected had been in a log that is gone. */
function loseHalf(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('DELETE FROM usage_raw WHERE object_id > 30');
  database.exec('DELETE FROM usage_object WHERE id > 30');
  database.close();
}
