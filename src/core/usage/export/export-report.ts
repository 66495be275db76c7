import type { ParsedInput } from '#shared/contract/index.ts';
import { type Cell, toCsv } from '#shared/csv.ts';
import { exportName } from '#shared/file-name.ts';
import { fromWireInteger } from '#shared/units.ts';
import type { Archives } from '../../clusters/archives.ts';
import type { Clusters } from '../../clusters/clusters.ts';
import { type ColumnKind, type TypedTable, toParquet } from '../../platform/files/parquet.ts';
import { canonicalJson } from '../../store/archive/canonical-json.ts';
import { LocalTimes } from '../collect/local-times.ts';
import { assertFinal } from '../coverage/coverage-summary.ts';
import { makeReport, type Report, type ReportRow } from '../report/report.ts';
import { deliverFile, type ExportedFile, type ExportFormat } from './deliver-file.ts';

type Input = ParsedInput<'usage.export'>;
type Column = [name: string, kind: ColumnKind, read: (row: ReportRow) => Cell];

const figures: Column[] = (['put', 'get', 'list', 'other', 'uploaded', 'downloaded'] as const).map(
  (name) => [name, 'integer', (row) => fromWireInteger(row[name])],
);

const columnsOf: Record<Input['groupBy'], Column[]> = {
  user: [
    ['user_id', 'text', (row) => row.userId],
    ['email', 'text', (row) => row.email],
    ...figures,
  ],
  bucket: [
    ['bucket', 'text', (row) => row.bucket],
    ['epoch', 'integer', (row) => (row.epoch === null ? null : fromWireInteger(row.epoch))],
    ['user_id', 'text', (row) => row.userId],
    ['email', 'text', (row) => row.email],
    ...figures,
  ],
  day: [['day', 'time', (row) => row.at], ...figures],
  hour: [['hour', 'time', (row) => row.at], ...figures],
};

/** Writes a report as a file. @throws `COVERAGE_INCOMPLETE` where it has to be final and is not */
export async function exportReport(
  { clusters, archives }: { clusters: Clusters; archives: Archives },
  { connectionId, format, destination, requireFinal, ...input }: Input,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const cluster = await clusters.get(connectionId);
  const report = await makeReport(await archives.get(connectionId), input);
  if (requireFinal) assertFinal(report.coverage);
  const local = localTimesOf(input.timeZone);
  const date = (iso: string): string => local?.date(iso) ?? iso.slice(0, 10);
  const span = `${date(report.from)}-${date(report.to)}`;
  const state = report.coverage.final ? 'final' : 'not-final';
  const content = reportContent(report, input.groupBy, format, local);
  return deliverFile(
    {
      fileName: exportName(
        [
          `usage-by-${input.groupBy}`,
          cluster.connection.name,
          whoseReport(input, report),
          span,
          local?.timeZone,
          state,
        ],
        format,
      ),
      format,
      rows: report.rows.length,
      content,
    },
    destination,
    cluster,
    signal,
  );
}

/** Names the user or bucket a report was asked for, in its file's name. */
function whoseReport({ filter }: Pick<Input, 'filter'>, { rows }: Report): string | null {
  if (filter?.bucket !== undefined) return filter.bucket || 'no-bucket';
  if (filter?.userId === undefined) return null;
  return rows.find(({ email }) => email)?.email ?? (filter.userId || 'unattributed');
}

function reportContent(
  report: Report,
  groupBy: Input['groupBy'],
  format: ExportFormat,
  local: LocalTimes | null,
): string | Uint8Array {
  if (format === 'json')
    return `${canonicalJson(local ? withLocalTimes(report, groupBy, local) : report)}\n`;
  const columns = local ? localColumns(groupBy, local) : columnsOf[groupBy];
  if (format === 'csv') return toCsv(tableOf(report, columns));
  const times = columns.map(([, kind]) => kind === 'time');
  const { rows, ...table } = tableOf(report, columns);
  return toParquet({
    ...table,
    rows: rows.map((row) =>
      row.map((cell, index) => (times[index] ? Date.parse(String(cell)) : cell)),
    ),
  });
}

/** Null where times are in UTC. */
function localTimesOf(timeZone: string | undefined): LocalTimes | null {
  return timeZone === undefined || timeZone === 'UTC' ? null : new LocalTimes(timeZone);
}

/** When a row begins as a clock of the zone shows it; undefined where it is not of a time. */
function localTime(
  { at }: ReportRow,
  groupBy: Input['groupBy'],
  local: LocalTimes,
): string | undefined {
  if (at === null) return undefined;
  return groupBy === 'day' ? local.date(at) : local.time(at);
}

/** Local dates and their zone, and beside them when each begins in UTC. */
function localColumns(groupBy: Input['groupBy'], local: LocalTimes): readonly Column[] {
  const columns = columnsOf[groupBy];
  if (groupBy !== 'day' && groupBy !== 'hour') return columns;
  return [
    [groupBy, 'text', (row) => localTime(row, groupBy, local) ?? null],
    ['time_zone', 'text', () => local.timeZone],
    ['begins_utc', 'time', (row) => row.at],
    ...columns.slice(1),
  ];
}

function withLocalTimes(report: Report, groupBy: Input['groupBy'], local: LocalTimes) {
  const rows = report.rows.map((row) => {
    const localAt = localTime(row, groupBy, local);
    return localAt === undefined ? row : { ...row, localAt };
  });
  return { ...report, rows, timeZone: local.timeZone };
}

function tableOf(report: Report, columns: readonly Column[]): TypedTable {
  return {
    columns: columns.map(([name]) => name),
    kinds: columns.map(([, kind]) => kind),
    rows: report.rows.map((row) => columns.map(([, , read]) => read(row))),
  };
}
