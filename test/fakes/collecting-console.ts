import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createGateway } from '#core/gateway/create-gateway.ts';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import { type Archive, openArchive } from '#core/store/archive/archive.ts';
import type { CollectOptions, CollectOutcome } from '#core/usage/collect/collect-options.ts';
import { collectUsage } from '#core/usage/collect/collector.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '#simulator/index.ts';

const allHours = { fromHour: 0, toHour: 1_000_000, filter: {} };

/** A simulator with statistics, its own archive, and a client between them. */
export class CollectingConsole {
  readonly simulator: Simulator;
  readonly archive: Archive;
  readonly gateway: Gateway;

  private constructor(simulator: Simulator, archive: Archive, patience: number) {
    this.simulator = simulator;
    this.archive = archive;
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    this.gateway = createGateway({
      endpoint,
      accessKeyId,
      secretKey,
      signature: 'v2',
      proxy: null,
      maxConnections: 8,
      timeouts: { connect: 20_000, headers: patience, body: patience },
      retry: { attempts: 2, attemptsOnTimeout: 1, firstPause: 1, longestPause: 2 },
    });
  }

  /**
   * All periods are over by default.
   * @param patience milliseconds that the client waits for an answer
   */
  static async start(
    options: SimulatorOptions = {},
    patience = 20_000,
  ): Promise<CollectingConsole> {
    const directory = await mkdtemp(join(tmpdir(), 'ostor-collect-'));
    const simulator = await startSimulator({ now: Date.UTC(2026, 9, 20), ...options });
    return new CollectingConsole(simulator, await openArchive(directory), patience);
  }

  /** One run. */
  collect(options: Partial<CollectOptions> = {}): Promise<CollectOutcome> {
    return collectUsage({
      gateway: this.gateway,
      archive: this.archive,
      maxConnections: 8,
      removeCollected: false,
      controls: {
        signal: new AbortController().signal,
        checkpoint: async () => undefined,
        progress: () => undefined,
      },
      retry: { attempts: 8, firstPause: 1, longestPause: 10 },
      ...options,
    });
  }

  /** What the archive adds up to is what the simulator says it must be, to the last digit. */
  async expectTruth(): Promise<void> {
    for (const groupBy of ['user', 'bucket', 'day', 'hour'] as const) {
      const rows = await this.archive.read('reportGroups', { ...allHours, groupBy });
      const figures = rows.map(({ userId, email: _email, bucket, epoch, slot, ...counters }) => {
        const time = new Date((slot ?? 0) * (groupBy === 'day' ? 86_400_000 : 3_600_000));
        const name = {
          user: userId ?? '',
          bucket: `${bucket}#${epoch}`,
          day: time.toISOString().slice(0, 10),
          hour: time.toISOString().slice(0, 13),
        }[groupBy];
        return [name, counters] as const;
      });
      const grouping = groupBy === 'bucket' ? 'bucket-epoch' : groupBy;
      expect(new Map(figures)).toEqual(this.simulator.state.usage.truth(grouping));
    }
  }

  /** In the simulator's log every deletion comes after a reading of the same object, and comes once. */
  expectArchivedBeforeDeleted(): void {
    const read = new Set<string>();
    const deleted = new Set<string>();
    for (const { method, query, status, acted } of this.simulator.log.entries) {
      const name = decodeURIComponent(/obj=([^&]*)/.exec(query)?.[1] ?? '');
      if (method === 'GET' && status === 200) read.add(name);
      for (const { target } of acted) {
        expect(read.has(target), target).toBe(true);
        expect(deleted.has(target), target).toBe(false);
        deleted.add(target);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.close();
    await this.archive.close();
    await this.simulator.stop();
    rmSync(this.archive.directory, { recursive: true, force: true });
  }
}
