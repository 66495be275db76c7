import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { CollectBench } from '../collect-bench.ts';
import type { Scenario, Skipped } from '../soak.ts';

/** Runs work on a separate file system; `skipped` where this machine does not let it be mounted. */
async function onOwnDisk<Result>(
  directory: string,
  megabytes: number,
  work: () => Promise<Result>,
): Promise<Result | Skipped> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (thrown) {
    return { skipped: `a disk of its own can't be mounted here: ${firstLine(thrown)}` };
  }
  try {
    return await work();
  } finally {
    execFileSync('umount', ['-l', directory]);
  }
}

function firstLine(thrown: unknown): string {
  const said = (thrown as { stderr?: Buffer }).stderr?.toString() || String(thrown);
  return said.trim().split('\n')[0] ?? '';
}

function assertDiskFailed(outcome: unknown): void {
  assert.ok(outcome instanceof AppError, String(outcome));
  assert.equal(outcome.code, 'DISK_FAILED', outcome.message);
}

/** Fills the disk up to a few pages, collects, frees it and collects again. */
export const fullDisk: Scenario = ({ random, directory, times }) =>
  onOwnDisk(directory, 12, async () => {
    await using bench = await CollectBench.start({ usage: times(80), seed: random.next() });
    await bench.collectOnce(directory, { only: new Set() });
    const filler = join(directory, 'filler');
    let failures = 0;
    for (let turn = 0; turn < times(3); turn += 1) {
      const { bavail, bsize } = await statfs(directory);
      const left = random.below(40) * bsize;
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
      const outcome = await bench.collectOnce(directory);
      if (outcome instanceof Error) {
        assertDiskFailed(outcome);
        failures += 1;
      }
      await rm(filler);
      bench.assertDeletedAreArchived(directory);
    }
    await bench.collectAll(directory);
    await bench.assertTruth(directory);
    return { 'full disks': times(3), failures, objects: bench.deleted().length };
  });

/** Sets the disk read-only between collections. */
export const readOnlyDisk: Scenario = ({ random, directory, times }) =>
  onOwnDisk(directory, 40, async () => {
    await using bench = await CollectBench.start({ usage: times(40), seed: random.next() });
    for (let turn = 0; turn < times(1); turn += 1) {
      const names = bench.simulator.state.usage.names();
      const some = new Set(names.filter(() => random.fraction() < 0.3));
      await bench.collectOnce(directory, { only: some });
      const before = bench.deleted().length;
      execFileSync('mount', ['-o', 'remount,ro', directory]);
      assertDiskFailed(await bench.collectOnce(directory));
      assert.equal(bench.deleted().length, before, 'deleted on a read-only disk');
      execFileSync('mount', ['-o', 'remount,rw', directory]);
    }
    await bench.collectAll(directory);
    await bench.assertTruth(directory);
    return { 'read-only disks': times(1), objects: bench.deleted().length };
  });
