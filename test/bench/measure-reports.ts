import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Archive, archivePath, openArchive } from '#core/store/archive/archive.ts';
import { writerMethods } from '#core/store/archive/methods.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';
import { makeReport, type Report, type ReportInput } from '#core/usage/report/report.ts';
import { makeUsage } from './usage-data.ts';

const day = 86_400;
const start = Date.UTC(2026, 0, 1) / 1000;
const groupings = ['user', 'bucket', 'day'] as const;
const samples = 20;

/** A report's cost over 30 days. */
export interface ReportCost {
  counters: number;
  /** Milliseconds at the 95th percentile, by grouping. */
  p95: Record<(typeof groupings)[number], number>;
  /** Whether every sum is that of the single counters. */
  equalsRows: boolean;
}

/** Fills an archive with objects of every half hour, of five services. */
async function fill(directory: string, days: number, entriesPerObject: number): Promise<number> {
  const path = archivePath(directory);
  const database = openArchiveDatabase(path, 'writer');
  const { ingestObjects } = writerMethods(database, path);
  const objects = makeUsage({
    start,
    objects: days * 48 * 5,
    services: 5,
    periodSeconds: 1800,
    entriesPerObject,
    users: 500,
    bucketsPerUser: 4,
  });
  let batch: Parameters<typeof ingestObjects>[0]['objects'] = [];
  const now = Date.UTC(2030, 0, 1);
  for (const object of objects) {
    batch.push(object);
    if (batch.length < 60) continue;
    await ingestObjects({ objects: batch, now });
    batch = [];
  }
  await ingestObjects({ objects: batch, now });
  const row = database.prepare('SELECT count(*) AS n FROM counter').get();
  database.close();
  return Number(row?.n);
}

function inputOf(groupBy: (typeof groupings)[number], firstDay: number): ReportInput {
  const iso = (days: number): string => new Date((start + days * day) * 1000).toISOString();
  return { from: iso(firstDay), to: iso(firstDay + 30), groupBy, offset: 0, limit: 10_000 };
}

/** The sum over the single counters, without the roll-ups. */
function sumOfRows(directory: string, firstDay: number): Record<string, string> {
  const database = new DatabaseSync(archivePath(directory), { readOnly: true, readBigInts: true });
  const row = database
    .prepare(
      `SELECT sum(put) AS put, sum(get) AS get, sum(list) AS list, sum(other) AS other,
         sum(uploaded) AS uploaded, sum(downloaded) AS downloaded
       FROM counter c JOIN usage_object o ON o.id = c.object_id WHERE o.start >= ? AND o.start < ?`,
    )
    .get(start + firstDay * day, start + (firstDay + 30) * day);
  database.close();
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, sum]) => [name, String(sum)]));
}

function isSumOf(report: Report, sums: Record<string, string>): boolean {
  return Object.entries(sums).every(([name, sum]) => {
    const total = report.rows.reduce(
      (all, row) => all + BigInt(row[name as keyof typeof row] as string | number),
      0n,
    );
    return String(total) === sum && String(report.totals[name as keyof Report['totals']]) === sum;
  });
}

async function measure(archive: Archive, firstDay: number): Promise<Omit<ReportCost, 'counters'>> {
  const sums = sumOfRows(archive.directory, firstDay);
  const p95 = { user: 0, bucket: 0, day: 0 };
  let equalsRows = true;
  for (const groupBy of groupings) {
    const input = inputOf(groupBy, firstDay);
    equalsRows &&= isSumOf(await makeReport(archive, input), sums);
    const times: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const begin = performance.now();
      await makeReport(archive, input);
      times.push(performance.now() - begin);
    }
    p95[groupBy] = times.sort((a, b) => a - b)[Math.ceil(samples * 0.95) - 1] ?? 0;
  }
  return { p95, equalsRows };
}

/**
 * Makes an archive of this many days and measures reports over its last 30.
 * @param entriesPerObject counters in each of 240 objects a day
 */
export async function measureReports(days: number, entriesPerObject: number): Promise<ReportCost> {
  const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
  try {
    const counters = await fill(directory, days, entriesPerObject);
    const archive = await openArchive(directory);
    // A large archive is checked while it is used when it is opened: that is not what is measured.
    await archive.sound();
    const cost = await measure(archive, days - 30);
    await archive.close();
    return { counters, ...cost };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
