import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#shared/errors.ts';
import { cancelled } from './transport-errors.ts';

export interface RetryPauses {
  attempts: number;
  /** Pause before the second attempt, milliseconds; doubles each time. */
  firstPause: number;
  /** Longest pause, milliseconds. */
  longestPause: number;
}

export interface RetryPolicy extends RetryPauses {
  /** Attempts in all where the failure was a time-out, which is long already. */
  attemptsOnTimeout: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 4,
  attemptsOnTimeout: 2,
  firstPause: 200,
  longestPause: 5_000,
};

/** Failures after which a reading may succeed if it is sent again. */
const passing = new Set([
  'GATEWAY_FAILED',
  'TOO_MANY_REQUESTS',
  'CONNECTION_RESET',
  'ANSWER_TRUNCATED',
  'TIMED_OUT',
]);

interface RetryBounds {
  signal?: AbortSignal | undefined;
  /** By when an attempt has to have begun, on the clock of `performance`. */
  deadline?: number;
}

/** A gateway that asks for more time than this is asked again by whoever wants it, seconds. */
const longestAsked = 60;

/**
 * The pause before a request is repeated: at least as long as the gateway asked for by `Retry-After`.
 * @returns milliseconds, or null where it asked for so long that nobody would wait
 */
export function pauseAsked(error: AppError, milliseconds: number): number | null {
  const asked = error.details?.retryAfterSeconds;
  if (typeof asked !== 'number') return milliseconds;
  return asked > longestAsked ? null : Math.max(milliseconds, asked * 1000);
}

/**
 * Repeats a reading with growing, jittered pauses while what failed can pass. Writes are never
 * repeated here: whoever sent one reads back first, since the gateway may have acted.
 */
export function withRetry<Result>(
  attempt: () => Promise<Result>,
  policy: RetryPolicy,
  bounds?: RetryBounds,
): Promise<Result> {
  const pauseBefore = (thrown: unknown, made: number): number | null =>
    thrown instanceof AppError && mayPass(thrown, made, policy)
      ? pauseAsked(thrown, pauseAfter(made, policy))
      : null;
  return repeated(attempt, pauseBefore, bounds);
}

/**
 * Repeats an attempt as long as it is worth it; then its last error is thrown.
 * @param pauseBefore says how many milliseconds after this many attempts the next one begins; null ends it
 */
export async function repeated<Result>(
  attempt: () => Promise<Result>,
  pauseBefore: (thrown: unknown, made: number) => number | null,
  { signal, deadline = Number.POSITIVE_INFINITY }: RetryBounds = {},
): Promise<Result> {
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const milliseconds = pauseBefore(thrown, made);
      if (milliseconds === null || performance.now() + milliseconds >= deadline) throw thrown;
      await pause(milliseconds, signal);
    }
  }
}

/** How often a write that was refused as one too many is sent again, and its pauses. */
const turnedAwayPolicy: RetryPauses = {
  attempts: 6,
  firstPause: 1_000,
  longestPause: 30_000,
};

/** Whether a write was turned away as one too many (429): the gateway did not act on it. */
function wasTurnedAway({ code, status }: AppError): boolean {
  return code === 'TOO_MANY_REQUESTS' && status === 429;
}

/**
 * Returns how long to wait before a write is sent again that the gateway turned away with 429: at least as
 * long as it asked for. Nothing else is sent again.
 * @param made attempts until now
 * @returns milliseconds, or null where the write is given up
 */
export function pauseIfTurnedAway(error: AppError, made: number): number | null {
  if (!wasTurnedAway(error) || made >= turnedAwayPolicy.attempts) return null;
  return pauseAsked(error, pauseAfter(made, turnedAwayPolicy));
}

/** The pause after an attempt: between half and the whole of an exponentially growing span. */
export function pauseAfter(made: number, policy: RetryPauses, random = Math.random): number {
  const span = Math.min(policy.longestPause, policy.firstPause * 2 ** (made - 1));
  return span / 2 + (span / 2) * random();
}

function mayPass(error: AppError, made: number, policy: RetryPolicy): boolean {
  // An answer that came whole and is half a document would be half a document again.
  if (!error.retryable || !passing.has(error.code)) return false;
  if (error.code === 'ANSWER_TRUNCATED' && error.status !== undefined) return false;
  return made < (error.code === 'TIMED_OUT' ? policy.attemptsOnTimeout : policy.attempts);
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal ? { signal } : {});
  } catch (cause) {
    throw cancelled(cause, false);
  }
}
