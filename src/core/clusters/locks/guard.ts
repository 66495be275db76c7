import { AppError } from '#shared/errors.ts';
import type { SavedConnection } from '../clusters.ts';

/** What of a connection decides whether it may write. */
export type GuardedConnection = Pick<
  SavedConnection,
  'name' | 'environment' | 'readOnly' | 'unlockedUntil'
>;

/** Whether this is a `production` connection that nobody has unlocked, or not any more. */
export function isLocked(connection: GuardedConnection, now = Date.now()): boolean {
  if (connection.environment !== 'production') return false;
  return connection.unlockedUntil === undefined || Date.parse(connection.unlockedUntil) <= now;
}

/** What keeps a connection from writing, or null. */
export function holdOf(connection: GuardedConnection): 'locked' | 'read-only' | null {
  if (connection.readOnly) return 'read-only';
  return isLocked(connection) ? 'locked' : null;
}

/**
 * Lets a write through or not, by what the connection is.
 * @throws `CONNECTION_READ_ONLY`, `CONNECTION_LOCKED`
 */
export function assertWritable(connection: GuardedConnection): void {
  if (connection.readOnly) {
    throw new AppError({
      code: 'CONNECTION_READ_ONLY',
      message: `The connection "${connection.name}" is read-only; nothing was sent.`,
      hint: 'Switch "read-only" off in the connection to write through it.',
    });
  }
  if (isLocked(connection)) {
    throw new AppError({
      code: 'CONNECTION_LOCKED',
      message: `The production connection "${connection.name}" is locked; nothing was sent.`,
      hint: 'Unlock it for some minutes, then write.',
    });
  }
}

/**
 * What has to be typed before a destructive write: the target's name on `production`, else nothing.
 * @param name the target's
 */
export function nameToType(
  connection: GuardedConnection,
  destructive: boolean,
  name: string,
): string | null {
  return destructive && connection.environment === 'production' ? name : null;
}

/** Throws `CONFIRMATION_REQUIRED` unless what was typed is the name asked for. */
export function assertTyped(name: string | null, typed: string | undefined): void {
  if (name === null || typed === name) return;
  throw new AppError({
    code: 'CONFIRMATION_REQUIRED',
    message:
      typed === undefined
        ? 'A destructive change on a production cluster wants the name of its target typed.'
        : 'The name that was typed is not that of the target.',
    hint: `Type "${name}" to confirm; nothing was sent.`,
    details: { typedName: name },
  });
}
