import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { archivePath } from '#core/store/archive/archive.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { openOperationsCore } from '#test/integration/operations/operations-core.ts';
import { programPath } from '#test/program-path.ts';
import type { Scenario } from '../soak.ts';

function timesActed(simulator: Simulator): Map<string, number> {
  const times = new Map<string, number>();
  for (const { acted } of simulator.log.acted('quota.set')) {
    for (const { target } of acted) times.set(target, (times.get(target) ?? 0) + 1);
  }
  return times;
}

/** Rows in a state, by what they act on. */
function rowsIn(directory: string, state: string): string[] {
  const database = new DatabaseSync(archivePath(directory), { timeout: 10_000 });
  try {
    const rows = database.prepare('SELECT target_id FROM bulk_row WHERE state = ?').all(state);
    return rows.map((row) => `user:${String(row.target_id)}`);
  } finally {
    database.close();
  }
}

async function killedWhen(child: ChildProcess, isDue: () => boolean): Promise<void> {
  const exit = once(child, 'exit');
  while (!isDue() && child.exitCode === null) await pause(1);
  child.kill('SIGKILL');
  await exit;
}

/**
 * Kills a bulk run and its resumes, every second one while it still looks for what was under way. No
 * row may end as failed by that: plain resumes do them all, and each target is changed once but for
 * what was under way.
 */
export const bulkKills: Scenario = async ({ random, directory, times }) => {
  const tenants = times(120);
  const kills = times(6);
  const simulator = await startSimulator({
    users: tenants + 1,
    buckets: 0,
    latencyMs: 3,
    seed: random.next(),
  });
  const { url, accessKeyId, secretKey } = simulator;
  const peer = { url, accessKeyId, secretKey, directory };
  const core = await openOperationsCore(peer);
  await core.refresh();
  const source = { from: 'filter', change: { change: 'setQuota', sizeGb: 41 } } as const;
  const { runId } = await core.call('bulk.preview', { source, readFrom: 'snapshot' });
  await core.close();
  const start = (resume: boolean): ChildProcess =>
    spawn(
      process.execPath,
      [
        programPath(import.meta.url, '../bulk-child.ts'),
        JSON.stringify({ ...peer, runId, resume }),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  const underWay = new Set<string>();
  for (let kill = 0; kill < kills; kill += 1) {
    const written = (): number => simulator.log.acted('quota.set').length;
    const asked = (): number => simulator.log.entries.length;
    const early = kill % 2 === 1;
    const point = early ? asked() + 1 + random.below(30) : written() + 1 + random.below(30);
    await killedWhen(start(kill > 0), () => (early ? asked() : written()) >= point);
    for (const target of rowsIn(directory, 'sending')) underWay.add(target);
    assert.deepEqual(rowsIn(directory, 'failed'), [], 'rows that no resume would do');
  }
  const last = await openOperationsCore(peer);
  try {
    const { taskId } = await last.call('bulk.resume', { runId });
    assert.equal((await last.ended(taskId)).state, 'succeeded');
    const { state, counts } = await last.call('bulk.get', { runId });
    assert.equal(state, 'finished');
    assert.equal(counts.verified + counts.unchanged, tenants);
    const times = timesActed(simulator);
    assert.equal(times.size, tenants);
    const twice = [...times].filter(([, count]) => count > 1).map(([target]) => target);
    assert.deepEqual(
      twice.filter((target) => !underWay.has(target)),
      [],
    );
    assert.ok([...simulator.state.quotas.values()].every((quota) => quota === 41n));
    const { problems } = await last.call('journal.verify', {});
    assert.deepEqual(problems, []);
  } finally {
    await last.close();
    await simulator.stop();
  }
  return { kills, targets: tenants, 'rows under way at a kill': underWay.size };
};
