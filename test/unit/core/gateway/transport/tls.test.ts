import { X509Certificate } from 'node:crypto';
import { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { certificateFacts, pinned, tlsOptions } from '#core/gateway/transport/tls.ts';
import {
  createAuthority,
  issueCertificate,
  selfSignedCertificate,
} from '#simulator/certificates.ts';

describe('tlsOptions', () => {
  it('verifies, whatever is given, but for a pin, which is compared instead', async () => {
    const { certificate } = await createAuthority();
    expect(tlsOptions({}).rejectUnauthorized).toBe(true);
    expect(tlsOptions({ ca: certificate }).rejectUnauthorized).toBe(true);
    expect(tlsOptions({ fingerprint256: 'AA' })).toEqual({ rejectUnauthorized: false });
  });

  it('takes several authorities, and refuses where one of them is broken', async () => {
    const first = await createAuthority();
    const second = await createAuthority('Second');
    const both = `${first.certificate}\n${second.certificate}`;
    expect(tlsOptions({ ca: both }).secureContext).toBeDefined();
    const broken = `${first.certificate}\n-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----`;
    expect(() => tlsOptions({ ca: broken })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

describe('pinned', () => {
  it('lets nothing through that shows no certificate, and hangs up', () => {
    const socket = new Socket();
    const connect = pinned((_options, callback) => callback(null, socket), 'AA');
    const ended = vi.fn();
    connect({ hostname: 'gateway', protocol: 'https:', port: '443' }, ended);
    expect(ended).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'CERTIFICATE_PIN_MISMATCH' }),
      null,
    );
    expect(socket.destroyed).toBe(true);
  });
});

describe('certificateFacts', () => {
  it('are what a person compares', async () => {
    const authority = await createAuthority('Site authority');
    const issued = await issueCertificate(authority, { hosts: ['s3.example.com'] });
    expect(certificateFacts(new X509Certificate(issued.certificate))).toEqual({
      fingerprint256: issued.fingerprint256,
      subject: 'CN=s3.example.com',
      issuer: 'CN=Site authority',
      validFrom: expect.stringMatching(/^\d{4}-.*Z$/),
      validTo: expect.stringMatching(/^\d{4}-.*Z$/),
      selfSigned: false,
    });
    const own = await selfSignedCertificate();
    expect(certificateFacts(new X509Certificate(own.certificate)).selfSigned).toBe(true);
  });
});
