import { AppError, type AppErrorData } from '#shared/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { type CertificateFacts, PinMismatch } from './tls.ts';

/** OpenSSL's words for a certificate that is not trusted. */
const certificateCodes = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is signed by itself'],
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

const proxyWantsPassword = 'The proxy asks for a user name and password.';

type Facts = Omit<AppErrorData, 'retryable'> & { retryable?: boolean };

/** How a request failed before there was an answer; `acted` says whether the gateway may have got it. */
type Failure = (target: string, thrown: unknown) => Facts & { acted: boolean };

const failures: Record<string, Failure> = {
  ENOTFOUND: (target) => nameNotResolved(target, false),
  EAI_AGAIN: (target) => nameNotResolved(target, true),
  EAI_NONAME: (target) => nameNotResolved(target, false),
  ECONNREFUSED: (target) => ({
    code: 'CONNECTION_REFUSED',
    message: `Nothing accepts connections at ${target}.`,
    hint: 'Check the port, and that the S3 gateway service runs there.',
    retryable: true,
    acted: false,
  }),
  EHOSTUNREACH: (target) => unreachable(target),
  ENETUNREACH: (target) => unreachable(target),
  EADDRNOTAVAIL: (target) => unreachable(target),
  ENETDOWN: (target) => unreachable(target),
  EHOSTDOWN: (target) => unreachable(target),
  EACCES: (target) => unreachable(target),
  EPERM: (target) => unreachable(target),
  UND_ERR_CONNECT_TIMEOUT: (target) => ({
    code: 'TIMED_OUT',
    message: `${target} did not take the connection in time.`,
    hint: 'Check the address, and whether a firewall, a VPN or a proxy stands between.',
    retryable: true,
    acted: false,
  }),
  ETIMEDOUT: (target, thrown) => ({
    code: 'TIMED_OUT',
    message: `The connection to ${target} timed out.`,
    hint: 'Check the address, and whether a firewall, a VPN or a proxy stands between.',
    retryable: true,
    acted: !isConnecting(thrown),
  }),
  UND_ERR_HEADERS_TIMEOUT: (target) => timedOut(target, 'did not answer in time'),
  UND_ERR_BODY_TIMEOUT: (target) => timedOut(target, 'stopped in the middle of its answer'),
  ECONNRESET: (target, thrown) => ({ ...reset(target), acted: !isConnecting(thrown) }),
  EPIPE: (target) => reset(target),
  ECONNABORTED: (target) => reset(target),
  UND_ERR_SOCKET: (target) => reset(target),
  UND_ERR_PRX_TLS: () => proxyFailed("The proxy's certificate is for another host name."),
  UND_ERR_PRX_CONN: () => proxyFailed('The proxy broke the connection off.'),
  UND_ERR_ABORTED: (_target, thrown) => proxyFailed(proxyAnswer(thrown)),
  UND_ERR_INVALID_ARG: (_target, thrown) => invalidArgument(thrown),
  CERTIFICATE_PIN_MISMATCH: (target, thrown) => ({
    ...otherCertificate(target),
    acted: false,
    details: thrown instanceof PinMismatch && thrown.shown ? { ...thrown.shown } : {},
  }),
  // A time limit of our own around a single step.
  ABORT_ERR: (target) => timedOut(target, 'did not take the connection in time', false),
};

/** Whatever kept a request from being answered, as an error with its own code. */
export function transportError(thrown: unknown, endpoint: Endpoint, proxied: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  const cause = rootOf(thrown);
  const code = codeOf(cause);
  const target = `${endpoint.hostname}:${endpoint.port}`;
  const reason = certificateCodes.get(code);
  if (reason !== undefined) return untrusted(target, reason, code, cause);
  const failure = failures[code] ?? otherFailure(code);
  const { acted, ...facts } = failure(target, cause);
  // Through a proxy, what cannot be resolved or refuses is the proxy itself.
  const viaProxy =
    proxied && !acted && ['NAME_NOT_RESOLVED', 'CONNECTION_REFUSED'].includes(facts.code);
  const data: Facts = viaProxy ? proxyFailed('The proxy cannot be reached.') : facts;
  return new AppError({
    ...data,
    code: data.code,
    details: { ...data.details, mayHaveActed: acted, ...(code === '' ? {} : { cause: code }) },
    cause: thrown,
  });
}

/** The error of an untrusted certificate, with what a person compares of it. */
export function withCertificate(error: AppError, facts: CertificateFacts | null): AppError {
  if (!facts) return error;
  return new AppError({
    ...error.toData(),
    details: { ...error.details, ...facts },
    cause: error.cause,
  });
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
  const reason = certificateCodes.get(code) ?? 'it cannot be verified';
  const error = untrusted(`${endpoint.hostname}:${endpoint.port}`, reason, code, undefined);
  return withCertificate(error, facts);
}

/** Another certificate than the pinned one. */
export function pinMismatch(endpoint: Endpoint, facts: CertificateFacts | null): AppError {
  const error = new AppError({
    ...otherCertificate(`${endpoint.hostname}:${endpoint.port}`),
    details: { mayHaveActed: false },
  });
  return withCertificate(error, facts);
}

/** The operator, or the console when it closes, called a request off. */
export function cancelled(cause?: unknown): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'The request was cancelled.',
    hint: 'Start it again when you want it.',
    details: { mayHaveActed: true },
    cause,
  });
}

/** The connection broke within an answer that had begun. */
export function brokenOff(received: number, cause: unknown): AppError {
  return new AppError({
    code: 'ANSWER_TRUNCATED',
    message: `The gateway's answer broke off after ${received} bytes.`,
    hint: 'Try again; if it stays so, look at proxies and load balancers before the gateway.',
    retryable: true,
    details: { mayHaveActed: true },
    cause,
  });
}

function otherFailure(code: string): Failure {
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return (target) => ({
      code: 'ANSWER_FOREIGN',
      message: `What answers at ${target} does not speak HTTP.`,
      hint: 'Check the port, and whether the endpoint should begin with https:// or http://.',
      acted: false,
    });
  }
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') {
    return (target) => ({
      code: 'TLS_FAILED',
      message: `No encrypted connection to ${target} came about.`,
      hint: 'If that port speaks plain http, begin the endpoint with http://; else look at the TLS versions the gateway takes.',
      acted: false,
    });
  }
  return (target) => ({ ...reset(target), message: `The connection to ${target} failed.` });
}

function untrusted(target: string, reason: string, code: string, cause: unknown): AppError {
  return new AppError({
    code: 'CERTIFICATE_UNTRUSTED',
    message: `The certificate of ${target} is not trusted: ${reason}.`,
    hint: 'Compare its fingerprint with the gateway and pin it, or give the authority that signed it.',
    details: { mayHaveActed: false, cause: code, reason },
    cause,
  });
}

function nameNotResolved(target: string, retryable: boolean) {
  const name = target.slice(0, target.lastIndexOf(':'));
  return {
    code: 'NAME_NOT_RESOLVED' as const,
    message: `The name ${name} could not be resolved.`,
    hint: 'Check the spelling, and that this machine uses the network (VPN, DNS) that knows it.',
    retryable,
    acted: false,
  };
}

function unreachable(target: string) {
  return {
    code: 'NETWORK_UNREACHABLE' as const,
    message: `There is no way to ${target} from this machine.`,
    hint: 'Check the network connection, the VPN and the firewall.',
    retryable: true,
    acted: false,
  };
}

function otherCertificate(target: string) {
  return {
    code: 'CERTIFICATE_PIN_MISMATCH' as const,
    message: `${target} shows another certificate than the one that was pinned.`,
    hint: 'Compare the fingerprint with the gateway itself; pin the new one only if they agree.',
  };
}

function timedOut(target: string, how: string, acted = true) {
  return {
    code: 'TIMED_OUT' as const,
    message: `${target} ${how}.`,
    hint: 'Try again; if it stays so, look at the load of the gateway.',
    retryable: true,
    acted,
  };
}

function reset(target: string) {
  return {
    code: 'CONNECTION_RESET' as const,
    message: `${target} closed the connection before it answered.`,
    hint: 'Try again; if it stays so, look at the gateway and at load balancers before it.',
    retryable: true,
    acted: true,
  };
}

function proxyFailed(message: string) {
  return {
    code: 'PROXY_FAILED' as const,
    message,
    hint: 'Check the proxy of this connection, or choose a direct connection.',
    acted: false,
  };
}

function invalidArgument(thrown: unknown) {
  if (/\(407\)/.test(messageOf(thrown))) return proxyFailed(proxyWantsPassword);
  return {
    code: 'INPUT_INVALID' as const,
    message: 'The request holds a character that no header can carry.',
    hint: 'Enter the access key id and the region again, without spaces or line breaks.',
    acted: false,
  };
}

/** Whether a socket failed before its connection, TLS included, stood. */
function isConnecting(thrown: unknown): boolean {
  const syscall =
    typeof thrown === 'object' && thrown !== null && 'syscall' in thrown ? thrown.syscall : '';
  return syscall === 'connect' || /before secure TLS connection/.test(messageOf(thrown));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : '';
}

function proxyAnswer(thrown: unknown): string {
  const status = /\((\d{3})\)/.exec(messageOf(thrown))?.[1];
  if (status === '407') return proxyWantsPassword;
  return status === undefined
    ? 'The proxy refused the connection to the gateway.'
    : `The proxy refused the connection to the gateway with status ${status}.`;
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
  const tells = own !== '' && (own in failures || certificateCodes.has(own));
  return !tells && error instanceof Error && codeOf(error.cause) !== '' ? error.cause : undefined;
}

function codeOf(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
