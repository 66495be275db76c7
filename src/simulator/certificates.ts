import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate with its private key, both PEM. */
export interface Certificate {
  certificate: string;
  key: string;
  /** SHA-256 fingerprint, `AA:BB:…`. */
  fingerprint256: string;
}

interface CertificateWish {
  /** Names and addresses it is valid for (`localhost`, `127.0.0.1`, `::1`). */
  hosts?: readonly string[];
  /** First and last moment of its validity (from an hour ago, for a year). */
  validFrom?: Date;
  validTo?: Date;
}

const hourMs = 3_600_000;

async function generate(
  name: string,
  wish: CertificateWish,
  isAuthority: boolean,
  by?: Certificate,
) {
  // Loaded where HTTPS is asked for only: the demo cluster does without.
  const { generate: generateCertificate } = await import('selfsigned');
  const validFrom = wish.validFrom ?? new Date(Date.now() - hourMs);
  const hosts = wish.hosts ?? ['localhost', '127.0.0.1', '::1'];
  const made = await generateCertificate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: validFrom,
    notAfterDate: wish.validTo ?? new Date(validFrom.getTime() + 365 * 24 * hourMs),
    extensions: [
      { name: 'basicConstraints', cA: isAuthority, critical: true },
      isAuthority
        ? { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }
        : { name: 'keyUsage', digitalSignature: true, critical: true },
      ...(isAuthority
        ? []
        : [
            { name: 'extKeyUsage' as const, serverAuth: true },
            {
              name: 'subjectAltName' as const,
              altNames: hosts.map((host) =>
                isIP(host) === 0
                  ? { type: 2 as const, value: host }
                  : { type: 7 as const, ip: host },
              ),
            },
          ]),
    ],
    ...(by === undefined ? {} : { ca: { key: by.key, cert: by.certificate } }),
  });
  const { fingerprint256 } = new X509Certificate(made.cert);
  return { certificate: made.cert, key: made.private, fingerprint256 };
}

/** An authority that no system trusts: to be given with a connection. */
export function createAuthority(name = 'Simulator authority'): Promise<Certificate> {
  return generate(name, {}, true);
}

/** A server's certificate signed by an authority. Wrong hosts and past dates make it a bad one. */
export function issueCertificate(
  authority: Certificate,
  wish: CertificateWish = {},
): Promise<Certificate> {
  return generate(wish.hosts?.[0] ?? 'localhost', wish, false, authority);
}

/** A server's certificate that is signed by nobody but itself, as gateways on site often have. */
export function selfSignedCertificate(wish: CertificateWish = {}): Promise<Certificate> {
  return generate(wish.hosts?.[0] ?? 'localhost', wish, false);
}
