import { QueriesObserver, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { callKey } from '../../kit/rpc/invalidation.ts';
import type { Call } from '../../kit/rpc/transport/transport.ts';
import { useCall } from '../../kit/rpc/use-call.ts';

/** Rows asked for at once where many are needed and none is drawn (export, select all). */
const bulkPageSize = 1000;

/** A list as the table draws it: as long as all of it, with the rows that are available. */
export interface PagedRows<Row> {
  /** Null while the first page is on its way. */
  total: number | null;
  asOf: string | null;
  /** The row at a position, or undefined while its page is on its way. */
  rowAt(index: number): Row | undefined;
  /** Tells which positions are on screen, so that their pages and neighbours are read. */
  show(first: number, last: number): void;
  /** Calls back when rows that `show` asked for came or changed. */
  subscribe(onChange: () => void): () => void;
  /** Changes whenever rows may have. */
  version(): number;
  /** True while what is on screen belongs to the search or sort before. */
  changing: boolean;
  error: AppError | null;
  retry(): void;
  /** Reads all rows of a range `[from, to)` past the cache. */
  readRange(from: number, to: number, options?: ReadRangeOptions): Promise<Row[]>;
}

interface ReadRangeOptions {
  signal?: AbortSignal;
  onProgress?: (read: number) => void;
  /** Yields this row alone where it matches, of a call that takes `only`. */
  only?: string | undefined;
}

/**
 * A list of any length over core's pages of 100 rows, with the first page for what it says of all.
 * Reads the pages on screen and the ones next to them; while another search or sort is on its way the
 * rows before it stay, so nothing flashes.
 * @param input search, filter and sort of the call
 */
export function usePagedRows<Name extends ListCall>(
  name: Name,
  input: ListInput<Name>,
): PagedRows<RowOf<Name>> & { firstPage: CallOutput<Name> | undefined } {
  const call = useConsole();
  const client = useQueryClient();
  const wantedKey = JSON.stringify(input);
  const [shown, setShown] = useState({ key: wantedKey, input });

  const wanted = useQuery<CallOutput<Name>, AppError>(pageOptions(call, name, input, 0));
  if (shown.key !== wantedKey && wanted.data !== undefined) setShown({ key: wantedKey, input });
  const firstPage = useQuery<CallOutput<Name>, AppError>(pageOptions(call, name, shown.input, 0));
  const total = firstPage.data?.total ?? null;

  const reader = useMemo(
    () => new PageReader(client, call, name, shown.input),
    [client, call, name, shown.input],
  );
  const failure = useSyncExternalStore(reader.subscribe, reader.error);
  const show = useCallback(
    (first: number, last: number) => {
      if (total !== null) reader.show(first, last, total);
    },
    [reader, total],
  );
  return {
    total,
    firstPage: firstPage.data,
    asOf: firstPage.data && 'asOf' in firstPage.data ? (firstPage.data.asOf ?? null) : null,
    rowAt: reader.rowAt,
    show,
    subscribe: reader.subscribe,
    version: reader.version,
    changing: shown.key !== wantedKey && !wanted.error,
    error: wanted.error ?? firstPage.error ?? failure,
    retry: () => {
      void wanted.refetch();
      reader.retry();
    },
    readRange: (from, to, options) => readRange(call, name, input, from, to, options),
  };
}

/**
 * Returns how many rows there are in all; null where nothing narrows the list.
 * @param whole the input without what narrows it
 */
export function useWholeTotal<Name extends ListCall>(
  name: Name,
  whole: ListInput<Name>,
  isNarrowed: boolean,
): number | null {
  // the page that the list itself begins with
  const page = { ...whole, offset: 0, limit: pageSize } as CallInput<ListCall>;
  const { data } = useCall<ListCall>(name, page, { enabled: isNarrowed });
  return isNarrowed ? (data?.total ?? null) : null;
}

async function readRange<Name extends ListCall>(
  call: Call,
  name: Name,
  input: ListInput<Name>,
  from: number,
  to: number,
  { signal, onProgress, only }: ReadRangeOptions = {},
): Promise<RowOf<Name>[]> {
  const rows: RowOf<Name>[] = [];
  for (let offset = from; offset < to; offset += bulkPageSize) {
    const limit = Math.min(bulkPageSize, to - offset);
    const one = only === undefined ? {} : { only };
    const page = { ...input, ...one, offset, limit } as CallInput<Name>;
    const value = await call(name, page, signal);
    rows.push(...value.rows);
    onProgress?.(rows.length);
    if (value.rows.length < limit) break;
  }
  return rows;
}

interface ListValue<Row> {
  total: number;
  rows: Row[];
}

/** A call that yields a page of rows and the total: `{total, rows}` for `{…, offset, limit}`. */
export type ListCall = {
  [Name in CallName]: CallOutput<Name> extends ListValue<unknown>
    ? 'offset' extends keyof CallInput<Name>
      ? Name
      : never
    : never;
}[CallName];

export type RowOf<Name extends ListCall> = CallOutput<Name>['rows'][number];

/** The call's input without the page: search, filter, sort. */
export type ListInput<Name extends ListCall> = Omit<CallInput<Name>, 'offset' | 'limit'>;

export const pageSize = 100;
const keepPagesFor = 30_000;

/** Returns how a page of a list is asked for and cached. */
function pageOptions<Name extends ListCall>(
  call: Call,
  name: Name,
  input: ListInput<Name>,
  page: number,
) {
  const whole = { ...input, offset: page * pageSize, limit: pageSize } as CallInput<Name>;
  return {
    queryKey: callKey(name, whole),
    queryFn: ({ signal }: { signal: AbortSignal }) => call(name, whole, signal),
    gcTime: keepPagesFor,
  };
}

/**
 * Reads the pages of one list that are on screen and the ones around them, outside of React: scrolling
 * past a page draws the rows that come, and nothing else of the page.
 */
class PageReader<Name extends ListCall> {
  readonly #optionsOf: (page: number) => ReturnType<typeof pageOptions<Name>>;
  readonly #client: QueryClient;
  readonly #observer: QueriesObserver;
  readonly #pages = new Map<number, readonly RowOf<Name>[] | undefined>();
  #inSight = { first: 0, last: 0, lastPage: 0 };
  #wanted = '0';
  #version = 0;

  constructor(client: QueryClient, call: Call, name: Name, input: ListInput<Name>) {
    this.#client = client;
    this.#optionsOf = (page) => pageOptions(call, name, input, page);
    this.#observer = new QueriesObserver(client, [this.#optionsOf(0)]);
  }

  readonly subscribe = (onChange: () => void): (() => void) =>
    this.#observer.subscribe(() => {
      this.#pages.clear();
      this.#version += 1;
      this.#ask();
      onChange();
    });

  readonly version = (): number => this.#version;

  /** Reads the pages of the rows between two positions; once they are there, the ones around them. */
  readonly show = (first: number, last: number, total: number): void => {
    const lastPage = Math.max(0, Math.ceil(total / pageSize) - 1);
    this.#inSight = { first, last, lastPage };
    this.#ask();
  };

  #ask(): void {
    const { first, last, lastPage } = this.#inSight;
    const [from, to] = [Math.floor(first / pageSize), Math.floor(last / pageSize)];
    const isThere = this.rowAt(first) !== undefined && this.rowAt(last) !== undefined;
    const ahead = isThere ? [to + 1, from - 1, to + 2] : [];
    // the first page counts the rows
    const all = [0, from, to, ...ahead].filter((page) => page >= 0 && page <= lastPage);
    const pages = [...new Set(all)].toSorted((one, other) => one - other);
    const wanted = pages.join();
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#observer.setQueries(
      pages.map((page) => ({
        ...this.#optionsOf(page),
        notifyOnChangeProps: ['data' as const, 'error' as const],
      })),
    );
  }

  /** The row at a position, or undefined while its page is on its way. */
  readonly rowAt = (index: number): RowOf<Name> | undefined => {
    const page = Math.floor(index / pageSize);
    if (!this.#pages.has(page)) {
      const value = this.#client.getQueryData<CallOutput<Name>>(this.#optionsOf(page).queryKey);
      this.#pages.set(page, value?.rows);
    }
    return this.#pages.get(page)?.[index - page * pageSize];
  };

  #failed() {
    return this.#observer.getCurrentResult().find(({ error }) => error !== null);
  }

  /** Why a page could not be read; null where all could. */
  readonly error = (): AppError | null => (this.#failed()?.error as AppError | undefined) ?? null;

  readonly retry = (): void => void this.#failed()?.refetch();
}
