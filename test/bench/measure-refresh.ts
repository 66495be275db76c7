import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RefreshFeed, Snapshot } from '#core/store/snapshot/snapshot.ts';
import type { ListFiles } from './lists-data.ts';

const run = promisify(execFile);
const pairs = 3;
/** As large as what comes from a socket at once. */
const chunkBytes = 1 << 16;

/** Feeds a refresh from the files, as from a gateway that is as fast as the disk's cache. */
export function feedOf(files: ListFiles): RefreshFeed {
  const chunks = (path: string) => createReadStream(path, { highWaterMark: chunkBytes });
  return { users: chunks(files.users), buckets: chunks(files.buckets) };
}

/** Milliseconds of JSON.parse and a bare insert, in a separate process. */
async function insertBare(files: ListFiles, directory: string): Promise<number> {
  const program = join(import.meta.dirname, 'insert-bare.ts');
  const { stdout } = await run(process.execPath, [
    program,
    files.users,
    files.buckets,
    join(directory, 'bare.sqlite'),
  ]);
  return Number(stdout);
}

async function refresh(snapshot: Snapshot, files: ListFiles): Promise<number> {
  const started = performance.now();
  await snapshot.refresh(feedOf(files));
  return performance.now() - started;
}

/** Times refreshes, each next to a bare insert; the first one begins with an empty snapshot. */
export async function measureRefresh(snapshot: Snapshot, files: ListFiles, directory: string) {
  const times: { bare: number; refresh: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const bare = await insertBare(files, directory);
    times.push({ bare, refresh: await refresh(snapshot, files) });
  }
  const ratios = times.map((time) => time.refresh / time.bare).sort((left, right) => left - right);
  const [first] = times;
  return {
    bare: Math.min(...times.map(({ bare }) => bare)),
    refresh: Math.min(...times.map((time) => time.refresh)),
    first: first ? first.refresh / first.bare : Number.NaN,
    median: ratios[Math.floor(ratios.length / 2)] ?? Number.NaN,
  };
}
