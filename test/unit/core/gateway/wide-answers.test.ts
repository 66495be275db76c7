import { describe, expect, it } from 'vitest';
import type { Exchange } from '#core/gateway/exchange.ts';
import type { GatewayRequest } from '#core/gateway/model/request.ts';
import { readingsOf } from '#core/gateway/readings.ts';

/** An exchange whose every answer is the same, whatever was asked. */
const always = (json: unknown) =>
  ({
    readJson: async () => json,
    send: async (request: GatewayRequest) => request.read?.(json),
  }) as unknown as Exchange;

const user = (UserId: string, UserEmail: string, more = {}) => ({ UserId, UserEmail, ...more });
const keys = (...ids: string[]) => ({
  AWSAccessKeys: ids.map((AWSAccessKeyId) => ({ AWSAccessKeyId, AWSSecretAccessKey: 's' })),
});
const bucket = (name: string, owner_id: string) => ({ name, owner_id, size: {} });
const byEmail = { email: 'a@x', ofId: 'a' };

describe('an answer wider than the question', () => {
  it('of buckets is narrowed to those of the owner, and to the name', async () => {
    const readings = readingsOf(
      always({ Buckets: [bucket('one', 'a'), bucket('two', 'b'), bucket('three', 'a')] }),
    );
    const names = (await readings.listBucketsOf('a', byEmail)).map(({ name }) => name);
    expect(names).toEqual(['one', 'three']);
    expect(await readings.listBucketsOf('nobody', { id: 'nobody' })).toEqual([]);
    expect((await readings.getBucket('two')).ownerId).toBe('b');
    await expect(readings.getBucket('four')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await readings.getBuckets(['two'])).map(({ name }) => name)).toEqual(['two']);
  });

  it('of users is narrowed to the one asked for where it has its keys', async () => {
    const { getUser } = readingsOf(
      always([user('b', 'a@x', keys('b1')), user('a', 'a@x', keys('a1'))]),
    );
    for (const selector of [{ id: 'a' }, byEmail]) {
      expect(await getUser(selector)).toMatchObject({ userId: 'a', accessKeyIds: ['a1'] });
    }
    await expect(getUser({ email: 'a@x' })).rejects.toMatchObject({ code: 'ANSWER_FOREIGN' });
    await expect(getUser({ email: 'c@x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['all users', [user('a', 'a@x'), user('b', 'b@x')]],
    ['all users, who are one', [user('a', 'a@x')]],
    ['all users inside Users', { Users: [user('a', 'a@x'), user('b', 'b@x')] }],
  ])('of users without keys is never taken for a user without keys: %s', async (_what, json) => {
    for (const selector of [{ id: 'a' }, byEmail]) {
      await expect(readingsOf(always(json)).getUser(selector)).rejects.toMatchObject({
        code: 'ANSWER_FOREIGN',
        details: { wide: true },
      });
    }
  });

  it('about another user than the one asked for is refused', async () => {
    const { getUser } = readingsOf(always(user('b', 'a@x', keys('b1'))));
    await expect(getUser({ id: 'a' })).rejects.toMatchObject({ details: { wide: true } });
    await expect(getUser(byEmail)).rejects.toMatchObject({
      code: 'TARGET_CHANGED',
      details: { userId: 'a', foundUserId: 'b' },
    });
  });

  it('of limits and quotas is refused, since it does not say whose they are', async () => {
    const limits = { 'ops:get': '1.00' };
    const { getLimits } = readingsOf(always([limits, limits]));
    await expect(getLimits(byEmail)).rejects.toMatchObject({ code: 'ANSWER_FOREIGN' });
    expect(await readingsOf(always([limits])).getLimits(byEmail)).toMatchObject({
      opsGet: '1.00',
    });
    const quota = { version: '1', type: 'bucket', size: '5' };
    const { getQuota } = readingsOf(always(quota));
    expect(await getQuota({ bucket: 'one' })).toMatchObject({ sizeGb: 5n });
    for (const target of [byEmail, { default: 'user' as const }]) {
      await expect(getQuota(target)).rejects.toMatchObject({ code: 'ANSWER_FOREIGN' });
    }
  });
});
