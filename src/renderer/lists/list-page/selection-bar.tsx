import { Button } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import type { PagedRows } from '../table/use-paged-rows.ts';
import type { RowSelection } from '../table/use-row-selection.ts';
import classes from './list-view.module.css';

/** Takes the toolbar's place while rows are selected: how many, what can be done, and "Clear". */
export function SelectionBar<Row>(props: {
  selection: RowSelection<Row>;
  noun: string;
  total: number;
  onSelectAll: () => void;
  selectingAll: boolean;
  onExport: () => void;
  children?: ReactNode;
}) {
  const count = props.selection.rows.size;
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Selected rows" data-selection>
      <span className={`oc-number ${classes.selected}`}>
        {formatCounted(count, props.noun)} selected
      </span>
      {count < props.total && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={props.selectingAll}
          onClick={props.onSelectAll}
        >
          Select all {formatCount(props.total)}
        </Button>
      )}
      <span className={classes.space} />
      {props.children}
      <SecondaryButton onClick={props.onExport}>Export</SecondaryButton>
      <Button variant="subtle" color="gray" onClick={props.selection.clear}>
        Clear selection
      </Button>
    </div>
  );
}

/** Selecting one row, a range (also over rows that were never on screen) or all that match. */
export function useSelectionActions<Row>(list: {
  rows: PagedRows<Row>;
  selection: RowSelection<Row>;
  rowId(row: Row): string;
  active: number;
}) {
  const { rows, selection, rowId } = list;
  const anchor = useRef(0);
  const { running: selectingAll, run } = useAction(showFailure);

  const addRange = (from: number, to: number) =>
    run(async () => {
      const read = await rows.readRange(from, to);
      selection.add(read.map((row) => [rowId(row), row] as const));
    });

  return {
    selectingAll,
    select: (index: number, how: 'one' | 'range') => {
      if (how === 'range') {
        const from = selection.rows.size === 0 ? list.active : anchor.current;
        anchor.current = from;
        void addRange(Math.min(from, index), Math.max(from, index) + 1);
        return;
      }
      const row = rows.rowAt(index);
      if (row === undefined) return;
      anchor.current = index;
      selection.toggle(rowId(row), row);
    },
    selectAll: () => void addRange(0, rows.total ?? 0),
  };
}
