import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import { putObjectRequest, removeBucketRequest } from '#core/gateway/requests/buckets.ts';
import { clearLimitsRequest, setLimitRequest } from '#core/gateway/requests/limits.ts';
import { clearQuotaRequest, setQuotaRequest } from '#core/gateway/requests/quotas.ts';
import { parseUsageObjectName, removeUsageObjectRequest } from '#core/gateway/requests/usage.ts';
import {
  createAccountRequest,
  createUserRequest,
  generateKeyRequest,
  removeAccountRequest,
  removeUserRequest,
  revokeKeyRequest,
  userStateRequest,
} from '#core/gateway/requests/users.ts';
import { parseUsageObject } from '#core/gateway/usage-object.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { gatewayFor } from '#test/fakes/gateway-setup.ts';

describe.each(['v2', 'v2-unsigned-payload', 'v4'] as const)('every operation, %s', (signature) => {
  let simulator: Simulator;
  let gateway: Gateway;
  beforeAll(async () => {
    simulator = await startSimulator({
      users: 12,
      buckets: 40,
      variants: { accept: [signature] },
      usage: 12,
    });
    gateway = gatewayFor(simulator, { signature });
  });
  afterAll(async () => {
    await gateway.close();
    await simulator.stop();
  });

  it('lists users and reads one, without a secret', async () => {
    const users = await gateway.listUsers();
    expect(users).toHaveLength(12);
    const system = await gateway.getUser({ id: simulator.accessKeyId.slice(0, 16) });
    expect(system.flags).toContain('system');
    expect(system.accessKeyIds).toContain(simulator.accessKeyId);
    expect(JSON.stringify(system)).not.toContain(simulator.secretKey);
    expect(users.map(({ userId }) => userId)).toContain(system.userId);
    expect(await gateway.getUser({ email: system.email })).toEqual(system);
  });

  it('streams the same lists as bytes', async () => {
    for (const list of [await gateway.streamUsers(), await gateway.streamBuckets()]) {
      expect(list.requestId).toMatch(/^[0-9a-f]{32}$/);
      const chunks: Uint8Array[] = [];
      for await (const chunk of list.chunks) chunks.push(chunk);
      expect(() => JSON.parse(Buffer.concat(chunks).toString()) as unknown).not.toThrow();
    }
  });

  it('creates, disables, enables and removes a user whose e-mail needs encoding', async () => {
    const email = `o'hara+${signature} tést@bücher.example`;
    const created = await gateway.send(createUserRequest(email));
    expect(created).toMatchObject({ email, key: { secretAccessKey: expect.any(String) } });
    await gateway.send(userStateRequest(email, 'disable'));
    expect(await gateway.getUser({ id: created.userId })).toMatchObject({
      email,
      state: 'disabled',
    });
    await gateway.send(userStateRequest(email, 'enable'));
    expect(await gateway.getUser({ email })).toMatchObject({ state: 'enabled' });
    await expect(gateway.send(createUserRequest(email))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await gateway.send(removeUserRequest({ id: created.userId }));
    await expect(gateway.getUser({ email })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(gateway.send(removeUserRequest({ email }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('generates, reveals and revokes keys, of a user and of an account', async () => {
    const email = `keys-${signature}@example.com`;
    const { userId, key } = await gateway.send(createUserRequest(email));
    const [second] = await gateway.send(generateKeyRequest(email));
    expect(second?.accessKeyId.startsWith(userId)).toBe(true);
    await expect(gateway.send(generateKeyRequest(email))).rejects.toMatchObject({
      code: 'KEY_LIMIT_REACHED',
    });
    expect(await gateway.revealKey({ id: userId }, second?.accessKeyId ?? '')).toEqual(second);
    await gateway.send(revokeKeyRequest(email, key?.accessKeyId ?? ''));
    await expect(gateway.revealKey({ id: userId }, key?.accessKeyId ?? '')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });

    const account = await gateway.send(createAccountRequest({ id: userId }, 'backup & more'));
    expect(account).toMatchObject({ name: 'backup & more', key: expect.any(Object) });
    const [extra] = await gateway.send(generateKeyRequest(email, account.name));
    const revealed = await gateway.revealKey({ email }, extra?.accessKeyId ?? '', account.name);
    expect(revealed).toEqual(extra);
    await gateway.send(revokeKeyRequest(email, extra?.accessKeyId ?? '', account.name));
    expect(await gateway.getUser({ id: userId })).toMatchObject({
      accounts: [{ name: account.name, accessKeyIds: [account.key?.accessKeyId] }],
    });
    await expect(
      gateway.send(createAccountRequest({ id: userId }, account.name)),
    ).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await gateway.send(removeAccountRequest({ email }, account.name));
    expect((await gateway.getUser({ email })).accounts).toEqual([]);
    await expect(gateway.send(generateKeyRequest(email, 'gone'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('lists buckets: all, of one owner, one, few and many', async () => {
    const all = await gateway.listBuckets();
    expect(all).toHaveLength(40);
    const [first] = all;
    const owned = await gateway.listBucketsOf(first?.ownerId ?? '', { id: first?.ownerId ?? '' });
    expect(owned).toEqual(all.filter(({ ownerId }) => ownerId === first?.ownerId));
    expect(await gateway.getBucket(first?.name ?? '')).toEqual(first);
    await expect(gateway.getBucket('no-such-bucket')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const names = all.map(({ name }) => name);
    expect(await gateway.getBuckets([...names.slice(0, 3), 'gone'])).toEqual(all.slice(0, 3));
    const many = await gateway.getBuckets(names.slice(0, 20));
    expect(many.map(({ name }) => name).sort()).toEqual(names.slice(0, 20).sort());
  });

  it('removes an empty bucket, never a full one, nor a user who owns any', async () => {
    const all = await gateway.listBuckets();
    const full = all.find(({ currentBytes }) => (currentBytes ?? 0n) > 0n);
    await expect(gateway.send(removeBucketRequest(full?.name ?? ''))).rejects.toMatchObject({
      code: 'BUCKET_NOT_EMPTY',
      status: 409,
    });
    await expect(
      gateway.send(removeUserRequest({ id: full?.ownerId ?? '' })),
    ).rejects.toMatchObject({
      code: 'USER_OWNS_BUCKETS',
    });
    const empty = 'made-to-be-removed';
    simulator.state.buckets.add({
      ...(simulator.state.buckets.get(full?.name ?? '') as NonNullable<
        ReturnType<typeof simulator.state.buckets.get>
      >),
      name: empty,
      currentBytes: 0n,
    });
    await gateway.send(removeBucketRequest(empty));
    await expect(gateway.send(removeBucketRequest(empty))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('sets one limit a request, reads all back, and tells unset from zero', async () => {
    const [bucket] = await gateway.listBuckets();
    const { userId } = await gateway.send(createUserRequest(`limits-${signature}@example.com`));
    for (const target of [{ id: userId }, { bucket: bucket?.name ?? '' }]) {
      expect(await gateway.getLimits(target)).toBeNull();
      await gateway.send(setLimitRequest(target, 'opsGet', '3600'));
      await gateway.send(setLimitRequest(target, 'bandwidthOut', '100'));
      expect(await gateway.getLimits(target)).toEqual({
        opsDefault: '0.00',
        opsGet: '3600.00',
        opsPut: '0.00',
        opsList: '0.00',
        opsDelete: '0.00',
        bandwidthOut: '100',
      });
      await gateway.send(clearLimitsRequest(target));
      expect(await gateway.getLimits(target)).toBeNull();
    }
    await expect(gateway.getLimits({ id: 'ffffffffffffffff' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(() => setLimitRequest({ id: userId }, 'opsGet', '-1')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('sets quotas of users, buckets and both defaults', async () => {
    const [bucket] = await gateway.listBuckets();
    const { userId, email } = await gateway.send(
      createUserRequest(`quotas-${signature}@example.com`),
    );
    const targets = [
      [{ id: userId }, 'user'],
      [{ email }, 'user'],
      [{ bucket: bucket?.name ?? '' }, 'bucket'],
      [{ default: 'user' as const }, 'user'],
      [{ default: 'bucket' as const }, 'bucket'],
    ] as const;
    for (const [target, type] of targets) {
      await gateway.send(clearQuotaRequest(target));
      expect(await gateway.getQuota(target)).toBeNull();
      await gateway.send(setQuotaRequest(target, 1024n));
      expect(await gateway.getQuota(target)).toEqual({ sizeGb: 1024n, type });
      await gateway.send(clearQuotaRequest(target));
    }
    await expect(gateway.getQuota({ bucket: 'gone' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(() => setQuotaRequest({ id: userId }, -1n)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('pages through statistics objects, reads one and removes it', async () => {
    const names: string[] = [];
    let page = await gateway.listUsageObjects({ limit: 5 });
    names.push(...page.names);
    while (page.truncated) {
      page = await gateway.listUsageObjects({ after: names.at(-1) ?? '', limit: 5 });
      names.push(...page.names);
    }
    expect(names).toEqual((await gateway.listUsageObjects()).names);
    const [name = ''] = names;
    const object = parseUsageObject(await gateway.getUsageObject(name));
    expect(object.serviceId).toBe(parseUsageObjectName(name)?.serviceId);
    expect(object.startTs).toBe(parseUsageObjectName(name)?.startTs);
    expect(object.items.length).toBeGreaterThan(0);
    await gateway.send(removeUsageObjectRequest(name));
    await expect(gateway.getUsageObject(name)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(() => removeUsageObjectRequest('')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('writes an object whose key needs encoding', async () => {
    const [bucket] = await gateway.listBuckets();
    const key = "usage/year=2026/a b+c'ü.parquet";
    const body = new TextEncoder().encode('PAR1');
    await gateway.send(
      putObjectRequest(bucket?.name ?? '', key, body, 'application/vnd.apache.parquet'),
    );
    expect(simulator.state.objects.get(`${bucket?.name}/${key}`)).toEqual({
      body: Buffer.from(body),
      contentType: 'application/vnd.apache.parquet',
    });
  });

  it('tells the request id of the answer', async () => {
    const ids: string[] = [];
    await gateway.listUsers({ onRequestId: (id) => ids.push(id) });
    expect(ids).toEqual([simulator.log.entries.at(-1)?.requestId]);
  });

  it('refuses an empty selector before anything is sent', async () => {
    const sent = simulator.log.entries.length;
    for (const refused of [
      gateway.send(removeUserRequest({ email: '' })),
      gateway.listBucketsOf('', { id: '' }),
      gateway.send(clearQuotaRequest({ bucket: '' })),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    expect(() => removeBucketRequest('')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
    expect(simulator.log.entries).toHaveLength(sent);
  });
});
