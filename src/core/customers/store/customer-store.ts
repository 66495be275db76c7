import { type Ask, WorkerClient, workerEntry } from '../../store/sqlite/worker-client.ts';
import type { CustomerMethods } from './customer-methods.ts';

type Methods = CustomerMethods & { open: () => null };

/**
 * Customers, services, mappings and what hangs on them, over all clusters: `customers.sqlite` in the
 * data folder, opened in a worker thread at first use.
 */
export class CustomerStore {
  readonly #path: string;
  #opened: Promise<WorkerClient<Methods>> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Asks or changes; what was changed is on the disk when the promise resolves.
   * @throws AppError `ARCHIVE_DAMAGED`, `ARCHIVE_NEWER`, `DISK_FAILED`
   */
  readonly ask: Ask<CustomerMethods> = async (name, ...asked) => {
    const worker = await this.#open();
    return worker.ask(name, ...asked);
  };

  /** Closes the file, its log taken in. */
  async close(): Promise<void> {
    const worker = await this.#opened?.catch(() => null);
    this.#opened = null;
    if (!worker) return;
    await worker.ask('close').catch(() => undefined);
    await worker.terminate();
  }

  #open(): Promise<WorkerClient<Methods>> {
    this.#opened ??= this.#start();
    return this.#opened;
  }

  async #start(): Promise<WorkerClient<Methods>> {
    const worker = new WorkerClient<Methods>(workerEntry(import.meta.url, 'customers-worker'), {
      path: this.#path,
    });
    try {
      await worker.ask('open');
      return worker;
    } catch (thrown) {
      this.#opened = null;
      await worker.terminate();
      throw thrown;
    }
  }
}
