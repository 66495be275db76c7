import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  assertSecretsMayTravel,
  assertWritable,
  type GuardedConnection,
} from '#core/clusters/locks/guard.ts';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import type { GatewayRequest } from '#core/gateway/model/request.ts';
import { putObjectRequest, removeBucketRequest } from '#core/gateway/requests/buckets.ts';
import { clearLimitsRequest, setLimitRequest } from '#core/gateway/requests/limits.ts';
import { clearQuotaRequest, setQuotaRequest } from '#core/gateway/requests/quotas.ts';
import { removeUsageObjectRequest } from '#core/gateway/requests/usage.ts';
import {
  createAccountRequest,
  createUserRequest,
  generateKeyRequest,
  removeAccountRequest,
  removeUserRequest,
  revokeKeyRequest,
  userStateRequest,
} from '#core/gateway/requests/users.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { gatewayFor } from '#test/fakes/gateway-setup.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const lab: GuardedConnection = { name: 'Lab', environment: 'lab', readOnly: false };
const email = 'guarded@example.com';
const usageObject = 's3-usage-0123456789abcdef-2026-01-01T00:00:00.000Z-1800';

/** Every write that the console can describe, and one of a method that it does not use. */
const writes: GatewayRequest[] = [
  createUserRequest(email),
  userStateRequest(email, 'enable'),
  userStateRequest(email, 'disable'),
  removeUserRequest({ email }),
  generateKeyRequest(email),
  revokeKeyRequest(email, 'AKIA'),
  createAccountRequest({ email }, 'backup'),
  removeAccountRequest({ email }, 'backup'),
  removeBucketRequest('bucket'),
  setLimitRequest({ email }, 'opsGet', '5'),
  clearLimitsRequest({ email }),
  setQuotaRequest({ email }, 5n),
  clearQuotaRequest({ email }),
  removeUsageObjectRequest(usageObject),
  putObjectRequest('bucket', 'key', new Uint8Array(), 'text/plain'),
  { purpose: 'do something new', method: 'POST', query: [['ostor-new', null]] },
];

describe('the write guard', () => {
  let simulator: Simulator;
  let gateway: Gateway;
  let connection = lab;
  beforeAll(async () => {
    simulator = await startSimulator({ users: 2, buckets: 2, usage: 2 });
    gateway = gatewayFor(simulator, { assertWritable: () => assertWritable(connection) });
  });
  afterAll(async () => {
    await gateway.close();
    await simulator.stop();
  });
  const sent = (): number => simulator.log.entries.length;

  it('lets no secret key come over plain http from another machine until that is allowed', async () => {
    let clear = { name: 'Site', endpoint: 'http://s3.example.com', secretsOverPlainHttp: false };
    const guarded = gatewayFor(simulator, {
      assertSecretsMayTravel: () => assertSecretsMayTravel(clear),
    });
    const [user] = await guarded.listUsers();
    const named = { email: user?.email ?? '' };
    const [accessKeyId = ''] = (await guarded.getUser(named)).accessKeyIds;
    const asking = [
      () => guarded.send(createUserRequest('new@example.com')),
      () => guarded.send(generateKeyRequest(named.email)),
      () => guarded.revealKey(named, accessKeyId),
    ];
    const before = sent();
    for (const ask of asking) await expect(ask()).rejects.toMatchObject({ code: 'PLAIN_HTTP' });
    expect(sent()).toBe(before);
    await guarded.send(setQuotaRequest(named, 5n));
    clear = { ...clear, secretsOverPlainHttp: true };
    for (const ask of asking) await ask();
    await guarded.send(removeUserRequest({ email: 'new@example.com' }));
    await guarded.close();
    for (const endpoint of ['https://s3.example.com', 'http://127.0.0.1:80', 'http://localhost']) {
      expect(() => assertSecretsMayTravel({ name: 'Site', endpoint })).not.toThrow();
    }
  });

  it.each(writes)(
    'lets nothing leave that would $purpose while writes are held',
    async (request) => {
      const before = sent();
      connection = { ...lab, readOnly: true };
      await expect(gateway.send(request)).rejects.toMatchObject({ code: 'CONNECTION_READ_ONLY' });
      connection = { ...lab, environment: 'production' };
      await expect(gateway.send(request)).rejects.toMatchObject({ code: 'CONNECTION_LOCKED' });
      expect(sent()).toBe(before);
      connection = { ...connection, unlockedUntil: new Date(Date.now() + 60_000).toISOString() };
      await gateway.send(request).catch(() => undefined);
      expect(sent()).toBeGreaterThan(before);
    },
  );

  it('lets readings through', async () => {
    connection = { ...lab, readOnly: true };
    expect(await gateway.listUsers()).toHaveLength(2);
    expect(await gateway.getQuota({ default: 'user' })).toBeNull();
  });
});

describe('the write guard of a cluster whose gateway answers with errors', () => {
  it('holds writes of a read-only or locked connection, and lets those of an open one leave', async () => {
    const simulator = await startSimulator({ users: 3, buckets: 2 });
    const console_ = await TestConsole.start();
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    const saved = { name: 'Rack', endpoint, accessKeyId, secretKey, environment: 'lab' } as const;
    const { id } = await console_.call('connections.save', saved);
    await console_.call('sync.refresh', { connectionId: id });
    const { rows } = await console_.call('users.list', {
      connectionId: id,
      filter: { system: false },
      limit: 1,
    });
    const userId = rows[0]?.userId ?? '';
    const change = { connectionId: id, target: { user: userId }, sizeGb: 5 };
    const writes = () => simulator.log.entries.filter(({ method }) => method !== 'GET');
    simulator.faults.add({ kind: 'status', status: 500, match: { query: /^ostor-users$/ } });
    await expect(console_.call('sync.refresh', { connectionId: id })).rejects.toThrow();
    for (const [held, code] of [
      [{ readOnly: true }, 'CONNECTION_READ_ONLY'],
      [{ environment: 'production', readOnly: false }, 'CONNECTION_LOCKED'],
    ] as const) {
      await console_.call('connections.save', { ...saved, ...held, id });
      expect(await console_.call('sync.status', { connectionId: id })).toMatchObject({
        state: 'failing',
      });
      expect(await console_.reply('quotas.set', change)).toMatchObject({ error: { code } });
      expect(writes()).toEqual([]);
    }
    await console_.call('connections.unlock', { id, minutes: 5 });
    expect(await console_.reply('quotas.set', change)).toMatchObject({
      ok: true,
      value: { verified: true },
    });
    expect(writes()).toHaveLength(1);
    await console_.end();
    await simulator.stop();
  });
});
