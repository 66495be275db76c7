import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayOptions } from '#core/gateway/create-gateway.ts';
import { probeGateway } from '#core/gateway/probe.ts';
import { probeSteps } from '#shared/contract/connections.ts';
import { type Certificate, selfSignedCertificate } from '#simulator/certificates.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { optionsFor } from '#test/fakes/gateway-setup.ts';
import { httpAnswer, RawServer } from '#test/fakes/raw-server.ts';

let simulator: Simulator;
let secure: Simulator;
let certificate: Certificate;

beforeAll(async () => {
  certificate = await selfSignedCertificate();
  simulator = await startSimulator({ users: 3 });
  secure = await startSimulator({ users: 3, tls: certificate });
});
afterEach(() => {
  simulator.faults.clear();
  simulator.clockSkewMs = 0;
  simulator.variants.errorForm = 'xml-and-header';
});
afterAll(() => Promise.all([simulator.stop(), secure.stop()]));

/** The name of the step that failed, after checking that all before are well and all after untried. */
async function failedStep(options: GatewayOptions) {
  const result = await probeGateway(options);
  expect(result.ok).toBe(false);
  expect(result.steps.map(({ name }) => name)).toEqual(probeSteps);
  const failed = result.steps.findIndex(({ ok }) => !ok);
  expect(result.steps[failed]?.state).toBe('failed');
  for (const { ok, state, detail } of result.steps.slice(failed + 1)) {
    expect([ok, state]).toEqual([false, 'not-tried']);
    expect(detail).toMatch(/^Not tried/);
  }
  expect(JSON.stringify(result)).not.toContain(options.secretKey);
  return { ...result.steps[failed], code: result.failure?.code, certificate: result.certificate };
}

describe('probeGateway', () => {
  it('passes every step of a gateway in order, and changes nothing', async () => {
    const result = await probeGateway(optionsFor(simulator));
    expect(result.ok).toBe(true);
    expect(result.steps.map(({ name, ok }) => [name, ok])).toEqual(
      probeSteps.map((name) => [name, true]),
    );
    const details = Object.fromEntries(result.steps.map(({ name, detail }) => [name, detail]));
    expect(details.endpoint).toContain('plain http');
    expect(details.certificate).toContain('None');
    // how long the answer was on its way is in it
    expect(details.clock).toMatch(/(the same as|[2-9] seconds ahead of) the gateway's/);
    expect(details.signature).toBe('The gateway accepts Signature V2.');
    for (const { detail } of result.steps) expect(detail).not.toContain('\n');
    expect(simulator.log.acted()).toEqual([]);
  });

  it('tries every service, says how long each step took, and whether statistics are on', async () => {
    simulator.latencyMs = 20;
    const { ok, steps } = await probeGateway(optionsFor(simulator));
    simulator.latencyMs = 0;
    expect(ok).toBe(true);
    const byName = new Map(steps.map((step) => [step.name, step]));
    expect(byName.get('keys')?.detail).toMatch(/has 1 access key and 0 accounts/);
    expect(byName.get('buckets')).toMatchObject({ state: 'passed' });
    // a timer may fire a millisecond early
    expect(byName.get('buckets')?.milliseconds).toBeGreaterThanOrEqual(19);
    expect(byName.get('limits')?.detail).toMatch(/none set/);
    expect(byName.get('quotas')?.detail).toMatch(/none is set by default/);
  });

  it('says whether statistics are on', async () => {
    for (const usage of [0, 12]) {
      const gateway = await startSimulator({ users: 3, usage });
      const { steps } = await probeGateway(optionsFor(gateway));
      const step = steps.find(({ name }) => name === 'statistics');
      if (usage > 0) expect(step?.detail).toMatch(/holds 12 statistics objects/);
      else {
        expect(step).toMatchObject({ state: 'caution', detail: expect.stringMatching(/none\.$/) });
        expect(step?.hint).toContain('/var/lib/ostor/local/gw.conf');
      }
      await gateway.stop();
    }
  });

  it('names a service that refuses, and goes through the others', async () => {
    for (const service of ['ostor-buckets', 'ostor-limits', 'ostor-quotas', 'ostor-usage']) {
      simulator.faults.clear();
      simulator.faults.add({ kind: 'status', status: 403, match: { service } });
      const { ok, steps } = await probeGateway(optionsFor(simulator));
      expect(ok).toBe(true);
      const cautions = steps.filter(({ state, hint }) => state === 'caution' && hint !== undefined);
      const name = { 'ostor-usage': 'statistics' }[service] ?? service.replace('ostor-', '');
      expect(cautions.map((step) => step.name)).toContain(name);
      expect(steps.filter(({ state }) => state === 'failed')).toEqual([]);
    }
  });

  it('passes with a caution where the clocks differ by minutes', async () => {
    simulator.clockSkewMs = -5 * 60_000;
    const { ok, steps } = await probeGateway(optionsFor(simulator));
    expect(ok).toBe(true);
    expect(steps.map(({ state }) => state)).toEqual(
      probeSteps.map((name) => (name === 'clock' || name === 'statistics' ? 'caution' : 'passed')),
    );
    expect(steps[4]?.detail).toMatch(/(5 minutes( \d+ seconds?)?|4 minutes 59 seconds) ahead of/);
  });

  it('says which signature was found', async () => {
    simulator.variants.accept = ['v4'];
    const result = await probeGateway(optionsFor(simulator));
    expect(result.steps[6]).toMatchObject({
      ok: true,
      detail: 'The gateway accepts Signature V4.',
    });
    simulator.variants.accept = ['v2', 'v2-unsigned-payload', 'v4'];
  });

  it('takes a list of users, short or long, for what it reads', async () => {
    for (const users of [3, 2000]) {
      const gateway = await startSimulator({ users, variants: { userList: 'Users' } });
      gateway.faults.add({ kind: 'status', status: 404, match: { query: 'id=' } });
      expect(await probeGateway(optionsFor(gateway))).toMatchObject({ ok: true });
      expect(gateway.log.entries.map(({ query }) => query)).toContain('ostor-users');
      await gateway.stop();
    }
  });

  it('reads the head of the user list where the key id does not begin with a user id', async () => {
    const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
    expect(await failedStep(optionsFor({ ...simulator, accessKeyId }))).toMatchObject({
      name: 'signature',
      code: 'ACCESS_KEY_UNKNOWN',
    });
    expect(simulator.log.entries.at(-1)?.query).toBe('ostor-users');
  });

  it('stops at an endpoint that cannot be read', async () => {
    expect(await failedStep(optionsFor({ ...simulator, url: 'ftp://x' }))).toMatchObject({
      name: 'endpoint',
      code: 'ENDPOINT_INVALID',
    });
  });

  it('stops at a name that does not resolve', async () => {
    const url = 'https://gateway.does-not-exist.invalid';
    expect(await failedStep(optionsFor({ ...simulator, url }))).toMatchObject({
      name: 'name',
      code: 'NAME_NOT_RESOLVED',
    });
  });

  it('stops at a port where nothing listens', async () => {
    const closed = await RawServer.start(() => undefined);
    await closed.stop();
    expect(await failedStep(optionsFor({ ...simulator, url: closed.url }))).toMatchObject({
      name: 'connect',
      code: 'CONNECTION_REFUSED',
    });
  });

  it('stops at a certificate that is not trusted, and shows it', async () => {
    expect(await failedStep(optionsFor(secure))).toMatchObject({
      name: 'certificate',
      code: 'CERTIFICATE_UNTRUSTED',
      certificate: { fingerprint256: certificate.fingerprint256, selfSigned: true },
    });
    expect(secure.log.entries).toEqual([]);
  });

  it('passes with the pin, and stops at any other', async () => {
    const { fingerprint256 } = certificate;
    expect(await probeGateway(optionsFor(secure, { tls: { fingerprint256 } }))).toMatchObject({
      ok: true,
    });
    const other = { fingerprint256: Array(32).fill('AA').join(':') };
    expect(await failedStep(optionsFor(secure, { tls: other }))).toMatchObject({
      name: 'certificate',
      code: 'CERTIFICATE_PIN_MISMATCH',
      certificate: { fingerprint256 },
    });
  });

  it('stops at what speaks no TLS', async () => {
    const url = simulator.url.replace('http:', 'https:');
    expect(await failedStep(optionsFor({ ...simulator, url }))).toMatchObject({
      name: 'certificate',
      code: 'TLS_FAILED',
    });
  });

  it('says by how much a clock is off, and that requests are signed with the corrected time', async () => {
    simulator.clockSkewMs = 3_600_000;
    const { ok, steps } = await probeGateway(optionsFor(simulator));
    expect(ok).toBe(true);
    const step = steps.find(({ name }) => name === 'clock');
    expect(step).toMatchObject({
      state: 'caution',
      detail: expect.stringMatching(
        /(59 minutes \d+ seconds?|1 hour|1 hour 1 second) behind the gateway's\..*signed with the gateway's time/,
      ),
    });
    expect(steps.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  it('stops at a clock that is an hour off where the gateway does not tell its time', async () => {
    simulator.clockSkewMs = 3_600_000;
    simulator.variants.dateHeader = 'none';
    const step = await failedStep(optionsFor(simulator));
    simulator.variants.dateHeader = 'sent';
    expect(step).toMatchObject({ name: 'clock', code: 'CLOCK_SKEWED' });
  });

  it('stops at what gives no answer', async () => {
    simulator.faults.add({ kind: 'hang-before' });
    const timeouts = { connect: 20_000, headers: 50, body: 50 };
    expect(await failedStep(optionsFor(simulator, { timeouts }))).toMatchObject({
      name: 'clock',
      code: 'TIMED_OUT',
    });
  });

  it.each([
    ['a wrong secret', 'SIGNATURE_REFUSED', { secretKey: 'wrong' }, null],
    ['a web page', 'ANSWER_NOT_JSON', {}, { kind: 'html' }],
    ["another product's JSON", 'ANSWER_FOREIGN', {}, { kind: 'foreign-json' }],
    ['a redirect', 'REDIRECTED', {}, { kind: 'redirect' }],
    ['a failing gateway', 'GATEWAY_FAILED', {}, { kind: 'status', status: 500 }],
  ] as const)('stops at the signature for %s', async (_what, code, options, fault) => {
    if (fault) simulator.faults.add(fault);
    expect(await failedStep(optionsFor(simulator, options))).toMatchObject({
      name: 'signature',
      code,
    });
  });

  it.each([
    ['a short list', '[1, 2, 3]', 'ANSWER_FOREIGN'],
    ['a long one', JSON.stringify(Array(20_000).fill({ id: 7 })), 'ANSWER_FOREIGN'],
    ['a page that is not there', '<html><h1>404 Not Found</h1></html>', 'ANSWER_NOT_JSON'],
  ])('takes no other product for a gateway: %s', async (_what, body, code) => {
    const status = body.startsWith('<') ? 404 : 200;
    const other = await RawServer.start((socket) => socket.end(httpAnswer(status, body)));
    expect(await failedStep(optionsFor({ ...simulator, url: other.url }))).toMatchObject({
      name: 'signature',
      code,
    });
    await other.stop();
  });

  it('stops at the rights of a key that is no system user’s', async () => {
    const user = [...simulator.state.users.byId.values()].find(({ system }) => !system);
    const accessKeyId = user?.keys[0] ?? '';
    const secretKey = simulator.state.users.secretOf(accessKeyId);
    expect(await failedStep(optionsFor(simulator, { accessKeyId, secretKey }))).toMatchObject({
      name: 'rights',
      code: 'ACCESS_DENIED',
    });
  });

  it('rejects when it is cancelled', async () => {
    simulator.faults.add({ kind: 'hang-before' });
    const controller = new AbortController();
    const testing = probeGateway(optionsFor(simulator), controller.signal);
    while (simulator.log.entries.at(-1)?.status !== null) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort();
    await expect(testing).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('says that it was cancelled, not that it timed out, in the step that connects too', async () => {
    const cancel = AbortSignal.abort();
    await expect(probeGateway(optionsFor(simulator), cancel)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});
