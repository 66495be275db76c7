import type { DataColumn } from './columns.ts';

/** One cell of a CSV file before it is written. */
export type CsvCell = string | number | bigint | null;

/**
 * One cell by RFC 4180. Text that a spreadsheet would run as a formula is defused with an apostrophe;
 * numbers are left alone.
 */
export function csvCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What every row of an export is stamped with, so that a file on its own says what it is of. */
export interface ExportStamp {
  cluster: string;
  /** When the data was read from the gateway; null where that is not known. */
  asOf: string | null;
}

function exported<Row>(columns: readonly DataColumn<Row>[]): readonly DataColumn<Row>[] {
  return columns.filter((column) => column.csv !== undefined);
}

const line = (cells: readonly CsvCell[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** The heading of a list as CSV. */
export function csvHead<Row>(columns: readonly DataColumn<Row>[]): string {
  return line([...exported(columns).map(({ header }) => header), 'Cluster', 'Data of']);
}

/** Rows of a list as lines of CSV, each stamped with the cluster and the data's time. */
export function csvRows<Row>(
  columns: readonly DataColumn<Row>[],
  rows: readonly Row[],
  stamp: ExportStamp,
): string {
  const cells = exported(columns);
  const stamped = [stamp.cluster, stamp.asOf ?? ''];
  return rows
    .map((row) => line([...cells.map((column) => column.csv?.(row) ?? null), ...stamped]))
    .join('');
}

/** A list as CSV: heading and rows. */
export function csvLines<Row>(
  columns: readonly DataColumn<Row>[],
  rows: readonly Row[],
  stamp: ExportStamp,
): string {
  return csvHead(columns) + csvRows(columns, rows, stamp);
}

/** A file name that says what, of which cluster and of when: `users_rack-7_2026-11-21T1203Z.csv`. */
export function exportFileName(what: string, stamp: ExportStamp, extension = 'csv'): string {
  const cluster = stamp.cluster.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60);
  const time = (stamp.asOf ?? new Date().toISOString()).replace(/:\d\d(\.\d+)?Z$/, 'Z');
  return `${what}_${cluster}_${time.replaceAll(':', '')}.${extension}`;
}

/** Hands a file to the operator, whole or in parts: the browser's or the window's own download. */
export function downloadFile(
  name: string,
  content: BlobPart | readonly BlobPart[],
  type: string,
): void {
  const parts = Array.isArray(content) ? content : [content];
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
