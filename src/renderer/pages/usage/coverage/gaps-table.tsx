import { byGravity } from '#shared/coverage-states.ts';
import { hour } from '#shared/durations.ts';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { formatCount } from '../../../kit/components/format.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { customColumn, figureColumn, timeColumn } from '../../../lists/table/column-kinds.tsx';
import type { DataColumn, ListSort } from '../../../lists/table/columns.ts';
import { LocalTable } from '../../../lists/table/local-table.tsx';
import { serviceWords } from '../shared/figures.ts';
import { AcceptGapsDialog, isAcceptable } from './accept-gaps-dialog.tsx';
import { type Coverage, stateWords } from './cells.ts';
import classes from './coverage.module.css';
import { StateSwatch } from './legend.tsx';

type Gap = Coverage['gaps'][number];

const hoursOf = ({ from, to }: Gap): number => (Date.parse(to) - Date.parse(from)) / hour;

const remedies: Record<Gap['state'], string> = {
  missing: 'Find out why; accept it if the gateway was silent.',
  idle: 'Collect what is older, or accept it as unused.',
  waiting: 'Collect: it is on the gateway.',
  duplicate: 'Open both objects: this time seems counted twice.',
  conflicting: 'Settle the conflict below.',
  late: 'Nothing: it is archived and counts.',
};

const columns: readonly DataColumn<Gap>[] = [
  customColumn('state', 'State', {
    width: 160,
    sortKey: 'state',
    sortsDescendingFirst: true,
    cell: ({ state }) => (
      <span className={classes.state}>
        <StateSwatch state={state} />
        {stateWords[state].word}
      </span>
    ),
  }),
  customColumn('service', 'Gateway service', {
    description: serviceWords,
    width: 130,
    sortKey: 'service',
    cell: ({ serviceId }) => <span className="oc-mono">{serviceId}</span>,
  }),
  timeColumn('from', 'From', { width: 140, sortsDescendingFirst: false, sorts: true }),
  timeColumn('to', 'To', { width: 140 }),
  figureColumn('hours', 'Hours', {
    width: 64,
    sortKey: 'hours',
    cell: (gap) => formatCount(hoursOf(gap)),
  }),
  customColumn('remedy', 'What to do', {
    width: 286,
    grow: true,
    cell: ({ state }) => (
      <span className="oc-dimmed" title={remedies[state]}>
        {remedies[state]}
      </span>
    ),
  }),
  customColumn('accept', 'Decision', {
    width: 128,
    cell: (gap) =>
      isAcceptable(gap) && (
        <TinyButton tabIndex={-1} onClick={() => accept([gap])}>
          Accept as silent
        </TinyButton>
      ),
  }),
];

/** Asks for a reason to accept gaps as silent. */
function accept(gaps: readonly Gap[]): void {
  openDialog((close) => <AcceptGapsDialog gaps={gaps} onClose={close} />);
}

function compare(by: string, one: Gap, other: Gap): number {
  switch (by) {
    case 'state':
      return byGravity(one.state, other.state);
    case 'service':
      return one.serviceId < other.serviceId ? -1 : one.serviceId > other.serviceId ? 1 : 0;
    case 'hours':
      return hoursOf(one) - hoursOf(other);
    default:
      return Date.parse(one.from) - Date.parse(other.from);
  }
}

function sortGaps(gaps: readonly Gap[], { by, descending }: ListSort): readonly Gap[] {
  const sign = descending ? -1 : 1;
  return gaps.toSorted(
    (one, other) => sign * compare(by, one, other) || compare('from', one, other),
  );
}

/** The gaps of a period as a table. */
export function GapsTable({ gaps }: { gaps: readonly Gap[] }) {
  return (
    <LocalTable
      tableId="usage-gaps"
      label="Gaps"
      rows={gaps}
      columns={columns}
      rowId={({ serviceId, from }) => `${serviceId} ${from}`}
      defaultSort={{ by: 'state', descending: true }}
      sorted={sortGaps}
      onOpen={(gap) => {
        if (isAcceptable(gap)) accept([gap]);
      }}
    />
  );
}
