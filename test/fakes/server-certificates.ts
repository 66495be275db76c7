import {
  type Certificate,
  createAuthority,
  issueCertificate,
  selfSignedCertificate,
} from '#simulator/certificates.ts';

export type ServerCertificates = Record<
  'signed' | 'other' | 'self' | 'expired' | 'elsewhere',
  Certificate
>;

/** What a server may show to those who trust this authority: all but `signed` are refused. */
export async function serverCertificates(authority: Certificate): Promise<ServerCertificates> {
  const past = { validFrom: new Date('2020-01-01'), validTo: new Date('2021-01-01') };
  return {
    signed: await issueCertificate(authority),
    other: await issueCertificate(await createAuthority('Another authority')),
    self: await selfSignedCertificate(),
    expired: await issueCertificate(authority, past),
    elsewhere: await issueCertificate(authority, { hosts: ['elsewhere.example.com'] }),
  };
}
