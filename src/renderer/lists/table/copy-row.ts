import type { DataColumn } from './columns.ts';

/** A row as JSON, as the call yields it. */
export function rowAsJson(row: unknown): string {
  return JSON.stringify(row, null, 2);
}

const cell = (value: unknown): string =>
  String(value ?? '')
    .replace(/[|\\]/g, '\\$&')
    .replace(/\s+/g, ' ');

/** A row as a Markdown table of one row, exact as in an export; what nothing is known of is omitted. */
export function rowAsMarkdown<Row>(columns: readonly DataColumn<Row>[], row: Row): string {
  const cells = columns.flatMap(({ header, csv }) => {
    const value = csv?.(row) ?? null;
    return value === null || value === '' ? [] : [[header, cell(value)] as const];
  });
  const line = (parts: readonly string[]): string => `| ${parts.join(' | ')} |`;
  return [
    line(cells.map(([header]) => header)),
    line(cells.map(() => '---')),
    line(cells.map(([, value]) => value)),
  ].join('\n');
}
