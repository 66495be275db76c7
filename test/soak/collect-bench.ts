import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createGateway } from '#core/gateway/create-gateway.ts';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import { type Archive, openArchive } from '#core/store/archive/archive.ts';
import type { CollectOptions, CollectOutcome } from '#core/usage/collect/collect-options.ts';
import { collectUsage } from '#core/usage/collect/collector.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '#simulator/index.ts';

/** All periods of the simulator's statistics are over. */
export const simulatedNow: number = Date.UTC(2026, 9, 20);

/** A simulator and a client of it: what is collected is in whichever archive is named. */
export class CollectBench {
  readonly simulator: Simulator;
  readonly gateway: Gateway;

  private constructor(simulator: Simulator) {
    this.simulator = simulator;
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    this.gateway = createGateway({
      endpoint,
      accessKeyId,
      secretKey,
      signature: 'v2',
      proxy: null,
      maxConnections: 8,
      timeouts: { connect: 2000, headers: 1000, body: 1000 },
    });
  }

  /** Starts a simulator with statistics. */
  static async start(options: SimulatorOptions): Promise<CollectBench> {
    return new CollectBench(await startSimulator({ now: simulatedNow, ...options }));
  }

  /** One collection with removal into an archive that is open. */
  collect(archive: Archive, options: Partial<CollectOptions> = {}): Promise<CollectOutcome> {
    return collectUsage({
      gateway: this.gateway,
      archive,
      maxConnections: 8,
      removeCollected: true,
      controls: {
        signal: new AbortController().signal,
        checkpoint: async () => undefined,
        progress: () => undefined,
      },
      retry: { attempts: 4, firstPause: 1, longestPause: 10 },
      ...options,
    });
  }

  /** One collection into a directory's archive, opened and closed for it; its error instead where it failed. */
  async collectOnce(
    directory: string,
    options: Partial<CollectOptions> = {},
  ): Promise<CollectOutcome | Error> {
    try {
      const archive = await openArchive(directory);
      try {
        return await this.collect(archive, options);
      } finally {
        await archive.close();
      }
    } catch (thrown) {
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  /** Collects until nothing is left on the gateway. */
  async collectAll(directory: string): Promise<void> {
    for (let run = 0; this.simulator.state.usage.names().length > 0; run += 1) {
      const outcome = await this.collectOnce(directory);
      if (run > 20)
        throw outcome instanceof Error ? outcome : new Error('It does not come to its end.');
    }
  }

  /** Deletions the simulator has served. */
  deleted(): string[] {
    return this.simulator.log
      .acted('usage.removed')
      .flatMap(({ acted }) => acted.map(({ target }) => target));
  }

  /** Every deletion was of an object that is in the file, and came once. */
  assertDeletedAreArchived(directory: string): void {
    const deleted = this.deleted();
    assert.equal(new Set(deleted).size, deleted.length, 'deleted twice');
    const path = join(directory, 'archive.sqlite');
    if (deleted.length === 0 && !existsSync(path)) return;
    // the first to open it after a kill holds it alone while it recovers the log
    const database = new DatabaseSync(path, { timeout: 10_000 });
    const find = database.prepare('SELECT 1 FROM usage_object WHERE name = ?');
    for (const name of deleted)
      assert.ok(find.get(name), `${name} was deleted and is not archived`);
    database.close();
  }

  /** What the archive adds up to is what the simulator says it must be, to the last digit. */
  async assertTruth(directory: string): Promise<void> {
    this.assertDeletedAreArchived(directory);
    const archive = await openArchive(directory);
    try {
      const rows = await archive.read('reportGroups', {
        fromHour: 0,
        toHour: 1_000_000,
        groupBy: 'bucket',
        filter: {},
      });
      const figures = rows.map(
        ({ bucket, epoch, put, get, list, other, uploaded, downloaded }) =>
          [`${bucket}#${epoch}`, { put, get, list, other, uploaded, downloaded }] as const,
      );
      assert.deepEqual(new Map(figures), this.simulator.state.usage.truth('bucket-epoch'));
      assert.equal(await archive.read('checkFile', undefined as never), null);
    } finally {
      await archive.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.close();
    await this.simulator.stop();
  }
}
