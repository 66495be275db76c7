import type { ReactNode } from 'react';

/**
 * One column of a list.
 * @template Row what a row holds
 */
export interface DataColumn<Row> {
  /** Stable: the layout remembers it. */
  id: string;
  /** Heading; a unit goes here: `Size`, `Operations/s`. */
  header: string;
  /** Said on hover of the heading where the word alone is not enough: what it is and where it is from. */
  description?: string;
  /** Width in pixels before the operator changes it. */
  width: number;
  /** Takes a share of the room that is left. */
  grow?: boolean;
  align?: 'left' | 'right';
  /** Key the call sorts by; omitted: the column does not sort. */
  sortKey?: string;
  /** First click on the heading sorts from large to small; omitted: so do numbers. */
  sortsDescendingFirst?: boolean;
  /** Whether the list's search looks here: what it finds is marked. */
  searched?: boolean;
  /** Not shown until selected in the columns menu. */
  hidden?: boolean;
  /**
   * The cell, of plain elements: there are hundreds. Links are `RowLink`s; links and buttons get
   * `tabIndex={-1}`, since the table has its own keyboard. Rows are used again for others while one
   * scrolls: what keeps state in a cell needs a `key` of its row.
   */
  cell(row: Row): ReactNode;
  /** What the menu of a row offers; the cell holds the {@link RowMenuButton} that opens it. */
  menu?(row: Row): ReactNode;
  /** Draws nothing: offers the same in the command palette, for the row that keys act on. */
  offer?(row: Row): ReactNode;
  /** The cell in an export, exact: ISO times, bytes as an integer. Omitted: not exported. */
  csv?(row: Row): string | number | bigint | null;
}

/** Columns that belong together for some work, under a name. The actions of a row are in each. */
export interface ColumnPreset {
  name: string;
  columns: readonly string[];
}

export interface ListSort {
  by: string;
  descending: boolean;
}
