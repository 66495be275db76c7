import { describe, expect, it } from 'vitest';
import {
  type ConnectionInput,
  checkConnection,
} from '#core/clusters/connections/check-connection.ts';

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
  it('brings the endpoint into its one form', async () => {
    expect((await checkConnection(input)).endpoint).toBe('https://s3.example.com:9000');
  });

  it('refuses an endpoint that is none', async () => {
    await expect(checkConnection({ ...input, endpoint: 'ftp://x' })).rejects.toThrow(
      expect.objectContaining({ code: 'ENDPOINT_INVALID' }),
    );
  });

  it.each([
    ['an authority that is no certificate', { tls: { ca: '-----BEGIN CERTIFICATE-----\nno' } }],
  ])('refuses %s', async (_what, fields) => {
    await expect(checkConnection({ ...input, ...fields })).rejects.toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
