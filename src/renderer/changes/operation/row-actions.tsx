import { Menu } from '@mantine/core';
import { memo } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useActionHold } from '../../kit/components/guarded-button.tsx';
import { RowMenuButton } from '../../kit/components/row-menu.tsx';
import { ActionItem } from '../../kit/detail/detail-actions.tsx';
import { openPlanChooser, plannableActions } from '../../kit/detail/plan-chooser.tsx';
import { type ActionEntry, actionOn } from '../../kit/detail/sections.tsx';
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import type { DataColumn } from '../../lists/table/columns.ts';
import { ReadingItems, type RowReading, useReadings } from './reading-items.tsx';

/** The menu of a list's rows: ways to copy and open a row, then its actions. */
export interface RowMenu<Row> {
  /** What a row is called, for screen readers and in plans. */
  nameOf(row: Row): string;
  /** What only reads: it comes first. */
  reading(row: Row, connectionId: string): RowReading;
  actions?: readonly ActionEntry<Row>[];
  /** What a row is, where the command palette names it after a verb: `user`. */
  nounOf?(row: Row): string;
}

/** Returns the columns of a list, with the menu of its rows behind three dots as the last one. */
export function withRowMenu<Row>(
  columns: readonly DataColumn<Row>[],
  menu: RowMenu<NoInfer<Row>>,
): readonly DataColumn<Row>[] {
  return [
    ...columns,
    {
      id: 'actions',
      header: 'Actions',
      width: 64,
      align: 'right',
      cell: (row) => <RowMenuButton name={menu.nameOf(row)} />,
      menu: (row) => <RowMenuItems {...{ menu, row, columns }} />,
      offer: (row) => <RowOffer {...{ menu, row, columns }} />,
    },
  ];
}

export function plainRowMenu<Row>(menu: RowMenu<Row>) {
  return {
    nameOf: menu.nameOf,
    items: (row: Row) => <RowMenuItems {...{ menu, row }} />,
  };
}

interface MenuOf<Row> {
  menu: RowMenu<Row>;
  row: Row;
  columns?: readonly DataColumn<Row>[];
}

/** What applies to a row, and adding it to a plan, which is null where there is nothing to add. */
function actionsOf<Row>({ menu, row }: MenuOf<Row>) {
  const offered = (menu.actions ?? []).filter((action) => action.applies?.(row) ?? true);
  const planned = plannableActions(offered, row);
  const plan: ActionEntry<Row> | null =
    planned.length === 0
      ? null
      : {
          id: 'plans.add',
          label: () => 'Add to plan',
          writes: true,
          start: () => openPlanChooser(planned, row, menu.nameOf(row)),
        };
  return { offered, plan };
}

function RowMenuItems<Row>(props: MenuOf<Row>) {
  const { menu, row, columns } = props;
  const { id } = useCluster();
  const holdOf = useActionHold();
  const { offered, plan } = actionsOf(props);
  const item = (action: ActionEntry<Row>) => (
    <ActionItem key={action.id} action={action} subject={row} reason={holdOf(action)} />
  );
  return (
    <>
      <ReadingItems row={row} columns={columns} reading={menu.reading(row, id)} />
      {offered.length > 0 && <Menu.Divider />}
      {offered.map(item)}
      {plan && (
        <>
          <Menu.Divider />
          {item(plan)}
        </>
      )}
    </>
  );
}

/** Offers all that the menu of a row does in the command palette, named after the row. */
const RowOffer = memo(OfferOfRow) as typeof OfferOfRow; // lists render again while they scroll

function OfferOfRow<Row>(props: MenuOf<Row>) {
  const { menu, row, columns } = props;
  const { id: connectionId } = useCluster();
  const holdOf = useActionHold();
  const readingsOf = useReadings(columns);
  useOfferOnScreen(() => {
    const name = menu.nameOf(row);
    const noun = menu.nounOf?.(row);
    const { copies, opens } = readingsOf(row, menu.reading(row, connectionId));
    const { offered, plan } = actionsOf(props);
    const named = (words: string) => `${words} · ${name}`;
    const readings = [
      ...copies.map((one) => ({ ...one, label: `Copy as ${one.label}` })),
      ...opens,
    ].map(({ label, start }) => ({ id: label, label: named(label), reason: null, start }));
    const actions = [...offered, ...(plan ? [plan] : [])].map((action) => ({
      id: action.id,
      label: noun ? actionOn(action, row, { noun, name }) : named(action.label(row)),
      keywords: action.keywords,
      reason: holdOf(action),
      start: () => action.start(row),
    }));
    return [...readings, ...actions].map((one) => ({ ...one, id: `row-${one.id}`, ofRow: true }));
  });
  return null;
}
