import { X509Certificate } from 'node:crypto';
import { get } from 'node:https';
import { describe, expect, it } from 'vitest';
import {
  createAuthority,
  issueCertificate,
  selfSignedCertificate,
} from '#simulator/certificates.ts';
import { startSimulator } from '#simulator/index.ts';

function failureOf(url: string, ca?: string): Promise<string> {
  return new Promise((resolve) => {
    get(url, { ca, agent: false }, (response) => {
      response.resume();
      resolve(`status ${response.statusCode}`);
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

async function trial(tls: { certificate: string; key: string }, ca?: string): Promise<string> {
  const simulator = await startSimulator({ tls });
  try {
    return await failureOf(simulator.url, ca);
  } finally {
    await simulator.stop();
  }
}

describe('certificates', () => {
  it('signed by the authority are trusted by who trusts it', async () => {
    const authority = await createAuthority();
    const issued = await issueCertificate(authority);
    expect(await trial(issued, authority.certificate)).toBe('status 403');
    expect(await trial(issued)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('signed by themselves are distinguished', async () => {
    const own = await selfSignedCertificate();
    expect(await trial(own)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(new X509Certificate(own.certificate).fingerprint256).toBe(own.fingerprint256);
  });

  it('can be expired or of another host', async () => {
    const authority = await createAuthority();
    const expired = await issueCertificate(authority, {
      validFrom: new Date('2024-01-01'),
      validTo: new Date('2024-02-01'),
    });
    const foreign = await issueCertificate(authority, { hosts: ['elsewhere.example'] });
    expect(await trial(expired, authority.certificate)).toBe('CERT_HAS_EXPIRED');
    expect(await trial(foreign, authority.certificate)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });
});
