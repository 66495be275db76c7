import type { CallOutput } from '#shared/contract/index.ts';
import type { DialogSubject } from '../operation/dialog-target.tsx';

/** Limits as read: not set, or all six. */
export type LimitState = Pick<CallOutput<'limits.get'>, 'set' | 'limits'>;

/** A quota as read: not set, or a size in GB. */
export type QuotaState = Pick<CallOutput<'quotas.get'>, 'set' | 'sizeGb'>;

/** What rate limits hang on. */
export type LimitTarget = { user: string } | { bucket: string };

/** What quotas hang on: one target, or the default of all users or all buckets. */
export type QuotaTarget = LimitTarget | { default: 'user' | 'bucket' };

/** The target as what a dialog is about. */
export function subjectOf(target: QuotaTarget): DialogSubject {
  if ('user' in target) return { kind: 'user', id: target.user };
  if ('bucket' in target) return { kind: 'bucket', id: target.bucket, name: target.bucket };
  return { kind: 'default', id: target.default, name: `of every ${target.default}` };
}
