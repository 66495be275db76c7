import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import type { RowSelection } from '../table/use-row-selection.ts';
import classes from './list-view.module.css';

/** Stands in the toolbar's place while rows are chosen: how many, what to do with them, the way out. */
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
    <div className={classes.toolbar} role="toolbar" aria-label="Chosen rows" data-selection>
      <span className={`oc-number ${classes.chosen}`}>
        {formatCounted(count, props.noun)} chosen
      </span>
      {count < props.total && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={props.selectingAll}
          onClick={props.onSelectAll}
        >
          Choose all {formatCount(props.total)}
        </Button>
      )}
      <span className={classes.space} />
      {props.children}
      <Button variant="default" onClick={props.onExport}>
        Export
      </Button>
      <Button variant="subtle" color="gray" onClick={props.selection.clear}>
        Choose none
      </Button>
    </div>
  );
}
