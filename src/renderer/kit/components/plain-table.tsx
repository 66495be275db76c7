import type { Key, ReactNode } from 'react';
import classes from './plain-table.module.css';

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
  buttons: classes.figure,
};

/**
 * A table of a few rows that neither sorts nor scrolls. Lists of any length are a `ListTable`.
 * @param props.stacks where there is no room, the values of a row are below each other, named
 */
export function PlainTable<Row>(props: {
  label?: string;
  columns: readonly PlainColumn<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): Key;
  isOpen?(row: Row): boolean;
  stacks?: boolean;
}) {
  const { columns, rows, rowKey, isOpen } = props;
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
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} data-open={isOpen?.(row) || undefined}>
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
    </table>
  );
}
