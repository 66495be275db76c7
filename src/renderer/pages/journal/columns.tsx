import {
  changeWords,
  isReversible,
  type JournalRow,
  openReverseEntry,
} from '../../changes/operation/reverse-entry.tsx';
import { actionsColumn } from '../../changes/operation/row-actions.tsx';
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

/** What a row changed; of a run how many entries it has. */
function wordsOf(row: JournalRow): string {
  return row.run ? formatCounted(row.run.entries, 'entry') : changeWords(row);
}

/** The cluster of an entry, where the journals of all clusters are listed. */
export const clusterColumn: DataColumn<JournalRow> = customColumn('cluster', 'Cluster', {
  width: 140,
  cell: ({ connectionName }) => <span title={connectionName}>{connectionName}</span>,
  csv: ({ connectionName }) => connectionName,
});

export const journalColumns: readonly DataColumn<JournalRow>[] = [
  timeColumn('at', 'Time', { width: 140 }),
  customColumn('title', 'Operation', {
    width: 150,
    cell: ({ title, run }) => (run ? 'Bulk change' : title),
    csv: ({ title, run }) => (run ? 'Bulk change' : title),
  }),
  customColumn('target', 'Target', {
    width: 190,
    cell: ({ target, run }) =>
      run ? (
        <b title={run.title}>{run.title}</b>
      ) : (
        <span title={`${target.name} · ${target.id}`}>{target.name}</span>
      ),
    csv: ({ target, run }) => run?.title ?? target.name,
  }),
  customColumn('change', 'Change', {
    width: 210,
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
  textColumn('operator', 'Operator', { width: 90 }),
  textColumn('ticket', 'Ticket', {
    width: 94,
    cell: ({ ticket }) => (ticket === null ? null : <span title={ticket}>{ticket}</span>),
  }),
  textColumn('requestId', 'Request id', {
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
  actionsColumn(actions, ({ title, target }) => `${title}, ${target.name}`),
];
