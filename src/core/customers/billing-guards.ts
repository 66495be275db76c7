import { AppError } from '#shared/errors.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import {
  assertWritable,
  type GuardedConnection,
  type GuardedSystem,
  refusalOf,
  writingWords,
} from '../clusters/locks/guard.ts';
import type { NewRecord } from './store/records.ts';
import type { StoredBilling } from './store/stored-billing.ts';

/** A billing connection, and until when its lock is open. */
export type GuardedBilling = StoredBilling & Pick<GuardedConnection, 'unlockedUntil'>;

/** Names the lock of a billing system among those of clusters, whose ids have no colon. */
export const billingLock = (billingId: string): string => `billing:${billingId}`;

const billingWords: GuardedSystem = { noun: 'billing system', server: 'WHMCS' };

/**
 * Lets something be sent to a billing system, or not.
 * @throws AppError `CONNECTION_READ_ONLY`, `CONNECTION_LOCKED`, `CERTIFICATE_PIN_MISMATCH`
 */
export const assertTakesChanges = (connection: GuardedBilling): void =>
  assertWritable(connection, billingWords);

/** Why a change would be refused now, null where it goes: shown where something would be sent. */
export const billingRefusal = (connection: GuardedBilling): AppError | null =>
  refusalOf(connection, billingWords);

/**
 * Lets a user's secret key be sent to a billing system, or not: over plain http it would travel in clear.
 * @throws AppError `PLAIN_HTTP`
 */
export function assertTakesSecrets({ name, url }: Pick<StoredBilling, 'name' | 'url'>): void {
  if (!travelsInClear(url ?? '')) return;
  throw new AppError({
    code: 'PLAIN_HTTP',
    message: `"${name}" is reached over plain http, which would send the secret key unencrypted. Nothing was sent.`,
    hint: 'Leave the secret key out of the note: resume a run that was started with it without. Or use https:// in the billing connection if WHMCS has it.',
  });
}

/**
 * What the journal says of a billing connection whose guards are changed; null where they stay.
 * @param before null: it had been removed, and whatever it had noted with it
 */
export function billingGuardRecord(
  before: StoredBilling | null,
  after: StoredBilling,
  operator: string,
): NewRecord | null {
  const repinned = before?.tls?.fingerprint256 !== after.tls?.fingerprint256;
  const moved = before?.environment !== after.environment;
  if (before?.readOnly === after.readOnly && !moved && !repinned) return null;
  const words = ({ environment, readOnly, tls }: StoredBilling): string =>
    [
      readOnly ? 'read-only' : 'takes changes',
      ...(moved ? [environment ?? 'no environment'] : []),
      ...(repinned ? [`certificate ${tls?.fingerprint256 ?? 'not pinned'}`] : []),
    ].join(', ');
  return {
    ...{ operator, action: 'billing.save', result: 'done', billingId: after.id },
    details: {
      billing: before?.name ?? after.name,
      before: before ? words(before) : 'removed',
      after: words(after),
    },
  };
}

/**
 * What the journal says of a production billing system that is unlocked or locked.
 * @param until until when it is unlocked, ISO 8601 in UTC; undefined where it is locked
 */
export function billingLockRecord(
  { id, name, unlockedUntil }: GuardedBilling,
  until: string | undefined,
  operator: string,
): NewRecord {
  const action = until === undefined ? 'billing.lock' : 'billing.unlock';
  const details = {
    billing: name,
    before: writingWords(unlockedUntil),
    after: writingWords(until),
  };
  return { operator, action, result: 'done', billingId: id, details };
}

/** What the journal says of a certificate that is not the pinned one. */
export function billingPinRecord(
  { id, name, pinAlarm }: StoredBilling & { pinAlarm: NonNullable<StoredBilling['pinAlarm']> },
  operator: string,
): NewRecord {
  const { pinned, shown } = pinAlarm;
  return {
    ...{ operator, action: 'billing.pinAlarm', result: 'done', billingId: id },
    details: { billing: name, before: pinned, after: shown ?? 'none was shown' },
  };
}
