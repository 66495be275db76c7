import type { Key, MouseEvent, ReactNode } from 'react';
import classes from './plain-table.module.css';
import { RowMenuButton, useRowMenu } from './row-menu.tsx';

/**
 * One column of a plain table: its heading, and the cell of a row. Figures are aligned right; the
 * heading of buttons is there for screen readers alone.
 */
export type PlainColumn<Row> = readonly [
  heading: string,
  cell: (row: Row) => ReactNode,
  kind?: 'figure' | 'code' | 'buttons',
];

const kinds = {
  figure: classes.figure,
  code: `oc-mono ${classes.code}`,
  buttons: classes.buttons,
};

/**
 * A table of a few rows that neither sorts nor scrolls. Lists of any length are a `ListTable`.
 * @param props.stacks where there is no room, the values of a row are below each other, named
 * @param props.menu what the menu of a row is called by and offers, as in a list; omitted: there is none
 */
export function PlainTable<Row>(props: {
  label?: string;
  columns: readonly PlainColumn<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): Key;
  isOpen?(row: Row): boolean;
  stacks?: boolean;
  menu?: { nameOf(row: Row): string; items(row: Row): ReactNode };
}) {
  const { rows, rowKey, isOpen, menu } = props;
  const columns: readonly PlainColumn<Row>[] = menu
    ? [
        ...props.columns,
        ['Menu', (row) => <RowMenuButton name={menu.nameOf(row)} tabbable />, 'buttons'],
      ]
    : props.columns;
  const rowMenu = useRowMenu(menu?.items);
  const rowOf = ({ target }: MouseEvent): Row | undefined =>
    target instanceof Element
      ? rows[Number(target.closest<HTMLElement>('[data-index]')?.dataset.index)]
      : undefined;
  const onClick = (event: MouseEvent) => {
    const row = rowOf(event);
    if (row !== undefined) rowMenu.openAt(event.target as Element, row);
  };
  const onContextMenu = (event: MouseEvent) => {
    const row = rowOf(event);
    // with text selected, the menu that copies it is what is wanted
    if (row === undefined || !window.getSelection()?.isCollapsed) return;
    if (rowMenu.openAtPointer(event, row)) event.preventDefault();
  };
  return (
    <table
      aria-label={props.label}
      className={`${classes.table} ${props.stacks ? 'oc-stacks' : ''}`}
    >
      <thead>
        <tr>
          {columns.map(([heading, , kind]) => (
            <th key={heading} className={kind === 'code' ? undefined : kind && kinds[kind]}>
              {kind === 'buttons' ? <span className="oc-hidden">{heading}</span> : heading}
            </th>
          ))}
        </tr>
      </thead>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the buttons in it have the keyboard */}
      <tbody onClick={onClick} onContextMenu={onContextMenu}>
        {rows.map((row, index) => (
          <tr key={rowKey(row)} data-index={index} data-open={isOpen?.(row) || undefined}>
            {columns.map(([heading, cell, kind]) => (
              <td
                key={heading}
                className={kind && kinds[kind]}
                data-label={kind === 'buttons' ? undefined : heading}
              >
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {rowMenu.menu}
    </table>
  );
}
