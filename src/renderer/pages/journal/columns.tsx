import type { CallOutput } from '#shared/contract/index.ts';
import {
  changeWords,
  isReversible,
  type JournalRow,
  openReverseEntry,
} from '../../changes/operation/reverse-entry.tsx';
import { type RowMenu, withRowMenu } from '../../changes/operation/row-actions.tsx';
import { journalPath, runPath, targetPath } from '../../kit/addresses.ts';
import { formatCounted } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import {
  customColumn,
  figureColumn,
  textColumn,
  timeColumn,
} from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { ResultBadge, RunResults, runWords } from './result-badge.tsx';

const actions: readonly ActionEntry<JournalRow>[] = [
  {
    id: 'journal.reverse',
    label: () => 'Reverse',
    keywords: 'undo bring back revert',
    writes: true,
    applies: isReversible,
    start: (row) => isReversible(row) && openReverseEntry(row),
  },
];

/** What a row changed; for a run, its number of entries. */
function wordsOf(row: JournalRow): string {
  return row.run ? formatCounted(row.run.entries, 'entry') : changeWords(row);
}

/** The cluster of an entry, where the journals of all clusters are listed. */
const clusterColumn: DataColumn<JournalRow> = customColumn('cluster', 'Cluster', {
  width: 110,
  cell: ({ connectionName }) => <span title={connectionName}>{connectionName}</span>,
  csv: ({ connectionName }) => connectionName,
});

const columns: readonly DataColumn<JournalRow>[] = [
  timeColumn('at', 'Time', { width: 140 }),
  customColumn('title', 'Operation', {
    width: 142,
    cell: ({ title, run }) => <span title={title}>{run ? 'Bulk change' : title}</span>,
    csv: ({ title, run }) => (run ? 'Bulk change' : title),
  }),
  customColumn('target', 'Target', {
    searched: true,
    width: 172,
    grow: true,
    cell: ({ target, run }) =>
      run ? (
        <span title={run.title}>
          <b>{run.title}</b>
        </span>
      ) : (
        <span title={`${target.name} · ${target.id}`}>{target.name}</span>
      ),
    csv: ({ target, run }) => run?.title ?? target.name,
  }),
  customColumn('change', 'Change', {
    width: 182,
    grow: true,
    cell: (row) => {
      const words = wordsOf(row);
      return <span title={words}>{words === '' ? '–' : words}</span>;
    },
    csv: wordsOf,
  }),
  customColumn('result', 'Result', {
    width: 156,
    cell: ({ result, run }) => (run ? <RunResults run={run} /> : <ResultBadge result={result} />),
    csv: ({ result, run }) => (run ? runWords(run) : result),
  }),
  textColumn('operator', 'Operator', { width: 84 }),
  textColumn('ticket', 'Ticket', {
    searched: true,
    width: 86,
    cell: ({ ticket }) => (ticket === null ? null : <span title={ticket}>{ticket}</span>),
  }),
  textColumn('reason', 'Why', {
    description: 'Why the row of a run was done.',
    searched: true,
    width: 180,
    hidden: true,
    cell: ({ reason }) => (reason === null ? null : <span title={reason}>{reason}</span>),
  }),
  textColumn('requestId', 'Request id', {
    searched: true,
    width: 180,
    hidden: true,
    cell: ({ requestId }) =>
      requestId === null ? null : <Identifier value={requestId} what="request id" />,
  }),
  figureColumn('sequence', 'Entry', {
    description: 'Place of the entry in the chain of hashes.',
    width: 80,
    hidden: true,
    cell: ({ sequence }) => sequence,
    csv: ({ sequence }) => sequence,
  }),
];

const menu: RowMenu<JournalRow> = {
  nameOf: ({ title, target, run }) => run?.title ?? `${title}, ${target.name}`,
  reading: ({ run, runId, journalId, target, requestId, ticket }, connectionId) => ({
    path:
      run && runId !== null ? runPath(connectionId, runId) : journalPath(connectionId, journalId),
    copies: {
      ...(run ? { 'Run id': runId } : { Target: target.name, 'Target id': target.id }),
      ...{ 'Request id': run ? null : requestId, Ticket: ticket },
    },
    opens: run
      ? { 'Open run': runId === null ? null : runPath(connectionId, runId) }
      : { 'Open target': targetPath(connectionId, target) },
  }),
};

export const journalColumns = withRowMenu(columns, { ...menu, actions });

type EveryRow = CallOutput<'journal.everywhere'>['rows'][number];

/** What leaves room for the cluster. */
const fit: Readonly<Record<string, Partial<DataColumn<JournalRow>>>> = {
  change: { width: 158 },
  ticket: { hidden: true },
};

/**
 * Columns of the journal across clusters; the cluster takes the ticket's room. Actions on an entry are in
 * its panel, on its cluster.
 */
export const everyColumns = withRowMenu<EveryRow>(
  [...columns.slice(0, 1), clusterColumn, ...columns.slice(1)].map((column) =>
    column.id in fit ? { ...column, ...fit[column.id] } : column,
  ),
  { ...menu, reading: (row) => menu.reading(row, row.connectionId) },
);
