import { QueriesObserver, type QueryClient } from '@tanstack/react-query';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import type { Call } from '../../kit/rpc/client.ts';
import { callKey } from '../../kit/rpc/invalidation.ts';

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

/** Rows of one page on the wire. */
export const pageSize = 100;
const keepPagesFor = 30_000;

/** Returns how a page of a list is asked for and cached. */
export function pageOptions<Name extends ListCall>(
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
export class PageReader<Name extends ListCall> {
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

  /** Calls back when rows that were asked for came, changed or failed. */
  readonly subscribe = (onChange: () => void): (() => void) =>
    this.#observer.subscribe(() => {
      this.#pages.clear();
      this.#version += 1;
      this.#ask();
      onChange();
    });

  /** Changes whenever the rows may have. */
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

  /** Reads the page that failed again. */
  readonly retry = (): void => void this.#failed()?.refetch();
}
