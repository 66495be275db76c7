import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clearLimitsRequest } from '#core/gateway/requests/limits.ts';
import { setQuotaRequest } from '#core/gateway/requests/quotas.ts';
import { removeUsageObjectRequest } from '#core/gateway/requests/usage.ts';
import {
  createUserRequest,
  generateKeyRequest,
  removeUserRequest,
  userStateRequest,
} from '#core/gateway/requests/users.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { gatewayFor } from '#test/fakes/gateway-setup.ts';
import { httpAnswer, RawServer } from '#test/fakes/raw-server.ts';
import { StandingClock } from '#test/fakes/standing-clock.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ users: 20, buckets: 20, usage: 5 });
});
afterEach(() => simulator.faults.clear());
afterAll(() => simulator.stop());

/** How many requests reached the gateway while something ran. */
async function requestsDuring(run: () => Promise<unknown>): Promise<number> {
  const before = simulator.log.entries.length;
  await run();
  return simulator.log.entries.length - before;
}

describe('readings', () => {
  it.each([
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 429 },
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'cut-body' },
  ] as const)('pass $kind $status twice in a row', async (fault) => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    simulator.faults.add({ ...fault, count: 2 });
    expect(
      await requestsDuring(async () => {
        expect(await gateway.listUsers()).toHaveLength(20);
      }),
    ).toBe(3);
    await gateway.close();
  });

  it('give up after four attempts', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    simulator.faults.add({ kind: 'status', status: 500 });
    expect(
      await requestsDuring(() =>
        expect(gateway.listBuckets()).rejects.toMatchObject({ code: 'GATEWAY_FAILED' }),
      ),
    ).toBe(4);
    await gateway.close();
  });

  it('are not repeated for what will not pass', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    for (const kind of ['html', 'foreign-json', 'truncated-json', 'redirect'] as const) {
      const fault = simulator.faults.add({ kind });
      expect(
        await requestsDuring(() => expect(gateway.listUsers()).rejects.toBeInstanceOf(Error)),
      ).toBe(1);
      fault.remove();
    }
    await gateway.close();
  });

  it('pass a reset before the first bytes of a stream', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    simulator.faults.add({ kind: 'reset-before', count: 1 });
    const { chunks } = await gateway.streamUsers();
    let length = 0;
    for await (const chunk of chunks) length += chunk.byteLength;
    expect(length).toBeGreaterThan(1000);
    await gateway.close();
  });
});

describe('writes', () => {
  const broken = [
    { kind: 'reset-after' },
    { kind: 'status-after', status: 500 },
    { kind: 'cut-body' },
    { kind: 'truncated-json' },
  ] as const;

  it.each(broken)('that create are sent once, where $kind', async (fault) => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    const email = `once-${fault.kind}@example.com`;
    simulator.faults.add(fault);
    expect(
      await requestsDuring(() =>
        expect(gateway.send(createUserRequest(email))).rejects.toMatchObject({
          details: { mayHaveActed: true },
        }),
      ),
    ).toBe(1);
    simulator.faults.clear();
    const created = simulator.log
      .acted('user.created')
      .filter(({ acted }) => acted.some(({ detail }) => detail === email));
    expect(created).toHaveLength(1);
    await gateway.close();
  });

  it.each(broken)('that generate keys are sent once, where $kind', async (fault) => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    const email = `key-${fault.kind}@example.com`;
    const { userId } = await gateway.send(createUserRequest(email));
    simulator.faults.add(fault);
    await expect(gateway.send(generateKeyRequest(email))).rejects.toMatchObject({
      details: { mayHaveActed: true },
    });
    simulator.faults.clear();
    expect((await gateway.getUser({ id: userId })).accessKeyIds).toHaveLength(2);
    await gateway.close();
  });

  it('that remove or set are sent once, too: the caller reads back first', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    const { userId } = await gateway.send(createUserRequest('sent-once@example.com'));
    const { names } = await gateway.listUsageObjects();
    simulator.faults.add({ kind: 'reset-before' });
    const writes = [
      () => gateway.send(setQuotaRequest({ id: userId }, 1n)),
      () => gateway.send(clearLimitsRequest({ id: userId })),
      () => gateway.send(removeUsageObjectRequest(names[0] ?? '')),
      () => gateway.send(removeUserRequest({ id: userId })),
    ];
    for (const write of writes) {
      expect(
        await requestsDuring(() =>
          expect(write()).rejects.toMatchObject({ code: 'CONNECTION_RESET', retryable: true }),
        ),
      ).toBe(1);
    }
    await gateway.close();
  });

  it('that were refused say that nothing was done', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    await expect(
      gateway.send(userStateRequest('nobody@example.com', 'disable')),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { mayHaveActed: false },
    });
    await gateway.close();
  });
});

describe('connections', () => {
  it('are at most as many as allowed, kept and used again', async () => {
    const open = new Set<number>();
    let most = 0;
    let underWay = 0;
    const server = await RawServer.start((socket, received) => {
      if (!received.endsWith('\r\n\r\n')) return;
      open.add(socket.remotePort ?? 0);
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        socket.write(httpAnswer(200, '[]', { 'content-type': 'application/json' }));
      }, 5);
    });
    const gateway = gatewayFor({ ...simulator, url: server.url }, { maxConnections: 3 });
    await Promise.all(Array.from({ length: 20 }, () => gateway.listUsers()));
    expect(most).toBe(3);
    expect(open.size).toBe(3);
    await gateway.close();
    await server.stop();
  });

  it('end when the client is closed, and cancel what is under way', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    await gateway.listUsers();
    simulator.faults.add({ kind: 'hang-before' });
    const waiting = expect(gateway.listUsers()).rejects.toMatchObject({ code: 'CANCELLED' });
    await gateway.close();
    await waiting;
    await expect(gateway.listUsers()).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('cancellation', () => {
  it('ends a request that waits for its answer', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    const fault = simulator.faults.add({ kind: 'hang-before' });
    const controller = new AbortController();
    const waiting = gateway.listUsers({ signal: controller.signal });
    while (fault.hits === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', retryable: false });
    fault.remove();
    expect(await gateway.listUsers()).not.toHaveLength(0);
    await gateway.close();
  });

  it('ends a body that is being read', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    simulator.faults.add({ kind: 'slow-body', ms: 5_000 });
    const controller = new AbortController();
    const read = async () => {
      const { chunks } = await gateway.streamUsers({ signal: controller.signal });
      for await (const _chunk of chunks) controller.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: 'CANCELLED' });
    await gateway.close();
  });

  it('keeps a request from being sent at all', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    expect(
      await requestsDuring(() =>
        expect(
          gateway.send(createUserRequest('never@example.com'), { signal: AbortSignal.abort() }),
        ).rejects.toMatchObject({ code: 'CANCELLED', details: { mayHaveActed: false } }),
      ),
    ).toBe(0);
    await gateway.close();
  });
});

describe('time-outs', () => {
  const timeouts = { connect: 5000, headers: 50, body: 50 };

  it('end the waiting for an answer, and a reading is tried once more', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2', timeouts });
    simulator.faults.add({ kind: 'hang-before' });
    const id = simulator.accessKeyId.slice(0, 16);
    using clock = new StandingClock();
    expect(
      await requestsDuring(async () => {
        const refused = expect(gateway.getUser({ id })).rejects.toMatchObject({
          code: 'TIMED_OUT',
        });
        const { entries } = simulator.log;
        const before = entries.length;
        for (const count of [1, 2]) await clock.elapse(50, () => entries.length === before + count);
        await refused;
      }),
    ).toBe(2);
    await gateway.close();
  });

  it('end a creation that the gateway may have carried out, without another', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2', timeouts });
    simulator.faults.add({ kind: 'hang-after', match: { method: 'PUT' } });
    using clock = new StandingClock();
    expect(
      await requestsDuring(async () => {
        const refused = expect(
          gateway.send(createUserRequest('hung@example.com')),
        ).rejects.toMatchObject({ code: 'TIMED_OUT', details: { mayHaveActed: true } });
        const users = () => [...simulator.state.users.byId.values()];
        await clock.elapse(50, () => users().some(({ email }) => email === 'hung@example.com'));
        await refused;
      }),
    ).toBe(1);
    expect(await gateway.getUser({ email: 'hung@example.com' })).toMatchObject({
      email: 'hung@example.com',
    });
    await gateway.close();
  });

  it('end a body that stops coming', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2', timeouts });
    simulator.faults.add({ kind: 'slow-body', ms: 30_000 });
    await expect(gateway.listUsers()).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await gateway.close();
  });
});
