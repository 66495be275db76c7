import { setTimeout as pause } from 'node:timers/promises';
import { AppError, toAppError } from '#shared/errors.ts';
import { pauseAsked } from '../../gateway/transport/retry.ts';
import { cancelled } from '../../gateway/transport/transport-errors.ts';

/** How often and at what distance a step is tried again. */
export interface RetryPlan {
  attempts: number;
  /** Milliseconds before the second attempt; doubled each time, up to {@link RetryPlan.longest}. */
  first: number;
  longest: number;
}

/** The plan of a collection, in place of the client's own repetitions. */
export const defaultRetryPlan: RetryPlan = { attempts: 4, first: 500, longest: 15_000 };

/** Codes after which the next request would fail as this one did: the run ends with it. */
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

/** Whether an error says that nothing else will succeed either. */
export function endsTheRun(thrown: unknown): boolean {
  return thrown instanceof AppError && hopeless.has(thrown.code);
}

/** Milliseconds to wait after `attempt` failed (counted from 1), or null to give the item up. */
export function pauseBeforeRetry(
  thrown: unknown,
  attempt: number,
  plan: RetryPlan,
  random: () => number = Math.random,
): number | null {
  if (attempt >= plan.attempts || !isWorthRetrying(thrown)) return null;
  const pause = Math.min(plan.longest, plan.first * 2 ** (attempt - 1));
  return pauseAsked(toAppError(thrown), pause * (0.5 + random() / 2));
}

/** Answers of something in between (HTML, another product, a cut) pass more often than not. */
function isWorthRetrying(thrown: unknown): boolean {
  const error = toAppError(thrown);
  return error.retryable || error.code.startsWith('ANSWER_') || error.code === 'REDIRECTED';
}

/** Tries one reading as the plan says; the last error is thrown. */
export async function readWithRetries<Value>(
  read: () => Promise<Value>,
  plan: RetryPlan,
  signal: AbortSignal,
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (thrown) {
      const milliseconds = endsTheRun(thrown) ? null : pauseBeforeRetry(thrown, attempt, plan);
      if (milliseconds === null) throw thrown;
      await pause(milliseconds, undefined, { signal }).catch((cause: unknown) => {
        throw cancelled(cause, false);
      });
    }
  }
}
