import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext, TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { z } from 'zod';
import type { certificateFacts as certificate } from '#shared/contract/connections.ts';
import { AppError } from '#shared/errors.ts';

/** What a connection trusts besides the system's store. */
export interface TlsTrust {
  /** One or more certificates in PEM that may sign the gateway's. */
  ca?: string | undefined;
  /** SHA-256 fingerprint (`AA:BB:…`) of the only certificate that is accepted. */
  fingerprint256?: string | undefined;
}

/** What a person compares before trusting a certificate. */
export type CertificateFacts = z.output<typeof certificate>;

/** The part of the TLS options that decides whom to trust. */
interface TlsVerification {
  secureContext?: SecureContext;
  rejectUnauthorized: boolean;
}

/**
 * TLS options of a connection. Without a pin the chain and the host name are verified against the
 * system's store (where that is empty or out of reach, the one built into Node) and the authority
 * given. With a pin the chain is not looked at, because {@link pinned} lets exactly one certificate
 * through before a byte is sent.
 * @throws `INPUT_INVALID` for an authority that is no certificate
 */
export function tlsOptions(trust: TlsTrust): TlsVerification {
  if (trust.fingerprint256 !== undefined) return { rejectUnauthorized: false };
  return { secureContext: secureContextFor(trust.ca), rejectUnauthorized: true };
}

function secureContextFor(ca: string | undefined): SecureContext {
  try {
    // A context passes over what it cannot read; an invalid authority must be reported.
    for (const [pem] of ca?.matchAll(/-----BEGIN CERTIFICATE[\s\S]*?(?=-----BEGIN|$)/g) ?? []) {
      new X509Certificate(pem);
    }
    return createSecureContext({ ca: [...trustedStore(), ...(ca === undefined ? [] : [ca])] });
  } catch (cause) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: 'The certificate authority of this connection cannot be read.',
      hint: 'Paste it in PEM form, from BEGIN CERTIFICATE to END CERTIFICATE.',
      cause,
    });
  }
}

let store: string[] | undefined;

/** The system's certificates and those of `NODE_EXTRA_CA_CERTS`, read once. */
function trustedStore(): string[] {
  if (store === undefined) {
    const system = readStore('system');
    const base = system.length > 0 ? system : readStore('bundled');
    // The file and the folder of OpenSSL's store hold the same certificates.
    store = [...new Set([...base, ...readStore('extra')])];
  }
  return store;
}

function readStore(kind: 'system' | 'bundled' | 'extra'): string[] {
  try {
    return getCACertificates(kind);
  } catch {
    // Some builds of Node (Electron's) do not know every store.
    return [];
  }
}

/** Wraps a connector so that only the pinned certificate passes, whatever its chain and names are. */
export function pinned(
  connect: buildConnector.connector,
  fingerprint256: string,
): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error) {
        callback(...result);
        return;
      }
      // whatever is not TLS shows no certificate, and nothing is sent through it
      const shown = socket instanceof TLSSocket ? certificateOf(socket) : null;
      if (shown?.fingerprint256.toUpperCase() === fingerprint256.toUpperCase()) {
        callback(null, socket);
        return;
      }
      socket.destroy();
      callback(new PinMismatch(shown), null);
    });
  };
}

/** The gateway showed another certificate than the pinned one. */
export class PinMismatch extends Error {
  readonly code = 'CERTIFICATE_PIN_MISMATCH';
  readonly shown: CertificateFacts | null;

  constructor(shown: CertificateFacts | null) {
    super('The certificate is not the pinned one.');
    this.shown = shown;
  }
}

export function certificateOf(socket: TLSSocket): CertificateFacts | null {
  const certificate = socket.getPeerX509Certificate();
  return certificate ? certificateFacts(certificate) : null;
}

export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  const digest = createHash('sha256').update(certificate.raw).digest('hex').toUpperCase();
  return {
    fingerprint256: digest.replace(/(..)(?!$)/g, '$1:'),
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    selfSigned:
      certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey),
  };
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
