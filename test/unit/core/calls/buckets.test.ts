import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bucketsHandlers } from '#core/calls/buckets.ts';
import { SeenCluster, unreachable } from '#test/fakes/seen-cluster.ts';

const context = { signal: new AbortController().signal };

let cluster: SeenCluster;
let buckets: ReturnType<typeof bucketsHandlers>;

beforeEach(async () => {
  cluster = await SeenCluster.open();
  buckets = bucketsHandlers(cluster);
});

afterEach(() => cluster.end());

const getBucket = (name: string) => buckets['buckets.get']({ connectionId: 'lab', name }, context);

describe('buckets.get', () => {
  const logs = {
    name: 'logs',
    ownerId: 'aa',
    epoch: 0n,
    createdAt: null,
    currentBytes: 2n ** 60n,
    peakBytes: 7n,
    byteIntegral: 8n,
    lastHour: 9,
  };

  it('reads several by name at once, each once, and names those that do not exist', async () => {
    cluster.gateway.single = [logs];
    const several = await buckets['buckets.several'](
      { connectionId: 'lab', names: ['logs', 'gone', 'logs'] },
      context,
    );
    expect(several.rows).toMatchObject([
      { name: 'logs', ownerEmail: 'anna@example.com', currentBytes: '1152921504606846976' },
    ]);
    expect(several.missing).toEqual(['gone']);
  });

  it('reads the gateway; without it, shows what was last seen', async () => {
    cluster.gateway.single = [logs];
    const asOf = await cluster.asOf();
    expect(await getBucket('logs')).toMatchObject({
      source: 'gateway',
      ownerEmail: 'anna@example.com',
      currentBytes: '1152921504606846976',
      firstSeen: asOf,
    });
    cluster.gateway.failure = unreachable;
    expect(await getBucket('logs')).toMatchObject({ source: 'snapshot', currentBytes: 5, asOf });
    await expect(getBucket('media')).rejects.toMatchObject({ code: 'NETWORK_UNREACHABLE' });
  });

  it('says that a bucket is gone, though it was seen once', async () => {
    await expect(getBucket('logs')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('buckets.list', () => {
  it('lists what was last seen', async () => {
    const list = await buckets['buckets.list'](
      { connectionId: 'lab', offset: 0, limit: 10, search: 'og' },
      context,
    );
    expect(list).toMatchObject({
      total: 1,
      rows: [{ name: 'logs', ownerEmail: 'anna@example.com' }],
    });
  });
});
