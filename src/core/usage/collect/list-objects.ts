import { AppError } from '#shared/errors.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import { parseUsageName, type UsageName } from '../../store/archive/objects/read-object.ts';

/** New names of one page of the gateway's list. */
interface ListedNames {
  objects: UsageName[];
  /** Names that are no statistics objects of a plausible time. */
  ignored: string[];
}

interface ListingEnd {
  /** Whether the list was read to its end, as far as is known. */
  complete: boolean;
}

const mostPages = 100_000;

/**
 * Reads the gateway's list page by page, each name once. Neither `truncated` nor `nr_items` is
 * trusted: after every page the next is asked for, until one brings nothing new. A name dated 1970 is
 * never asked `after`, since gateways were seen to begin again there.
 * @param now Unix seconds
 */
export async function* listObjects(
  gateway: Pick<Gateway, 'listUsageObjects'>,
  now: number,
  signal: AbortSignal,
): AsyncGenerator<ListedNames, ListingEnd> {
  const seen = new Set<string>();
  const asked = new Set<string>();
  let cursor: string | null = null;
  let first: string | null = null;
  let truncated = false;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await gateway
      .listUsageObjects(cursor === null ? {} : { after: cursor }, { signal })
      .catch((thrown: unknown) => {
        if (cursor !== null && refusesPaging(thrown)) return null;
        throw thrown;
      });
    if (page === null) return { complete: !truncated };
    truncated = page.truncated;
    if (cursor !== null) asked.add(cursor);
    const fresh = page.names.filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    const read = readNames(fresh, now);
    if (fresh.length > 0) yield read;
    if (read.objects.length === 0) {
      const known = page.names.filter((name) => parseUsageName(name, now) !== null);
      const ended = !page.truncated || known.every((name) => name === cursor);
      if (ended) return { complete: true };
      // The gateway gives what it gave before. One that knows no `after` gives the whole list each time.
      if (signature(page.names) === first) return { complete: false };
    }
    first ??= signature(page.names);
    const next = nextCursor(page.names, seen, asked, now);
    if (next === null) return { complete: !page.truncated };
    cursor = next;
  }
  return { complete: false };
}

/** Reads the whole list, as {@link listObjects}. */
export async function listAllObjects(
  gateway: Pick<Gateway, 'listUsageObjects'>,
  now: number,
  signal: AbortSignal,
): Promise<ListedNames & ListingEnd> {
  const all: ListedNames = { objects: [], ignored: [] };
  const pages = listObjects(gateway, now, signal);
  for (;;) {
    const page = await pages.next();
    if (page.done) return { ...all, ...page.value };
    // one by one: a gateway without pages lists more than a call takes arguments
    for (const object of page.value.objects) all.objects.push(object);
    for (const name of page.value.ignored) all.ignored.push(name);
  }
}

/** The guide knows no `after`: what such a gateway does not call truncated is the whole list. */
function refusesPaging(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'REQUEST_REFUSED' && thrown.status === 400;
}

function readNames(names: readonly string[], now: number): ListedNames {
  const objects: UsageName[] = [];
  const ignored: string[] = [];
  for (const name of names) {
    const object = parseUsageName(name, now);
    if (object) objects.push(object);
    else ignored.push(name);
  }
  return { objects, ignored };
}

function signature(names: readonly string[]): string {
  return `${names.length} ${names[0] ?? ''} ${names.at(-1) ?? ''}`;
}

/** The last believable name of the page; where that was asked for, the last of all; then a leap over its service. */
function nextCursor(
  page: readonly string[],
  seen: ReadonlySet<string>,
  asked: ReadonlySet<string>,
  now: number,
): string | null {
  const isUsable = (name: string): boolean =>
    !asked.has(name) && parseUsageName(name, now) !== null;
  const lastOfPage = page.findLast(isUsable);
  if (
    lastOfPage !== undefined &&
    lastOfPage === page.findLast((name) => parseUsageName(name, now))
  ) {
    return lastOfPage;
  }
  let greatest = '';
  for (const name of seen) if (name > greatest && parseUsageName(name, now)) greatest = name;
  if (greatest !== '' && !asked.has(greatest)) return greatest;
  const leap = greatest.replace(/-\d{4}-\d{2}-\d{2}T.*$/, '-9999');
  return leap !== '' && !asked.has(leap) ? leap : null;
}
