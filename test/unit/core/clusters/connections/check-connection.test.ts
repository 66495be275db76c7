import { describe, expect, it } from 'vitest';
import type { ConnectionInput } from '#core/clusters/connections/check-connection.ts';
import { checkConnection } from '#core/clusters/connections/check-connection.ts';

const input: ConnectionInput = {
  name: 'Rack 12',
  endpoint: 's3.example.com:9000/',
  accessKeyId: 'AKID',
  environment: 'lab',
  readOnly: false,
  signature: 'auto',
  maxConnections: 8,
};

describe('checkConnection', () => {
  it('brings the endpoint into its one form', () => {
    expect(checkConnection(input)).toBe('https://s3.example.com:9000');
  });

  it('refuses an endpoint that is none', () => {
    expect(() => checkConnection({ ...input, endpoint: 'ftp://x' })).toThrow(
      expect.objectContaining({ code: 'ENDPOINT_INVALID' }),
    );
  });

  it.each([
    ['an authority that is no certificate', { tls: { ca: '-----BEGIN CERTIFICATE-----\nno' } }],
    ['a manual proxy without an address', { proxy: { mode: 'manual' as const } }],
    [
      'a proxy with a password, which would lie in a file',
      { proxy: { mode: 'manual' as const, url: 'http://a:b@proxy:1' } },
    ],
  ])('refuses %s', (_what, fields) => {
    expect(() => checkConnection({ ...input, ...fields })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
