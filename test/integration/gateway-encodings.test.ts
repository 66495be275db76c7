import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createUserRequest } from '#core/gateway/requests/users.ts';
import { ByteBudget } from '#core/gateway/transport/byte-budget.ts';
import { parseUsageObject } from '#core/gateway/usage-object.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { gatewayFor } from '#test/fakes/gateway-setup.ts';
import { RawServer } from '#test/fakes/raw-server.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ users: 200, buckets: 200, usage: 5 });
  const gateway = gatewayFor(simulator, { signature: 'v2' });
  await gateway.send(createUserRequest('jürgen@example.com'));
  await gateway.close();
});
afterEach(() => simulator.faults.clear());
afterAll(() => simulator.stop());

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}

describe('answers that a proxy compressed', () => {
  it.each(['gzip', 'deflate', 'deflate-raw', 'br'] as const)('by %s are read', async (coding) => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    const name = (await gateway.listUsageObjects()).names[0] ?? '';
    const list = await textOf((await gateway.streamUsers()).chunks);
    simulator.faults.add({ kind: 'compressed', coding });
    expect((await gateway.listUsers()).length).toBe(201);
    expect(await textOf((await gateway.streamUsers()).chunks)).toBe(list);
    expect(parseUsageObject(await gateway.getUsageObject(name)).items).not.toHaveLength(0);
    await expect(gateway.getBucket('no-such-bucket')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await gateway.close();
  });

  it('in another form are refused, and the connection serves on', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2', maxConnections: 1 });
    const fault = simulator.faults.add({ kind: 'compressed', coding: 'compress' });
    await expect(gateway.listUsers()).rejects.toMatchObject({ code: 'ANSWER_ENCODING' });
    await expect(gateway.streamUsers()).rejects.toMatchObject({ code: 'ANSWER_ENCODING' });
    fault.remove();
    expect(await gateway.listUsers()).not.toHaveLength(0);
    await gateway.close();
  });

  it.each([
    [
      'cut',
      gzipSync(Buffer.from(JSON.stringify(Array(500).fill('x')))).subarray(0, 30),
      'ANSWER_TRUNCATED',
    ],
    ['damaged', Buffer.concat([Buffer.from([0x78]), Buffer.alloc(40, 0xee)]), 'ANSWER_ENCODING'],
  ] as const)('and %s are no answer', async (_how, body, code) => {
    const server = await compressedServer(body, code === 'ANSWER_ENCODING' ? 'deflate' : 'gzip');
    const gateway = gatewayFor({ ...simulator, url: server.url }, { signature: 'v2' });
    await expect(gateway.listUsers()).rejects.toMatchObject({ code });
    const streamed = gateway.streamUsers().then(({ chunks }) => textOf(chunks));
    await expect(streamed).rejects.toMatchObject({ code });
    await gateway.close();
    await server.stop();
  });

  it('count decompressed towards the budget, and are bounded', async () => {
    const bomb = deflateSync(Buffer.alloc(300 * 1024 * 1024, 0x20));
    const server = await compressedServer(bomb, 'deflate');
    const budget = new ByteBudget(1 << 20);
    const gateway = gatewayFor({ ...simulator, url: server.url }, { signature: 'v2', budget });
    await expect(gateway.listUsers()).rejects.toMatchObject({ code: 'ANSWER_FOREIGN' });
    expect(budget.held).toBe(0);
    await gateway.close();
    await server.stop();
  });
});

async function compressedServer(body: Uint8Array, coding: string): Promise<RawServer> {
  return RawServer.start((socket, received) => {
    if (!received.endsWith('\r\n\r\n')) return;
    socket.write(
      `HTTP/1.1 200 x\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    socket.write(body);
  });
}

describe('answers in Latin-1', () => {
  it('are read as declared, whole and streamed', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    simulator.faults.add({ kind: 'recoded', charset: 'iso-8859-1' });
    const emails = (await gateway.listUsers()).map(({ email }) => email);
    expect(emails).toContain('jürgen@example.com');
    expect(await textOf((await gateway.streamUsers()).chunks)).toContain('jürgen@example.com');
    await gateway.close();
  });

  it.each([
    [undefined, 'UTF-8'],
    ['utf-8', 'UTF-8'],
    ['x-no-such-encoding', 'x-no-such-encoding'],
  ])('declared as %s are refused, with the way they came', async (charset, named) => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    simulator.faults.add({ kind: 'recoded', ...(charset === undefined ? {} : { charset }) });
    const error = await gateway.listUsers().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ANSWER_ENCODING', retryable: false });
    expect((error as Error).message).toContain(named);
    expect((error as Error).message).toContain('cache.example');
    await gateway.close();
  });
});

describe('an answer that a proxy turned into a page', () => {
  it('is refused with the proxy and its warning named', async () => {
    const gateway = gatewayFor(simulator, { signature: 'v2' });
    simulator.faults.add({ kind: 'transformed' });
    const reads = [
      () => gateway.listUsers(),
      () => gateway.streamUsers(),
      () => gateway.listUsageObjects(),
    ];
    for (const read of reads) {
      const error = await read().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'ANSWER_NOT_JSON' });
      expect((error as Error).message).toContain('Warning: 214 cache.example');
      expect((error as Error).message).toContain('Via: 1.1 cache.example');
      expect((error as Error).message).toContain('text/html');
    }
    await gateway.close();
  });
});
