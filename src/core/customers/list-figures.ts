import type { DataTopic } from '#shared/contract/events.ts';
import { toAppError } from '#shared/errors.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Signal } from '../platform/events.ts';
import { type ConsoleLog, logError } from '../platform/log/console-log.ts';
import type { ListFigures } from '../store/snapshot/writes/save-figures.ts';
import { readActivity, readGrowth } from '../usage/list-figures.ts';
import type { CustomerStore } from './store/customer-store.ts';

interface FigureKeeperOptions extends Pick<ClusterWork, 'archives' | 'events'> {
  clusters: Clusters & {
    /** The id of a connection whose snapshot was opened. */
    readonly snapshotOpened: Signal<string>;
    /** Connections whose snapshot is open. */
    opened(): string[];
  };
  store: CustomerStore;
  log: ConsoleLog;
}

type Part = ListFigures['of'];

const parts: readonly Part[] = ['activity', 'customers', 'growth'];
const topicOf: Record<Part, DataTopic> = {
  activity: 'users',
  customers: 'users',
  growth: 'buckets',
};
/** The pages that a cluster was opened for come first, in milliseconds. */
const afterOpening = 500;

/**
 * Brings what the archive and the customers say of users and buckets into the snapshots of open
 * clusters, where lists are sorted and filtered by it: after a collection, a refresh, a change of
 * customers, and when a cluster is opened.
 */
export class FigureKeeper {
  readonly #options: FigureKeeperOptions;
  readonly #wanted = new Map<string, Set<Part>>();
  #running: Promise<void> | null = null;
  readonly #opening = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(options: FigureKeeperOptions) {
    this.#options = options;
    const { clusters, events } = options;
    events.subscribe((event) => {
      if (event.name === 'customers.changed') {
        for (const connectionId of clusters.opened()) this.#want(connectionId, ['customers']);
      } else if (event.name === 'data.changed') {
        const { connectionId, topics } = event.payload;
        if (topics.includes('usage')) this.#want(connectionId, ['activity']);
        if (topics.includes('storage')) this.#want(connectionId, ['growth']);
      }
    });
    clusters.snapshotOpened.on((connectionId) => {
      const timer = setTimeout(() => {
        this.#opening.delete(timer);
        this.#want(connectionId, parts);
      }, afterOpening);
      this.#opening.add(timer.unref());
    });
    clusters.onRelease(async (connectionId) => void this.#wanted.delete(connectionId));
  }

  /** Takes in nothing more; resolves when what is under way is done. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#opening) clearTimeout(timer);
    this.#wanted.clear();
    await this.#running;
  }

  #want(connectionId: string, which: readonly Part[]): void {
    if (this.#closed) return;
    const wanted = this.#wanted.get(connectionId) ?? new Set();
    for (const part of which) wanted.add(part);
    this.#wanted.set(connectionId, wanted);
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
    });
  }

  /** One cluster after another: nobody waits for it. */
  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#wanted;
      if (!next) return;
      const [connectionId, which] = next;
      this.#wanted.delete(connectionId);
      try {
        const topics = await this.#bring(connectionId, which);
        if (topics.size === 0 || this.#closed) continue;
        this.#options.events.emit('data.changed', { connectionId, topics: [...topics] });
      } catch (thrown) {
        // lists show what was known before; the next change tries again
        if (!this.#closed) logError(this.#options.log, 'list figures', toAppError(thrown));
      }
    }
  }

  /** @returns what is another than before */
  async #bring(connectionId: string, which: ReadonlySet<Part>): Promise<Set<DataTopic>> {
    const { clusters } = this.#options;
    const snapshot = await (await clusters.get(connectionId)).snapshot();
    const changed = new Set<DataTopic>();
    if ((await snapshot.ask('summary')) === null) return changed;
    for (const part of which) {
      if (this.#closed) break;
      const figures = await this.#read(part, connectionId);
      if (await snapshot.change('saveFigures', figures)) changed.add(topicOf[part]);
    }
    return changed;
  }

  async #read(part: Part, connectionId: string): Promise<ListFigures> {
    if (part === 'customers') {
      const parts = await this.#options.store.ask('userFigures', { connectionId });
      return { of: 'customers', parts, facts: {} };
    }
    const archive = await this.#options.archives.get(connectionId);
    return part === 'activity' ? readActivity(archive) : readGrowth(archive);
  }
}
