import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { archivePath } from '#core/store/archive/archive.ts';
import { writerMethods } from '#core/store/archive/methods.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';
import { makeUsage } from './usage-data.ts';

const services = 5;
const periodSeconds = 1800;
const perDay = (services * 86_400) / periodSeconds;
const entriesPerObject = Number(process.env.ENTRIES ?? 1350);
const sampledEvery = 6 * 3_600_000;
/** A user's traffic of about 120 TB is then far less than a thousand times what it stores. */
const leastStored = 1_000_000_000_000n;

/** The id that {@link makeUsage} gives a user. */
export const userIdOf = (user: number): string =>
  (0xb81d_6c5f_0000_0000n + BigInt(user)).toString(16);

/**
 * Fills the archive of a connection with whole months: objects of every half hour of five services, and
 * sizes every six hours.
 * @param from, to Unix milliseconds
 * @returns how many counters it holds
 */
export function fillMonth(
  dataDir: string,
  connectionId: string,
  shape: { users: number; from: number; to: number },
): number {
  const directory = join(dataDir, 'connections', connectionId);
  mkdirSync(directory, { recursive: true });
  const path = archivePath(directory);
  const database = openArchiveDatabase(path, 'writer');
  const writers = writerMethods(database, path);
  const { users, from, to } = shape;
  const days = (to - from) / 86_400_000;
  const now = to + 3_600_000;
  const whole = { start: from / 1000, services, periodSeconds, users, bucketsPerUser: 4 };
  let batch: Parameters<typeof writers.ingestObjects>[0]['objects'] = [];
  for (const object of makeUsage({ ...whole, objects: days * perDay, entriesPerObject })) {
    batch.push(object);
    if (batch.length < 60) continue;
    writers.ingestObjects({ objects: batch, now });
    batch = [];
  }
  writers.ingestObjects({ objects: batch, now });
  recordSizes(writers, shape);
  writers.recordListing({ listedAt: now, complete: true, objects: [] });
  const row = database.prepare('SELECT count(*) AS n FROM counter').get();
  writers.closeFile({ alone: true });
  return Number(row?.n);
}

function recordSizes(
  writers: Pick<ReturnType<typeof writerMethods>, 'recordSizes'>,
  { users, from, to }: { users: number; from: number; to: number },
): void {
  for (let at = from; at <= to; at += sampledEvery) {
    const grown = BigInt(at - from);
    writers.recordSizes({
      at,
      users: Array.from({ length: users }, (_, user) => ({
        ...{ userId: userIdOf(user), email: `user-${user}@example.com`, buckets: 4 },
        bytes: leastStored + 50_000_000_000n * BigInt(user % 97) + grown,
      })),
      buckets: [],
      last: true,
    });
  }
}
