import { setTimeout as sleep } from 'node:timers/promises';
import { type AppError, toAppError } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import { differences } from './fields.ts';

/** How long to wait before each reading, in milliseconds: storage is eventually consistent. */
export const readBackDelays: readonly number[] = [0, 150, 400, 1000, 2000];

/** What reading back showed. */
export interface ReadBack<State> {
  happened: boolean;
  /** The last state read; null where none could be. */
  now: State | null;
  /** Why the last reading failed. */
  error: AppError | null;
}

/**
 * Reads until the change shows or the delays are used up. A reading that fails counts as one that
 * does not show it: what was sent stays sent.
 */
export async function readBack<State>(
  read: () => Promise<State>,
  happened: (now: State) => boolean,
  delays: readonly number[] = readBackDelays,
): Promise<ReadBack<State>> {
  let now: State | null = null;
  let error: AppError | null = null;
  for (const delay of delays) {
    if (delay > 0) await sleep(delay);
    try {
      now = await read();
      error = null;
      if (happened(now)) return { happened: true, now, error };
    } catch (thrown) {
      error = toAppError(thrown);
    }
  }
  return { happened: false, now, error };
}

/**
 * Whether what was read is neither the old state nor the wanted one: then something else happened
 * than what was asked for, and waiting does not help.
 */
export function contradicts(before: Fields, after: Fields, now: Fields): boolean {
  const names = Object.keys(now) as (keyof Fields)[];
  return names.some((name) => now[name] !== before[name] && now[name] !== after[name]);
}

/** Whether every field is as wanted. */
export function matches(after: Fields, now: Fields): boolean {
  return differences(after, now).length === 0;
}
