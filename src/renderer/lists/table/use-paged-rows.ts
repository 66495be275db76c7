import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import type { Call } from '../../kit/rpc/client.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import {
  type ListCall,
  type ListInput,
  PageReader,
  pageOptions,
  type RowOf,
} from './page-reader.ts';

/** Rows asked for at once where many are needed and none is drawn (export, select all). */
const bulkPageSize = 1000;

/** A list as the table draws it: as long as all of it, with the rows that are at hand. */
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

/** Options of `readRange`. */
export interface ReadRangeOptions {
  signal?: AbortSignal;
  onProgress?: (read: number) => void;
  /** Yields this row alone where it matches, of a call that takes `only`. */
  only?: string | undefined;
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
