import { AppError, type ErrorCode } from '#shared/errors.ts';

/** Errors after which it is unknown whether the gateway acted: no answer, half of one, or someone else's. */
const unknownOutcome: ReadonlySet<ErrorCode> = new Set([
  'TIMED_OUT',
  'CONNECTION_RESET',
  'GATEWAY_FAILED',
  'ANSWER_TRUNCATED',
  'ANSWER_NOT_JSON',
  'ANSWER_FOREIGN',
  'ANSWER_ERROR_IN_SUCCESS',
  'CANCELLED',
  'INTERNAL',
]);

/** Errors of the route to the gateway: nothing was sent. */
const unreachable: ReadonlySet<ErrorCode> = new Set([
  'NAME_NOT_RESOLVED',
  'CONNECTION_REFUSED',
  'NETWORK_UNREACHABLE',
  'PROXY_FAILED',
]);

/**
 * Returns whether the gateway may have acted although the request failed; the client knows best, and says
 * so.
 */
export function outcomeIsUnknown(error: AppError): boolean {
  const stated = error.details?.mayHaveActed;
  return typeof stated === 'boolean' ? stated : unknownOutcome.has(error.code);
}

/** Maps an error of the route to the gateway to `CONNECTION_OFFLINE`; returns any other unchanged. */
export function asOffline(error: AppError, what: string): AppError {
  if (!unreachable.has(error.code)) return error;
  return new AppError({
    code: 'CONNECTION_OFFLINE',
    message: `The gateway can't be reached, so ${what}: ${error.message}`,
    hint: `Nothing was sent. ${error.hint} Offline, make a change plan and apply it later.`,
    retryable: true,
    details: { ...error.details, cause: error.code },
  });
}

/**
 * A write without an answer that reading did not show either. It is not sent again.
 * @param title the operation's
 */
export function notSeen(error: AppError, title: string, name: string, journalId: string): AppError {
  return new AppError({
    ...error.toData(),
    message: `${title} ${name}: ${error.message} It was looked for afterwards and not seen.`,
    hint: 'It was not sent a second time. Check again in a moment; send it again only once you know that it did not happen.',
    retryable: false,
    details: { ...error.details, outcome: 'unknown', journalId },
  });
}

/** The error for a reading back that contradicts the change. */
export function contradicted(
  name: string,
  text: string,
  details: Record<string, unknown>,
  requestId: string | null,
): AppError {
  return new AppError({
    code: 'WRITE_NOT_CONFIRMED',
    message: `The gateway took the change of ${name}, but reading back shows something else: ${text}.`,
    hint: 'Look at the difference; the gateway may count in other units or reset neighbouring values. Set them again or restore the state before.',
    details,
    ...(requestId === null ? {} : { requestId }),
  });
}
