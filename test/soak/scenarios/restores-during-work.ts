import assert from 'node:assert/strict';
import { Archives } from '#core/clusters/archives.ts';
import type { Clusters } from '#core/clusters/clusters.ts';
import { openArchive } from '#core/store/archive/archive.ts';
import { restoreBackup } from '#core/store/archive/restore.ts';
import { AppError } from '#shared/errors.ts';
import { CollectBench } from '../collect-bench.ts';
import { CollectorProcess } from '../collector-process.ts';
import type { Scenario } from '../soak.ts';

/** What a console does of a restore in addition to the calls: it lets go of the archive and replaces it alone. */
function archivesOf(directory: string): Archives {
  return new Archives({
    directory: async () => directory,
    onRelease: () => undefined,
  } as Partial<Clusters> as Clusters);
}

async function backUpEmpty(directory: string): Promise<string> {
  const archive = await openArchive(directory);
  try {
    return (await archive.write('backUp', { reason: 'demand' })).fileName;
  } finally {
    await archive.close();
  }
}

/** Restores; what was set aside for it, or null where it was refused since another process collects. */
async function restored(directory: string, fileName: string): Promise<string | null> {
  const archives = archivesOf(directory);
  try {
    const { setAside } = await archives.replace('soak', directory, () =>
      restoreBackup(directory, fileName),
    );
    return setAside?.split('/').at(-1) ?? '';
  } catch (thrown) {
    assert.ok(thrown instanceof AppError && thrown.code === 'ARCHIVE_IN_USE', String(thrown));
    return null;
  } finally {
    await archives.close();
  }
}

/**
 * Restores an empty backup again and again while another process collects and deletes, or was killed
 * at it. A restore next to it is refused; after it, what was set aside is all there and is put back.
 */
export const restoresDuringWork: Scenario = async ({ random, directory, times }) => {
  const turns = times(4);
  await using bench = await CollectBench.start({
    usage: times(150),
    latencyMs: 2,
    seed: random.next(),
  });
  const { url: endpoint, accessKeyId, secretKey } = bench.simulator;
  const empty = await backUpEmpty(directory);
  let refused = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    const collector = new CollectorProcess();
    await collector.begin({ directory, endpoint, accessKeyId, secretKey, threads: true });
    const point = bench.deleted().length + 1 + random.below(20);
    await collector.reaches(() => bench.deleted().length >= point);
    // every second one can't come to its end before the restore
    if (turn % 2 === 0) bench.simulator.faults.add({ kind: 'hang-before' });
    const duringWork = await restored(directory, empty);
    if (duringWork === null) refused += 1;
    else assert.ok(collector.hasEnded, 'restored during a collection');
    await collector.kill();
    bench.simulator.faults.clear();
    // What the first restore set aside holds everything; a second one would set aside the empty one.
    const setAside = duringWork ?? (await restored(directory, empty));
    assert.ok(setAside, 'refused though nobody uses the archive');
    assert.notEqual(await restored(directory, setAside), null);
    bench.assertDeletedAreArchived(directory);
  }
  assert.ok(refused > 0, 'no restore was refused during a collection');
  await bench.collectAll(directory);
  await bench.assertTruth(directory);
  return {
    turns,
    'restores refused': refused,
    objects: bench.deleted().length,
  };
};
