/** A cell of a table to export. `bigint` and `number` are written as their digits. */
export type Cell = string | number | bigint | boolean | null;

/** A table to export. */
export interface ExportTable {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/**
 * What a spreadsheet would take for a formula. Names of buckets, e-mails and tags come from tenants, so
 * such a cell is led by an apostrophe, which spreadsheets show as text. Our own numbers are left alone.
 */
const formula = /^[=+\-@\t\r]/;

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const defused = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}

/** A table as RFC 4180 has it: CRLF, quotes where needed, one header line. Formulas are defused. */
export function toCsv({ columns, rows }: ExportTable): string {
  return [columns, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}
