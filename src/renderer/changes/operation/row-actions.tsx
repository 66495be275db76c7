import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWriteGuard } from '../../kit/components/guarded-button.tsx';
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
        <ActionItems actions={actions} subject={row} />
      </>
    ),
  };
}

function ActionItems<Subject>(props: {
  actions: readonly ActionEntry<Subject>[];
  subject: Subject;
}) {
  const { actions, subject } = props;
  const guard = useWriteGuard();
  const offered = actions.filter((action) => action.applies?.(subject) ?? true);
  return offered.map((action) => {
    const off = action.writes && !guard.allowed && !guard.unlockable;
    return (
      <Menu.Item
        key={action.id}
        {...(action.destructive ? { color: 'var(--oc-bad)' } : {})}
        disabled={off}
        title={off ? (guard.reason ?? undefined) : undefined}
        onClick={() => action.start(subject)}
      >
        {action.label(subject)}
      </Menu.Item>
    );
  });
}
