import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { openArchive } from '#core/archive/archive.ts';
import { startSimulator } from '#simulator/index.ts';
import type { CollectOrder } from './collect-until-killed.ts';

const kills = 100;
/** Started ahead, since starting takes longer than what is interrupted. */
const ahead = 3;
const directory = mkdtempSync(join(tmpdir(), 'ostor-kills-'));
const children = new Set<ChildProcess>();

interface Waiting {
  child: ChildProcess;
  ready: Promise<unknown>;
}

function startCollector(): Waiting {
  const child = fork(join(import.meta.dirname, 'collect-until-killed.ts'), {
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: join(directory, 'compile-cache') },
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return { child, ready: once(child, 'message') };
}

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

it(`ends in the truth after ${kills} kills, with nothing deleted that was not archived`, async () => {
  const simulator = await startSimulator({ usage: 1600, now: Date.UTC(2026, 9, 20), latencyMs: 2 });
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const order = { directory, endpoint, accessKeyId, secretKey };
  let seen = 0;
  /** Every deletion the simulator has served so far was of an object that is in the file. */
  const expectDeletedAreArchived = (): void => {
    const deleted = simulator.log.acted('usage.removed');
    if (deleted.length === seen) return;
    // the first to open it after a kill holds it alone while it recovers the log
    const database = new DatabaseSync(join(directory, 'archive.sqlite'), { timeout: 10_000 });
    const find = database.prepare('SELECT 1 FROM usage_object WHERE name = ?');
    for (const { acted } of deleted.slice(seen)) {
      for (const { target } of acted) expect(find.get(target), target).toBeDefined();
    }
    database.close();
    seen = deleted.length;
  };

  const waiting = Array.from({ length: ahead }, startCollector);
  for (let kill = 0; kill < kills; kill += 1) {
    const { child, ready } = waiting.shift() ?? startCollector();
    if (kill + ahead < kills) waiting.push(startCollector());
    await ready;
    child.send({ ...order, threads: kill % 10 === 0 } satisfies CollectOrder);
    // half of them while it deletes, however long a slow machine takes to get there
    const served =
      kill % 2 === 0
        ? () => simulator.log.entries.length
        : () => simulator.log.acted('usage.removed').length;
    const point = served() + Math.floor(Math.random() * (kill % 2 === 0 ? 60 : 24));
    while (served() < point && child.exitCode === null) await pause(1);
    await pause(Math.random() * 8);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expectDeletedAreArchived();
  }
  const killedAt = seen;

  const last = startCollector();
  await last.ready;
  last.child.send({ ...order, threads: true } satisfies CollectOrder);
  const [message] = (await once(last.child, 'message')) as [{ result: { failed: number } }];
  expect(message.result.failed).toBe(0);
  expectDeletedAreArchived();

  expect(killedAt).toBeGreaterThan(100);
  expect(simulator.state.usage.names()).toEqual([]);
  const deletions = simulator.log.acted('usage.removed').flatMap(({ acted }) => acted);
  expect(new Set(deletions.map(({ target }) => target)).size).toBe(deletions.length);
  const archive = await openArchive(directory);
  const rows = await archive.read('reportGroups', {
    fromHour: 0,
    toHour: 1_000_000,
    groupBy: 'bucket',
    filter: {},
  });
  const figures = rows.map(
    ({ bucket, epoch, put, get, list, other, uploaded, downloaded }) =>
      [`${bucket}#${epoch}`, { put, get, list, other, uploaded, downloaded }] as const,
  );
  expect(new Map(figures)).toEqual(simulator.state.usage.truth('bucket-epoch'));
  expect(await archive.read('checkFile', undefined as never)).toBeNull();
  await archive.close();
  await simulator.stop();
}, 120_000);
