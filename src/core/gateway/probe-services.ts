import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { gatewaySettingsPath, statisticsSetting } from '#shared/guide-lines.ts';
import { printedMinute } from '../platform/printed-time.ts';
import type { Exchange } from './exchange.ts';
import type { GatewayUserDetail, RequestOptions, UserSelector } from './model/gateway.ts';
import { foreignAnswer } from './model/read-fields.ts';
import { readingsOf } from './readings.ts';
import { bucketsOfRequest } from './requests/buckets.ts';
import { parseUsageObjectName } from './requests/usage.ts';
import { collectBytes } from './transport/byte-stream.ts';

export type ProbeStep = CallOutput<'connections.test'>['steps'][number];

/** A step's outcome: a line to show with what to do about it, or the error that ends the test. */
export type StepOutcome =
  | { detail: string; hint?: string; caution?: boolean }
  | { error: AppError };

/** A user that was read, and how it was named. */
export interface ReadUser {
  selector: UserSelector;
  detail: GatewayUserDetail;
}

type ServiceOutcome = Exclude<StepOutcome, { error: AppError }>;
type Probe = (
  exchange: Exchange,
  user: ReadUser,
  options: RequestOptions,
) => Promise<ServiceOutcome>;

/** Each service with a small reading of it, and what to look at where it is refused. */
const services: readonly [name: ProbeStep['name'], probe: Probe, remedy: string][] = [
  ['keys', probeKeys, 'Keys and accounts are read with each user.'],
  ['buckets', probeBuckets, 'Check that the access key is one of a system user.'],
  ['limits', probeLimits, 'Check that the access key is one of a system user.'],
  [
    'quotas',
    probeQuotas,
    'Prepare quotas on the cluster with ostor-ctl add-acc. Gateways before version 4.7 have none.',
  ],
  ['statistics', probeStatistics, 'Check that the access key is one of a system user.'],
];

/**
 * Tries every service with one reading. A service that refuses is a caution: the others work without it.
 * @param user a user of the cluster to ask for
 */
export async function* probeServices(
  exchange: Exchange,
  user: ReadUser,
  options: RequestOptions,
): AsyncGenerator<[ProbeStep['name'], StepOutcome]> {
  for (const [name, probe, remedy] of services) {
    try {
      yield [name, await probe(exchange, user, options)];
    } catch (thrown) {
      const { code, message, hint } = toAppError(thrown);
      if (code === 'CANCELLED') throw thrown;
      yield [name, { detail: message, hint: `${hint} ${remedy}`, caution: true }];
    }
  }
}

async function probeKeys(_exchange: Exchange, { detail }: ReadUser): Promise<ServiceOutcome> {
  const keys = formatCounted(detail.accessKeyIds.length, 'access key');
  const accounts = formatCounted(detail.accounts.length, 'account');
  return { detail: `Read with each user: ${nameOf(detail)} has ${keys} and ${accounts}.` };
}

function nameOf({ email, userId }: GatewayUserDetail): string {
  return email || userId;
}

/** How much of a list is looked at, bytes: some hundred users or buckets. */
export const headOfList = 64 * 1024;

async function probeBuckets(
  exchange: Exchange,
  { selector }: ReadUser,
  options: RequestOptions,
): Promise<ServiceOutcome> {
  const { body } = await exchange.stream(bucketsOfRequest(selector), options);
  const text = new TextDecoder().decode(await collectBytes(body, headOfList, 'cut'));
  if (!/^\s*(\{\s*"[Bb]uckets"\s*:|\[)/.test(text)) throw foreignAnswer('a list of buckets');
  return { detail: 'This key may list buckets.' };
}

async function probeLimits(
  exchange: Exchange,
  { selector, detail }: ReadUser,
  options: RequestOptions,
): Promise<ServiceOutcome> {
  const limits = await readingsOf(exchange).getLimits(selector, options);
  const set = limits === null ? 'has none set' : 'has some set';
  return { detail: `This key may read rate limits: ${nameOf(detail)} ${set}.` };
}

async function probeQuotas(
  exchange: Exchange,
  { selector, detail }: ReadUser,
  options: RequestOptions,
): Promise<ServiceOutcome> {
  const { getQuota } = readingsOf(exchange);
  const byDefault = await getQuota({ default: 'user' }, options);
  if (byDefault)
    return { detail: `Quotas are prepared: users have ${byDefault.sizeGb} GB by default.` };
  const own = await getQuota(selector, options);
  if (own) return { detail: `Quotas are prepared: ${nameOf(detail)} has ${own.sizeGb} GB.` };
  return {
    detail: 'This key may read quotas; none is set by default.',
    hint: 'The gateway does not tell whether quotas are prepared: before the first is set, ostor-ctl add-acc has to be run.',
  };
}

/** Older than this, the newest statistics object says that nothing writes them now. */
const quietAfterSeconds = 24 * 3600;

async function probeStatistics(
  exchange: Exchange,
  _user: ReadUser,
  options: RequestOptions,
): Promise<ServiceOutcome> {
  const { names, truncated } = await readingsOf(exchange).listUsageObjects({}, options);
  if (names.length === 0) {
    return {
      detail: 'This key may read statistics; the gateway holds none.',
      hint: `Unless all were collected and deleted, statistics are off: set ${statisticsSetting} in ${gatewaySettingsPath} on every S3 node and restart ostor-agentd.`,
      caution: true,
    };
  }
  const starts = names.flatMap((name) => parseUsageObjectName(name)?.startTs ?? []);
  const newest = Math.max(0, ...starts);
  const count = `${formatCounted(names.length, 'statistics object')}${truncated ? ' or more' : ''}`;
  const at = printedMinute(newest * 1000);
  const detail = `Statistics are on: the gateway holds ${count}, the newest listed of ${at}.`;
  if (truncated || Date.now() / 1000 - newest < quietAfterSeconds) return { detail };
  return {
    detail: `The gateway holds ${count}; the newest is of ${at}.`,
    hint: `Statistics may have been switched off: check ${gatewaySettingsPath} on every S3 node.`,
    caution: true,
  };
}
