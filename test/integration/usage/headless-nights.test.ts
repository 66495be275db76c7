import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { day, hour } from '#shared/durations.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { part } from '#test/part.ts';
import { collectOnce } from '../../../src/collect/collect-once.ts';
import { refreshOnce } from '../../../src/collect/refresh-once.ts';

/** In full a month. */
const nights = part(9, 33);
const firstNight = Date.UTC(2026, 8, 30, 2, 30);
const lastNight = firstNight + (nights - 1) * day;
const days = nights - 2;
const from = Date.UTC(2026, 9, 1);
const period = {
  from: new Date(from).toISOString(),
  to: new Date(from + days * day).toISOString(),
};

const tariff = {
  name: 'Storage',
  currency: 'EUR',
  minorDigits: 2,
  gigabyte: 'decimal' as const,
  prices: [
    {
      validFrom: '2026-01-01',
      storedPerGbHour: '0.00315',
      downloadedPerGb: '0',
      uploadedPerGb: '0',
      putPerThousand: '0',
      getPerThousand: '0',
      listPerThousand: '0',
      otherPerThousand: '0',
    },
  ],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

let simulator: Simulator;
let dataDir: string;
let connectionId: string;
const secretStore = new MemorySecretStore();
const signal = new AbortController().signal;

/** A console without a window besides whatever runs, as the commands open it. */
function headless(): Promise<TestConsole> {
  return TestConsole.start({ dataDir, secretStore, sharesDataDir: true });
}

/** Shows the objects whose period has begun by now. */
function showBegun(): void {
  const { usage } = simulator.state;
  usage.show();
  usage.hide(
    usage.allRecords().flatMap(({ name, startTs }) => (startTs * 1000 > Date.now() ? [name] : [])),
  );
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: lastNight });
  simulator = await startSimulator({
    now: lastNight,
    users: 6,
    buckets: 12,
    usage: 24 * (nights + 1),
    usageServices: 1,
    usagePeriodSeconds: 3600,
  });
  dataDir = mkdtempSync(join(tmpdir(), 'ostor-nights-'));
  vi.setSystemTime(firstNight - hour);
  const console_ = await TestConsole.start({ dataDir, secretStore });
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = {
    name: 'Rack 1',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  } as const;
  ({ id: connectionId } = await console_.call('connections.save', connection));
  await console_.core.close();
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

afterAll(async () => {
  await simulator.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('a nightly collect makes a final storage bill, to the last byte-hour', async () => {
  let console_ = await headless();
  for (let night = 0; night < nights; night += 1) {
    vi.setSystemTime(firstNight + night * day);
    showBegun();
    // Each night is a separate process; a few are enough to show that nothing is lost.
    if (night % 7 === 3) {
      await console_.core.close();
      console_ = await headless();
    }
    const report = await collectOnce(
      console_.core,
      { connection: 'Rack 1', remove: false },
      signal,
    );
    expect(report).toMatchObject({
      failed: 0,
      listComplete: true,
      refresh: { users: 6, buckets: 12, sampledAt: new Date(Date.now()).toISOString() },
    });
  }
  await console_.core.close();
  console_ = await headless();
  const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
  const input = { connectionId, tariffId, ...period };
  const statement = await console_.call('statements.make', { ...input, requireFinal: true });
  expect(statement).toMatchObject({ state: 'final', reasons: [], unknown: [] });
  const overview = await console_.call('sync.overview', { connectionId });
  const [largest] = overview.largestUsers;
  const lines = statement.users.find(({ userId }) => userId === largest?.userId)?.lines ?? [];
  const stored = lines.find(({ item }) => item === 'stored');
  expect(BigInt(stored?.quantity ?? 0)).toBe(
    BigInt(largest?.currentBytes ?? 0) * BigInt(days * day),
  );
  expect(Number(statement.total)).toBeGreaterThan(0);
  const issued = await console_.call('statements.issue', input);
  expect(issued).toMatchObject({ state: 'final', total: statement.total });
  await console_.core.close();
});

it('is a draft as long as no size was sampled after the period', async () => {
  const console_ = await headless();
  const [saved] = await console_.call('tariffs.list', { connectionId });
  const late = { ...period, to: new Date(lastNight + hour / 2).toISOString() };
  const input = { connectionId, tariffId: saved?.tariffId ?? '', ...late };
  const statement = await console_.call('statements.make', input);
  expect(statement.state).toBe('draft');
  expect(statement.reasons.join(' ')).toContain('last sampled 1 h before the period ends');
  await console_.core.close();
});

it('a refresh alone samples sizes, and a console next to it shows what it found', async () => {
  vi.setSystemTime(lastNight + day);
  const window_ = await TestConsole.start({ dataDir, secretStore });
  const before = await window_.call('sync.status', { connectionId });
  const console_ = await headless();
  const report = await refreshOnce(console_.core, { connection: connectionId }, signal);
  expect(report).toMatchObject({ connection: 'Rack 1', connectionId, users: 6, buckets: 12 });
  expect(report.sampledAt).toBe(report.asOf);
  await console_.core.close();
  const after = await window_.call('sync.status', { connectionId });
  expect(before.asOf).not.toBe(report.asOf);
  expect(after.asOf).toBe(report.asOf);
  await window_.core.close();
});

it('collects although the lists cannot be read, and says that no size was sampled', async () => {
  vi.setSystemTime(lastNight + 2 * day);
  simulator.faults.add({ kind: 'status', status: 500, match: { service: 'ostor-buckets' } });
  const console_ = await headless();
  const report = await collectOnce(console_.core, { connection: 'Rack 1', remove: false }, signal);
  expect(report).toMatchObject({ failed: 0, listComplete: true });
  expect(report.refresh).toHaveProperty('error.code');
  await console_.core.close();
});
