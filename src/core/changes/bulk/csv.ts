import { byteOrderMark, withoutGuard } from '#shared/csv.ts';

export interface CsvRecord {
  /** Line of its first cell. */
  line: number;
  cells: string[];
}

interface CsvError {
  line: number;
  /** Which cell of the line, counted from 1. */
  column: number;
  message: string;
}

/** The separator of a header: comma, semicolon or tab, the most frequent one. */
function separatorOf(head: string): string {
  const count = (separator: string): number => head.split(separator).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** The line `sep=;` that spreadsheets put first names the separator and is no record. */
const separatorLine = /^"?sep=(.)"?(?:\r\n|\r|\n|$)/i;

/**
 * Reads RFC 4180: quoted cells with doubled quotes, any line ending, an optional byte order mark and
 * `sep=` line. Empty lines are omitted; the guard against formulas is taken off.
 * @returns the records, or the first error
 */
export function parseCsv(text: string): CsvRecord[] | CsvError {
  const content = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  const [named = '', separatorNamed] = separatorLine.exec(content) ?? [];
  const head = content.slice(named.length);
  const separator = separatorNamed ?? separatorOf(head.slice(0, head.search(/[\r\n]|$/)));
  const records: CsvRecord[] = [];
  let line = named === '' ? 1 : 2;
  let position = named.length;
  while (position < content.length) {
    const record: CsvRecord = { line, cells: [] };
    for (;;) {
      const cell = readCell(content, position, separator);
      const column = record.cells.length + 1;
      if (cell === null) return { line, column, message: 'A quoted cell is not closed.' };
      record.cells.push(withoutGuard(cell.text));
      line += cell.lines;
      position = cell.end;
      if (content[position] !== separator) break;
      position += 1;
    }
    if (position < content.length && !/[\r\n]/.test(content[position] ?? '')) {
      const column = record.cells.length;
      return { line, column, message: 'A quoted cell continues after its closing quote.' };
    }
    if (content.startsWith('\r\n', position)) position += 2;
    else position += 1;
    line += 1;
    if (record.cells.some((cell) => cell.trim() !== '')) records.push(record);
  }
  return records;
}

function readCell(
  content: string,
  start: number,
  separator: string,
): { text: string; end: number; lines: number } | null {
  if (content[start] !== '"') {
    let end = start;
    while (
      end < content.length &&
      content[end] !== separator &&
      !'\r\n'.includes(content[end] ?? '')
    )
      end += 1;
    return { text: content.slice(start, end), end, lines: 0 };
  }
  let text = '';
  for (let at = start + 1; ; ) {
    const quote = content.indexOf('"', at);
    if (quote < 0) return null;
    text += content.slice(at, quote);
    if (content[quote + 1] !== '"') {
      return { text, end: quote + 1, lines: text.split('\n').length - 1 };
    }
    text += '"';
    at = quote + 2;
  }
}
