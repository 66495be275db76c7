import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { userStateRequest } from '#core/gateway/requests/users.ts';
import { ByteBudget } from '#core/gateway/transport/byte-budget.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { gatewayFor } from '#test/fakes/gateway-setup.ts';
import { httpAnswer, RawServer } from '#test/fakes/raw-server.ts';
import { StandingClock } from '#test/fakes/standing-clock.ts';

const key = { accessKeyId: 'key', secretKey: 'secret' };
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function raw(reply: (socket: Socket, received: string) => void): Promise<RawServer> {
  const server = await RawServer.start(reply);
  ends.push(() => server.stop());
  return server;
}

async function simulated(): Promise<Simulator> {
  const simulator = await startSimulator({ users: 3, buckets: 3, usage: 0 });
  ends.push(() => simulator.stop());
  return simulator;
}

function client(server: { url: string }, options: Parameters<typeof gatewayFor>[1] = {}) {
  const gateway = gatewayFor({ ...key, url: server.url }, { signature: 'v2', ...options });
  ends.push(() => gateway.close());
  return gateway;
}

/** Begins a list and sends a byte of it each time the timer comes, for ever. */
function drip(socket: Socket): void {
  socket.write('HTTP/1.1 200 x\r\ncontent-length: 100000000\r\n\r\n[');
  const timer = setInterval(() => socket.write(' '), 10);
  socket.once('close', () => clearInterval(timer));
}

describe('a gateway that sends a byte at a time', () => {
  const timeouts = { headers: 5000, body: 150 };

  it('does not hold a list for ever', async () => {
    const server = await raw(drip);
    const gateway = client(server, { timeouts });
    // on a machine that does nothing for a while, no byte comes at all for as long
    await expect(gateway.listUsers()).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: expect.stringMatching(/sends its answer too slowly|stopped in the middle/),
    });
  });

  it('does not hold a streamed list for ever', async () => {
    const server = await raw((socket) => {
      drip(socket);
      socket.write('{');
    });
    const gateway = client(server, { timeouts });
    const list = gateway.streamUsers().then(async ({ chunks }) => {
      for await (const _chunk of chunks);
    });
    await expect(list).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  it('is given up at the deadline of the whole request, and a write is reported as sent', async () => {
    const server = await raw(drip);
    const gateway = client(server, { timeouts: { headers: 5000, body: 5000, whole: 200 } });
    using clock = new StandingClock();
    const refused = expect(
      gateway.send(userStateRequest('a@example.com', 'disable')),
    ).rejects.toMatchObject({ code: 'TIMED_OUT', details: { mayHaveActed: true } });
    await clock.elapse(200, () => server.received.some(Boolean));
    await refused;
  });
});

describe('a connection that no longer leads anywhere', () => {
  it('is waited for as long as one request may take, repetitions included', async () => {
    const server = await raw(() => undefined);
    const gateway = client(server, { timeouts: { headers: 60_000, whole: 200 } });
    using clock = new StandingClock();
    const refused = expect(gateway.getUser({ id: '0000000000000001' })).rejects.toMatchObject({
      code: 'TIMED_OUT',
    });
    await clock.elapse(200, () => server.received.some(Boolean));
    await refused;
    expect(server.received).toHaveLength(1);
  });

  it('is not waited for a second time by a list, which is given long to begin', async () => {
    const server = await raw(() => undefined);
    const gateway = client(server, { timeouts: { headers: 50 } });
    using clock = new StandingClock();
    const refused = expect(gateway.listUsers()).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await clock.elapse(150, () => server.received.some(Boolean)); // a list may take three times as long
    await refused;
    expect(server.received).toHaveLength(1);
  });

  it('lets requests that wait for it be cancelled at once, as not sent', async () => {
    const server = await raw(() => undefined);
    const gateway = client(server, { maxConnections: 1 });
    const held = gateway.getUser({ id: '0000000000000001' }).catch(() => undefined);
    const cancel = new AbortController();
    const waiting = gateway.send(userStateRequest('a@example.com', 'disable'), {
      signal: cancel.signal,
    });
    const refused = expect(waiting).rejects.toMatchObject({
      code: 'CANCELLED',
      details: { mayHaveActed: false },
    });
    setImmediate(() => cancel.abort());
    await refused;
    await gateway.close();
    await held;
  });
});

describe('Retry-After', () => {
  it.each([429, 503])('is waited for after %s before a reading is repeated', async (status) => {
    const simulator = await simulated();
    simulator.faults.add({ kind: 'status', status, retryAfter: '1', count: 1 });
    const reader = gatewayFor(simulator, { signature: 'v2' });
    const started = performance.now();
    expect(await reader.listUsers()).toHaveLength(3);
    expect(performance.now() - started).toBeGreaterThanOrEqual(990);
    await reader.close();
  });

  it('of an hour is not waited for: the error says how long it is', async () => {
    const simulator = await simulated();
    simulator.faults.add({ kind: 'status', status: 503, retryAfter: '3600' });
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    const before = simulator.log.entries.length;
    await expect(gateway.listUsers()).rejects.toMatchObject({
      hint: expect.stringContaining('3600 s'),
      details: { retryAfterSeconds: 3600 },
    });
    expect(simulator.log.entries.length - before).toBe(1);
    await gateway.close();
  });

  it('is read as a date by the clock of the gateway', async () => {
    const server = await raw((socket) =>
      socket.write(
        httpAnswer(503, '', {
          date: 'Thu, 01 Jan 2026 00:00:00 GMT',
          'retry-after': 'Thu, 01 Jan 2026 00:10:00 GMT',
        }),
      ),
    );
    await expect(client(server).listUsers()).rejects.toMatchObject({
      details: { retryAfterSeconds: 600 },
    });
  });
});

describe('answers that are too large together', () => {
  it('wait for each other, all arrive, and never hold more than the bound and one answer', async () => {
    const MiB = 1 << 20;
    const answers = 6;
    const body = Buffer.concat([Buffer.from('['), Buffer.alloc(3 * MiB, ' '), Buffer.from(']')]);
    const server = await raw((socket) => {
      socket.write(`HTTP/1.1 200 x\r\ncontent-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    const budget = new ByteBudget(4 * MiB);
    const gateway = client(server, { maxConnections: answers, budget });
    let highest = 0;
    const take = budget.take.bind(budget);
    budget.take = (...share) => {
      const goesOn = take(...share);
      highest = Math.max(highest, budget.held);
      return goesOn;
    };
    const lists = await Promise.all(Array.from({ length: answers }, () => gateway.listUsers()));
    expect(lists.flat()).toEqual([]);
    expect(highest).toBeGreaterThan(4 * MiB);
    expect(highest).toBeLessThan((4 + 3 + answers) * MiB);
    expect(budget.held).toBe(0);
  });
});

describe('an answer nested 10,000 deep', () => {
  const deep = (name: string): string => `${`{"${name}":`.repeat(10_000)}{}${'}'.repeat(10_000)}`;

  it.each([
    ['where an object is expected', `{"Users":[${deep('a')}]}`],
    ['as a whole', deep('Users')],
    ['as arrays', '['.repeat(10_000) + ']'.repeat(10_000)],
  ])('is refused with a code, %s', async (_where, text) => {
    const server = await raw((socket) => socket.write(httpAnswer(200, text)));
    const gateway = client(server);
    await expect(gateway.listUsers()).rejects.toMatchObject({ code: 'ANSWER_FOREIGN' });
  });
});
