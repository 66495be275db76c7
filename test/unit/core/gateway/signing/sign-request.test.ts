import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '#core/gateway/model/endpoint.ts';
import { signRequest, signV2 } from '#core/gateway/signing/sign-request.ts';

const context = {
  endpoint: parseEndpoint('https://s3.example.com:8443'),
  key: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
  now: new Date('2026-03-01T10:00:00Z'),
  userAgent: 'test',
};
const request = {
  purpose: 'create the user',
  method: 'PUT' as const,
  query: [
    ['ostor-users', null],
    ['emailAddress', 'a+b@example.com'],
  ] as const,
};

describe('signRequest', () => {
  it('signs the service alone in the first form, and sends no header that it does not sign', async () => {
    const signed = await signRequest(request, { ...context, form: 'v2' });
    expect(signed.target).toBe('/?ostor-users&emailAddress=a%2Bb%40example.com');
    const text = 'PUT\n\n\nSun, 01 Mar 2026 10:00:00 GMT\n/?ostor-users';
    expect(signed.headers).toEqual({
      accept: '*/*',
      'user-agent': 'test',
      date: 'Sun, 01 Mar 2026 10:00:00 GMT',
      authorization: `AWS AKIAIOSFODNN7EXAMPLE:${signV2('example', text)}`,
    });
  });

  it('signs again for another second, another method and another key', async () => {
    const authorization = async (more: object, method: 'PUT' | 'DELETE' = 'PUT') =>
      (await signRequest({ ...request, method }, { ...context, form: 'v2', ...more })).headers
        .authorization;
    const first = await authorization({});
    expect(await authorization({})).toBe(first);
    expect(await authorization({ now: new Date('2026-03-01T10:00:01Z') })).not.toBe(first);
    expect(await authorization({}, 'DELETE')).not.toBe(first);
    const other = { ...context.key, secretAccessKey: 'another' };
    expect(await authorization({ key: other })).not.toBe(first);
    expect(await authorization({})).toBe(first);
  });

  it('signs the payload header too in the second form', async () => {
    const signed = await signRequest(request, { ...context, form: 'v2-unsigned-payload' });
    const text =
      'PUT\n\n\nSun, 01 Mar 2026 10:00:00 GMT\nx-amz-content-sha256:UNSIGNED-PAYLOAD\n/?ostor-users';
    expect(signed.headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(signed.headers.authorization).toBe(
      `AWS AKIAIOSFODNN7EXAMPLE:${signV2('example', text)}`,
    );
  });

  it('signs everything with V4, the port of the host and a custom region included', async () => {
    const signed = await signRequest(request, { ...context, form: 'v4', region: 'ru-1' });
    expect(signed.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20260301\/ru-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, /,
    );
    expect(signed.headers).not.toHaveProperty('host');
  });

  it('signs the path of a bucket', async () => {
    const signed = await signRequest(
      { purpose: 'delete the bucket', method: 'DELETE', path: '/bucketname' },
      { ...context, form: 'v2' },
    );
    const text = 'DELETE\n\n\nSun, 01 Mar 2026 10:00:00 GMT\n/bucketname';
    expect(signed.target).toBe('/bucketname');
    expect(signed.headers.authorization).toBe(
      `AWS AKIAIOSFODNN7EXAMPLE:${signV2('example', text)}`,
    );
  });
});
