import { AppError, type AppErrorData } from '#shared/errors.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import type { NewRecord } from './store/records.ts';
import type { StoredBilling } from './store/stored-billing.ts';

type Guarded = Pick<StoredBilling, 'name' | 'readOnly' | 'pinAlarm'>;

/** What the guards of a billing connection refuse; null where they let changes through. */
function guardRefusal({ name, readOnly, pinAlarm }: Guarded): AppError | null {
  if (pinAlarm) {
    return new AppError({
      code: 'CERTIFICATE_PIN_MISMATCH',
      message: `"${name}" showed another certificate than the pinned one: nothing is sent to this billing system.`,
      hint: 'Compare the fingerprints with WHMCS itself, then pin the new certificate, or test the billing connection once the pinned one is back.',
    });
  }
  if (!readOnly) return null;
  return new AppError({
    code: 'CONNECTION_READ_ONLY',
    message: `"${name}" is read-only: nothing is sent to this billing system.`,
    hint: 'Edit the billing connection and allow changes.',
  });
}

/**
 * Lets something be sent to a billing system, or not.
 * @throws AppError `CONNECTION_READ_ONLY`, `CERTIFICATE_PIN_MISMATCH`
 */
export function assertTakesChanges(connection: Guarded): void {
  const refusal = guardRefusal(connection);
  if (refusal) throw refusal;
}

/**
 * Lets a user's secret key be sent to a billing system, or not: over plain http it would travel in clear.
 * @throws AppError `PLAIN_HTTP`
 */
export function assertTakesSecrets({ name, url }: Pick<StoredBilling, 'name' | 'url'>): void {
  if (!travelsInClear(url ?? '')) return;
  throw new AppError({
    code: 'PLAIN_HTTP',
    message: `"${name}" is reached over plain http, which would send the secret key unencrypted. Nothing was sent.`,
    hint: 'Leave the secret key out of the note, or use https:// in the billing connection if WHMCS has it.',
  });
}

/** Why a change would be refused now: what the interface shows where something would be sent. */
export function billingHold(connection: Guarded): AppErrorData | null {
  return guardRefusal(connection)?.toData() ?? null;
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
  if (before?.readOnly === after.readOnly && !repinned) return null;
  const words = ({ readOnly, tls }: StoredBilling): string =>
    [
      readOnly ? 'read-only' : 'takes changes',
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
