import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  type Updater,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { ColumnLayout } from '#shared/contract/preferences.ts';
import { defaultColumnLayout, usePreferences } from '../../kit/stores/preferences.ts';
import type { DataColumn } from './columns.ts';

const features = tableFeatures({
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
});

// Rows come page by page from core and are drawn by the virtualizer: the table model holds columns only.
const noRows: object[] = [];

const apply = <Value>(updater: Updater<Value>, value: Value): Value =>
  typeof updater === 'function' ? (updater as (value: Value) => Value)(value) : updater;

/** The narrowest a column gets, in pixels. */
const leastColumnWidth = 56;

/** The model of a list's columns, with the layout stored under a key. */
function useColumnModel<Row>(
  layoutKey: string,
  columns: readonly DataColumn<Row>[],
  base: ColumnLayout,
) {
  const layout = usePreferences(({ columns: all }) => all[layoutKey]) ?? base;
  const change = usePreferences((preferences) => preferences.setColumns);
  const setColumns = (key: string, update: Partial<ColumnLayout>) =>
    change(key, { ...layout, ...update });
  const definitions = useMemo(
    () =>
      columns.map(({ id, width }) => ({
        id,
        accessorFn: () => null,
        size: width,
        minSize: leastColumnWidth,
        maxSize: 900,
      })),
    [columns],
  );
  const visibility = useMemo(
    () => ({
      ...Object.fromEntries(columns.map(({ id, hidden }) => [id, !hidden])),
      ...layout.visible,
    }),
    [columns, layout.visible],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    columnResizeMode: 'onChange',
    state: {
      columnOrder: layout.order,
      columnSizing: layout.widths,
      columnVisibility: visibility,
    },
    onColumnOrderChange: (updater) =>
      setColumns(layoutKey, { order: apply(updater, layout.order) }),
    onColumnSizingChange: (updater) =>
      setColumns(layoutKey, { widths: apply(updater, layout.widths) }),
    onColumnVisibilityChange: (updater) =>
      setColumns(layoutKey, { visible: apply(updater, visibility) }),
  });
  return { table, layout, visibility, setColumns };
}

/**
 * Order, widths and visibility of a list's columns, remembered under a key.
 * @param layoutKey `<connection>/<table>`
 * @param base how they are laid out before they are changed
 */
export function useColumnLayout<Row>(
  layoutKey: string,
  columns: readonly DataColumn<Row>[],
  base = defaultColumnLayout,
) {
  const { table, layout, visibility, setColumns } = useColumnModel(layoutKey, columns, base);
  const shownIds = (table.getHeaderGroups()[0]?.headers ?? []).map(({ column }) => column.id);
  // Widths are the style sheet's: rows are not drawn again while a column is widened.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new array each time, the same by its ids
  const shown = useMemo(
    () => shownIds.flatMap((id) => columns.find((column) => column.id === id) ?? []),
    [columns, shownIds.join()],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the table holds nothing but the layout
  return useMemo(() => {
    const byId = new Map(columns.map((column) => [column.id, column]));
    const order = table.getAllLeafColumns().map(({ id }) => id);
    const headers = (table.getHeaderGroups()[0]?.headers ?? []).flatMap((header) => {
      const column = byId.get(header.column.id);
      return column
        ? [{ column, width: header.column.getSize(), onResizeStart: header.getResizeHandler() }]
        : [];
    });
    return {
      headers,
      columns: shown,
      /** Every column in its order, with whether it is shown: for the columns menu. */
      all: order.flatMap((id) => {
        const column = byId.get(id);
        return column ? [{ column, visible: visibility[id] !== false }] : [];
      }),
      widthsChosen: layout.widths,
      setVisible: (id: string, visible: boolean) =>
        setColumns(layoutKey, { visible: { ...layout.visible, [id]: visible } }),
      setWidth: (id: string, width: number) =>
        setColumns(layoutKey, {
          widths: { ...layout.widths, [id]: Math.max(leastColumnWidth, Math.min(900, width)) },
        }),
      /** Moves a column before the one that is at `position` now. The first column stays first. */
      move: (id: string, position: number) => {
        const rest = order.filter((other) => other !== id);
        rest.splice(Math.max(1, Math.min(rest.length, position)), 0, id);
        setColumns(layoutKey, { order: rest });
      },
      /** Shows these columns in this order, and the actions of a row at the end; widths stay. */
      show: (ids: readonly string[]) => {
        const shown = [
          ...ids.filter((id) => byId.has(id)),
          ...(byId.has('actions') ? ['actions'] : []),
        ];
        setColumns(layoutKey, {
          order: [...shown, ...order.filter((id) => !shown.includes(id))],
          visible: Object.fromEntries(order.map((id) => [id, shown.includes(id)])),
        });
      },
      reset: () => setColumns(layoutKey, base),
    };
  }, [columns, shown, layout, layoutKey, visibility]);
}

export type ColumnLayoutState<Row> = ReturnType<typeof useColumnLayout<Row>>;

const checkboxWidth = 36;

/** The tracks that header and rows share, and the width below which the table scrolls sideways. */
export function gridTracks<Row>(
  layout: ColumnLayoutState<Row>,
  selectable: boolean,
): { template: string; leastWidth: number } {
  const growing = layout.headers.some(
    ({ column }) => column.grow && layout.widthsChosen[column.id] === undefined,
  );
  const tracks = layout.headers.map(({ column, width }) =>
    column.grow && layout.widthsChosen[column.id] === undefined
      ? `minmax(${width}px, 1fr)`
      : `${width}px`,
  );
  const check = selectable ? [`${checkboxWidth}px`] : [];
  const rest = growing ? [] : ['minmax(0, 1fr)'];
  return {
    template: [...check, ...tracks, ...rest].join(' '),
    leastWidth: layout.headers.reduce(
      (sum, { width }) => sum + width,
      selectable ? checkboxWidth : 0,
    ),
  };
}
