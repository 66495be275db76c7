import { shuttingDown } from '../../platform/close-in-order.ts';
import { WorkerClient, workerEntry } from '../../store/sqlite/worker-client.ts';
import type { Clusters } from '../clusters.ts';
import type { SweepMethods } from './sweep-worker-methods.ts';

/** The worker that keeps what a sweep of one cluster found. */
export type SweepStore = WorkerClient<SweepMethods>;

/** Keeps one sweep store open a connection, and knows which sweep is running. */
export class Sweeps {
  readonly #clusters: Clusters;
  readonly #open = new Map<string, Promise<SweepStore>>();
  readonly #running = new Map<string, string>();
  #closed = false;

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
    clusters.onRelease((connectionId) => this.release(connectionId));
  }

  /** The store of a connection, opened at first use. */
  store(connectionId: string): Promise<SweepStore> {
    const known = this.#open.get(connectionId);
    if (known) return known;
    if (this.#closed) return Promise.reject(shuttingDown());
    const opening = this.#clusters.directory(connectionId).then(
      (directory) =>
        new WorkerClient<SweepMethods>(workerEntry(import.meta.url, 'sweep-worker'), {
          directory,
        }),
    );
    this.#open.set(connectionId, opening);
    opening.catch(() => this.#open.delete(connectionId));
    return opening;
  }

  /** The task of the running sweep, or null. */
  taskOf(connectionId: string): string | null {
    return this.#running.get(connectionId) ?? null;
  }

  /** Notes which task sweeps; null once it has ended. */
  note(connectionId: string, taskId: string | null): void {
    if (taskId === null) this.#running.delete(connectionId);
    else this.#running.set(connectionId, taskId);
  }

  /** Closes the store of a connection. */
  async release(connectionId: string): Promise<void> {
    const opening = this.#open.get(connectionId);
    this.#open.delete(connectionId);
    const store = await opening?.catch(() => undefined);
    await store?.ask('close').catch(() => undefined);
    await store?.terminate();
  }

  /** Closes the store of a cluster that is not in use. */
  rest(connectionId: string): Promise<void> {
    return this.release(connectionId);
  }

  /** Closes every store. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open.keys()].map((connectionId) => this.release(connectionId)));
  }
}
