import { AppError, toAppError } from '#shared/errors.ts';
import {
  pauseAfter,
  pauseAsked,
  type RetryPauses,
  repeated,
} from '../../gateway/transport/retry.ts';

/** Retries of a collection, in place of the client's. */
export const collectionPauses: RetryPauses = {
  attempts: 4,
  firstPause: 500,
  longestPause: 15_000,
};

/** Codes after which the next request would fail the same way: the run ends. */
const hopeless = new Set([
  'ACCESS_KEY_UNKNOWN',
  'SIGNATURE_REFUSED',
  'ACCESS_DENIED',
  'CLOCK_SKEWED',
  'CERTIFICATE_UNTRUSTED',
  'CERTIFICATE_PIN_MISMATCH',
  'CREDENTIAL_MISSING',
  'CONNECTION_READ_ONLY',
  'CONNECTION_LOCKED',
  'ARCHIVE_DAMAGED',
  'ARCHIVE_REPLACED',
  'DISK_FAILED',
  'CANCELLED',
]);

/** Returns whether no other request would succeed after an error. */
export function endsTheRun(thrown: unknown): boolean {
  return thrown instanceof AppError && hopeless.has(thrown.code);
}

/** Milliseconds to wait after `attempt` failed (counted from 1), or null to give the item up. */
export function pauseBeforeRetry(
  thrown: unknown,
  attempt: number,
  pauses: RetryPauses,
): number | null {
  if (attempt >= pauses.attempts || !isWorthRetrying(thrown)) return null;
  return pauseAsked(toAppError(thrown), pauseAfter(attempt, pauses));
}

/** Answers of something in between (HTML, another product, a cut) pass more often than not. */
function isWorthRetrying(thrown: unknown): boolean {
  const error = toAppError(thrown);
  return error.retryable || error.code.startsWith('ANSWER_') || error.code === 'REDIRECTED';
}

/** Repeats one reading of a collection; the last error is thrown. */
export function readWithRetries<Value>(
  read: () => Promise<Value>,
  pauses: RetryPauses,
  signal: AbortSignal,
): Promise<Value> {
  const pauseBefore = (thrown: unknown, made: number): number | null =>
    endsTheRun(thrown) ? null : pauseBeforeRetry(thrown, made, pauses);
  return repeated(read, pauseBefore, { signal });
}
