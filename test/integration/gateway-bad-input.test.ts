import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '#core/gateway/create-gateway.ts';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import { setQuotaRequest } from '#core/gateway/requests/quotas.ts';
import { createUserRequest } from '#core/gateway/requests/users.ts';
import { AppError, type ErrorCode } from '#shared/errors.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { gatewayFor, optionsFor } from '#test/fakes/gateway-setup.ts';
import { httpAnswer, RawServer } from '#test/fakes/raw-server.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ users: 5, buckets: 5 });
});
afterEach(() => {
  simulator.faults.clear();
  simulator.clockSkewMs = 0;
  simulator.variants.errorForm = 'xml-and-header';
});
afterAll(() => simulator.stop());

/** The one error a connection ends in, for a list read whole and for one that is streamed. */
async function errorOf(gateway: Gateway): Promise<AppError> {
  const read = await gateway.listUsers().then(
    () => null,
    (error: unknown) => error,
  );
  await gateway.close();
  if (!(read instanceof AppError)) throw new Error('an AppError was expected', { cause: read });
  expect(read.message).toMatch(/[.]$/);
  expect(read.hint).toMatch(/[.]$/);
  expect(JSON.stringify(read.toData())).not.toContain(simulator.secretKey);
  return read;
}

describe('what an operator can get wrong', () => {
  it.each(['', 'not a url', 'ftp://s3.example.com', 'https://300.300.300.300', 'https://a/b/c'])(
    'the endpoint "%s"',
    (endpoint) => {
      expect(() => createGateway(optionsFor({ ...simulator, url: endpoint }))).toThrow(
        expect.objectContaining({ code: 'ENDPOINT_INVALID' }),
      );
    },
  );

  it('a port where nothing listens', async () => {
    const closed = await RawServer.start(() => undefined);
    await closed.stop();
    const error = await errorOf(gatewayFor({ ...simulator, url: closed.url }));
    expect(error.code).toBe('CONNECTION_REFUSED');
    expect(error.message).toContain(String(closed.port));
  });

  it('a name that does not resolve', async () => {
    const url = 'http://gateway.does-not-exist.invalid:8080';
    const error = await errorOf(gatewayFor({ ...simulator, url }));
    expect(error.code).toBe('NAME_NOT_RESOLVED');
    expect(error.message).toContain('gateway.does-not-exist.invalid');
  });

  it('an access key the gateway does not know', async () => {
    const accessKeyId = 'ffffffffffffffffNONE';
    const error = await errorOf(gatewayFor({ ...simulator, accessKeyId }));
    expect(error).toMatchObject({ code: 'ACCESS_KEY_UNKNOWN', status: 403 });
    expect(error.message).toContain(accessKeyId);
  });

  it.each(['auto', 'v2', 'v2-unsigned-payload', 'v4'] as const)(
    'a wrong secret key, signed %s',
    async (signature) => {
      const secretKey = 'a secret of another cluster';
      const error = await errorOf(gatewayFor({ ...simulator, secretKey }, { signature }));
      expect(error).toMatchObject({ code: 'SIGNATURE_REFUSED', status: 403 });
      expect(error.hint).toContain('secret key');
      expect(JSON.stringify(error.toData())).not.toContain(secretKey);
    },
  );

  it('a key that belongs to no system user', async () => {
    const gateway = gatewayFor(simulator);
    const { key } = await gateway.send(createUserRequest('tenant@example.com'));
    await gateway.close();
    const error = await errorOf(
      gatewayFor({
        ...simulator,
        accessKeyId: key?.accessKeyId ?? '',
        secretKey: key?.secretAccessKey ?? '',
      }),
    );
    expect(error.code).toBe('ACCESS_DENIED');
    expect(error.hint).toContain('create-user -S');
  });

  it.each([3_600_000, -3_600_000])('a clock an hour off (%d ms) is corrected for', async (skew) => {
    for (const errorForm of ['xml-and-header', 'header', 'empty'] as const) {
      simulator.clockSkewMs = skew;
      simulator.variants.errorForm = errorForm;
      simulator.log.clear();
      const gateway = gatewayFor(simulator);
      await gateway.listUsers();
      // Refused once; from then on the time is known, for writes too.
      const refused = simulator.log.entries.filter(({ status }) => status === 403).length;
      await gateway.send(setQuotaRequest({ default: 'user' }, 7n));
      simulator.clockSkewMs = 0; // somebody set the clock
      await gateway.listUsers();
      expect(refused).toBe(1);
      await gateway.close();
    }
  });

  it.each(['xml-and-header', 'empty'] as const)(
    'a clock an hour off while eight requests are under way, refused in the form %s',
    async (errorForm) => {
      simulator.clockSkewMs = 3_600_000;
      simulator.variants.errorForm = errorForm;
      const detected: string[] = [];
      const gateway = gatewayFor(simulator, {
        ...{ signature: 'auto', onSignatureDetected: (form) => void detected.push(form) },
      });
      const lists = await Promise.all(Array.from({ length: 8 }, () => gateway.listUsers()));
      await gateway.close();
      expect(lists.map(({ length }) => length)).toEqual(Array(8).fill(lists[0]?.length));
      expect(detected).toEqual(['v2']);
    },
  );

  it('a clock an hour off at a gateway that does not tell its time', async () => {
    simulator.clockSkewMs = 3_600_000;
    simulator.variants.dateHeader = 'none';
    const error = await errorOf(gatewayFor(simulator));
    simulator.variants.dateHeader = 'sent';
    expect(error.code).toBe('CLOCK_SKEWED');
    expect(error.hint).toContain('by a time server');
  });
});

describe('what answers in the place of a gateway', () => {
  const whole: [string, ErrorCode, Parameters<Simulator['faults']['add']>[0]][] = [
    ['a web page', 'ANSWER_NOT_JSON', { kind: 'html' }],
    ['half a JSON', 'ANSWER_TRUNCATED', { kind: 'truncated-json' }],
    ["another product's JSON", 'ANSWER_FOREIGN', { kind: 'foreign-json' }],
    ['a success with an error inside', 'ANSWER_ERROR_IN_SUCCESS', { kind: 'error-in-success' }],
    ['a redirect', 'REDIRECTED', { kind: 'redirect', location: 'https://portal.example/login' }],
    ['a connection cut in the answer', 'ANSWER_TRUNCATED', { kind: 'cut-body' }],
    ['a connection reset', 'CONNECTION_RESET', { kind: 'reset-before' }],
    ['a failing gateway', 'GATEWAY_FAILED', { kind: 'status', status: 500 }],
    ['a gateway that asks to slow down', 'TOO_MANY_REQUESTS', { kind: 'status', status: 503 }],
    ['a gateway that is too busy', 'TOO_MANY_REQUESTS', { kind: 'status', status: 429 }],
  ];

  it.each(whole)('%s', async (_what, code, fault) => {
    simulator.faults.add(fault);
    const error = await errorOf(gatewayFor(simulator));
    expect(error.code).toBe(code);
    const buckets = gatewayFor(simulator);
    await expect(buckets.listBuckets()).rejects.toMatchObject({ code });
    await buckets.close();
  });

  it.each([
    ['a web page', 'ANSWER_NOT_JSON', { kind: 'html' }],
    ['a success with an error inside', 'ANSWER_ERROR_IN_SUCCESS', { kind: 'error-in-success' }],
    ['a redirect', 'REDIRECTED', { kind: 'redirect' }],
    ['a failing gateway', 'GATEWAY_FAILED', { kind: 'status', status: 500 }],
  ] as const)('%s where a list is streamed', async (_what, code, fault) => {
    simulator.faults.add(fault);
    const gateway = gatewayFor(simulator);
    await expect(gateway.streamUsers()).rejects.toMatchObject({ code });
    await gateway.close();
  });

  it('a list that breaks off while it is streamed', async () => {
    const gateway = gatewayFor(simulator);
    await gateway.listUsers();
    simulator.faults.add({ kind: 'cut-body' });
    const read = async () => {
      for await (const _chunk of (await gateway.streamUsers()).chunks);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ANSWER_TRUNCATED', retryable: true });
    await gateway.close();
  });

  it.each([
    ['a web page', 'ANSWER_NOT_JSON', { kind: 'html' }],
    ['a success with an error inside', 'ANSWER_ERROR_IN_SUCCESS', { kind: 'error-in-success' }],
  ] as const)('%s where a change is acknowledged', async (_what, code, fault) => {
    simulator.faults.add(fault);
    const gateway = gatewayFor(simulator);
    await expect(gateway.send(setQuotaRequest({ default: 'user' }, 1n))).rejects.toMatchObject({
      code,
      details: { mayHaveActed: true },
    });
    await gateway.close();
  });

  it('a redirect names its target and gets no credentials', async () => {
    const elsewhere = await RawServer.start((socket) => socket.end(httpAnswer(200, '[]')));
    simulator.faults.add({ kind: 'redirect', location: `${elsewhere.url}/login` });
    const error = await errorOf(gatewayFor(simulator));
    expect(error.message).toContain(`${elsewhere.url}/login`);
    expect(elsewhere.received).toEqual([]);
    await elsewhere.stop();
  });

  it('a service that does not speak HTTP', async () => {
    const mail = await RawServer.start((socket) => socket.write('220 mail ESMTP\r\n'));
    const error = await errorOf(gatewayFor({ ...simulator, url: mail.url }));
    expect(error.code).toBe('ANSWER_FOREIGN');
    await mail.stop();
  });

  it('plain http where the endpoint says https', async () => {
    const url = simulator.url.replace('http:', 'https:');
    const error = await errorOf(gatewayFor({ ...simulator, url }));
    expect(error.code).toBe('TLS_FAILED');
    expect(error.hint).toContain('http://');
  });

  it('an error page of a load balancer, without its secrets', async () => {
    const page = '<html><h1>502</h1>\n{"AWSSecretAccessKey": "tenants-own"}</html>';
    const balancer = await RawServer.start((socket) => socket.end(httpAnswer(502, page)));
    const error = await errorOf(gatewayFor({ ...simulator, url: balancer.url }));
    expect(error).toMatchObject({ code: 'GATEWAY_FAILED', status: 502 });
    expect(error.details?.excerpt).toContain('502');
    expect(JSON.stringify(error.toData())).not.toContain('tenants-own');
    await balancer.stop();
  });
});
