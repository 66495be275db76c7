import { Skeleton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount } from '../../../kit/components/format.ts';
import { useShortcut } from '../../../kit/shortcuts.ts';
import { ColumnsMenu } from '../../../lists/list-page/columns-menu.tsx';
import list from '../../../lists/list-page/list-view.module.css';
import type { DataColumn } from '../../../lists/table/columns.ts';
import { DataTable } from '../../../lists/table/data-table.tsx';
import { useColumnLayout } from '../../../lists/table/use-column-layout.ts';
import { useListAddress } from '../../../lists/table/use-list-address.ts';
import {
  type ListCall,
  type ListInput,
  type RowOf,
  usePagedRows,
} from '../../../lists/table/use-paged-rows.ts';
import type { RowSelection } from '../../../lists/table/use-row-selection.ts';

const noFilters: readonly string[] = [];

/** What {@link ListTable} is told. */
export interface ListTableProps<Name extends ListCall> {
  /** Key under which the columns are remembered. */
  tableId: string;
  label: string;
  call: Name;
  /** The call's input without page, search and sort. */
  input: ListInput<Name>;
  columns: readonly DataColumn<RowOf<Name>>[];
  rowId(row: RowOf<Name>): string;
  defaultSort: { by: string; descending: boolean } | null;
  /** Left out: the call can't search. */
  searchPlaceholder?: string;
  onOpen?(row: RowOf<Name>): void;
  /** Id of the row whose detail is open. */
  openId?: string | null;
  /** Given a function that opens the next or previous row, for the panel beside the table. */
  mover?: RefObject<((step: 1 | -1) => void) | null>;
  selection?: RowSelection<RowOf<Name>>;
  /** In the toolbar before the search. */
  before?: ReactNode;
  /** In the toolbar after the columns. */
  after?: ReactNode;
  /** Stands there where nothing matches. */
  empty: ReactNode;
}

/** A sorted, searched, virtual table over a call's pages, as part of a page. */
export function ListTable<Name extends ListCall>(props: ListTableProps<Name>) {
  const cluster = useCluster();
  const address = useListAddress(noFilters);
  const sortable = props.columns.some(({ sortKey }) => sortKey === address.sort?.by);
  const sort = address.sort && sortable ? address.sort : props.defaultSort;
  const search = props.searchPlaceholder === undefined ? '' : address.search;
  const input = {
    ...props.input,
    ...(search === '' ? {} : { search }),
    ...(sort ? { sort } : {}),
  };
  const rows = usePagedRows(props.call, input);
  const layout = useColumnLayout(`${cluster.id}/${props.tableId}`, props.columns);
  const [active, setActive] = useState(0);
  const [visible, setVisible] = useState({ first: 0, last: 0 });
  const onVisible = useCallback((first: number, last: number) => setVisible({ first, last }), []);
  const total = rows.total ?? 0;
  const open = (index: number) => {
    const row = rows.rowAt(index);
    setActive(index);
    if (row !== undefined) props.onOpen?.(row);
  };
  useEffect(() => {
    if (props.mover) {
      props.mover.current = (step) => open(Math.max(0, Math.min(total - 1, active + step)));
    }
  });
  const select = (index: number) => {
    const row = rows.rowAt(index);
    if (row !== undefined) props.selection?.toggle(props.rowId(row), row);
  };
  const selectAll = async () => {
    const all = await rows.readRange(0, total);
    props.selection?.add(all.map((row) => [props.rowId(row), row] as const));
  };
  return (
    <>
      <div className={list.toolbar}>
        {props.before}
        {props.searchPlaceholder !== undefined && (
          <SearchField placeholder={props.searchPlaceholder} address={address} />
        )}
        <span className={list.space} />
        <span className={`oc-number ${list.range}`} aria-live="polite">
          {total > 0 &&
            `${formatCount(visible.first + 1)}–${formatCount(Math.min(visible.last + 1, total))} of ${formatCount(total)}`}
        </span>
        <ColumnsMenu layout={layout} />
        {props.after}
      </div>
      {rows.error && (
        <div className={list.strip}>
          <ErrorPanel error={rows.error} compact onRetry={rows.retry} />
        </div>
      )}
      {rows.total === 0 && !rows.changing ? (
        <div className={list.state}>{props.empty}</div>
      ) : (
        <DataTable
          label={props.label}
          rows={rows}
          rowId={props.rowId}
          layout={layout}
          sort={sort}
          onSort={({ sortKey, sortsDescendingFirst = false }) => {
            if (sortKey === undefined) return;
            const descending = sort?.by === sortKey ? !sort.descending : sortsDescendingFirst;
            address.setSort({ by: sortKey, descending });
            setActive(0);
          }}
          {...(props.selection
            ? {
                selection: props.selection,
                onSelect: select,
                onSelectAll: () => void selectAll(),
              }
            : {})}
          active={Math.min(active, Math.max(0, total - 1))}
          onActive={setActive}
          openId={props.openId ?? null}
          onOpen={open}
          onVisible={onVisible}
        />
      )}
    </>
  );
}

const typingPause = 150;

function SearchField(props: { placeholder: string; address: ReturnType<typeof useListAddress> }) {
  const { search, setSearch } = props.address;
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search);
  const sent = useRef(search);
  useEffect(() => {
    if (search === sent.current) return;
    sent.current = search;
    setText(search);
  }, [search]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: waits for a pause in typing, nothing else
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      setSearch(text);
    }, typingPause);
    return () => clearTimeout(timer);
  }, [text]);
  useShortcut('/', () => field.current?.select());
  return (
    <TextInput
      ref={field}
      className={list.search}
      aria-label={props.placeholder}
      placeholder={props.placeholder}
      leftSection={<IconSearch size={14} />}
      value={text}
      maxLength={200}
      spellCheck={false}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

/** Grey bars of a table's height while nothing is known yet. */
export function TableSkeleton() {
  return (
    <div className={list.state} aria-busy="true">
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <Skeleton key={row} height={16} mb={16} />
      ))}
    </div>
  );
}
