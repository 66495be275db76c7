import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { archivePath } from '#core/archive/archive.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { profile } from './operations-bench.ts';
import { openOperationsCore } from './operations-core.ts';

const users = 600;
const kills = 20;
const child = fileURLToPath(new URL('./bulk-child.ts', import.meta.url));

/** Small and repeatable: the points at which the console is killed. */
function killPoints(seed: number): number[] {
  let state = seed;
  const points = Array.from({ length: kills }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return 1 + (state % (users - 50));
  });
  return points.sort((left, right) => left - right);
}

function timesActed(simulator: Simulator): Map<string, number> {
  const times = new Map<string, number>();
  for (const { acted } of simulator.log.acted('quota.set')) {
    for (const { target } of acted) times.set(target, (times.get(target) ?? 0) + 1);
  }
  return times;
}

/** Targets whose request was under way when the console was killed. */
function underWay(directory: string): string[] {
  const database = new DatabaseSync(archivePath(directory), { readOnly: true, timeout: 10_000 });
  try {
    return database
      .prepare("SELECT target_id FROM bulk_row WHERE state = 'sending'")
      .all()
      .map((row) => `user:${String(row.target_id)}`);
  } finally {
    database.close();
  }
}

async function killedAt(
  simulator: Simulator,
  point: number,
  start: () => ChildProcess,
): Promise<void> {
  const process = start();
  const exit = once(process, 'exit');
  let ended = false;
  exit.then(() => {
    ended = true;
  });
  while (!ended && simulator.log.acted('quota.set').length < point) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  process.kill('SIGKILL');
  await exit;
}

it('a run killed at 20 points and resumed changes each target once, but for what was under way', async () => {
  const simulator = await startSimulator({ users, buckets: 0, latencyMs: 3, profile });
  const directory = await mkdtemp(join(tmpdir(), 'ostor-killed-'));
  const { url, accessKeyId, secretKey } = simulator;
  const peer = { url, accessKeyId, secretKey, directory };
  const core = await openOperationsCore(peer);
  await core.refresh();
  const source = { from: 'filter', change: { change: 'setQuota', sizeGb: 41 } } as const;
  const { runId } = await core.call('bulk.preview', { source, readFrom: 'snapshot' });
  await core.close();
  for (const kind of ['status', 'reset-before', 'reset-after'] as const) {
    simulator.faults.add({ kind, probability: 0.007 });
  }
  const start = (resume: boolean) => (): ChildProcess =>
    spawn(process.execPath, [child, JSON.stringify({ ...peer, runId, resume })], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(directory, 'compile-cache') },
    });
  const resolved = new Set<string>();
  let resume = false;
  for (const point of killPoints(7)) {
    await killedAt(simulator, point, start(resume));
    for (const target of underWay(directory)) resolved.add(target);
    resume = true;
  }
  simulator.faults.clear();
  const last = await openOperationsCore(peer);
  const left = await last.call('bulk.get', { runId });
  expect(left.state).toBe('interrupted');
  for (const failedOnly of [false, true]) {
    const { taskId } = await last.call('bulk.resume', { runId, failedOnly });
    expect((await last.ended(taskId)).state).toBe('succeeded');
  }
  const { state, counts } = await last.call('bulk.get', { runId });
  expect(state).toBe('finished');
  expect(counts.verified + counts.unchanged).toBe(users);
  const times = timesActed(simulator);
  expect(times.size).toBe(users);
  const twice = [...times].filter(([, count]) => count > 1);
  expect(twice.filter(([target]) => !resolved.has(target))).toEqual([]);
  expect(resolved.size).toBeGreaterThan(0);
  const quotas = [...simulator.state.quotas.values()];
  expect(quotas).toEqual(Array(users).fill(41n));
  expect(await last.call('journal.verify', {})).toMatchObject({ ok: true, problems: [] });
  await last.close();
  await simulator.stop();
  await rm(directory, { recursive: true, force: true });
}, 120_000);
