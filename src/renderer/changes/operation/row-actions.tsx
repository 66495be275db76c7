import { Menu } from '@mantine/core';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useActionHold } from '../../kit/components/guarded-button.tsx';
import { RowMenuButton } from '../../kit/components/row-menu.tsx';
import { ActionItem } from '../../kit/detail/detail-actions.tsx';
import { openPlanChooser, plannableActions } from '../../kit/detail/plan-chooser.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { ReadingItems, type RowReading } from './reading-items.tsx';

/** The menu of a list's rows: ways to copy and open a row, then its actions. */
export interface RowMenu<Row> {
  /** What a row is called, for screen readers and in plans. */
  nameOf(row: Row): string;
  /** What only reads: it comes first. */
  reading(row: Row, connectionId: string): RowReading;
  actions?: readonly ActionEntry<Row>[];
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
    },
  ];
}

export function plainRowMenu<Row>(menu: RowMenu<Row>) {
  return {
    nameOf: menu.nameOf,
    items: (row: Row) => <RowMenuItems {...{ menu, row }} />,
  };
}

function RowMenuItems<Row>(props: {
  menu: RowMenu<Row>;
  row: Row;
  columns?: readonly DataColumn<Row>[];
}) {
  const { menu, row, columns } = props;
  const { id } = useCluster();
  const holdOf = useActionHold();
  const offered = (menu.actions ?? []).filter((action) => action.applies?.(row) ?? true);
  const planned = plannableActions(offered, row);
  const item = (action: ActionEntry<Row>) => (
    <ActionItem key={action.id} action={action} subject={row} reason={holdOf(action)} />
  );
  return (
    <>
      <ReadingItems row={row} columns={columns} reading={menu.reading(row, id)} />
      {offered.length > 0 && <Menu.Divider />}
      {offered.map(item)}
      {planned.length > 0 && (
        <>
          <Menu.Divider />
          {item({
            id: 'plans.add',
            label: () => 'Add to plan',
            writes: true,
            start: () => openPlanChooser(planned, row, menu.nameOf(row)),
          })}
        </>
      )}
    </>
  );
}
