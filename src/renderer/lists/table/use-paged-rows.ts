import { type QueryClient, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import type { Call } from '../../kit/rpc/client.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { callKey } from '../../kit/rpc/query-keys.ts';

/** Rows of one page on the wire. */
export const pageSize = 100;
/** Rows asked for at once where many are needed and none is drawn (export, select all). */
const bulkPageSize = 1000;
const keepPagesFor = 60_000;

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

/** A row of that call. */
export type RowOf<Name extends ListCall> = CallOutput<Name>['rows'][number];

/** The call's input without the page: search, filter, sort. */
export type ListInput<Name extends ListCall> = Omit<CallInput<Name>, 'offset' | 'limit'>;

/** A list as the table draws it: as long as all of it, with the rows that are at hand. */
export interface PagedRows<Row> {
  /** Null while the first page is on its way. */
  total: number | null;
  asOf: string | null;
  /** The row at a position, or undefined while its page is on its way. */
  rowAt(index: number): Row | undefined;
  /** Tells which positions are on screen, so that their pages and neighbours are read. */
  show(first: number, last: number): void;
  /** True while what is on screen belongs to the search or sort before. */
  changing: boolean;
  error: AppError | null;
  retry(): void;
  /** Reads all rows of a range `[from, to)` past the cache. */
  readRange(from: number, to: number, options?: ReadRangeOptions): Promise<Row[]>;
}

/** Options of `readRange`. */
export interface ReadRangeOptions {
  signal?: AbortSignal;
  onProgress?: (read: number) => void;
}

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

function cachedRow<Name extends ListCall>(
  client: QueryClient,
  name: Name,
  input: ListInput<Name>,
  index: number,
): RowOf<Name> | undefined {
  const offset = Math.floor(index / pageSize) * pageSize;
  const key = callKey(name, { ...input, offset, limit: pageSize } as CallInput<Name>);
  return client.getQueryData<CallOutput<Name>>(key)?.rows[index - offset];
}

/**
 * A list of any length over core's pages of 100 rows. Reads the pages on screen and the ones beside
 * them; while another search or sort is on its way the rows before it stay, so nothing flashes.
 * @param input search, filter and sort of the call
 */
export function usePagedRows<Name extends ListCall>(
  name: Name,
  input: ListInput<Name>,
): PagedRows<RowOf<Name>> {
  const call = useConsole();
  const client = useQueryClient();
  const wantedKey = JSON.stringify(input);
  const [shown, setShown] = useState({ key: wantedKey, input });
  const [pages, setPages] = useState({ first: 0, last: 1 });

  const wanted = useQuery<CallOutput<Name>, AppError>(pageOptions(call, name, input, 0));
  if (shown.key !== wantedKey && wanted.data !== undefined) {
    setShown({ key: wantedKey, input });
    setPages({ first: 0, last: 1 });
  }
  const isCurrent = shown.key === wantedKey;
  const firstPage = useQuery<CallOutput<Name>, AppError>(pageOptions(call, name, shown.input, 0));
  const total = firstPage.data?.total ?? null;
  const lastPage = total === null ? 0 : Math.max(0, Math.ceil(total / pageSize) - 1);
  const wantedPages =
    total === null ? [] : between(Math.max(1, pages.first), Math.min(pages.last, lastPage));
  const further = useQueries({
    queries: wantedPages.map((page) => ({
      ...pageOptions(call, name, shown.input, page),
      // rows are taken from the cache, so nothing else would tell that a page has come
      notifyOnChangeProps: ['data' as const, 'error' as const],
    })),
  });

  const show = useCallback((first: number, last: number) => {
    const next = {
      first: Math.max(0, Math.floor(first / pageSize) - 1),
      last: Math.floor(last / pageSize) + 1,
    };
    setPages((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, []);

  const failedPage = further.find((query) => query.error);
  return {
    total,
    asOf: firstPage.data && 'asOf' in firstPage.data ? (firstPage.data.asOf ?? null) : null,
    rowAt: (index) => cachedRow(client, name, shown.input, index),
    show,
    changing: !isCurrent && !wanted.error,
    error: wanted.error ?? firstPage.error ?? (failedPage?.error as AppError | undefined) ?? null,
    retry: () => {
      void wanted.refetch();
      void failedPage?.refetch();
    },
    readRange: (from, to, options) => readRange(call, name, input, from, to, options),
  };
}

function between(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

async function readRange<Name extends ListCall>(
  call: Call,
  name: Name,
  input: ListInput<Name>,
  from: number,
  to: number,
  { signal, onProgress }: ReadRangeOptions = {},
): Promise<RowOf<Name>[]> {
  const rows: RowOf<Name>[] = [];
  for (let offset = from; offset < to; offset += bulkPageSize) {
    const limit = Math.min(bulkPageSize, to - offset);
    const page = { ...input, offset, limit } as CallInput<Name>;
    const value = await call(name, page, signal);
    rows.push(...value.rows);
    onProgress?.(rows.length);
    if (value.rows.length < limit) break;
  }
  return rows;
}
