import { type ReactNode, useEffect } from 'react';
import { useNavigate } from 'react-router';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { useShortcut } from '../../kit/shortcuts.ts';
import type { ColumnPreset, DataColumn, ListSort } from '../table/columns.ts';
import { DataTable } from '../table/data-table.tsx';
import type { ExportStamp } from '../table/export-csv.ts';
import { useColumnLayout } from '../table/use-column-layout.ts';
import type { ListAddress } from '../table/use-list-address.ts';
import { sortAfterClick, useListPosition } from '../table/use-list-position.tsx';
import {
  type ListCall,
  type ListInput,
  type PagedRows,
  pageSize,
  type RowOf,
  usePagedRows,
  useWholeTotal,
} from '../table/use-paged-rows.ts';
import { type RowSelection, useRowSelection } from '../table/use-row-selection.ts';
import { ColumnsMenu } from './columns-menu.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { ExcludedNotice } from './excluded-notice.tsx';
import { ExportButton, exportRows } from './export-button.tsx';
import { FilterChips } from './filter-menu.tsx';
import type { FilterPart, ListFilter } from './filters.ts';
import { ListInstead } from './list-instead.tsx';
import { ListToolbar } from './list-toolbar.tsx';
import classes from './list-view.module.css';
import { useListLayout } from './saved-views.ts';
import { SelectionBar, useSelectionActions } from './selection-bar.tsx';
import { useFilters } from './use-filters.ts';
import { ViewsMenu } from './views-menu.tsx';

/**
 * Everything a list page says of itself; {@link ListView} does the rest.
 * @template Name the call the rows come from
 */
export interface ListViewProps<Name extends ListCall> {
  /** Key under which the columns are remembered, and stem of the export's file name: `users`. */
  tableId: string;
  title: string;
  /** Before the title: a way back. */
  before?: ReactNode;
  /** Singular: `user`. */
  noun: string;
  call: Name;
  /** The rows are the console's own record: they need no reading of the cluster. */
  own?: boolean;
  /** The call's input besides search, filters and sort. */
  input?: FilterPart<Name>;
  /** Makes the call's input of the address, where its filters do not. */
  toInput?(address: ListAddress, connectionId: string): ListInput<Name>;
  columns: readonly DataColumn<RowOf<Name>>[];
  presets?: readonly ColumnPreset[];
  /** Identity of a row, also in the address while its detail is open. */
  rowId(row: RowOf<Name>): string;
  /**
   * What names a row in the call's `only`, which says of a list of any length whether the row is in it;
   * omitted: its identity.
   */
  only?(id: string): string;
  filters: readonly ListFilter<FilterPart<Name>>[];
  searchPlaceholder: string;
  defaultSort: ListSort;
  primaryAction?: ReactNode;
  /** The detail panel's content; omitted: rows don't open. */
  renderDetail?(id: string): ReactNode;
  /** Address of a row's own page, for Ctrl Enter. */
  fullPath?(id: string): string;
  /** When this changes, the selection is cleared: what is offered goes by how the rows were. */
  selectionScope?: string;
  /** What can be done with the rows selected, besides exporting them. */
  renderBulkActions?(selection: RowSelection<RowOf<Name>>): ReactNode;
  /** What an export is stamped with, where the rows are not those of the cluster. */
  exportStamp?(address: ListAddress): Partial<ExportStamp>;
  /** Replaces the export of all matching rows, where the core has its own. */
  exportButton?: ReactNode;
  /** Shown where the cluster has none at all. */
  empty: ReactNode;
  flashing?: ReadonlySet<string>;
  /** Between toolbar and table: a strip that says something of the whole list. */
  banner?: ReactNode;
}

/** A list page: page bar, toolbar or selection bar, virtual table, detail panel, and all its states. */
export function ListView<Name extends ListCall>(props: ListViewProps<Name>) {
  const { filters, columns, defaultSort } = props;
  const cluster = useCluster();
  const navigate = useNavigate();
  const address = useFilters(filters);
  const sort = address.sort ?? defaultSort;
  const input = inputOf(props, { ...address, sort }, cluster.id);
  const rows = usePagedRows(props.call, input);
  const all = useWholeList(props, address, cluster.id);
  const { key, base } = useListLayout(cluster.id, props.tableId);
  const layout = useColumnLayout(key, columns, base);
  const selection = useRowSelection<RowOf<Name>>(
    JSON.stringify([cluster.id, address.search, address.filters, props.selectionScope]),
  );
  const position = useListPosition(rows, (row) => {
    if (props.renderDetail) address.setOpen(props.rowId(row));
  });
  const { active, setActive } = position;
  const actions = useSelectionActions({ rows, selection, rowId: props.rowId, active });

  const listKey = JSON.stringify([address.search, address.filters, sort]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its first row
  useEffect(() => setActive(0), [listKey]);
  useActiveFollowsOpen({ rows, rowId: props.rowId, openId: address.open, active, setActive });

  const openFull = (id: string) => {
    const path = props.fullPath?.(id);
    if (path) navigate(path);
  };
  const onSort = (column: DataColumn<RowOf<Name>>) => {
    const next = sortAfterClick(sort, column);
    if (next) address.setSort(next);
  };
  useShortcut('Escape', () => address.setOpen(null), address.open !== null);

  const total = rows.total ?? 0;
  const stamp = { cluster: cluster.name, asOf: rows.asOf, ...props.exportStamp?.(address) };
  return (
    <div className="oc-page">
      <PageBar
        title={props.title}
        count={rows.total === 0 && rows.asOf === null ? null : rows.total}
        of={all}
        before={props.before}
        primaryAction={props.primaryAction}
      />
      <div className={classes.split}>
        <div className={classes.list}>
          {selection.rows.size > 0 ? (
            <SelectionBar
              selection={selection}
              noun={props.noun}
              total={total}
              onSelectAll={actions.selectAll}
              selectingAll={actions.selectingAll}
              onExport={() =>
                exportRows({
                  what: props.tableId,
                  columns,
                  rows: [...selection.rows.values()],
                  stamp,
                })
              }
            >
              {props.renderBulkActions?.(selection)}
            </SelectionBar>
          ) : (
            <ListToolbar
              placeholder={props.searchPlaceholder}
              filters={filters}
              address={address}
              range={position.range}
            >
              <ViewsMenu table={props.tableId} layoutKey={key} base={base} />
              <ColumnsMenu layout={layout} {...(props.presets ? { presets: props.presets } : {})} />
              {props.exportButton ?? (
                <ExportButton what={props.tableId} columns={columns} rows={rows} stamp={stamp} />
              )}
            </ListToolbar>
          )}
          <FilterChips filters={filters} address={address} />
          {props.banner}
          <SomeRowsFailed rows={rows} />
          <ListInstead
            rows={rows}
            address={address}
            filters={filters}
            noun={props.noun}
            empty={props.empty}
            own={props.own ?? false}
          >
            <DataTable
              label={props.title}
              search={address.search}
              rows={rows}
              listKey={listKey}
              rowId={props.rowId}
              layout={layout}
              sort={sort}
              onSort={onSort}
              selection={selection}
              onSelect={actions.select}
              onSelectAll={actions.selectAll}
              {...position.table}
              openId={address.open}
              onOpenFull={(index) => {
                const row = rows.rowAt(index);
                if (row !== undefined) openFull(props.rowId(row));
              }}
              {...(props.flashing ? { flashing: props.flashing } : {})}
            />
          </ListInstead>
        </div>
        {address.open !== null && props.renderDetail && (
          <DetailPanel
            label={`Details of the ${props.noun}`}
            onMove={position.move}
            onOpenFull={props.fullPath && (() => openFull(address.open ?? ''))}
            onClose={() => address.setOpen(null)}
          >
            <ExcludedNotice
              {...{ rows, listKey, address, filters }}
              noun={props.noun}
              id={address.open}
              only={props.only?.(address.open) ?? address.open}
              rowId={props.rowId}
            />
            {props.renderDetail(address.open)}
          </DetailPanel>
        )}
      </div>
    </div>
  );
}

/** The search part of a call's input; blanks are no search. */
export function searchInput(search: string): { search?: string } {
  const text = search.trim();
  return text === '' ? {} : { search: text };
}

/** Returns what a list is narrowed to, as its call takes it: the parts of all filters that are set. */
export function filterInput<Input extends { filter?: object | undefined }>(
  filters: readonly ListFilter<Input>[],
  values: Readonly<Record<string, string | undefined>>,
): Input {
  const parts = filters.flatMap(({ id, toInput }) => {
    const value = values[id];
    return value && toInput ? [toInput(value)] : [];
  });
  const filter = Object.assign({}, ...parts.map((part) => part.filter));
  return {
    ...Object.assign({}, ...parts),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
  };
}

function inputOf<Name extends ListCall>(
  { input, filters, toInput, columns }: ListViewProps<Name>,
  address: ListAddress,
  connectionId: string,
): ListInput<Name> {
  if (toInput) return toInput(address, connectionId);
  return {
    connectionId,
    ...input,
    ...searchInput(address.search),
    ...filterInput<FilterPart<Name> & { filter?: object }>(filters, address.filters),
    ...(columns.some(({ sortKey }) => sortKey) ? { sort: address.sort } : {}),
  } as ListInput<Name>;
}

/** How many rows there are without search and filters; null where nothing narrows the list. */
function useWholeList<Name extends ListCall>(
  props: ListViewProps<Name>,
  address: ListAddress,
  connectionId: string,
): number | null {
  const isNarrowed = address.search.trim() !== '' || Object.keys(address.filters).length > 0;
  const whole = { ...address, search: '', filters: {}, sort: props.defaultSort };
  return useWholeTotal(props.call, inputOf(props, whole, connectionId), isNarrowed);
}

/** Says over the rows that are there that others could not be read. */
function SomeRowsFailed({ rows }: { rows: PagedRows<unknown> }) {
  if (!rows.error || rows.total === null) return null;
  return (
    <div className={classes.strip}>
      <ErrorPanel
        error={rows.error}
        compact
        onRetry={rows.retry}
        title="Some rows could not be read"
      />
    </div>
  );
}

/**
 * Puts the keyboard on the row whose detail is open, where an address or a step back opened it: so that
 * up and down continue from there. Looks among the first rows, which are the ones available then.
 */
function useActiveFollowsOpen<Row>(list: {
  rows: PagedRows<Row>;
  rowId(row: Row): string;
  openId: string | null;
  active: number;
  setActive(index: number): void;
}): void {
  const { rows, rowId, openId, active, setActive } = list;
  const idAt = (index: number) => {
    const row = rows.rowAt(index);
    return row === undefined ? null : rowId(row);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another row opens or the rows arrive
  useEffect(() => {
    if (openId === null || rows.total === null || idAt(active) === openId) return;
    const last = Math.min(rows.total, pageSize);
    for (let index = 0; index < last; index += 1) {
      if (idAt(index) === openId) return setActive(index);
    }
  }, [openId, rows.total]);
}
