import { measureCollection } from './measure-collection.ts';
import { measureIngest } from './measure-ingest.ts';
import { measureReports } from './measure-reports.ts';
import { atLeast, atMost, type BenchRow, known, report } from './report.ts';

/**
 * The parts, by the word that chooses one: `node test/bench/usage.bench.ts collection`. That one comes
 * first: it is bound by time alone, and what the others leave behind in memory would be added to it.
 */
const parts: Record<string, () => Promise<BenchRow[]>> = {
  collection: async () => {
    const collection = await measureCollection();
    return [
      atLeast('2,000 objects at 20 ms, 32 connections, of the ideal', collection.ofIdeal, 'x', 0.9),
      atLeast('the same, faster than the s3_curl loop', collection.timesLoop, 'x', 25),
      known('the same', collection.milliseconds, 'ms'),
    ];
  },
  ingest: async () => {
    const ingest = await measureIngest();
    return [
      atLeast('counters ingested, of a bare insert of the same rows', ingest.ofBare, 'x', 0.5),
      known('counters ingested', ingest.perSecond, '/s'),
    ];
  },
  reports: async () => {
    const month = await measureReports(30, 1400);
    // How the cost grows: the same 30 days in the archive of one month, and in that of ten.
    const tenth = await measureReports(30, 28);
    const grown = await measureReports(300, 28);
    const million = (count: number): string => `${(count / 1e6).toFixed(1)} million counters`;
    const equal = [month, tenth, grown].every(({ equalsRows }) => equalsRows);
    return [
      ...(['user', 'bucket', 'day'] as const).flatMap((groupBy) => [
        atMost(
          `30 days by ${groupBy}, ${million(month.counters)}, 95th percentile`,
          month.p95[groupBy],
          'ms',
          150,
        ),
        known(
          `30 days by ${groupBy}, archive grown from ${million(tenth.counters)} to ${million(grown.counters)}`,
          grown.p95[groupBy] / tenth.p95[groupBy],
          'x',
        ),
      ]),
      atLeast('reports equal to the sum over the raw rows', equal ? 1 : 0, '', 1),
    ];
  },
};

const selected = process.argv.slice(2);
const unknown = selected.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`There is no part named ${unknown}.`);

const rows: BenchRow[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (selected.length === 0 || selected.includes(name)) rows.push(...(await measure()));
}

report(rows);
