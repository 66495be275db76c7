import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { type LimitResource, limitResources } from '#shared/limit-resources.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type {
  Gateway,
  GatewayLimits,
  LimitTarget,
  QuotaTarget,
  RequestOptions,
  UserNaming,
  UserSelector,
} from '../../../gateway/model/gateway.ts';
import type { GatewayRequest } from '../../../gateway/model/request.ts';
import { bucketRequest } from '../../../gateway/requests/buckets.ts';
import { userRequest } from '../../../gateway/requests/users.ts';
import { unnameable } from '../../../gateway/user-names.ts';
import type { TargetName } from '../../../store/snapshot/writes/save-values.ts';
import { adminCommandLine } from './command-lines.ts';
import { selectorOf, userOption } from './naming.ts';
import type { AboutTarget, OperationTarget, TargetReader } from './operation.ts';

export type CalledTarget = { user: string } | { bucket: string } | { default: 'user' | 'bucket' };

export interface HolderState {
  name: string;
  /** Null for buckets and defaults. */
  naming: UserNaming | null;
}

export interface LimitState extends HolderState {
  limits: GatewayLimits;
}

/** The target as requests name it. Throws `TARGET_AMBIGUOUS` where no request could. */
export function gatewayTarget(
  target: { user: string } | { bucket: string },
  state: Pick<HolderState, 'naming'>,
): LimitTarget;
/** A default is a target of quotas alone. */
export function gatewayTarget(
  target: CalledTarget,
  state: Pick<HolderState, 'naming'>,
): QuotaTarget;
/** Implements both. */
export function gatewayTarget(
  target: CalledTarget,
  { naming }: Pick<HolderState, 'naming'>,
): QuotaTarget {
  if (!('user' in target)) return target;
  if (naming === null) throw new TypeError('A user was not named before its limits.');
  return selectorOf(naming);
}

/**
 * The target of a single reading, users named as the gateway takes them.
 * @param command of the vendor's tool that reads the same
 * @throws `TARGET_AMBIGUOUS`
 */
export async function readingTarget<Target extends { user: string } | object>(
  target: Target,
  gateway: Gateway,
  options: RequestOptions & { command: 'query-limits' | 'query-quotas' },
): Promise<Exclude<Target, { user: string }> | UserSelector> {
  if (!('user' in target)) return target as Exclude<Target, { user: string }>;
  const userId = String(target.user);
  try {
    return await gateway.selectorFor(userId, options);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'TARGET_AMBIGUOUS') throw thrown;
    throw unnameable(await gateway.nameUser(userId, options), [
      adminCommandLine({
        command: options.command,
        options: [['-i', userId]],
        volume: options.command === 'query-quotas',
      }),
    ]);
  }
}

/**
 * Names what limits or quotas hang on. Their answers do not say whose they are: a user is read first,
 * so that its e-mail is proved to be its own still.
 */
export async function readHolder(
  target: CalledTarget,
  reader: TargetReader,
): Promise<HolderState & AboutTarget & { readable: boolean }> {
  const naming = 'user' in target ? await reader.naming(target.user) : null;
  const about = await reader.about('user' in target ? { id: target.user } : target);
  return { ...about, naming, readable: naming === null || naming.selector !== null };
}

export function namedTarget(target: CalledTarget, name: string): OperationTarget {
  if ('user' in target) return { kind: 'user', id: target.user, name };
  if ('bucket' in target) return { kind: 'bucket', id: target.bucket, name };
  return { kind: 'default', id: target.default, name };
}

export function targetName(target: CalledTarget): TargetName {
  if ('user' in target) return { kind: 'user', id: target.user };
  if ('bucket' in target) return { kind: 'bucket', id: target.bucket };
  return { kind: 'default', id: target.default };
}

/** Reads the limits of a target. Throws `NOT_FOUND` where the target is not there. */
export async function readLimitState(
  { target }: { target: { user: string } | { bucket: string } },
  reader: TargetReader,
): Promise<LimitState> {
  const { name, naming, readable } = await readHolder(target, reader);
  const limits = readable ? await reader.limits(gatewayTarget(target, { naming })) : null;
  return { name, naming, limits };
}

export async function readLimitsBack(
  { target }: { target: { user: string } | { bucket: string } },
  before: LimitState,
  reader: TargetReader,
): Promise<LimitState> {
  return { ...before, limits: await reader.limits(gatewayTarget(target, before)) };
}

/**
 * Requests that read what hangs on a target.
 * @param reading reads limits or quotas
 * @param unset whether none is set: "not set" and "not there" are answered alike, so that the target
 * itself is asked for to tell them apart
 */
export function targetReadings(
  reading: GatewayRequest,
  target: CalledTarget,
  state: HolderState,
  { unset, purpose }: { unset: boolean; purpose: 'read' | 'verify' },
): GatewayRequest[] {
  const holder = (): GatewayRequest =>
    'bucket' in target
      ? bucketRequest(target.bucket)
      : userRequest(gatewayTarget(target, state) as UserSelector);
  return [
    ...('user' in target && purpose === 'read' ? [holder()] : []),
    reading,
    ...(unset && !('default' in target) ? [holder()] : []),
  ];
}

export function holderOption(
  target: CalledTarget,
  { naming }: HolderState,
): [option: string, value: string] {
  if ('bucket' in target) return ['-b', target.bucket];
  if ('default' in target) return ['-o', target.default];
  return naming === null ? ['-i', target.user] : userOption(naming);
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
