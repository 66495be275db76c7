import { AppError } from '#shared/errors.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { isCertificateProblem, pinMismatch, untrustedCertificate } from './certificate-errors.ts';
import { PinMismatch } from './tls.ts';
import { type Facts, knownFailure, otherFailure, proxyFailed } from './transport-failures.ts';

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
  const told: Facts = viaProxy ? proxyFailed('The proxy cannot be reached.') : facts;
  const data = hintAtEncryption(told, endpoint);
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
