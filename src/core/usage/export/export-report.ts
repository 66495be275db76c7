import type { ParsedInput } from '#shared/contract/index.ts';
import { type Cell, toCsv } from '#shared/csv.ts';
import { exportName } from '#shared/plain-text.ts';
import { fromWireInteger } from '#shared/units.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { type ColumnKind, type TypedTable, toParquet } from '../../platform/files/parquet.ts';
import { canonicalJson } from '../../store/archive/file/encodings.ts';
import { assertFinal } from '../coverage/coverage-summary.ts';
import { zonedFormat } from '../coverage/report-period.ts';
import { makeReport, type Report, type ReportRow, readKnowledge } from '../report/report.ts';
import { deliverFile, type ExportedFile, type ExportFormat } from './deliver-file.ts';

/** Writes moments as a clock in a zone shows them. */
export class LocalTimes {
  readonly timeZone: string;
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone as the IANA list names it */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#format = zonedFormat(timeZone, {
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'longOffset',
    });
  }

  /** `2026-10-01` */
  date(iso: string): string {
    const { year, month, day } = this.#parts(iso);
    return `${year}-${month}-${day}`;
  }

  /** `2026-10-01T14:00+02:00`: hours that a clock shows twice are distinct. */
  time(iso: string): string {
    const { hour, minute, timeZoneName = '' } = this.#parts(iso);
    const offset = timeZoneName.replace('GMT', '') || '+00:00';
    return `${this.date(iso)}T${hour}:${minute}${offset}`;
  }

  #parts(iso: string): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
    const parts = this.#format.formatToParts(new Date(iso));
    return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  }
}

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
  { clusters, archives }: Pick<ClusterWork, 'clusters' | 'archives'>,
  { connectionId, format, destination, requireFinal, ...input }: Input,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const cluster = await clusters.get(connectionId);
  const archive = await archives.get(connectionId);
  const report = await makeReport(archive, input);
  const knowledge = await readKnowledge(archive, input);
  if (requireFinal) assertFinal(report.coverage);
  const local = localTimesOf(input.timeZone);
  const date = (iso: string): string => local?.date(iso) ?? iso.slice(0, 10);
  const span = `${date(report.from)}-${date(report.to)}`;
  const { final, coveredHours, silentHours } = report.coverage;
  const hasData = report.rows.length > 0 || coveredHours + silentHours > 0;
  const state = final ? 'final' : hasData ? 'not-final' : 'no-data';
  const content = reportContent({ report, knowledge, input, local }, format);
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
      ...content,
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

interface ReportParts {
  report: Report;
  knowledge: Awaited<ReturnType<typeof readKnowledge>>;
  input: Pick<Input, 'groupBy' | 'sort' | 'search'>;
  local: LocalTimes | null;
}

function reportContent(
  parts: ReportParts,
  format: ExportFormat,
): { rows: number; content: string | Uint8Array } {
  const { report, knowledge, input, local } = parts;
  const { groupBy } = input;
  if (format === 'json') {
    const { missing, open } = knowledge;
    const whole = { ...(local ? withLocalTimes(report, groupBy, local) : report), missing, open };
    return { rows: report.rows.length, content: `${canonicalJson(whole)}\n` };
  }
  const table = tableOf(parts, local ? localColumns(groupBy, local) : columnsOf[groupBy]);
  const count = table.rows.length;
  if (format === 'csv') return { rows: count, content: toCsv(table) };
  return { rows: count, content: toParquet(table) };
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

/** Local dates and their zone, and next to them when each begins in UTC. */
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

/**
 * The rows of a report as a table. By time, each hour or day has a row that says how much of it is on record:
 * one without traffic has zeros, one of which nothing is known has no figures.
 */
function tableOf(
  { report, knowledge: { slots }, input }: ReportParts,
  columns: readonly Column[],
): TypedTable {
  const cells = (row: ReportRow): Cell[] => columns.map(([, , read]) => read(row));
  const names = columns.map(([name]) => name);
  const kinds = columns.map(([, kind]) => kind);
  if (slots.size === 0) return { columns: names, kinds, rows: report.rows.map(cells) };
  const found = new Set(report.rows.map(({ at }) => at));
  const isNarrowed = (input.search ?? '') !== '';
  const others = isNarrowed ? [] : [...slots.keys()].filter((at) => !found.has(at)).map(emptyRow);
  const rows = [...report.rows, ...others];
  const { by, descending } = input.sort ?? { by: 'name', descending: false };
  if (by === 'name') {
    rows.sort((left, right) => compareTimes(left, right) * (descending ? -1 : 1));
  }
  return {
    columns: [...names, 'coverage'],
    kinds: [...kinds, 'text'],
    rows: rows.map((row) => {
      const coverage = slots.get(row.at ?? '') ?? 'complete';
      const isUnknown = !found.has(row.at) && (coverage === 'missing' || coverage === 'open');
      const own = cells(row);
      const known = isUnknown
        ? own.map((cell, index) => (isFigure.has(names[index] ?? '') ? null : cell))
        : own;
      return [...known, coverage];
    }),
  };
}

const isFigure: ReadonlySet<string> = new Set(figures.map(([name]) => name));

function compareTimes({ at: left }: ReportRow, { at: right }: ReportRow): number {
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

function emptyRow(at: string): ReportRow {
  const none = { put: 0, get: 0, list: 0, other: 0, uploaded: 0, downloaded: 0 };
  const nobody = { userId: null, email: null, bucket: null, epoch: null, recreated: false };
  return { key: at, at, ...nobody, ...none };
}
