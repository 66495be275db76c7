import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
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
      <Button variant="default" onClick={props.onExport}>
        Export
      </Button>
      <Button variant="subtle" color="gray" onClick={props.selection.clear}>
        Clear selection
      </Button>
    </div>
  );
}
