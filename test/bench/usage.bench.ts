import { measureCollection } from './measure-collection.ts';
import { measureIngest } from './measure-ingest.ts';
import { measureReports } from './measure-reports.ts';

/** One line of the table. */
interface BenchRow {
  name: string;
  value: number;
  unit: string;
  target: string;
  ok: boolean;
}

function atLeast(name: string, value: number, unit: string, least: number): BenchRow {
  return { name, value, unit, target: `>= ${least}`, ok: value >= least };
}

function atMost(name: string, value: number, unit: string, most: number): BenchRow {
  return { name, value, unit, target: `<= ${most}`, ok: value <= most };
}

function known(name: string, value: number, unit: string): BenchRow {
  return { name, value, unit, target: '', ok: true };
}

const rows: BenchRow[] = [];

const ingest = await measureIngest();
rows.push(
  atLeast('counters ingested, of a bare insert of the same rows', ingest.ofBare, 'x', 0.5),
  known('counters ingested', ingest.perSecond, '/s'),
);

const collection = await measureCollection();
rows.push(
  atLeast('2,000 objects at 20 ms, 32 connections, of the ideal', collection.ofIdeal, 'x', 0.9),
  atLeast('the same, faster than the s3_curl loop', collection.timesLoop, 'x', 25),
  known('the same', collection.milliseconds, 'ms'),
);

const month = await measureReports(30, 1400);
// How the cost grows: the same 30 days in the archive of one month, and in that of ten.
const tenth = await measureReports(30, 28);
const grown = await measureReports(300, 28);
const million = (count: number): string => `${(count / 1e6).toFixed(1)} million counters`;
for (const groupBy of ['user', 'bucket', 'day'] as const) {
  rows.push(
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
  );
}
const equal = [month, tenth, grown].every(({ equalsRows }) => equalsRows);
rows.push(atLeast('reports equal to the sum over the raw rows', equal ? 1 : 0, '', 1));

console.table(rows.map((row) => ({ ...row, value: Number(row.value.toPrecision(4)) })));
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;
