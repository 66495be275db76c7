import type { CallOutput } from '#shared/contract/index.ts';
import { byteOrderMark, csvLine } from '#shared/csv.ts';
import { fileNamePart } from '#shared/plain-text.ts';
import type { DataColumn } from './columns.ts';

/** What every row of an export is stamped with, so that the file says where it is from. */
export interface ExportStamp {
  /** The cluster, or whatever else the rows are of. */
  cluster: string;
  /** Heading of the column that names it: omitted, `Cluster`. */
  heading?: string;
  /** What the rows were narrowed to, for the file's name. */
  state?: string;
  /** When the data was read from the gateway; null where that is not known. */
  asOf: string | null;
}

function exported<Row>(columns: readonly DataColumn<Row>[]): readonly DataColumn<Row>[] {
  return columns.filter((column) => column.csv !== undefined);
}

export function csvHead<Row>(columns: readonly DataColumn<Row>[], heading = 'Cluster'): string {
  const headers = exported(columns).map(({ header }) => header);
  return byteOrderMark + csvLine([...headers, heading, 'Data of']);
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
    .map((row) => csvLine([...cells.map((column) => column.csv?.(row) ?? null), ...stamped]))
    .join('');
}

export function csvLines<Row>(
  columns: readonly DataColumn<Row>[],
  rows: readonly Row[],
  stamp: ExportStamp,
): string {
  return csvHead(columns, stamp.heading) + csvRows(columns, rows, stamp);
}

/** A file name that says what, of which cluster and of when: `users_rack-7_2026-11-21T1203Z.csv`. */
export function exportFileName(what: string, stamp: ExportStamp): string {
  const parts = [stamp.cluster, ...(stamp.state === undefined ? [] : [stamp.state])];
  const of = parts.map(fileNamePart).join('_');
  const time = (stamp.asOf ?? new Date().toISOString()).replace(/:\d\d(\.\d+)?Z$/, 'Z');
  return `${what}_${of}_${time.replaceAll(':', '')}.csv`;
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

/** Hands a file that core made to the operator; one that was written elsewhere is left there. */
export function saveExport(
  file: Pick<CallOutput<'usage.export'>, 'fileName' | 'mediaType' | 'text' | 'base64'>,
): void {
  if (file.text !== undefined) downloadFile(file.fileName, file.text, file.mediaType);
  else if (file.base64 !== undefined) {
    downloadFile(file.fileName, Uint8Array.from(atob(file.base64), charCode), file.mediaType);
  }
}

function charCode(character: string): number {
  return character.charCodeAt(0);
}
