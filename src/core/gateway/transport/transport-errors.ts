import { AppError } from '#shared/errors.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type CertificateFacts, PinMismatch } from './tls.ts';
import { type Facts, knownFailure, otherFailure, proxyFailed } from './transport-failures.ts';

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

/** What OpenSSL says of a certificate self-signed that is no authority, too. */
const unknownAuthority = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function isCertificateProblem(code: string): boolean {
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

/** Whatever kept a request from being answered, as an error with its own code. */
export function transportError(thrown: unknown, endpoint: Endpoint, proxied: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  const cause = rootOf(thrown);
  const code = codeOf(cause);
  const target = `${endpoint.hostname}:${endpoint.port}`;
  if (cause instanceof PinMismatch) return pinMismatch(endpoint, cause.shown);
  if (isCertificateProblem(code)) return untrustedCertificate(endpoint, code, null);
  const failure = knownFailure(code) ?? otherFailure(code);
  const { acted, ...facts } = failure(target, cause);
  // Through a proxy, what cannot be resolved or refuses is the proxy itself.
  const viaProxy =
    proxied && !acted && ['NAME_NOT_RESOLVED', 'CONNECTION_REFUSED'].includes(facts.code);
  const described: Facts = viaProxy ? proxyFailed('The proxy cannot be reached.') : facts;
  const data = hintAtEncryption(described, endpoint);
  return new AppError({
    ...data,
    code: data.code,
    details: { ...data.details, mayHaveActed: acted, ...(code === '' ? {} : { cause: code }) },
    // A parser's error carries a piece of the answer, which may be a secret.
    ...(code.startsWith('HPE_') ? {} : { cause: thrown }),
  });
}

/** A port that wants TLS does no more than hang up on a request in plain http. */
function hintAtEncryption(facts: Facts, { secure }: Endpoint): Facts {
  if (secure || facts.code !== 'CONNECTION_RESET') return facts;
  const also = 'Check whether the endpoint has to begin with https://.';
  return { ...facts, hint: `${facts.hint} ${also}` };
}

/**
 * The operator, or the console when it closes, called a request off.
 * @param sent whether it may have been on its way
 */
export function cancelled(cause?: unknown, sent = true): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'The request was cancelled.',
    hint: 'Start it again when you want it.',
    details: { mayHaveActed: sent },
    cause,
  });
}

/** The connection broke within an answer that had begun. */
export function brokenOff(received: number, cause: unknown): AppError {
  return new AppError({
    code: 'ANSWER_TRUNCATED',
    message: `The gateway's answer broke off after ${received} bytes.`,
    hint: 'Try again; if it persists, look at proxies and load balancers in front of the gateway.',
    retryable: true,
    details: { mayHaveActed: true },
    ...(codeOf(cause).startsWith('HPE_') ? {} : { cause }),
  });
}

/** The innermost error that carries a code: libraries wrap the one that tells. */
function rootOf(thrown: unknown): unknown {
  let current = thrown;
  for (let depth = 0; depth < 5; depth += 1) {
    const inner =
      current instanceof AggregateError
        ? (current.errors.find((error) => codeOf(error) !== '') ?? current.errors[0])
        : wrapped(current);
    if (inner === undefined) break;
    current = inner;
  }
  return current;
}

function wrapped(error: unknown): unknown {
  const own = codeOf(error);
  const tells = own !== '' && (knownFailure(own) !== undefined || isCertificateProblem(own));
  return !tells && error instanceof Error && codeOf(error.cause) !== '' ? error.cause : undefined;
}

function codeOf(error: unknown): string {
  // undici leaves the code out where not even the first letters are HTTP.
  if (error instanceof Error && error.name === 'HTTPParserError') return 'HPE_INVALID';
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
