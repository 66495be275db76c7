import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import type { SimulatedBucket } from '#simulator/state/bucket-table.ts';
import { call } from '../call.ts';

describe('ordinary S3', () => {
  let simulator: Simulator;
  let full: SimulatedBucket;
  let ownerKey: string;
  let otherKey: string;

  beforeAll(async () => {
    simulator = await startSimulator({ users: 30, buckets: 60 });
    const users = [...simulator.state.users.byId.values()].filter(
      ({ system, enabled, keys }) => !system && enabled && keys.length > 0,
    );
    const all = [...simulator.state.buckets.readAll()];
    full = all.find(
      ({ ownerId, currentBytes }) => currentBytes > 0n && users.some(({ id }) => id === ownerId),
    ) as SimulatedBucket;
    ownerKey = users.find(({ id }) => id === full.ownerId)?.keys[0] ?? '';
    otherKey = users.find(({ id }) => id !== full.ownerId)?.keys[0] ?? '';
  });
  afterAll(() => simulator.stop());

  it('creates a bucket of the caller, once, under a valid name', async () => {
    const accessKeyId = otherKey;
    expect((await call(simulator, 'PUT', '/made-here', { accessKeyId })).status).toBe(200);
    expect((await call(simulator, 'PUT', '/made-here', { accessKeyId })).status).toBe(409);
    expect((await call(simulator, 'PUT', '/Made', { accessKeyId })).status).toBe(400);
    expect(simulator.state.buckets.get('made-here')).toMatchObject({
      ownerId: otherKey.slice(0, 16),
      currentBytes: 0n,
    });
  });

  it('puts, gets and removes objects, and grows and shrinks the bucket', async () => {
    const target = '/made-here/reports/2026%20May.csv';
    const headers = { 'content-type': 'text/csv' };
    const put = await call(simulator, 'PUT', target, { body: 'a,b\n', headers });
    expect([put.status, put.headers.get('etag')]).toEqual([
      200,
      '"f69f5b72bc79a92dc70c63c9aa142e36"',
    ]);
    expect(simulator.state.buckets.get('made-here')?.currentBytes).toBe(4n);
    const got = await call(simulator, 'GET', target);
    expect([got.text, got.headers.get('content-type')]).toEqual(['a,b\n', 'text/csv']);
    expect((await call(simulator, 'HEAD', target)).status).toBe(200);
    expect((await call(simulator, 'DELETE', '/made-here')).status).toBe(409);
    expect((await call(simulator, 'DELETE', target)).status).toBe(204);
    expect((await call(simulator, 'GET', target)).status).toBe(404);
    expect(simulator.state.buckets.get('made-here')?.currentBytes).toBe(0n);
  });

  it('refuses a body that is not what was announced', async () => {
    const headers = { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const reply = await call(simulator, 'PUT', '/made-here/x', { body: 'x', headers });
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('BadDigest')]);
  });

  it('keeps strangers out, the system user where the variant says so', async () => {
    const target = `/${full.name}/x`;
    const stranger = { accessKeyId: otherKey };
    expect((await call(simulator, 'GET', target, stranger)).status).toBe(403);
    expect((await call(simulator, 'DELETE', `/${full.name}`, stranger)).status).toBe(403);
    expect((await call(simulator, 'GET', target)).status).toBe(404);
    simulator.variants.systemUserWritesObjects = false;
    expect((await call(simulator, 'GET', target)).status).toBe(403);
    simulator.variants.systemUserWritesObjects = true;
  });

  it('removes an empty bucket for its owner, and for the system user where allowed', async () => {
    expect((await call(simulator, 'DELETE', `/${full.name}`)).text).toContain('BucketNotEmpty');
    simulator.state.buckets.resize(full.name, 0n, full.lastHour);
    simulator.variants.systemUserDeletesBuckets = false;
    expect((await call(simulator, 'DELETE', `/${full.name}`)).status).toBe(403);
    const owner = { accessKeyId: ownerKey };
    expect((await call(simulator, 'DELETE', `/${full.name}`, owner)).status).toBe(204);
    expect((await call(simulator, 'DELETE', `/${full.name}`, owner)).status).toBe(404);
    simulator.variants.systemUserDeletesBuckets = true;
    expect((await call(simulator, 'DELETE', '/made-here')).status).toBe(204);
    expect(simulator.log.acted('bucket.removed').map(({ acted }) => acted[0]?.target)).toEqual([
      full.name,
      'made-here',
    ]);
  });
});
