import { createHash, createHmac, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { call } from '../call.ts';

describe('authentication', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ users: 4, buckets: 0 });
  });
  afterAll(() => simulator.stop());
  afterEach(() => {
    simulator.clockSkewMs = 0;
    simulator.variants.accept = ['v2', 'v2-unsigned-payload', 'v4'];
  });

  const list = '/?ostor-users';

  it('lets the system user in', async () => {
    expect((await call(simulator, 'GET', list)).status).toBe(200);
  });

  it.each([
    ['an unknown key', { accessKeyId: '0123456789abcdefABCD' }, 'InvalidAccessKeyId'],
    ['a wrong secret', { secretKey: randomBytes(30).toString('base64') }, 'SignatureDoesNotMatch'],
    ['no date', { date: 'yesterday' }, 'AccessDenied'],
    [
      'an old date',
      { date: new Date(Date.now() - 16 * 60_000).toUTCString() },
      'RequestTimeTooSkewed',
    ],
  ])('refuses %s', async (_what, sending, code) => {
    const reply = await call(simulator, 'GET', list, sending);
    expect(reply.status).toBe(403);
    expect(reply.text).toContain(`<Code>${code}</Code>`);
  });

  it('reads a date with a numeric zone', async () => {
    const date = new Date().toUTCString().replace('GMT', '+0000');
    expect((await call(simulator, 'GET', list, { date })).status).toBe(200);
  });

  it('reads a date in ISO 8601 basic form', async () => {
    const date = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
    expect((await call(simulator, 'GET', list, { date })).status).toBe(200);
  });

  it('refuses when its own clock is off', async () => {
    simulator.clockSkewMs = 3_600_000;
    const reply = await call(simulator, 'GET', list);
    expect(reply.text).toContain('<Code>RequestTimeTooSkewed</Code>');
  });

  it('refuses a request without authorization', async () => {
    expect((await fetch(simulator.url + list)).status).toBe(403);
  });

  it('refuses a tenant, and a disabled system user', async () => {
    const tenant = [...simulator.state.users.byId.values()].find(
      (user) => !user.system && user.enabled && user.keys.length > 0,
    );
    const [accessKeyId = ''] = tenant?.keys ?? [];
    const reply = await call(simulator, 'GET', list, { accessKeyId });
    expect(reply.text).toContain('<Code>AccessDenied</Code>');
    const system = simulator.state.systemUser;
    simulator.state.users.put({ ...system, enabled: false });
    expect((await call(simulator, 'GET', list)).status).toBe(403);
    simulator.state.users.put(system);
  });

  it('accepts the configured forms', async () => {
    simulator.variants.accept = ['v4'];
    expect((await call(simulator, 'GET', list)).text).toContain('SignatureDoesNotMatch');
  });

  it('takes V4 for a management call, its region and payload checked', async () => {
    const signed = (region: string, body: string) => {
      const at = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
      const scope = `${at.slice(0, 8)}/${region}/s3/aws4_request`;
      const names = 'host;x-amz-content-sha256;x-amz-date';
      const canonical = [
        'GET',
        '/',
        'emailAddress=a%2Bb%40c.example&ostor-users=',
        `host:127.0.0.1:${simulator.port}\nx-amz-content-sha256:${body}\nx-amz-date:${at}\n`,
        names,
        body,
      ].join('\n');
      const digest = createHash('sha256').update(canonical).digest('hex');
      let key: Buffer | string = `AWS4${simulator.secretKey}`;
      for (const part of [...scope.split('/'), `AWS4-HMAC-SHA256\n${at}\n${scope}\n${digest}`]) {
        key = createHmac('sha256', key).update(part).digest();
      }
      return {
        'x-amz-date': at,
        'x-amz-content-sha256': body,
        authorization: `AWS4-HMAC-SHA256 Credential=${simulator.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${Buffer.from(key).toString('hex')}`,
      };
    };
    const target = `${simulator.url}/?ostor-users&emailAddress=a%2Bb%40c.example`;
    const good = await fetch(target, { headers: signed('us-east-1', 'UNSIGNED-PAYLOAD') });
    expect(good.status).toBe(404);
    const region = await fetch(target, { headers: signed('eu-west-1', 'UNSIGNED-PAYLOAD') });
    expect(await region.text()).toContain('AuthorizationHeaderMalformed');
    const payload = await fetch(target, { headers: signed('us-east-1', '0'.repeat(64)) });
    expect(await payload.text()).toContain('XAmzContentSHA256Mismatch');
  });
});
