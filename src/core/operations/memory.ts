import type { Clusters } from '../clusters.ts';
import { CommitQueue } from '../journal/commit-queue.ts';
import type { SweepValue } from '../sweep/save-values.ts';
import type { Sweeps } from '../sweep/sweeps.ts';

/**
 * Keeps what reading back showed, so that lists are right before the next refresh or sweep. Both files
 * can be fetched again: a failure here never fails a write that was done.
 */
export class OperationMemory {
  readonly #clusters: Clusters;
  readonly #sweeps: Sweeps;
  readonly #queues = new Map<string, CommitQueue<SweepValue>>();

  constructor(clusters: Clusters, sweeps: Sweeps) {
    this.#clusters = clusters;
    this.#sweeps = sweeps;
  }

  /** Keeps values just read of targets of a connection. Never rejects. */
  async keep(connectionId: string, values: readonly SweepValue[]): Promise<void> {
    const known = this.#queues.get(connectionId);
    const queue = known ?? new CommitQueue((batch) => this.#store(connectionId, batch));
    if (!known) this.#queues.set(connectionId, queue);
    await Promise.all(values.map((value) => queue.add(value))).catch(() => undefined);
  }

  async #store(connectionId: string, values: SweepValue[]): Promise<void> {
    const store = await this.#sweeps.store(connectionId);
    await store.call('save', values);
    const cluster = await this.#clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    for (const value of values) {
      if (value.part === 'keys') {
        await snapshot.saveUserDetail(value.user, new Date(value.readAt).toISOString());
      }
    }
  }
}
