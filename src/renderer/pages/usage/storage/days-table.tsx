import { IconCalendarOff } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { formatShare } from '#shared/counted.ts';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { unitFigure } from '../../../changes/statements/line-source.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { formatBytes, formatCount } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { ListTable } from '../../../lists/list-page/list-table.tsx';
import { customColumn, figureColumn } from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import type { RowOf } from '../../../lists/table/use-paged-rows.ts';
import { endOfDay, type Span, timeZoneOf } from '../period/period.ts';
import type { PeriodState } from '../period/use-period.ts';
import { type BillUnit, useBillUnit } from './bill-unit.ts';
import { type StorageSubject, storageTarget } from './storage-facts.tsx';

type DayRow = RowOf<'storage.days'>;
type Amount = Pick<DayRow, 'stored' | 'byteHours'>;

/** What is asked for: the days of a subject, and what they add up to. */
export function daysInput(connectionId: string, subject: StorageSubject, span: Span) {
  return { connectionId, from: span.from, to: span.to, target: storageTarget(subject) };
}

/** The exact amount of byte-hours; the number that days add up to. */
function byteHoursWords(byteHours: WireInteger): string {
  return `${formatCount(fromWireInteger(byteHours))} byte-hours`;
}

function Unknown() {
  return (
    <span className="oc-dimmed" data-hint="No sizes were sampled around this day.">
      not known
    </span>
  );
}

function Billed({ of, unit }: { of: Amount; unit: BillUnit }) {
  if (of.stored === null || of.byteHours === null) return <Unknown />;
  return (
    <span className="oc-number" data-hint={byteHoursWords(of.byteHours)}>
      {unitFigure(of.stored, unit)}
    </span>
  );
}

function ByteHours({ of: { byteHours } }: { of: Amount }) {
  if (byteHours === null) return <Unknown />;
  return <span className="oc-number">{formatCount(fromWireInteger(byteHours))}</span>;
}

const day = 24n;

/** The mean size of a day with all its hours. */
function meanSize({ byteHours, known }: DayRow): string {
  if (byteHours === null || known < 1) return '';
  return formatBytes(fromWireInteger(byteHours) / day);
}

function columnsOf(unit: BillUnit): readonly DataColumn<DayRow>[] {
  return [
    customColumn('day', 'Day', {
      width: 170,
      grow: true,
      sortKey: 'day',
      sortsDescendingFirst: true,
      cell: ({ at }) => <Time value={at} />,
    }),
    figureColumn('stored', `Stored, ${unit.unit}`, {
      description: `Size times hours, as a bill counts it: ${unit.words}.`,
      width: 150,
      sortKey: 'stored',
      cell: (row) => <Billed of={row} unit={unit} />,
    }),
    figureColumn('byteHours', 'Byte-hours', {
      description: 'The same, exactly: bytes times the hours that they were stored.',
      width: 180,
      cell: (row) => <ByteHours of={row} />,
    }),
    figureColumn('mean', 'Mean size', {
      description: 'Of days that are sampled completely.',
      width: 100,
      cell: meanSize,
    }),
    figureColumn('known', 'Sampled', {
      description: 'How much of the day is between two samples of sizes; the rest counts nothing.',
      width: 90,
      cell: ({ known }) => formatShare(known),
    }),
  ];
}

/** What was stored day by day, in the unit of the bill, with the sum that a statement charges. */
export function DaysTable(props: {
  subject: StorageSubject;
  period: PeriodState;
  span: Span;
  before: ReactNode;
}) {
  const { subject, period, span } = props;
  const cluster = useCluster();
  const unit = useBillUnit(period.line);
  const { words } = unit;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the unit by what it says
  const columns = useMemo(() => columnsOf(unit), [unit.unit, words]);
  return (
    <ListTable
      tableId="usage-storage-days"
      label="Stored by day"
      call="storage.days"
      input={{ ...daysInput(cluster.id, subject, span), ...timeZoneOf(period.clock) }}
      columns={columns}
      rowId={({ at }: DayRow) => at}
      defaultSort={{ by: 'day', descending: true }}
      onOpen={({ at }: DayRow) =>
        period.chooseSpan({ from: at, to: endOfDay(at, period.clock, span) })
      }
      before={props.before}
      sums={({ whole }) => ({
        day: 'Sum',
        stored: <Billed of={whole} unit={unit} />,
        byteHours: <ByteHours of={whole} />,
      })}
      empty={
        <EmptyState icon={IconCalendarOff} title="No days">
          The period is empty.
        </EmptyState>
      }
    />
  );
}
