import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';
import { programPath } from '#test/program-path.ts';
import type { MergeOrder } from './merge-until-killed.ts';

const directory = mkdtempSync(join(tmpdir(), 'ostor-merge-kills-'));
const archive = join(directory, 'archive.sqlite');
const copy = join(directory, 'other', 'archive.sqlite');
const service = '8000000000000065';
const begin = Date.UTC(2026, 9, 1) / 1000;
const now = Date.UTC(2026, 11, 1);
const objects = 1500;

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function fill(path: string, which: (index: number) => boolean): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const database = openArchiveDatabase(path, 'writer');
  const write = writerMethods(database, path);
  const all = Array.from({ length: objects }, (_, index) =>
    fetchedObject(service, begin + index * 1800, 1800, [
      { bucket: `bucket-${index % 7}`, userId: `a${index % 5}`, put: 1, downloaded: index },
    ]),
  );
  await write.ingestObjects({ objects: all.filter((_, index) => which(index)), now });
  const bodies = Array.from({ length: 20 }, (_, index) => ({
    journalId: `${path}-${index}`,
    kind: 'intent' as const,
    at: now + index,
  }));
  await write.appendJournal({ bodies, steps: [] });
  database.close();
}

/** Kills a merge after this many of its steps; tells whether it had ended by then. */
async function mergeUntil(steps: number): Promise<boolean> {
  const child = fork(programPath(import.meta.url, './merge-until-killed.ts'), { stdio: 'inherit' });
  await once(child, 'message');
  const exited = once(child, 'exit');
  let seen = 0;
  let done = false;
  child.on('message', (message) => {
    if (message === 'done') done = true;
    seen += 1;
    if (seen > steps) child.kill('SIGKILL');
  });
  child.send({ archive, copy } satisfies MergeOrder);
  await exited;
  return done;
}

function totals(database: DatabaseSync) {
  const { reportGroups } = readerMethods(database, archive);
  const [row, ...more] = reportGroups({
    fromHour: 0,
    toHour: 1_000_000,
    groupBy: 'user',
    filter: {},
  })
    .map(({ put, downloaded }) => ({ put, downloaded }))
    .reduce<{ put: bigint; downloaded: bigint }[]>((sum, each) => {
      const before = sum[0] ?? { put: 0n, downloaded: 0n };
      return [{ put: before.put + each.put, downloaded: before.downloaded + each.downloaded }];
    }, []);
  expect(more).toEqual([]);
  return row;
}

it('ends whole however often it is killed in the middle, and doubles nothing', async () => {
  await fill(archive, (index) => index % 3 === 0);
  await fill(copy, (index) => index % 3 !== 0 || index % 2 === 0);
  let ended = false;
  for (let steps = 0; !ended; steps += 2) ended = await mergeUntil(steps);
  const database = openArchiveDatabase(archive, 'writer');
  const sum = BigInt((objects * (objects - 1)) / 2);
  expect(totals(database)).toEqual({ put: BigInt(objects), downloaded: sum });
  const read = readerMethods(database, archive);
  expect(read.extent()).toMatchObject({ objects, counters: objects });
  expect(read.mergedJournals()).toMatchObject([{ entries: 20, problems: [] }]);
  expect(read.checkFile()).toBeNull();
  database.close();
});
