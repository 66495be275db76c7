import type { Clusters } from '../../clusters/clusters.ts';
import type { TargetValue } from '../../store/snapshot/writes/save-values.ts';
import { CommitQueue } from '../journal/journal.ts';

/**
 * Keeps what reading back showed, so that lists are right before the next refresh or inventory. All
 * of it can be fetched again: a failure here never fails a write that was done.
 */
export class WriteThrough {
  readonly #clusters: Clusters;
  readonly #queues = new Map<string, CommitQueue<TargetValue>>();

  readonly #keeping = new Set<Promise<void>>();

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
  }

  /** Resolves once everything handed over so far is kept. */
  async settled(): Promise<void> {
    await Promise.all(this.#keeping);
  }

  /** Keeps values just read of targets of a connection. Never rejects. */
  keep(connectionId: string, values: readonly TargetValue[]): Promise<void> {
    const keeping = this.#keep(connectionId, values);
    this.#keeping.add(keeping);
    void keeping.finally(() => this.#keeping.delete(keeping));
    return keeping;
  }

  async #keep(connectionId: string, values: readonly TargetValue[]): Promise<void> {
    const known = this.#queues.get(connectionId);
    const queue = known ?? new CommitQueue((batch) => this.#store(connectionId, batch));
    if (!known) this.#queues.set(connectionId, queue);
    await Promise.all(values.map((value) => queue.add(value))).catch(() => undefined);
  }

  async #store(connectionId: string, values: TargetValue[]): Promise<void> {
    const cluster = await this.#clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    await snapshot.change('save', values);
  }
}
