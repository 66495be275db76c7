import type { CallOutput } from '#shared/contract/index.ts';
import { bandwidthUnit, bandwidthUnitNote } from '#shared/units.ts';
import type { DialogSubject } from '../operation/dialog-target.tsx';

/** Limits as read: not set, or all six. */
export type LimitState = Pick<CallOutput<'limits.get'>, 'set' | 'limits'>;

/** A quota as read: not set, or a size in GB. */
export type QuotaState = Pick<CallOutput<'quotas.get'>, 'set' | 'sizeGb'>;

/** What a rate limit can be set on. */
export type LimitResource = keyof LimitState['limits'];

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

/** Every resource of a rate limit with its words, in the order of the guide. */
export const limitResources: readonly {
  id: LimitResource;
  label: string;
  unit: string;
  /** What it counts. */
  says: string;
}[] = [
  { id: 'opsDefault', label: 'Default', unit: 'operations/s', says: 'of kinds not named below' },
  { id: 'opsGet', label: 'Get', unit: 'operations/s', says: 'reading objects' },
  { id: 'opsPut', label: 'Put', unit: 'operations/s', says: 'writing objects' },
  { id: 'opsList', label: 'List', unit: 'operations/s', says: 'listing buckets and objects' },
  { id: 'opsDelete', label: 'Delete', unit: 'operations/s', says: 'deleting objects' },
  {
    id: 'bandwidthOut',
    label: 'Bandwidth out',
    unit: bandwidthUnit,
    says: `data sent to clients. ${bandwidthUnitNote}`,
  },
];
