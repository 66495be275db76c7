import { randomUUID } from 'node:crypto';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { Inventories } from '../clusters/inventory/inventories.ts';
import type { TemporaryRaise, TemporaryRaises } from '../customers/temporary-raises.ts';
import type { PressureBoard, RaisedMark } from '../store/snapshot/queries/pressure.ts';
import type { Snapshot } from '../store/snapshot/snapshot.ts';
import type { Attention } from './attention.ts';
import { type ArchiveFacts, readArchiveFacts } from './pressure-facts.ts';

type Page = CallOutput<'pressure.list'>;

export interface PressureOptions extends Pick<ClusterWork, 'clusters' | 'archives' | 'events'> {
  inventories: Inventories;
  raises: Pick<TemporaryRaises, 'list'>;
  attention: Pick<Attention, 'thresholds'>;
}

/** What was read of an archive. While it is read again, what was read before counts. */
interface Kept {
  id: string;
  facts: ArchiveFacts;
  reading: Promise<unknown> | null;
}

/** Whatever changes what is read of an archive, or who has limits. */
const topicsOfFacts: ReadonlySet<string> = new Set([
  'usage',
  'storage',
  'limits',
  'users',
  'buckets',
]);

/** The pressure board: how close users and buckets are to their bounds, as stored. */
export class Pressure {
  readonly #options: PressureOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #first = new Map<string, Promise<Kept>>();
  /** Clusters of which something changed since their facts began to be read. */
  readonly #stale = new Set<string>();
  #filling: Promise<unknown> = Promise.resolve();

  constructor(options: PressureOptions) {
    this.#options = options;
    options.events.subscribe((event) => {
      if (event.name !== 'data.changed') return;
      const { connectionId, topics } = event.payload;
      if (topics.some((topic) => topicsOfFacts.has(topic))) this.#stale.add(connectionId);
    });
    options.clusters.onRelease(async (connectionId) => {
      this.#kept.delete(connectionId);
      this.#first.delete(connectionId);
    });
  }

  /** @throws AppError `SNAPSHOT_DAMAGED`, `ARCHIVE_DAMAGED` */
  async list({ connectionId, ...query }: ParsedInput<'pressure.list'>): Promise<Page> {
    const { clusters, inventories, raises, attention } = this.#options;
    const cluster = await clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    const { id, facts } = await this.#current(connectionId, snapshot);
    const open = await raises.list(connectionId);
    const { quotaPercent, daysToFull, limitedHours } = await attention.thresholds(connectionId);
    const bounds = { quotaPercent, daysToFull, limitedHours };
    const { of } = query;
    const raised = marksOf(open);
    const now = Date.now();
    const ask = () => snapshot.ask('pressure', { stamp: id, bounds, query, raised, now });
    const page =
      (await ask()) ?? (await this.#filled(snapshot, facts, { stamp: id, bounds, of }, ask));
    return {
      ...page,
      inventory: await inventories.status(connectionId),
      sampledAt: toTime(facts.sampledAt),
      statisticsUntil: toTime(facts.statisticsUntil),
      raises: { open: open.length, overdue: open.filter(({ overdue }) => overdue).length },
    };
  }

  /** Waits for what is being read. */
  async settle(): Promise<void> {
    const reading = [...this.#kept.values()].map((kept) => kept.reading);
    await Promise.allSettled([...this.#first.values(), ...reading, this.#filling]);
  }

  async #current(connectionId: string, snapshot: Snapshot): Promise<Kept> {
    const kept = this.#kept.get(connectionId);
    if (!kept) return this.#begin(connectionId, snapshot);
    if (this.#stale.has(connectionId) && kept.reading === null) {
      kept.reading = this.#read(connectionId, snapshot)
        .then((read) => {
          if (this.#kept.get(connectionId) !== kept) return; // the cluster was released meanwhile
          this.#kept.set(connectionId, read);
          this.#options.events.emit('data.changed', { connectionId, topics: ['pressure'] });
        })
        .catch(() => undefined) // the next question tries again
        .finally(() => {
          kept.reading = null;
        });
    }
    return kept;
  }

  #begin(connectionId: string, snapshot: Snapshot): Promise<Kept> {
    const under = this.#first.get(connectionId);
    if (under) return under;
    const reading: Promise<Kept> = this.#read(connectionId, snapshot)
      .then((kept) => {
        // facts of a cluster that was released meanwhile are of files that may be others now
        if (this.#first.get(connectionId) === reading) this.#kept.set(connectionId, kept);
        return kept;
      })
      .finally(() => {
        if (this.#first.get(connectionId) === reading) this.#first.delete(connectionId);
      });
    this.#first.set(connectionId, reading);
    return reading;
  }

  async #read(connectionId: string, snapshot: Snapshot): Promise<Kept> {
    this.#stale.delete(connectionId);
    try {
      const archive = await this.#options.archives.get(connectionId);
      const limited = await snapshot.ask('limitedTargets');
      const facts = await readArchiveFacts(archive, limited, Date.now());
      return { id: randomUUID(), facts, reading: null };
    } catch (thrown) {
      this.#stale.add(connectionId);
      throw thrown;
    }
  }

  /** Hands the facts over to the snapshot's thread, lets it arrange the board in steps, and asks again. */
  async #filled<Found>(
    snapshot: Snapshot,
    facts: ArchiveFacts,
    board: PressureBoard,
    ask: () => Promise<Found | null>,
  ): Promise<Found> {
    const fill = async (): Promise<Found> => {
      // a refresh may put another file in place meanwhile
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const known = await ask();
        if (known) return known;
        let left = await snapshot.ask('arrangePressure', board);
        if (left === null) await handOver(snapshot, board.stamp, facts);
        while (left !== 0 && left !== null) left = await snapshot.ask('arrangePressure', board);
      }
      const found = await ask();
      if (found) return found;
      throw refreshing();
    };
    const filled = this.#filling.then(fill);
    this.#filling = filled.catch(() => undefined);
    return filled;
  }
}

async function handOver(
  snapshot: Snapshot,
  stamp: string,
  { parts, tellsGrowth, sampledAt }: ArchiveFacts,
): Promise<void> {
  await snapshot.ask('beginPressure', stamp);
  for (const part of parts) {
    if (!(await snapshot.ask('addPressure', { stamp, part }))) return;
  }
  await snapshot.ask('endPressure', { stamp, sampledAt: tellsGrowth ? sampledAt : null });
}

/** Of two raises of one target the one that ends first counts. */
function marksOf(open: readonly TemporaryRaise[]): RaisedMark[] {
  const marks = new Map<string, RaisedMark>();
  for (const { target, until } of open) {
    const name = JSON.stringify([target.kind, target.id]);
    if (!marks.has(name)) marks.set(name, [target.kind, target.id, Date.parse(until)]);
  }
  return [...marks.values()];
}

const toTime = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();

function refreshing(): AppError {
  return new AppError({
    code: 'INTERNAL',
    message: 'The lists of this cluster changed while the board was being made.',
    hint: 'Try again in a moment.',
    retryable: true,
  });
}
