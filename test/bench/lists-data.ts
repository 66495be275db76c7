import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the two lists are that a refresh reads. */
export interface ListFiles {
  users: string;
  buckets: string;
}

/** The same numbers every time: a small generator after Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Has a separate process write the lists of a cluster as its gateway would send them. */
export async function writeLists(
  directory: string,
  { users, buckets }: { users: number; buckets: number },
): Promise<ListFiles> {
  const files = { users: join(directory, 'users.json'), buckets: join(directory, 'buckets.json') };
  const program = join(import.meta.dirname, 'write-lists.ts');
  await run(process.execPath, [program, files.users, `${users}`, files.buckets, `${buckets}`]);
  return files;
}
