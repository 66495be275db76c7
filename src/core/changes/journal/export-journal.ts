import type { CallOutput } from '#shared/contract/index.ts';
import { toCsv } from '#shared/csv.ts';
import { exportName } from '#shared/plain-text.ts';
import type { JournalQuery } from '../../store/archive/queries/journal-lists.ts';
import type { Journal, JournalRow } from './journal.ts';

const pageSize = 1000;

const columns: readonly [name: string, value: (row: JournalRow) => string | number | null][] = [
  ['sequence', (row) => row.sequence],
  ['time', (row) => row.at],
  ['ended', (row) => row.endedAt],
  ['operator', (row) => row.operator],
  ['connection', (row) => row.connectionName],
  ['endpoint', (row) => row.endpoint],
  ['operation', (row) => row.operation],
  ['target kind', (row) => row.target.kind],
  ['target id', (row) => row.target.id],
  ['target', (row) => row.target.name],
  ['before', (row) => fieldText(row.before)],
  ['after', (row) => fieldText(row.after)],
  ['result', (row) => row.result],
  ['request id', (row) => row.requestId],
  ['ticket', (row) => row.ticket],
  ['run', (row) => row.runId],
  ['error', (row) => row.error?.code ?? null],
  ['error message', (row) => row.error?.message ?? null],
  ['reason', (row) => row.reason],
];

function fieldText(fields: Record<string, string | null>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value ?? 'not set'}`)
    .join('; ');
}

/** All matching entries as a file's text, newest first. */
export async function exportJournal(
  journal: Journal,
  connectionId: string,
  query: Pick<JournalQuery, 'search' | 'filter'>,
  format: 'csv' | 'json',
): Promise<CallOutput<'journal.export'>> {
  const rows: JournalRow[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await journal.list(connectionId, { ...query, offset, limit: pageSize });
    // Newest first: what is put on record meanwhile moves the others down, and must not repeat them.
    const last = rows.at(-1)?.sequence ?? Number.POSITIVE_INFINITY;
    // The record alone: what could be done about it now is no part of it.
    const entries = page.rows.map(({ inverse: _inverse, ...entry }) => entry);
    rows.push(...entries.filter(({ sequence }) => sequence < last));
    if (page.rows.length < pageSize) break;
  }
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const [newest] = rows;
  const target = query.filter?.targetId === undefined ? null : newest?.target.name;
  const cluster = newest?.connectionName ?? connectionId;
  const fileName = exportName(['journal', cluster, target, stamp], format);
  if (format === 'json') {
    const content = `${JSON.stringify(rows, null, 2)}\n`;
    return { fileName, mediaType: 'application/json', content };
  }
  const content = toCsv({
    columns: columns.map(([name]) => name),
    rows: rows.map((row) => columns.map(([, value]) => value(row))),
  });
  return { fileName, mediaType: 'text/csv', content };
}
