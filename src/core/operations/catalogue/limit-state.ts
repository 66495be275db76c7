import type { CallOutput } from '#shared/contract/index.ts';
import {
  type GatewayLimits,
  type LimitResource,
  type LimitTarget,
  limitResources,
  type QuotaTarget,
} from '../../gateway/gateway.ts';
import type { SweepTarget } from '../../sweep/save-values.ts';
import type { ManagementRequest } from '../management-request.ts';
import { targetParameter } from '../management-request.ts';
import type { Fields, OperationTarget } from '../operation.ts';
import type { TargetReader } from '../target-reader.ts';

/** What limits or quotas hang on, as calls name it. */
export type CalledTarget = { user: string } | { bucket: string } | { default: 'user' | 'bucket' };

/** Limits as read, and what the operator knows the target by. */
export interface LimitState {
  name: string;
  limits: GatewayLimits;
}

/** The target as the gateway client names it: users by id. */
export function gatewayTarget(target: { user: string } | { bucket: string }): LimitTarget;
/** A default as the gateway client names it is a target of quotas alone. */
export function gatewayTarget(target: CalledTarget): QuotaTarget;
/** Implements both. */
export function gatewayTarget(target: CalledTarget): QuotaTarget {
  return 'user' in target ? { id: target.user } : target;
}

/** The target as journal and preview name it. */
export function namedTarget(target: CalledTarget, name: string): OperationTarget {
  if ('user' in target) return { kind: 'user', id: target.user, name };
  if ('bucket' in target) return { kind: 'bucket', id: target.bucket, name };
  return { kind: 'default', id: target.default, name };
}

/** The target as the background sweep keeps it. */
export function sweepTarget(target: CalledTarget): SweepTarget {
  if ('user' in target) return { kind: 'user', id: target.user };
  if ('bucket' in target) return { kind: 'bucket', id: target.bucket };
  return { kind: 'default', id: target.default };
}

/** Reads the limits of a target. Throws `NOT_FOUND` where the target is not there. */
export async function readLimitState(
  { target }: { target: { user: string } | { bucket: string } },
  reader: TargetReader,
): Promise<LimitState> {
  const named = gatewayTarget(target);
  const [{ name }, limits] = await Promise.all([reader.about(named), reader.limits(named)]);
  return { name, limits };
}

/** Reads the limits again after a write. */
export async function readLimitsBack(
  { target }: { target: { user: string } | { bucket: string } },
  before: LimitState,
  reader: TargetReader,
): Promise<LimitState> {
  return { ...before, limits: await reader.limits(gatewayTarget(target)) };
}

/** Requests that read what hangs on a target. */
export function targetReadings(
  service: 'ostor-limits' | 'ostor-quotas',
  target: CalledTarget,
  unset: boolean,
): ManagementRequest[] {
  const parameters = [targetParameter(gatewayTarget(target))];
  const reading: ManagementRequest = { method: 'GET', service, parameters };
  // "Not set" and "not there" are answered alike: the target itself is asked for to tell them apart.
  if (!unset || 'default' in target) return [reading];
  const holder = 'user' in target ? 'ostor-users' : 'ostor-buckets';
  return [reading, { method: 'GET', service: holder, parameters }];
}

/** The option that names the target to the vendor's tool: by e-mail as the guide does, where it is known. */
export function limitSelector(
  target: { user: string } | { bucket: string },
  name: string,
): [option: string, value: string] {
  if ('bucket' in target) return ['-b', target.bucket];
  return name.includes('@') ? ['-e', name] : ['-i', target.user];
}

/** A decimal without needless zeros: `"3600.00"` is `"3600"`. */
export function plainDecimal(value: string | number): string {
  return String(Number(value));
}

/** Limits as fields; null where none are set. */
export function limitFields(limits: GatewayLimits): Record<LimitResource, string | null> {
  return Object.fromEntries(
    limitResources.map((resource) => [
      resource,
      limits === null ? null : plainDecimal(limits[resource]),
    ]),
  ) as Record<LimitResource, string | null>;
}

/** Limits as a call yields them. */
export function limitValue(
  limits: GatewayLimits,
): Pick<CallOutput<'limits.get'>, 'set' | 'limits'> {
  if (limits === null) return { set: false, limits: {} };
  const values = limitResources.map((resource) => [resource, Number(limits[resource])]);
  return { set: true, limits: Object.fromEntries(values) };
}

/** Limits out of fields; only those that are set. */
export function limitsOfFields(fields: Fields): Partial<Record<LimitResource, number>> {
  const set = limitResources.flatMap((resource) => {
    const value = fields[resource];
    return value === null || value === undefined ? [] : [[resource, Number(value)] as const];
  });
  return Object.fromEntries(set);
}
