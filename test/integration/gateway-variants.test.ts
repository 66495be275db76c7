import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import type { SignatureForm } from '#core/gateway/model/request.ts';
import { removeBucketRequest } from '#core/gateway/requests/buckets.ts';
import {
  createAccountRequest,
  createUserRequest,
  generateKeyRequest,
  removeUserRequest,
} from '#core/gateway/requests/users.ts';
import { parseUsageObject } from '#core/gateway/usage-object.ts';
import { type Simulator, startSimulator, type Variants } from '#simulator/index.ts';
import { gatewayFor } from '#test/fakes/gateway-setup.ts';

let simulator: Simulator;
let gateway: Gateway;
let usual: Variants;

beforeAll(async () => {
  simulator = await startSimulator({ users: 8, buckets: 30, usage: 40 });
  usual = { ...simulator.variants };
  gateway = gatewayFor(simulator);
});
afterEach(() => {
  Object.assign(simulator.variants, usual);
});
afterAll(async () => {
  await gateway.close();
  await simulator.stop();
});

const vary = (variants: Partial<Variants>) => Object.assign(simulator.variants, variants);

describe('lists', () => {
  it.each(['array', 'Users', 'users', 'array-with-secrets'] as const)(
    'come as %s',
    async (userList) => {
      const expected = (await gateway.listUsers()).map(({ userId }) => userId);
      vary({ userList });
      const users = await gateway.listUsers();
      expect(users.map(({ userId }) => userId)).toEqual(expected);
      expect(JSON.stringify(users)).not.toContain(simulator.secretKey);
    },
  );

  it('come with numbers as text, and stay exact', async () => {
    const expected = await gateway.listBuckets();
    expect(expected.some(({ byteIntegral }) => (byteIntegral ?? 0n) > 2n ** 53n)).toBe(true);
    vary({ numbers: 'strings', transfer: 'length' });
    expect(await gateway.listBuckets()).toEqual(expected);
  });

  it('of all buckets, where an older gateway ignores the selector', async () => {
    const all = await gateway.listBuckets();
    vary({ bucketSelector: false, multiSelector: false });
    expect(await gateway.getBucket(all[7]?.name ?? '')).toEqual(all[7]);
    await expect(gateway.getBucket('no-such-bucket')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const wanted = all.slice(3, 15).map(({ name }) => name);
    const several = await gateway.getBuckets(wanted);
    expect(several.map(({ name }) => name)).toEqual(wanted);
  });

  it('of all buckets, where a proxy does not let a GET with a body through', async () => {
    const all = await gateway.listBuckets();
    const fault = simulator.faults.add({ kind: 'status', status: 400, match: { query: 'multi' } });
    const wanted = all.slice(3, 15).map(({ name }) => name);
    expect((await gateway.getBuckets(wanted)).map(({ name }) => name)).toEqual(wanted);
    expect(fault.hits).toBe(1);
    fault.remove();
  });

  it('of all buckets, one by one where the body of the request is dropped on the way', async () => {
    const wanted = (await gateway.listBuckets()).slice(3, 15).map(({ name }) => name);
    vary({ multiBody: 'dropped' });
    const several = await gateway.getBuckets([...wanted, 'no-such-bucket']);
    expect(several.map(({ name }) => name)).toEqual(wanted);
  });

  it('of no bucket, where an unknown one is no error', async () => {
    vary({ unknownBucket: 'empty-list' });
    await expect(gateway.getBucket('no-such-bucket')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a single user', () => {
  it('comes with the three fields of the oldest gateways', async () => {
    vary({ userDetail: 'keys-only' });
    const id = simulator.accessKeyId.slice(0, 16);
    expect(await gateway.getUser({ id })).toMatchObject({ state: 'unknown', accounts: [] });
  });

  it("comes with the guide's other spelling, and every pair after a generation", async () => {
    const email = 'spelling@example.com';
    const { key } = await gateway.send(createUserRequest(email));
    vary({ secretKeyTypo: true, generatedKeys: 'all', accountCount: 'number' });
    await gateway.send(createAccountRequest({ email }, 'account'));
    await gateway.send(generateKeyRequest(email, 'account'));
    const keys = await gateway.send(generateKeyRequest(email));
    expect(keys.map(({ accessKeyId }) => accessKeyId)).toContain(key?.accessKeyId);
    expect(keys).toHaveLength(2);
    const [account] = (await gateway.getUser({ email })).accounts;
    for (const accessKeyId of account?.accessKeyIds ?? []) {
      const revealed = await gateway.revealKey({ email }, accessKeyId, 'account');
      expect(revealed.secretAccessKey).not.toBe('');
    }
  });
});

describe('what is not set', () => {
  it.each(['not-found', 'error'] as const)(
    'is null where limits answer %s',
    async (limitsUnset) => {
      const { userId } = await gateway.send(createUserRequest(`unset-${limitsUnset}@example.com`));
      vary({ limitsUnset, quotaUnset: 'not-found' });
      expect(await gateway.getLimits({ id: userId })).toBeNull();
      expect(await gateway.getQuota({ id: userId })).toBeNull();
    },
  );

  it('is zero where the gateway says so', async () => {
    const { userId } = await gateway.send(createUserRequest('zero@example.com'));
    vary({ limitsUnset: 'zeros', quotaUnset: 'zero', quotaType: 'digits', quotaSize: 'number' });
    expect(await gateway.getLimits({ id: userId })).toMatchObject({ opsGet: '0.00' });
    expect(await gateway.getQuota({ id: userId })).toEqual({ sizeGb: 0n, type: 'user' });
  });

  it('is an error where another thing went wrong', async () => {
    const fault = simulator.faults.add({ kind: 'status', status: 400 });
    await expect(gateway.getQuota({ default: 'user' })).rejects.toMatchObject({
      code: 'REQUEST_REFUSED',
    });
    fault.remove();
  });
});

describe('errors', () => {
  const forms = ['xml-and-header', 'xml', 'header', 'empty', 'json'] as const;

  it.each(forms)('as %s keep their meaning', async (errorForm) => {
    const email = `errors-${errorForm}@example.com`;
    await gateway.send(createUserRequest(email));
    await gateway.send(generateKeyRequest(email));
    const [bucket] = await gateway.listBuckets();
    const owner = { id: bucket?.ownerId ?? '' };
    vary({ errorForm, limitsUnset: 'not-found' });
    await expect(gateway.getUser({ email: 'nobody@example.com' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      status: 404,
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    await expect(gateway.send(createUserRequest(email))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await expect(gateway.send(generateKeyRequest(email))).rejects.toMatchObject({
      code: 'KEY_LIMIT_REACHED',
    });
    await expect(gateway.send(removeUserRequest(owner))).rejects.toMatchObject({
      code: 'USER_OWNS_BUCKETS',
    });
    expect(await gateway.getLimits(owner)).toBeNull();
  });

  it.each(forms.filter((form) => form !== 'empty'))(
    'as %s keep their meaning under other statuses',
    async (errorForm) => {
      const email = `statuses-${errorForm}@example.com`;
      await gateway.send(createUserRequest(email));
      await gateway.send(generateKeyRequest(email));
      const [bucket] = await gateway.listBuckets();
      for (const status of [400, 403, 409] as const) {
        vary({ errorForm, keyLimitStatus: status, userOwnsBucketsStatus: status });
        await expect(gateway.send(generateKeyRequest(email))).rejects.toMatchObject({
          code: 'KEY_LIMIT_REACHED',
          status,
        });
        await expect(
          gateway.send(removeUserRequest({ id: bucket?.ownerId ?? '' })),
        ).rejects.toMatchObject({
          code: 'USER_OWNS_BUCKETS',
          status,
        });
      }
    },
  );

  it.each(forms)('as %s say that only the owner removes a bucket', async (errorForm) => {
    const [bucket] = await gateway.listBuckets();
    vary({ errorForm, systemUserDeletesBuckets: false });
    await expect(gateway.send(removeBucketRequest(bucket?.name ?? ''))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      hint: expect.stringContaining("owner's own key"),
    });
  });

  it("are none where the owner's key signs the removal", async () => {
    const { userId, key } = await gateway.send(createUserRequest('owner@example.com'));
    const [any] = await gateway.listBuckets();
    const like = simulator.state.buckets.get(any?.name ?? '');
    if (!like || !key) throw new Error('the simulator has buckets and gives keys');
    simulator.state.buckets.add({ ...like, name: 'owned', ownerId: userId, currentBytes: 0n });
    vary({ systemUserDeletesBuckets: false });
    await gateway.send(removeBucketRequest('owned', key));
    expect(simulator.log.entries.at(-1)).toMatchObject({ accessKeyId: key.accessKeyId });
  });
});

describe('deletions', () => {
  it.each([
    [203, 'none'],
    [204, 'application/xml'],
  ] as const)('are taken as done with %d and content type %s', async (status, type) => {
    vary({ deletedStatus: status, deletedContentType: type });
    const { userId } = await gateway.send(createUserRequest(`deleted-${status}@example.com`));
    await expect(gateway.send(removeUserRequest({ id: userId }))).resolves.toBeUndefined();
  });
});

describe('statistics', () => {
  it.each(['bare', 'quoted', 'quoted-0x', 'bare-0x'] as const)(
    'have a service id that is %s',
    async (serviceId) => {
      const [name = ''] = (await gateway.listUsageObjects()).names;
      const expected = parseUsageObject(await gateway.getUsageObject(name));
      vary({ serviceId, counters: 'per-class', numbers: 'strings' });
      const object = parseUsageObject(await gateway.getUsageObject(name));
      expect(object.serviceId.replace('0x', '')).toMatch(/^8[0-9a-f]{15}$/);
      expect(object.items.map(({ counters }) => counters)).toEqual(
        expected.items.map(({ counters }) => counters),
      );
    },
  );

  it('come in smaller pages where a large one is broken JSON', async () => {
    vary({ usageLimitBreaksAbove: 30 });
    await expect(gateway.listUsageObjects({ limit: 40 })).rejects.toMatchObject({
      code: expect.stringMatching(/^ANSWER_(TRUNCATED|NOT_JSON)$/),
    });
    vary({ usageLimitBreaksAbove: 60 });
    expect((await gateway.listUsageObjects({ limit: 200 })).names).toHaveLength(40);
  });

  it('come without a limit where it excludes the place to continue from', async () => {
    const { names } = await gateway.listUsageObjects();
    vary({ usageLimitExcludesAfter: true });
    const page = await gateway.listUsageObjects({ after: names[9] ?? '', limit: 5 });
    expect(page.names).toEqual(names.slice(10));
  });
});

describe('auto', () => {
  it.each<SignatureForm>(['v2', 'v2-unsigned-payload', 'v4'])(
    'finds that the gateway takes %s alone, once',
    async (form) => {
      vary({ accept: [form] });
      const found: SignatureForm[] = [];
      const fresh = gatewayFor(simulator, { onSignatureDetected: (taken) => found.push(taken) });
      const before = simulator.log.entries.length;
      await fresh.listUsers();
      const first = simulator.log.entries.length - before;
      await fresh.listUsers();
      expect(simulator.log.entries.length - before).toBe(first + 1);
      expect(found).toEqual([form]);
      await fresh.close();
    },
  );

  it.each(['xml', 'header', 'empty', 'json'] as const)(
    'finds V4 where refusals come as %s',
    async (errorForm) => {
      vary({ accept: ['v4'], errorForm });
      const fresh = gatewayFor(simulator);
      expect((await fresh.listUsers()).length).toBeGreaterThan(0);
      await fresh.close();
    },
  );

  it('creates a user just once even when the creation is the first request', async () => {
    vary({ accept: ['v4'] });
    const fresh = gatewayFor(simulator);
    const { userId } = await fresh.send(createUserRequest('first-request@example.com'));
    const created = simulator.log
      .acted('user.created')
      .filter(({ acted }) => acted.some(({ target }) => target === userId));
    expect(created).toHaveLength(1);
    await fresh.close();
  });

  it('names the region that a gateway expects', async () => {
    vary({ accept: ['v4'], region: 'ru-1' });
    const wrong = gatewayFor(simulator);
    await expect(wrong.listUsers()).rejects.toMatchObject({
      code: 'SIGNATURE_REFUSED',
      hint: 'Set the region of this connection to ru-1.',
    });
    await wrong.close();
    const right = gatewayFor(simulator, { region: 'ru-1' });
    expect((await right.listUsers()).length).toBeGreaterThan(0);
    await right.close();
  });
});
