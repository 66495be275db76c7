import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useActionHold } from '../../kit/components/guarded-button.tsx';
import { openPlanChooser, plannableActions } from '../../kit/detail/plan-chooser.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { RowMenuButton } from '../../lists/table/row-menu.tsx';

/**
 * The last column of a list: the actions of a row behind three dots.
 * @param nameOf what a row is called, for screen readers
 * @param reading what only reads, which comes first
 */
export function actionsColumn<Row>(
  actions: readonly ActionEntry<Row>[],
  nameOf: (row: Row) => string,
  reading?: (row: Row) => ReactNode,
): DataColumn<Row> {
  return {
    id: 'actions',
    header: 'Actions',
    width: 64,
    align: 'right',
    cell: (row) => <RowMenuButton name={nameOf(row)} />,
    menu: (row) => (
      <>
        {reading?.(row)}
        <ActionItems actions={actions} subject={row} name={nameOf(row)} />
      </>
    ),
  };
}

function ActionItems<Subject>(props: {
  actions: readonly ActionEntry<Subject>[];
  subject: Subject;
  name: string;
}) {
  const { actions, subject, name } = props;
  const holdOf = useActionHold();
  const offered = actions.filter((action) => action.applies?.(subject) ?? true);
  const planned = plannableActions(actions, subject);
  const item = (action: ActionEntry<Subject>) => {
    const hold = holdOf(action);
    return (
      <Menu.Item
        key={action.id}
        {...(action.destructive ? { color: 'var(--oc-bad)' } : {})}
        disabled={hold !== null}
        title={hold ?? undefined}
        onClick={() => action.start(subject)}
      >
        {action.label(subject)}
      </Menu.Item>
    );
  };
  return (
    <>
      {offered.map(item)}
      {planned.length > 0 && (
        <>
          <Menu.Divider />
          {item({
            id: 'plans.add',
            label: () => 'Add to plan',
            writes: true,
            start: () => openPlanChooser(planned, subject, name),
          })}
        </>
      )}
    </>
  );
}
