import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionStore } from '#core/clusters/connections/connection-store.ts';
import { Connections } from '#core/clusters/connections/connections.ts';
import { Credentials } from '#core/clusters/connections/credentials.ts';
import { OpenClusters } from '#core/clusters/connections/open-clusters.ts';
import { DemoHost } from '#core/clusters/demo/demo-host.ts';
import { IdleClusters } from '#core/clusters/idle-clusters.ts';
import { ProductionLocks } from '#core/clusters/locks/guard.ts';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import { EventBus } from '#core/platform/events.ts';
import { type ConsoleLog, openLog } from '#core/platform/log/console-log.ts';
import { NoticeBoard } from '#core/platform/notice-board.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { storedConnection } from '#test/fakes/stored-connection.ts';

describe('OpenClusters', () => {
  let dataDir: string;
  let log: ConsoleLog;
  let store: ConnectionStore;
  let clusters: OpenClusters;
  let events: string[];
  let failure: Error | null;
  const { id } = storedConnection();

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
    log = openLog(join(dataDir, 'console.log'));
    events = [];
    failure = null;
    const bus = new EventBus();
    const notices = new NoticeBoard(bus);
    store = await ConnectionStore.open(join(dataDir, 'connections.json'), notices);
    await store.save(storedConnection());
    const secrets = new MemorySecretStore();
    const credentials = new Credentials({ secrets, store, events: bus, notices, log });
    const demo = new DemoHost(undefined);
    const locks = new ProductionLocks();
    const connections = new Connections({
      policy: null,
      store,
      credentials,
      locks,
      demo,
      log,
      notices,
    });
    const opens = (what: string) => {
      events.push(`open ${what}`);
      if (failure) throw failure;
      return { close: async () => void events.push(`close ${what}`) };
    };
    clusters = new OpenClusters({
      dataDir,
      connections,
      demo,
      idle: new IdleClusters(),
      notices,
      settings: { of: async (connection) => ({ ...connection, secretKey: 'secret', proxy: null }) },
      createGateway: ({ endpoint }) => opens(endpoint) as unknown as Gateway,
      openSnapshot: async () => opens('snapshot') as unknown as Snapshot,
    });
    clusters.onRelease(async (connectionId) => void events.push(`release ${connectionId}`));
  });

  afterEach(() => {
    log.close();
    rmSync(dataDir, { recursive: true });
  });

  it('opens snapshot and gateway once, for however many ask', async () => {
    const [first, second] = await Promise.all([clusters.get(id), clusters.get(id)]);
    const gateways = await Promise.all([first.gateway(), first.gateway(), second.gateway()]);
    await Promise.all([first.snapshot(), second.snapshot()]);
    expect(new Set(gateways).size).toBe(1);
    expect(events).toEqual(['open https://s3.example.com', 'open snapshot']);
  });

  it('builds the gateway again from a changed connection, and keeps the snapshot', async () => {
    const before = await clusters.get(id);
    await before.gateway();
    await before.snapshot();
    await store.update(id, { endpoint: 'https://other.example.com' });
    clusters.retireGateway(id);
    await (await clusters.get(id)).gateway();
    await (await clusters.get(id)).snapshot();
    // A write that was sent through the gateway before is still read back through it.
    expect(events).toEqual([
      'open https://s3.example.com',
      'open snapshot',
      'open https://other.example.com',
    ]);
    await clusters.release(id);
    expect(events.slice(3, 5).sort()).toEqual([
      'close https://other.example.com',
      'close https://s3.example.com',
    ]);
  });

  it('tries again after an opening that failed', async () => {
    failure = new Error('no');
    const cluster = await clusters.get(id);
    await expect(cluster.gateway()).rejects.toThrow('no');
    await expect(cluster.snapshot()).rejects.toThrow('no');
    failure = null;
    await cluster.gateway();
    await cluster.snapshot();
    expect(events).toHaveLength(4);
  });

  it('opens nothing through a cluster that was released', async () => {
    const cluster = await clusters.get(id);
    await clusters.release(id);
    for (const opening of [cluster.gateway(), cluster.snapshot()]) {
      await expect(opening).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
    }
    await (await clusters.get(id)).gateway();
    expect(events).toEqual([`release ${id}`, 'open https://s3.example.com']);
  });

  it('shows current guards through a cluster obtained earlier', async () => {
    const cluster = await clusters.get(id);
    expect(cluster.connection.readOnly).toBe(false);
    await store.update(id, { readOnly: true });
    expect(cluster.connection.readOnly).toBe(true);
  });

  it('closes what is open before others are asked to release it, and opens nothing after', async () => {
    const cluster = await clusters.get(id);
    await cluster.snapshot();
    await cluster.gateway();
    await clusters.close();
    expect(events.slice(2)).toEqual([
      'close https://s3.example.com',
      'close snapshot',
      `release ${id}`,
    ]);
    await expect(clusters.get(id)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
