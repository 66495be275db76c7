import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Signal } from '../../platform/events.ts';

/** A cluster that runs inside the console: shown while no connection is saved. */
export interface DemoCluster {
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  /** The WHMCS beside it, where there is one. */
  billing?: { url: string; identifier: string; secret: string };
  /** Sizes of earlier days, oldest first; times in milliseconds. */
  pastSizes?(): Iterable<{
    at: number;
    users: { userId: string; email: string; bytes: bigint; buckets: number }[];
    buckets: { name: string; ownerId: string; bytes: bigint }[];
  }>;
  stop(): Promise<void>;
}

export interface RunningDemo {
  cluster: DemoCluster;
  directory: string;
}

/** Id of the demo connection; a saved one never gets it. */
export const demoConnectionId = 'demo';

/** Starts the demo cluster when it is first needed and leaves nothing behind when it ends. */
export class DemoHost {
  /** The id of the demo's connection, each time it has started. */
  readonly started = new Signal<string>();
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

async function startDemo(start: () => Promise<DemoCluster>): Promise<RunningDemo> {
  const cluster = await start();
  try {
    return { cluster, directory: await mkdtemp(join(tmpdir(), 'ostor-console-demo-')) };
  } catch (thrown) {
    await cluster.stop();
    throw thrown;
  }
}
