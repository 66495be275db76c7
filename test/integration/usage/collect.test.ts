import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Archive, openArchive } from '#core/archive/archive.ts';
import { createGateway } from '#core/gateway/create-gateway.ts';
import type { Gateway } from '#core/gateway/gateway.ts';
import { type CollectOptions, collectUsage } from '#core/usage/collector.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '#simulator/index.ts';

const past = Date.UTC(2026, 9, 20);

let directory: string;
let archive: Archive;
let simulator: Simulator;
let gateway: Gateway;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ostor-collect-'));
  archive = await openArchive(directory);
});

afterEach(async () => {
  await gateway.close();
  await archive.close();
  await simulator.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(options: SimulatorOptions = {}): Promise<void> {
  simulator = await startSimulator({ usage: 60, now: past, ...options });
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  gateway = createGateway({
    endpoint,
    accessKeyId,
    secretKey,
    signature: 'v2',
    proxy: null,
    maxConnections: 8,
    timeouts: { connect: 1000, headers: 300, body: 300 },
    retry: { attempts: 2, attemptsOnTimeout: 1, firstPause: 1, longestPause: 2 },
  });
}

function collect(options: Partial<CollectOptions> = {}) {
  return collectUsage({
    gateway,
    archive,
    maxConnections: 8,
    removeCollected: false,
    controls: {
      signal: new AbortController().signal,
      checkpoint: async () => undefined,
      progress: () => undefined,
    },
    retry: { attempts: 8, first: 1, longest: 10 },
    ...options,
  });
}

/** What the archive adds up to, as the simulator says it must be: to the last digit. */
async function expectTruth(): Promise<void> {
  for (const groupBy of ['user', 'bucket', 'day', 'hour'] as const) {
    const rows = await archive.read('reportGroups', {
      fromHour: 0,
      toHour: 1_000_000,
      groupBy,
      filter: {},
    });
    const grouping = groupBy === 'bucket' ? 'bucket-epoch' : groupBy;
    const truth = simulator.state.usage.truth(grouping);
    const figures = new Map(
      rows.map(({ userId, bucket, epoch, slot, put, get, list, other, uploaded, downloaded }) => {
        const time = new Date((slot ?? 0) * (groupBy === 'day' ? 86_400_000 : 3_600_000));
        const name = {
          user: userId ?? '',
          bucket: `${bucket}#${epoch}`,
          day: time.toISOString().slice(0, 10),
          hour: time.toISOString().slice(0, 13),
        }[groupBy];
        return [name, { put, get, list, other, uploaded, downloaded }];
      }),
    );
    expect(figures).toEqual(truth);
  }
}

describe('collectUsage', () => {
  it('archives everything once and then finds nothing to do', async () => {
    await start();
    expect(await collect()).toMatchObject({ collected: 60, skipped: 0, removed: 0, failed: 0 });
    await expectTruth();
    expect(await collect()).toMatchObject({ collected: 0, skipped: 60, removed: 0, failed: 0 });
    await expectTruth();
  });

  it('leaves alone what is growing', async () => {
    await start({ now: Date.now() });
    const result = await collect({ removeCollected: true });
    expect(result.growing).toBe(5);
    expect(result.collected).toBe(55);
    expect(result.removed).toBeGreaterThanOrEqual(50);
    await expectTruth();
  });

  it('deletes each object only after it was archived', async () => {
    await start();
    const result = await collect({ removeCollected: true });
    expect(result).toMatchObject({ collected: 60, removed: 60, failed: 0, listComplete: true });
    await expectTruth();
    expect(simulator.state.usage.names()).toEqual([]);
  });

  it.each([
    ['limited pages', { usagePageSize: 7 }],
    ['names of 1970 that lead back to the start', { usagePageSize: 7, usage1970: true }],
    ['repeated names', { usagePageSize: 7, usageRepeatsNames: true }],
    ['always truncated', { usagePageSize: 7, usageTruncated: 'always' }],
    ['never truncated', { usagePageSize: 7, usageTruncated: 'never' }],
    ['no paging', { usagePaging: false }],
    ['a wrong count', { usageCountLies: true }],
    ['limit without after', { usagePageSize: 7, usageLimitExcludesAfter: true }],
    [
      'everything odd at once',
      {
        usagePageSize: 7,
        usage1970: true,
        usageRepeatsNames: true,
        usageTruncated: 'always',
        usageCountLies: true,
        numbers: 'strings',
        counters: 'per-class',
        serviceId: 'bare-0x',
      },
    ],
  ] as const)('reads a list with %s to its end', async (_, variants) => {
    await start({ variants });
    expect(await collect()).toMatchObject({ collected: 60, failed: 0 });
    await expectTruth();
  });

  it('gets past a stuck cursor by deleting what it has', async () => {
    await start({ variants: { usagePageSize: 7, usageCursorStuck: true } });
    expect(await collect({ removeCollected: true })).toMatchObject({ collected: 60, removed: 60 });
    await expectTruth();
  });

  it('says when a stuck cursor hides a part of the list', async () => {
    await start({ variants: { usagePageSize: 7, usageCursorStuck: true } });
    expect(await collect()).toMatchObject({ collected: 14, listComplete: false });
  });
});
