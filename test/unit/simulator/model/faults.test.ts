import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { type Fault, FaultInjector } from '#simulator/model/faults.ts';
import { call } from '../call.ts';

const users = '/?ostor-users';

describe('faults', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ users: 40, buckets: 10 });
  });
  afterAll(() => simulator.stop());
  afterEach(() => {
    simulator.faults.clear();
    simulator.log.clear();
  });

  it('answer with a status in the place of the gateway, which does not act', async () => {
    simulator.faults.add({ kind: 'status', status: 503, count: 1 });
    const email = '/?ostor-users&emailAddress=new@one.example';
    expect((await call(simulator, 'PUT', email)).status).toBe(503);
    expect(simulator.log.acted()).toEqual([]);
    expect((await call(simulator, 'PUT', email)).status).toBe(200);
    expect(simulator.log.acted('user.created')).toHaveLength(1);
  });

  it('answer with a status after the gateway acted', async () => {
    simulator.faults.add({ kind: 'status-after', status: 500, count: 1 });
    const reply = await call(simulator, 'PUT', '/?ostor-users&emailAddress=new@two.example');
    expect(reply.status).toBe(500);
    expect(simulator.log.acted('user.created')).toHaveLength(1);
  });

  it.each([
    ['reset-before', 0],
    ['reset-after', 1],
  ] as const)('break the connection: %s', async (kind, acted) => {
    simulator.faults.add({ kind });
    const email = `/?ostor-users&emailAddress=${kind}@reset.example`;
    await expect(call(simulator, 'PUT', email)).rejects.toThrow('fetch failed');
    expect(simulator.log.acted('user.created')).toHaveLength(acted);
    expect(simulator.log.entries[0]?.status).toBeNull();
  });

  it.each([
    ['hang-before', 0],
    ['hang-after', 1],
  ] as const)('never answer: %s', async (kind, acted) => {
    simulator.faults.add({ kind });
    const gaveUp = new AbortController();
    const email = `/?ostor-users&emailAddress=${kind}@hang.example`;
    const reply = call(simulator, 'PUT', email, { signal: gaveUp.signal });
    const outcome = expect(reply).rejects.toThrow();
    while (simulator.log.acted().length < acted || simulator.log.entries.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    gaveUp.abort();
    await outcome;
    expect(simulator.log.acted('user.created')).toHaveLength(acted);
  });

  it.each(['chunked', 'length'] as const)('cut a body that is sent %s', async (transfer) => {
    simulator.variants.transfer = transfer;
    simulator.faults.add({ kind: 'cut-body' });
    await expect(call(simulator, 'GET', users)).rejects.toThrow('terminated');
    simulator.variants.transfer = 'chunked';
  });

  it('send half a JSON with the right length', async () => {
    simulator.faults.add({ kind: 'truncated-json' });
    const reply = await call(simulator, 'GET', users);
    expect(reply.status).toBe(200);
    expect(Number(reply.headers.get('content-length'))).toBe(reply.text.length);
    expect(reply.text).toMatch(/^\[\{/);
    expect(reply.json).toBeUndefined();
  });

  it('send the whole body slowly', async () => {
    const whole = await call(simulator, 'GET', users);
    simulator.faults.add({ kind: 'slow-body', ms: 20 });
    expect((await call(simulator, 'GET', users)).text).toBe(whole.text);
  });

  it('wait before the answer', async () => {
    simulator.faults.add({ kind: 'latency', ms: 5 });
    simulator.faults.add({ kind: 'latency', ms: 5 });
    expect((await call(simulator, 'GET', users)).status).toBe(200);
  });

  it('answer with a page, another product, an error inside success, a redirect', async () => {
    const reply = async (fault: Fault) => {
      simulator.faults.clear();
      simulator.faults.add(fault);
      return await call(simulator, 'GET', users);
    };
    const html = await reply({ kind: 'html' });
    expect(html.headers.get('content-type')).toContain('text/html');
    expect(html.text).toContain('<!DOCTYPE html>');
    expect((await reply({ kind: 'foreign-json' })).json).toMatchObject({ apiVersion: 'v1' });
    const hidden = await reply({ kind: 'error-in-success' });
    expect([hidden.status, hidden.text]).toEqual([200, expect.stringContaining('<Error>')]);
    const moved = await reply({ kind: 'redirect', location: 'http://127.0.0.1:9/' });
    expect([moved.status, moved.headers.get('location')]).toEqual([307, 'http://127.0.0.1:9/']);
  });

  it('skew the clock of single requests', async () => {
    simulator.faults.add({ kind: 'skewed-clock', ms: -3_600_000, count: 1 });
    expect((await call(simulator, 'GET', users)).text).toContain('RequestTimeTooSkewed');
    expect((await call(simulator, 'GET', users)).status).toBe(200);
  });

  it('hit only what they match, after those they let pass', async () => {
    const fault = simulator.faults.add({
      kind: 'status',
      match: { service: 'ostor-users', method: 'GET', query: /emailAddress=/ },
      skip: 1,
      count: 1,
    });
    const one = `${users}&emailAddress=console@operations.example`;
    const statuses: number[] = [];
    for (const target of [users, one, one, one, '/?ostor-buckets']) {
      statuses.push((await call(simulator, 'GET', target)).status);
    }
    expect(statuses).toEqual([200, 200, 503, 200, 200]);
    expect(fault.hits).toBe(1);
  });
});

describe('FaultInjector', () => {
  const request = {
    method: 'GET',
    path: '/',
    rawQuery: 'ostor-users',
    tokens: [],
    headers: {},
    body: Buffer.alloc(0),
    service: 'ostor-users',
  };

  it('draws its share from the seed', () => {
    const draw = (seed: number) => {
      const injector = new FaultInjector(seed);
      injector.add({ kind: 'status', probability: 0.02 });
      return Array.from({ length: 5000 }, () => injector.draw(request).length);
    };
    const hits = draw(7).reduce((sum, hit) => sum + hit, 0);
    expect(hits).toBeGreaterThan(60);
    expect(hits).toBeLessThan(140);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(8)).not.toEqual(draw(7));
  });

  it('ends a fault that is removed', () => {
    const injector = new FaultInjector(1);
    const fault = injector.add({ kind: 'html' });
    expect(injector.draw(request)).toHaveLength(1);
    fault.remove();
    expect(injector.draw(request)).toEqual([]);
  });
});
