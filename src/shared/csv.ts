/** A cell of a table to export. `bigint` and `number` are written as their digits. */
export type Cell = string | number | bigint | boolean | null;

/** A table to export. */
export interface ExportTable {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** Leads every CSV file, so that spreadsheets read it as UTF-8. */
export const byteOrderMark = '\uFEFF';

/**
 * What spreadsheets run as a formula, in full-width form too. Names of buckets, e-mails and tags come
 * from tenants.
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** Text that spreadsheets turn into another number: `0012`, `1234567890123456`, `12345678901234e5`. */
const idLikeNumber = /^(0\d+|\d{12,}|\d+(\.\d+)?[eE][+-]?\d+)$/;

const needsGuard = (text: string): boolean =>
  formula.test(text) || text.startsWith("'") || idLikeNumber.test(text);

/**
 * Returns one cell by RFC 4180. Text that a spreadsheet would run or change is led by an apostrophe;
 * numbers are left alone.
 */
export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const guarded = needsGuard(cell) ? `'${cell}` : cell;
  return /[",;\t\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Returns a cell's text as it was before {@link csvCell} guarded it. */
export function withoutGuard(text: string): string {
  return text.startsWith("'") && needsGuard(text.slice(1)) ? text.slice(1) : text;
}

/** Returns one line of a CSV file, with its CRLF. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Returns a table as a CSV file: byte order mark, one header line, CRLF. */
export function toCsv({ columns, rows }: ExportTable): string {
  return byteOrderMark + [columns, ...rows].map(csvLine).join('');
}
