import { AppError } from '#shared/errors.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { CertificateFacts } from './tls.ts';

/** OpenSSL's words for a certificate that is not trusted. */
const certificateCodes = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its chain ends in an authority this machine does not know'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its authority is not known to this machine'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'its authority is not known to this machine'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its authority is not known to this machine'],
  ['CERT_HAS_EXPIRED', 'it has expired'],
  ['CERT_NOT_YET_VALID', 'it is not valid yet'],
  ['CERT_REVOKED', 'it has been revoked'],
  ['CERT_UNTRUSTED', 'it is not trusted'],
  ['CERT_REJECTED', 'it was rejected'],
  ['CERT_SIGNATURE_FAILURE', 'its signature is wrong'],
  ['CERT_CHAIN_TOO_LONG', 'its chain is too long'],
  ['INVALID_CA', 'its authority may not sign certificates'],
  ['INVALID_PURPOSE', 'it is not meant for a server'],
  ['HOSTNAME_MISMATCH', 'it is for another host name'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another host name'],
]);

const selfSigned = 'it is self-signed';

/** What OpenSSL says of a certificate signed by itself that is no authority, too. */
const unknownAuthority = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** Whether a code of OpenSSL's says that a certificate is not trusted. */
export function isCertificateProblem(code: string): boolean {
  return certificateCodes.has(code);
}

/**
 * A certificate that is not trusted.
 * @param code OpenSSL's word for why
 */
export function untrustedCertificate(
  endpoint: Endpoint,
  code: string,
  facts: CertificateFacts | null,
): AppError {
  const reason = facts?.selfSigned && unknownAuthority.has(code) ? selfSigned : reasonOf(code);
  return new AppError({
    code: 'CERTIFICATE_UNTRUSTED',
    message: `The certificate of ${endpoint.hostname}:${endpoint.port} is not trusted: ${reason}.`,
    hint: 'Compare its fingerprint with the gateway and pin it, or give the authority that signed it.',
    details: { mayHaveActed: false, cause: code, reason, ...facts },
  });
}

/** Another certificate than the pinned one. */
export function pinMismatch(endpoint: Endpoint, facts: CertificateFacts | null): AppError {
  return new AppError({
    code: 'CERTIFICATE_PIN_MISMATCH',
    message: `${endpoint.hostname}:${endpoint.port} shows another certificate than the one that was pinned.`,
    hint: 'Compare the fingerprint with the gateway itself; pin the new one only if they agree.',
    details: { mayHaveActed: false, ...facts },
  });
}

function reasonOf(code: string): string {
  return certificateCodes.get(code) ?? 'it cannot be verified';
}
