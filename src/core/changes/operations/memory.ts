import type { Clusters } from '../../clusters/clusters.ts';
import type { Sweeps } from '../../clusters/inventory/inventories.ts';
import type { SweepValue } from '../../clusters/inventory/save-values.ts';
import { CommitQueue } from '../journal/commit-queue.ts';

/**
 * Keeps what reading back showed, so that lists are right before the next refresh or sweep. Both files
 * can be fetched again: a failure here never fails a write that was done.
 */
export class OperationMemory {
  readonly #clusters: Clusters;
  readonly #sweeps: Sweeps;
  readonly #queues = new Map<string, CommitQueue<SweepValue>>();

  readonly #keeping = new Set<Promise<void>>();

  constructor(clusters: Clusters, sweeps: Sweeps) {
    this.#clusters = clusters;
    this.#sweeps = sweeps;
  }

  /** Resolves once everything handed over so far is kept. */
  async settled(): Promise<void> {
    await Promise.all(this.#keeping);
  }

  /** Keeps values just read of targets of a connection. Never rejects. */
  keep(connectionId: string, values: readonly SweepValue[]): Promise<void> {
    const keeping = this.#keep(connectionId, values);
    this.#keeping.add(keeping);
    void keeping.finally(() => this.#keeping.delete(keeping));
    return keeping;
  }

  async #keep(connectionId: string, values: readonly SweepValue[]): Promise<void> {
    const known = this.#queues.get(connectionId);
    const queue = known ?? new CommitQueue((batch) => this.#store(connectionId, batch));
    if (!known) this.#queues.set(connectionId, queue);
    await Promise.all(values.map((value) => queue.add(value))).catch(() => undefined);
  }

  async #store(connectionId: string, values: SweepValue[]): Promise<void> {
    const store = await this.#sweeps.store(connectionId);
    await store.ask('save', values);
    const cluster = await this.#clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    for (const value of values) {
      if (value.part === 'keys') {
        await snapshot.change('saveUser', value);
      } else if (value.part === 'gone') {
        const { kind, id } = value.target;
        await (kind === 'bucket'
          ? snapshot.change('forgetBucket', id)
          : snapshot.change('forgetUser', id));
      }
    }
  }
}
