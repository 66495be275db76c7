import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

let bench: OperationsBench;

beforeAll(async () => {
  bench = await openOperationsBench({ users: 4, buckets: 0 });
});
afterAll(() => bench.close());

async function newUser(email: string): Promise<{ userId: string; accessKeyId: string }> {
  const { userId, key } = await bench.call('users.create', { email });
  return { userId, accessKeyId: key?.accessKeyId ?? '' };
}

it('of an account that is removed is its own keys alone', async () => {
  const { userId } = await newUser('accounts@example.com');
  for (const accountName of ['one', 'two']) {
    await bench.call('accounts.create', { userId, accountName });
  }
  await bench.call('keys.generate', { userId, accountName: 'two' });
  const keysOf = async (accountName: string): Promise<unknown> => {
    const input = { userId, accountName };
    const { impact } = await bench.call('operations.preview', {
      operation: 'accounts.remove',
      input,
    });
    return impact?.keys;
  };
  expect([await keysOf('one'), await keysOf('two')]).toEqual([1, 2]);
});

it('of two keys of one user, revoked together, counts its buckets once', async () => {
  const { userId, accessKeyId } = await newUser('both@example.com');
  const second = await bench.call('keys.generate', { userId });
  bench.simulator.state.buckets.add({
    name: 'both',
    ownerId: userId,
    epoch: 0,
    createdAt: Date.now(),
    currentBytes: 7n,
    peakBytes: 7n,
    byteIntegral: 0n,
    lastHour: 0,
  });
  await bench.refresh();
  const keys = [accessKeyId, second.accessKeyId].map((id) => ({ userId, accessKeyId: id }));
  const run = await bench.call('bulk.preview', { source: { from: 'keys', keys } });
  expect(run.impact).toEqual({ buckets: 1, bytes: 7, keys: 2 });
});

it('of a rotation that gives a key up at once is shown, and its name typed on production', async () => {
  const { userId, accessKeyId: giveUp } = await newUser('full@example.com');
  const name = 'full@example.com';
  const unlockedUntil = new Date(Date.now() + 60_000).toISOString();
  bench.change({ environment: 'production', unlockedUntil });
  const previewOf = (more: object) =>
    bench.call('operations.preview', { operation: 'keys.rotate', input: { userId, ...more } });
  expect(await previewOf({})).toMatchObject({
    destructive: false,
    impact: null,
    needsTypedName: null,
  });
  expect(await previewOf({ giveUp })).toMatchObject({
    destructive: true,
    impact: { buckets: null, keys: 1 }, // newer than the list: not counted yet
    needsTypedName: name,
  });
  const untyped = await bench.failure('keys.rotate', { userId, giveUp });
  expect(untyped.code).toBe('CONFIRMATION_REQUIRED');
  const { verified } = await bench.call('keys.rotate', { userId, giveUp, typedName: name });
  expect(verified).toBe(true);
});
