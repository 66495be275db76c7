import { describe, expect, it } from 'vitest';
import { redact, redacted, redactText } from '#core/platform/log/console-log.ts';

describe('redact', () => {
  it.each([
    'secretKey',
    'secretAccessKey',
    'AWSSecretAccessKey',
    'password',
    'Authorization',
    'cookie',
    'token',
    'passphrase',
    'privateKey',
  ])('masks a field named %s at any depth', (name) => {
    const value = { outer: [{ [name]: 'hush', kept: 'seen' }] };
    expect(redact(value)).toEqual({ outer: [{ [name]: redacted, kept: 'seen' }] });
  });

  it('keeps what only says whether there is a secret, or where', () => {
    const value = { hasCredential: true, credentialStore: 'keychain', accessKeyId: 'AKID' };
    expect(redact(value)).toEqual(value);
  });

  it('takes errors down to what is known of them', () => {
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), {
      code: 'ECONNRESET',
      headers: { authorization: 'AWS a:b' },
    });
    expect(redact({ error })).toMatchObject({
      error: { message: 'outer', code: 'ECONNRESET', cause: { message: 'inner' } },
    });
    expect(JSON.stringify(redact({ error }))).not.toContain('AWS a:b');
  });

  it('writes what JSON has no form for', () => {
    const value = { at: new Date(0), count: 2n ** 63n, bytes: new Uint8Array(3) };
    expect(redact(value)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      count: '9223372036854775808',
      bytes: '[3 bytes]',
    });
  });

  it('ends in a structure that holds itself', () => {
    const value: Record<string, unknown> = {};
    value.self = value;
    expect(JSON.stringify(redact(value))).toContain('[deep]');
  });
});

describe('redactText', () => {
  it.each([
    ['Authorization: AWS AKID:aGVsbG8rLz0=', 'aGVsbG8rLz0='],
    ['AWS4-HMAC-SHA256 Credential=A/b, Signature=00ff11aa', '00ff11aa'],
    ['Bearer abc.def-ghi', 'abc.def-ghi'],
    ['http://operator:hunter2@proxy:3128', 'hunter2'],
    ['{"AWSSecretAccessKey":"wJalr/+="}', 'wJalr/+='],
    ['{\\"AWSecretAccessKey\\": \\"wJalr/+=\\"}', 'wJalr/+='],
    ['<AWSSecretAccessKey>wJalr</AWSSecretAccessKey>', 'wJalr'],
  ])('masks what is secret in %s', (text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).toContain(redacted);
  });

  it('leaves ordinary text as it is', () => {
    const text = 'GET https://s3.example.com:9000/?ostor-users 403 (request 0A1B)';
    expect(redactText(text)).toBe(text);
  });
});
