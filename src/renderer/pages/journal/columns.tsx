import { Identifier } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { changeWords } from './journal-entry.tsx';
import { type JournalRow, ResultBadge } from './result-badge.tsx';

/** Columns of the journal. */
export const journalColumns: readonly DataColumn<JournalRow>[] = [
  {
    id: 'at',
    header: 'Time',
    width: 140,
    cell: ({ at }) => <Time value={at} />,
    csv: ({ at }) => at,
  },
  {
    id: 'title',
    header: 'Operation',
    width: 172,
    cell: ({ title }) => title,
    csv: ({ title }) => title,
  },
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
  {
    id: 'result',
    header: 'Result',
    width: 160,
    cell: ({ result }) => <ResultBadge result={result} />,
    csv: ({ result }) => result,
  },
  {
    id: 'operator',
    header: 'Operator',
    width: 110,
    cell: ({ operator }) => operator,
    csv: ({ operator }) => operator,
  },
  {
    id: 'ticket',
    header: 'Ticket',
    width: 120,
    cell: ({ ticket }) => (ticket === null ? null : <span title={ticket}>{ticket}</span>),
    csv: ({ ticket }) => ticket,
  },
  {
    id: 'requestId',
    header: 'Request id',
    width: 180,
    hidden: true,
    cell: ({ requestId }) =>
      requestId === null ? null : <Identifier value={requestId} what="request id" />,
    csv: ({ requestId }) => requestId,
  },
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
