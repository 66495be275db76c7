import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Signal } from '../../platform/events.ts';
import { isLeftBehind, processMark } from '../../platform/process-mark.ts';

/** A cluster that runs inside the console: shown while no connection is saved. */
export interface DemoCluster {
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  /** The WHMCS next to it, where there is one. */
  billing?: { url: string; identifier: string; secret: string };
  /** Sizes of earlier days, oldest first; times in milliseconds. */
  pastSizes?(): Iterable<{
    at: number;
    users: { userId: string; email: string; bytes: bigint; buckets: number }[];
    buckets: { name: string; ownerId: string; bytes: bigint }[];
  }>;
  /** Statistics objects on the gateway, oldest first; without content where it still grows. */
  pastStatistics?(): Iterable<{ name: string; bytes: Uint8Array | null }>;
  /**
   * Empties and deletes a user's buckets, as the owner does with an S3 client.
   * @returns how many; null where the user is disabled, so that its keys open nothing
   */
  emptyBuckets?(userId: string): number | null;
  stop(): Promise<void>;
}

export interface RunningDemo {
  cluster: DemoCluster;
  directory: string;
}

/** Id of the demo connection; a saved one never gets it. */
export const demoConnectionId = 'demo';

/** Starts the demo cluster on first use and leaves nothing behind when it ends. */
export class DemoHost {
  /** The id of the demo's connection, each time it has started. */
  readonly started = new Signal<string>();
  /** Whether it was requested in addition to saved connections. */
  wanted = false;
  readonly #start: (() => Promise<DemoCluster>) | undefined;
  #running: Promise<RunningDemo> | null = null;

  /** @param start omitted: there is no demo */
  constructor(start: (() => Promise<DemoCluster>) | undefined) {
    this.#start = start;
  }

  get available(): boolean {
    return this.#start !== undefined;
  }

  /** The demo, started if it is not running. */
  async running(): Promise<RunningDemo> {
    const start = this.#start;
    if (!start) throw new Error('This console has no demo cluster.');
    const starts = this.#running === null;
    this.#running ??= startDemo(start);
    try {
      const running = await this.#running;
      if (starts) void this.started.tell(demoConnectionId);
      return running;
    } catch (thrown) {
      this.#running = null;
      throw thrown;
    }
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    const demo = await running?.catch(() => null);
    if (!demo) return;
    await demo.cluster.stop();
    await rm(demo.directory, { recursive: true, force: true });
  }
}

const prefix = 'ostor-console-demo-';
/** Holds the mark of the process that a folder belongs to. */
const ownerFile = 'owner';

async function startDemo(start: () => Promise<DemoCluster>): Promise<RunningDemo> {
  const cluster = await start();
  try {
    await removeLeftFolders();
    const directory = await mkdtemp(join(tmpdir(), prefix));
    await writeFile(join(directory, ownerFile), processMark());
    return { cluster, directory };
  } catch (thrown) {
    await cluster.stop();
    throw thrown;
  }
}

/** Removes the folders of consoles that were killed; failures don't prevent the start. */
async function removeLeftFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const directory = join(tmpdir(), name);
    const owner = await readFile(join(directory, ownerFile), 'utf8').catch(() => '');
    if (isLeftBehind(owner)) {
      await rm(directory, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
