import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { Inventories } from '../clusters/inventory/inventories.ts';
import type { TemporaryRaise, TemporaryRaises } from '../customers/temporary-raises.ts';
import type { PressureBoard, RaisedMark } from '../store/snapshot/queries/pressure.ts';
import type { Snapshot } from '../store/snapshot/snapshot.ts';
import type { Attention } from './attention.ts';
import { type ArchiveFacts, handOver, KeptFacts, readArchiveFacts } from './pressure-facts.ts';

type Page = CallOutput<'pressure.list'>;

export interface PressureOptions extends Pick<ClusterWork, 'clusters' | 'archives' | 'events'> {
  inventories: Inventories;
  raises: Pick<TemporaryRaises, 'list'>;
  attention: Pick<Attention, 'thresholds'>;
}

/** Topics that change these facts, or which targets have limits. */
const topicsOfFacts: ReadonlySet<string> = new Set([
  'usage',
  'storage',
  'limits',
  'users',
  'buckets',
]);

/** The pressure board: how close users and buckets are to their bounds, from stored data. */
export class Pressure {
  readonly #options: PressureOptions;
  /** Users' and buckets' facts are read separately: neither waits for the other. */
  readonly #facts = new Map<string, Record<PressureBoard['of'], KeptFacts>>();
  #filling: Promise<unknown> = Promise.resolve();

  constructor(options: PressureOptions) {
    this.#options = options;
    options.events.subscribe((event) => {
      if (event.name !== 'data.changed') return;
      const { connectionId, topics } = event.payload;
      if (!topics.some((topic) => topicsOfFacts.has(topic))) return;
      for (const facts of Object.values(this.#facts.get(connectionId) ?? {})) facts.noteChange();
    });
    options.clusters.onRelease(async (connectionId) => void this.#facts.delete(connectionId));
  }

  /** @throws AppError `SNAPSHOT_DAMAGED`, `ARCHIVE_DAMAGED` */
  async list({ connectionId, ...query }: ParsedInput<'pressure.list'>): Promise<Page> {
    const { clusters, inventories, raises, attention } = this.#options;
    const cluster = await clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    const { of } = query;
    const { stamp, facts } = await this.#factsOf(connectionId)[of].current(snapshot);
    const open = await raises.list(connectionId);
    const { quotaPercent, daysToFull, limitedHours } = await attention.thresholds(connectionId);
    const bounds = { quotaPercent, daysToFull, limitedHours };
    const raised = marksOf(open);
    const now = Date.now();
    const ask = () => snapshot.ask('pressure', { stamp, bounds, query, raised, now });
    const page = (await ask()) ?? (await this.#filled(snapshot, facts, { stamp, bounds, of }, ask));
    return {
      ...page,
      inventory: await inventories.status(connectionId),
      sampledAt: toTime(facts.sampledAt),
      statisticsUntil: toTime(facts.statisticsUntil),
      raises: { open: open.length, overdue: open.filter(({ overdue }) => overdue).length },
    };
  }

  /** Waits for reads in progress. */
  async settle(): Promise<void> {
    const facts = [...this.#facts.values()].flatMap((of) => Object.values(of));
    await Promise.allSettled([...facts.map((of) => of.settle()), this.#filling]);
  }

  #factsOf(connectionId: string): Record<PressureBoard['of'], KeptFacts> {
    const known = this.#facts.get(connectionId);
    if (known) return known;
    const kept = (of: PressureBoard['of']): KeptFacts =>
      new KeptFacts({
        of,
        read: async (snapshot, take) => {
          const archive = await this.#options.archives.get(connectionId);
          const limited = snapshot.ask('limitedTargets', of);
          return readArchiveFacts(archive, of, limited, Date.now(), take);
        },
        onNew: () => {
          if (this.#facts.get(connectionId) !== facts) return; // the cluster was released meanwhile
          this.#options.events.emit('data.changed', { connectionId, topics: ['pressure'] });
        },
      });
    const facts = { user: kept('user'), bucket: kept('bucket') };
    this.#facts.set(connectionId, facts);
    return facts;
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
        if (left === null) await handOver(snapshot, board, facts);
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
