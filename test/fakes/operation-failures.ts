import type { ErrorCode } from '#shared/errors.ts';
import type { Fault } from '#simulator/model/faults.ts';

/** One way in which a gateway fails a write, and what the console makes of it. */
export interface OperationFailure {
  /** As it reads in a test's name. */
  what: string;
  fault: Omit<Fault, 'match'>;
  /** What the operations end in: one of these, by operation. */
  codes: readonly ErrorCode[];
}

/** Answers by which a gateway refuses a write: it did nothing, and the same can be tried again. */
export const refusals: readonly OperationFailure[] = [
  { what: '400', fault: { kind: 'status', status: 400 }, codes: ['REQUEST_REFUSED'] },
  {
    what: '403 AccessDenied',
    fault: { kind: 'status', status: 403, code: 'AccessDenied' },
    codes: ['ACCESS_DENIED'],
  },
  {
    what: '403 InvalidAccessKeyId',
    fault: { kind: 'status', status: 403, code: 'InvalidAccessKeyId' },
    codes: ['ACCESS_KEY_UNKNOWN'],
  },
  {
    what: '403 SignatureDoesNotMatch',
    fault: { kind: 'status', status: 403, code: 'SignatureDoesNotMatch' },
    codes: ['SIGNATURE_REFUSED'],
  },
  {
    what: '403 RequestTimeTooSkewed',
    fault: { kind: 'status', status: 403, code: 'RequestTimeTooSkewed' },
    codes: ['CLOCK_SKEWED'],
  },
  {
    what: '404',
    fault: { kind: 'status', status: 404, code: 'NoSuchEntity' },
    codes: ['NOT_FOUND'],
  },
  {
    what: '409',
    fault: { kind: 'status', status: 409 },
    codes: [
      'CONFLICT',
      'ALREADY_EXISTS',
      'USER_OWNS_BUCKETS',
      'KEY_LIMIT_REACHED',
      'BUCKET_NOT_EMPTY',
    ],
  },
  { what: '429', fault: { kind: 'status', status: 429 }, codes: ['TOO_MANY_REQUESTS'] },
  { what: 'a redirect', fault: { kind: 'redirect' }, codes: ['REDIRECTED'] },
];

/** After these nobody knows whether the gateway acted, and it did not: looked for, not sent again. */
export const unknownOutcomes: readonly OperationFailure[] = [
  { what: '500', fault: { kind: 'status', status: 500 }, codes: ['GATEWAY_FAILED'] },
  { what: '503 SlowDown', fault: { kind: 'status', status: 503 }, codes: ['TOO_MANY_REQUESTS'] },
  {
    what: '503 ServiceUnavailable',
    fault: { kind: 'status', status: 503, code: 'ServiceUnavailable' },
    codes: ['GATEWAY_FAILED'],
  },
  {
    what: 'a time-out before it acted',
    fault: { kind: 'hang-before' },
    codes: ['TIMED_OUT'],
  },
  {
    what: 'a reset before it acted',
    fault: { kind: 'reset-before' },
    codes: ['CONNECTION_RESET'],
  },
  { what: 'a web page', fault: { kind: 'html' }, codes: ['ANSWER_NOT_JSON'] },
  {
    what: 'an error with status 200',
    fault: { kind: 'error-in-success' },
    codes: ['ANSWER_ERROR_IN_SUCCESS'],
  },
];

/** The gateway acted, but its answer says nothing of it: found by reading, not sent again. */
export const doneAllTheSame: readonly Omit<OperationFailure, 'codes'>[] = [
  { what: 'a time-out after it acted', fault: { kind: 'hang-after' } },
  { what: 'a reset after it acted', fault: { kind: 'reset-after' } },
  { what: '503 after it acted', fault: { kind: 'status-after' } },
  { what: 'an answer cut off', fault: { kind: 'cut-body' } },
];

/** Refusals of the console's own: nothing is sent. */
export const refusedBeforehand: readonly ErrorCode[] = [
  'CONNECTION_READ_ONLY',
  'CONNECTION_LOCKED',
  'CONNECTION_OFFLINE',
  'CONFIRMATION_REQUIRED',
  'CREDENTIAL_MISSING',
  'SELF_LOCKOUT_REFUSED',
  'TARGET_AMBIGUOUS',
  'TARGET_CHANGED',
];
