/** A text file's content, and how its bytes were read. */
export interface DecodedText {
  text: string;
  encoding: 'UTF-8' | 'UTF-16' | 'Windows-1252';
}

/**
 * Reads the bytes of a text file as the programs that wrote it meant them: by their byte order mark, as
 * UTF-8 where they are that, else as Windows-1252, in which spreadsheets write CSV.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) {
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' };
  }
  if (first === 0xfe && second === 0xff) {
    return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'UTF-16' };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
  }
}

/** A cell of a table to export. `bigint` and `number` are written as their digits. */
export type Cell = string | number | bigint | boolean | null;

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

const month =
  'jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|o[ck]t(ober)?|nov(ember)?|de[cz](ember)?|mai|märz?';

/** Texts that spreadsheets, in English or German, would convert. Decimals stay numbers. */
const spreadsheetValues = [
  // dates: 2026-10-18, 1/2, 1.2.2026, 1-2-26
  /^\d{1,4}([-/]\d{1,4}){1,2}$/,
  /^\d{1,4}(\.\d{1,4}){2}$|^\d{1,2}\.\d{1,2}\.$/,
  // MARCH1, oct-10, 10-oct-2026, May 2026
  new RegExp(`^(${month})[-/., ]*\\d{1,4}([-/., ]+\\d{1,4})?$`, 'i'),
  new RegExp(`^\\d{1,4}[-/., ]*(${month})([-/., ]*\\d{1,4})?$`, 'i'),
  // times: 12:30, 5 pm
  /^\d{1,4}:\d{1,2}(:\d{1,2}([.,]\d+)?)?( ?[ap]m?)?$|^\d{1,2} ?[ap]m?$/i,
  // fractions, grouped and padded numbers, percentages, amounts
  /^\d+ \d+\/\d+$|^\d+(,\d+)+(\.\d+)?$|^ +[\d.,]+ *$|^[\d.,]+ +$/,
  /^[$€£¥] ?[\d.,]+$|^[\d.,]+ ?[%$€£¥]$/,
  /^(true|false|wahr|falsch)$|^#(n\/a|ref!|name\?|value!|div\/0!|num!|null!)$/i,
];

const needsGuard = (text: string): boolean =>
  formula.test(text) ||
  text.startsWith("'") ||
  idLikeNumber.test(text) ||
  spreadsheetValues.some((pattern) => pattern.test(text));

/** Columns that hold dates: a spreadsheet may convert them. */
const dateColumn = /^(day|date|from|to|at)$|(^|_| )(date|day|from|to|at)$/i;
const isoDate = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Returns one cell by RFC 4180. Text that a spreadsheet would run or change is led by an apostrophe;
 * numbers are skipped, and dates in a column of that name.
 */
export function csvCell(cell: Cell, column = ''): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const isDate = isoDate.test(cell) && dateColumn.test(column);
  const guarded = !isDate && needsGuard(cell) ? `'${cell}` : cell;
  return /[",;\t\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Returns a cell's text as it was before {@link csvCell} guarded it. */
export function withoutGuard(text: string): string {
  return text.startsWith("'") && needsGuard(text.slice(1)) ? text.slice(1) : text;
}

export function csvLine(cells: readonly Cell[], columns: readonly string[] = []): string {
  return `${cells.map((cell, index) => csvCell(cell, columns[index])).join(',')}\r\n`;
}

/** Returns a table as a CSV file: byte order mark, one header line, CRLF. */
export function toCsv({ columns, rows }: ExportTable): string {
  return byteOrderMark + [columns, ...rows].map((cells) => csvLine(cells, columns)).join('');
}
