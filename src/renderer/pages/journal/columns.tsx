import { Identifier } from '../../kit/components/identifier.tsx';
import { textColumn, timeColumn } from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { changeWords } from './journal-entry.tsx';
import { type JournalRow, ResultBadge } from './result-badge.tsx';

export const journalColumns: readonly DataColumn<JournalRow>[] = [
  timeColumn('at', 'Time', { width: 140 }),
  textColumn('title', 'Operation', { width: 172 }),
  {
    id: 'target',
    header: 'Target',
    width: 230,
    cell: ({ target }) => <span title={`${target.name} · ${target.id}`}>{target.name}</span>,
    csv: ({ target }) => target.name,
  },
  {
    id: 'change',
    header: 'Change',
    width: 260,
    grow: true,
    cell: (row) => {
      const words = changeWords(row);
      return <span title={words}>{words === '' ? '–' : words}</span>;
    },
    csv: changeWords,
  },
  textColumn('result', 'Result', {
    width: 160,
    cell: ({ result }) => <ResultBadge result={result} />,
  }),
  textColumn('operator', 'Operator', { width: 110 }),
  textColumn('ticket', 'Ticket', {
    width: 120,
    cell: ({ ticket }) => (ticket === null ? null : <span title={ticket}>{ticket}</span>),
  }),
  textColumn('requestId', 'Request id', {
    width: 180,
    hidden: true,
    cell: ({ requestId }) =>
      requestId === null ? null : <Identifier value={requestId} what="request id" />,
  }),
  {
    id: 'sequence',
    header: 'Entry',
    description: 'Place of the entry in the chain of hashes.',
    width: 80,
    align: 'right',
    hidden: true,
    cell: ({ sequence }) => sequence,
    csv: ({ sequence }) => sequence,
  },
];
