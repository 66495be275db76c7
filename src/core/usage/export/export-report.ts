import type { ParsedInput } from '#shared/contract/index.ts';
import { type Cell, toCsv } from '#shared/csv.ts';
import { exportName } from '#shared/file-name.ts';
import { fromWireInteger } from '#shared/units.ts';
import type { Archives } from '../../archive/archives.ts';
import type { Clusters } from '../../clusters.ts';
import { canonicalJson } from '../../journal/canonical-json.ts';
import { assertFinal } from '../coverage-summary.ts';
import { makeReport, type Report, type ReportRow } from '../report.ts';

import { deliverFile, type ExportedFile, type ExportFormat } from './deliver-file.ts';
import { type ColumnKind, type TypedTable, toParquet } from './parquet.ts';

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
  const span = `${report.from.slice(0, 10)}-${report.to.slice(0, 10)}`;
  const state = report.coverage.final ? 'final' : 'not-final';
  const content = reportContent(report, input.groupBy, format);
  return deliverFile(
    {
      fileName: exportName(
        [
          `usage-by-${input.groupBy}`,
          cluster.connection.name,
          whoseReport(input, report),
          span,
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
): string | Uint8Array {
  if (format === 'json') return `${canonicalJson(report)}\n`;
  const columns = columnsOf[groupBy];
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

function tableOf(report: Report, columns: readonly Column[]): TypedTable {
  return {
    columns: columns.map(([name]) => name),
    kinds: columns.map(([, kind]) => kind),
    rows: report.rows.map((row) => columns.map(([, , read]) => read(row))),
  };
}
