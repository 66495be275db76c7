// What the command palette asks at each letter, over 100,000 users, 500,000 buckets and 110,000 keys: from
// the question to the ranked entries.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { snapshotPath } from '#core/store/snapshot/snapshot-database.ts';
import { ranked } from '#renderer/app/palette-match.ts';
import { seeded, writeLists } from './lists-data.ts';
import { feedOf } from './measure-refresh.ts';
import { atMost, known, report } from './report.ts';
import { watchLoop } from './watch-loop.ts';

const size = { users: 100_000, buckets: 500_000 };
const rounds = 12;
const betweenLetters = 4;
/** Entries of pages, actions and settings that are ranked at each letter too. */
const ownEntries = Array.from({ length: 150 }, (_, index) => ({
  label: `Set default quota of every user ${index}`,
  keywords: 'size limit gigabytes',
}));

/** Words as they are typed, letter by letter: names, parts of names, ids, and what there is not. */
function* typed(random: () => number): Generator<string> {
  const digits = Math.floor(random() * 500_000);
  const words = [
    'backup',
    'media-ab',
    `-${digits}`,
    `photos.${digits % 1000}@`,
    `tenant-${digits % 5000}`,
    // with slips, and in another order
    'bakcup',
    'meda',
    `archve ${digits % 1000}`,
    `exmaple tenat ${digits % 5000}`,
  ];
  for (const word of [...words, digits.toString(16), 'zzzz', `logs-${digits.toString(16)}`]) {
    for (let length = 2; length <= word.length; length += 1) yield word.slice(0, length);
  }
}

async function find(snapshot: Snapshot, search: string) {
  for (;;) {
    const found = await snapshot.ask('find', { search, limit: 6 });
    if (found) return found;
  }
}

async function answer(snapshot: Snapshot, search: string): Promise<number> {
  const started = performance.now();
  const { users, buckets, keys } = await find(snapshot, search);
  const labels = [
    ...users.map(({ email }) => email),
    ...buckets.map(({ name }) => name),
    ...keys.map(({ accessKeyId }) => accessKeyId),
  ].map((label) => ({ label }));
  ranked([...labels, ...ownEntries], search);
  return performance.now() - started;
}

const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
try {
  const snapshot = await openSnapshot(directory);
  await snapshot.refresh(feedOf(await writeLists(directory, size)));
  const database = new DatabaseSync(snapshotPath(directory));
  database.exec(`INSERT INTO access_key
    SELECT user_id, '', user_id || 'A', 0 FROM user UNION ALL
    SELECT user_id, '', user_id || 'B', 0 FROM user WHERE id % 10 = 0`);
  database.close();
  const first = await answer(snapshot, 'ba');
  const near = await answer(snapshot, 'bakcup');
  const random = seeded(11);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const loop = await watchLoop();
  for (let round = 0; round < rounds; round += 1) {
    for (const search of typed(random)) {
      times.push(await answer(snapshot, search));
      await pause(betweenLetters);
    }
  }
  const stalls = await loop.stop();
  const { user, system } = process.cpuUsage(cpu);
  times.sort((left, right) => left - right);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  await snapshot.close();
  report([
    known('first answer after a refresh, texts read', first, 'ms'),
    known('first answer to words with a slip, words of names read', near, 'ms'),
    known('answers of the palette, median', at(0.5), 'ms'),
    atMost(`answers of the palette, p95 of ${times.length}`, at(0.95), 'ms', 16),
    known('answers of the palette, p99', at(0.99), 'ms'),
    known('processor time an answer, of all threads', (user + system) / 1000 / times.length, 'ms'),
    known('longest stall of the event loop meanwhile', stalls.longest, 'ms'),
  ]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
