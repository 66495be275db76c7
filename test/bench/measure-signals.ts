import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { evaluate, noFacts } from '#core/attention/evaluate.ts';
import { priceStakes } from '#core/attention/money.ts';
import { openArchive } from '#core/store/archive/archive.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { snapshotPath } from '#core/store/snapshot/snapshot-database.ts';
import type { Tariff } from '#shared/billing/charges.ts';
import { signalThresholds } from '#shared/contract/signals.ts';
import { day, hour } from '#shared/durations.ts';
import { labConnection, OneCluster } from '#test/fakes/one-cluster.ts';
import { fillArchive } from './fill-archive.ts';
import { writeLists } from './lists-data.ts';
import { measureBoard } from './measure-board.ts';
import { feedOf } from './measure-refresh.ts';
import { watchLoop } from './watch-loop.ts';

interface Shape {
  users: number;
  buckets: number;
  days: number;
}

const samples = 5;

/** Makes such a cluster and times all signals of it, each time as if a refresh had just ended. */
export async function measureSignals(directory: string, shape: Shape) {
  const files = await writeLists(directory, shape);
  const path = join(directory, 'cluster');
  mkdirSync(path);
  const snapshot = await openSnapshot(path);
  await snapshot.refresh(feedOf(files));
  const now = Math.floor(Date.now() / hour) * hour;
  fillSnapshot(path, now);
  const started = performance.now();
  const counters = fillArchive(path, now, shape.days);
  const filling = performance.now() - started;
  const archive = await openArchive(path);
  await archive.sound();
  try {
    const connection = labConnection({ endpoint: 'https://s3.example.com', accessKeyId: 'aa01' });
    const parts = { connection, directory: path, snapshot, gateway: null as never };
    const sources = {
      clusters: new OneCluster(parts),
      archiveOf: async () => archive,
      sync: {
        status: async () => ({ state: 'online', asOf: null, ...shape }) as const,
        seen: async () => ({}),
      },
      tasks: { list: () => [] },
    };
    const run = async () => {
      const result = await evaluate(sources, 'lab', signalThresholds.parse({}), noFacts);
      return { ...result, found: await priceStakes(result.found, () => tariff, result.at) };
    };
    const signals = await measure(run);
    return { counters, filling, ...signals, board: await measureBoard(snapshot, archive) };
  } finally {
    await archive.close();
    await snapshot.close();
  }
}

const tariff: Tariff = {
  ...{ tariffId: 't', version: 1, savedAt: '2026-01-01T00:00:00.000Z', name: 'Standard' },
  ...{ currency: 'EUR', minorDigits: 2, gigabyte: 'decimal', pricesIn: 'currency' },
  longestSampleGapHours: 24,
  free: {
    ...{ storedGbHours: 0, downloadedGb: 10, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
  },
  prices: [
    {
      ...{ validFrom: '2020-01-01T00:00:00.000Z', storedPerGbHour: '0', storedPerGbMonth: '0.02' },
      ...{ downloadedPerGb: '0.005', uploadedPerGb: '0', putPerThousand: '0.0005' },
      ...{ getPerThousand: '0.00004', listPerThousand: '0.0005', otherPerThousand: '0' },
    },
  ],
};

interface Found {
  found: readonly { kind: string; money?: unknown }[];
  /** Kinds that could not be computed. */
  failed: readonly string[];
}

async function measure(run: () => Promise<Found>) {
  const first = await run();
  const times: number[] = [];
  const loop = await watchLoop();
  const cpu = process.cpuUsage();
  for (let sample = 0; sample < samples; sample += 1) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(cpu);
  const stalls = await loop.stop();
  times.sort((left, right) => left - right);
  return {
    kinds: new Set(first.found.map(({ kind }) => kind)).size,
    signals: first.found.length,
    priced: first.found.filter(({ money }) => money !== undefined).length,
    failed: first.failed,
    cpu: (user + system) / 1000 / samples,
    median: times[Math.floor(samples / 2)] ?? Number.NaN,
    longest: times.at(-1) ?? Number.NaN,
    stalls,
  };
}

/** Quotas and limits of every user, and keys, as an inventory leaves them. */
function fillSnapshot(directory: string, now: number): void {
  const database = new DatabaseSync(snapshotPath(directory));
  database.exec(`BEGIN;
    INSERT INTO target (kind, id, quota_as_of, quota_set, quota_gb, limits_as_of, limits_set,
        ops_default, ops_get, ops_put, ops_list, ops_delete, bandwidth_out)
      SELECT 'user', user_id, ${now}, 1, max(1, current_bytes / 800000000 + id % 100), ${now}, 1,
        0, 1000, 500, 0, 0, 0 FROM user;
    INSERT INTO target (kind, id, quota_as_of, quota_set, quota_gb)
      VALUES ('default', 'bucket', ${now}, 1, 9900);
    INSERT INTO access_key SELECT user_id, '', user_id || 'A', ${now - 400 * day} FROM user;
    INSERT INTO access_key SELECT user_id, '', user_id || 'B', ${now - 20 * day} FROM user
      WHERE id % 50 = 0;
    COMMIT;`);
  database.close();
}
