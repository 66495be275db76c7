import { existsSync } from 'node:fs';
import type { JournalKeys } from '../../clusters/secrets/journal-keys.ts';
import { type Ask, WorkerClient, workerEntry } from '../../store/sqlite/worker.ts';
import { type CustomerBackup, listBackups, restoreBackup } from './backups.ts';
import type { CustomerMethods } from './customer-methods.ts';

type Methods = CustomerMethods & { open: (of: { restored: string | undefined }) => null };

type Listing = {
  [Name in keyof CustomerMethods]: [] extends ReturnType<CustomerMethods[Name]> ? Name : never;
}[keyof CustomerMethods];

/**
 * Names the key of a history among those of journals, each data folder's its own: no id of a connection
 * has a colon.
 */
const historyKey = (installation: string): string => `console:customers:${installation}`;

/** Asked for every cluster: to learn that nothing is listed, no file is made and no thread is started. */
const listings: ReadonlySet<string> = new Set<Listing>([
  ...(['listConnections', 'listRaises', 'tariffsOfUsers', 'userFigures'] as const),
]);

/**
 * Customers, services, mappings and what hangs on them, over all clusters: `customers.sqlite` in the
 * data folder, opened in a worker thread at first use.
 */
export class CustomerStore {
  readonly #own: string;
  readonly #keys: JournalKeys | null;
  #path: string;
  #opened: Promise<WorkerClient<Methods>> | null = null;

  /** @param keys seal what is remembered of its history; null: it is not sealed */
  constructor(path: string, keys: JournalKeys | null = null) {
    this.#own = path;
    this.#path = path;
    this.#keys = keys;
    keys?.available.on(async () => {
      const worker = await this.#opened?.catch(() => null);
      if (worker && this.#path === this.#own) await this.#seal(worker).catch(() => undefined);
    });
  }

  /**
   * Asks or changes; what was changed is on the disk when the promise resolves.
   * @throws AppError `ARCHIVE_DAMAGED`, `ARCHIVE_NEWER`, `DISK_FAILED`
   */
  readonly ask: Ask<CustomerMethods> = async (name, ...asked) => {
    if (listings.has(name) && this.isUnused) return [] as never;
    const worker = await this.#open();
    return worker.ask(name, ...asked);
  };

  /** Whether nothing was ever kept: there is no file, and no backup of one that was lost. */
  get isUnused(): boolean {
    return this.#opened === null && !existsSync(this.#path) && this.backups().length === 0;
  }

  /** Works with another file from now on, opened at the next need. */
  async use(path: string): Promise<void> {
    if (path === this.#path) return;
    this.#path = path;
    await this.close();
  }

  /** Backups of the file, newest first. */
  backups(): CustomerBackup[] {
    return listBackups(this.#path);
  }

  /**
   * Puts a backup in the place of the file; what asks meanwhile waits. A failure leaves the file.
   * @throws AppError `NOT_FOUND`, `ARCHIVE_DAMAGED`, `ARCHIVE_NEWER`
   */
  async restore(fileName: string): Promise<ReturnType<typeof restoreBackup>> {
    const before = this.#opened;
    const replaced = this.#closeWorker(before).then(() => restoreBackup(this.#path, fileName));
    const opening = replaced.then(
      () => this.#start(fileName),
      () => this.#start(),
    );
    this.#opened = opening;
    const result = await replaced;
    await opening;
    return result;
  }

  /** Closes the file, its log taken in. */
  async close(): Promise<void> {
    const before = this.#opened;
    this.#opened = null;
    await this.#closeWorker(before);
  }

  async #closeWorker(opened: Promise<WorkerClient<Methods>> | null): Promise<void> {
    const worker = await opened?.catch(() => null);
    if (!worker) return;
    await worker.ask('close').catch(() => undefined);
    await worker.terminate();
  }

  #open(): Promise<WorkerClient<Methods>> {
    this.#opened ??= this.#start();
    return this.#opened;
  }

  async #start(restored?: string): Promise<WorkerClient<Methods>> {
    const path = this.#path;
    const entry = workerEntry(import.meta.url, 'customers-worker');
    const worker = new WorkerClient<Methods>(entry, { path });
    try {
      await worker.ask('open', { restored });
      if (path === this.#own) await this.#seal(worker); // that of the demo is gone with it
      return worker;
    } catch (thrown) {
      this.#opened = null;
      await worker.terminate();
      throw thrown;
    }
  }

  /** Nobody gets the file before its history was compared with what its key sealed. */
  async #seal(worker: WorkerClient<Methods>): Promise<void> {
    if (!this.#keys) return;
    const id = historyKey(await worker.ask('installation', null));
    await this.#keys.seal(id, (key) => worker.ask('setJournalKey', key));
  }
}
