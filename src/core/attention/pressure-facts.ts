import { randomUUID } from 'node:crypto';
import { day } from '#shared/durations.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { ArchiveReaders } from '../store/archive/methods.ts';
import type { FactsName, PressurePart } from '../store/snapshot/queries/pressure-facts.ts';
import type { Snapshot } from '../store/snapshot/snapshot.ts';
import type { NamedValues, SharedRows } from '../store/sqlite/select-rows.ts';
import type { SharedText } from '../store/sqlite/shared-text.ts';
import type { Ask } from '../store/sqlite/worker.ts';
import { number } from './signal.ts';

type Read = Ask<ArchiveReaders>;

type Kind = 'user' | 'bucket';

/** What the archive says about how fast users or buckets grow, and how close they came to their limits. */
export interface ArchiveFacts {
  /** Rows as the snapshot takes them. */
  parts: PressurePart[];
  /** Whether there are enough samples to know growth. If so, a sampled target that is in no part does not grow. */
  tellsGrowth: boolean;
  /** Unix milliseconds; null: there is none. */
  sampledAt: number | null;
  statisticsUntil: number | null;
}

interface Kept {
  stamp: string;
  facts: ArchiveFacts;
}

/** Takes a part as soon as it is read. */
type TakePart = (part: PressurePart) => void;

interface KeptFactsOptions {
  of: Kind;
  read: (snapshot: Snapshot, take: TakePart) => Promise<ArchiveFacts>;
  /** Called when new facts replace earlier ones. */
  onNew: () => void;
}

/** Facts from an archive for a board. While they are read again, the earlier ones are used. */
export class KeptFacts {
  readonly #options: KeptFactsOptions;
  #kept: Kept | null = null;
  #reading: Promise<Kept> | null = null;
  /** Something changed since reading them started. */
  #isStale = false;

  constructor(options: KeptFactsOptions) {
    this.#options = options;
  }

  noteChange(): void {
    this.#isStale = true;
  }

  async current(snapshot: Snapshot): Promise<Kept> {
    const kept = this.#kept;
    if (!kept) return this.#reading ?? this.#start((stamp) => this.#readFirst(snapshot, stamp));
    if (this.#isStale && this.#reading === null) {
      // where it fails, the next question tries again
      this.#start(() => this.#options.read(snapshot, () => undefined)).then(
        this.#options.onNew,
        () => undefined,
      );
    }
    return kept;
  }

  /** Waits for reads in progress. */
  async settle(): Promise<void> {
    await this.#reading;
  }

  /** Hands the first facts over while they are read, since there are no earlier ones to use. */
  async #readFirst(snapshot: Snapshot, stamp: string): Promise<ArchiveFacts> {
    const { of, read } = this.#options;
    const asked: Promise<unknown>[] = [];
    const hand = (answer: Promise<unknown>): void => {
      // if reading the archive fails as well, that error is reported instead
      answer.catch(() => undefined);
      asked.push(answer);
    };
    hand(snapshot.ask('beginPressure', { of, stamp }));
    const facts = await read(snapshot, (part) => {
      hand(snapshot.ask('addPressure', { of, stamp, part }));
    });
    await Promise.all(asked);
    await snapshot.ask('endPressure', { of, stamp, sampledAt: sampledAtOf(facts) });
    return facts;
  }

  #start(read: (stamp: string) => Promise<ArchiveFacts>): Promise<Kept> {
    this.#isStale = false;
    const stamp = randomUUID();
    this.#reading = read(stamp)
      .then((facts) => {
        this.#kept = { stamp, facts };
        return this.#kept;
      })
      .catch((thrown: unknown) => {
        this.#isStale = true;
        throw thrown;
      })
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }
}

/** When targets in no part were last seen not to grow; null if growth is unknown. */
const sampledAtOf = ({ tellsGrowth, sampledAt }: ArchiveFacts): number | null =>
  tellsGrowth ? sampledAt : null;

/** Hands facts over to the thread of a snapshot; another file that takes its place meanwhile ends that. */
export async function handOver(
  snapshot: Snapshot,
  { of, stamp }: FactsName,
  facts: ArchiveFacts,
): Promise<void> {
  await snapshot.ask('beginPressure', { of, stamp });
  for (const part of facts.parts) {
    if (!(await snapshot.ask('addPressure', { of, stamp, part }))) return;
  }
  await snapshot.ask('endPressure', { of, stamp, sampledAt: sampledAtOf(facts) });
}

const window = 14 * day;
const leastSpan = 2 * day;
/** Rows of a part. */
const rowsAtOnce = 10_000;

/** Looks of the last two weeks: a growth needs three of them over two days. */
const looks = `
  WITH last AS (SELECT max(at) AS at FROM size_refresh)
  SELECT (SELECT at FROM last) AS last,
    (SELECT min(at) FROM size_refresh WHERE at >= (SELECT at FROM last) - ${window}) AS first,
    (SELECT at FROM size_refresh ORDER BY at DESC LIMIT 1 OFFSET 2) AS third`;

/**
 * Bytes a day of everybody whose size changed since the first look, from that look on or since they
 * came; null where that is too short ago. What was gone in between begins again. A page of them, as
 * JSON: they are read along the table's own order, most of them by one further look.
 */
const growthOf = (kind: Kind): string => {
  const [table, name] = kind === 'user' ? ['user_size', 'user_id'] : ['bucket_size', 'bucket'];
  const bytesAt = (time: string): string =>
    `(SELECT bytes + 0.0 FROM ${table} s WHERE s.${name} = changed.id AND s.at <= ${time}
      ORDER BY s.at DESC LIMIT 1)`;
  // with one max() the other columns are those of the row that holds it
  return `
    WITH changed AS MATERIALIZED (
      SELECT ${name} AS id, bytes + 0.0 AS last, max(at) AS at, total(gone) AS lost
      FROM ${table} WHERE ${name} > :after
      GROUP BY ${name} HAVING max(at) > :first ORDER BY ${name} LIMIT ${rowsAtOnce}),
    begun AS MATERIALIZED (
      SELECT id, last, lost, iif(lost = 0, ${bytesAt(':first')}, NULL) AS before FROM changed),
    grown AS MATERIALIZED (
      SELECT id, last, before, iif(before IS NOT NULL, :first, max(:first, (SELECT min(s.at)
        FROM ${table} s WHERE s.${name} = begun.id AND s.at > ifnull((SELECT max(g.at)
          FROM ${table} g WHERE g.${name} = begun.id AND lost > 0 AND g.gone = 1), 0)))) AS begin
      FROM begun)
    SELECT (SELECT max(id) FROM changed) AS last, json_group_object(id, iif(begin <= :known,
      (last - coalesce(before, ${bytesAt('begin').replaceAll('changed.', 'grown.')}))
        / (:last - begin) * ${day}.0, NULL)) FILTER (WHERE begin IS NOT NULL) AS rows
    FROM grown`;
};

/**
 * Reads what the board of users, or of buckets, needs of an archive: how they grow in small parts, so
 * that nobody waits long for the thread that answers all, and the busiest hours in a thread next to it.
 * @param limited those with rate limits, as the snapshot lists them
 * @param take called with each part as soon as it is read
 */
export async function readArchiveFacts(
  archive: Pick<Archive, 'onOwnThread' | 'read'>,
  of: Kind,
  limited: Promise<SharedText>,
  now: number,
  take: TakePart,
): Promise<ArchiveFacts> {
  limited.catch(() => undefined); // if a thread can't start, that error is reported instead
  const [{ growth, ...samples }, { parts, statisticsUntil }] = await Promise.all([
    readGrowth(archive.read, of, take),
    // the thread starts while the limited targets are listed
    archive.onOwnThread(async (read) => read('busiestHours', { of, limited: await limited, now })),
  ]);
  const busy = parts.map((rows): PressurePart => ({ of: 'busy', rows }));
  busy.forEach(take);
  return { parts: [...growth, ...busy], ...samples, statisticsUntil };
}

async function readGrowth(read: Read, of: Kind, take: TakePart) {
  const [row] = await read('selectRows', { sql: looks, values: {} });
  const [first, last, third] = [number(row?.first), number(row?.last), number(row?.third)];
  if (last === 0) return { growth: [], tellsGrowth: false, sampledAt: null };
  const known = Math.min(third, last - leastSpan);
  if (known < first) return { growth: [], tellsGrowth: false, sampledAt: last };
  const growth: PressurePart[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const values: NamedValues = { first, last, known, after };
    const found: SharedRows = await read('selectPart', { sql: growthOf(of), values });
    after = found.last;
    if (after === null) break;
    const part: PressurePart = { of: 'growth', rows: found.rows };
    growth.push(part);
    take(part);
  }
  return { growth, tellsGrowth: true, sampledAt: last };
}
