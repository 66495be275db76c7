import {
  chargeUsers,
  hourToIso,
  noQuantities,
  type PriceSegment,
  priceSegments,
  type Quantities,
  type Tariff,
} from '#shared/billing/charges.ts';
import { feesOf } from '#shared/billing/fees.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import { sha256 } from '../store/archive/file/encodings.ts';
import { withinHours } from '../usage/billing/charge-hours.ts';
import { type Statement, sumAmounts } from '../usage/billing/statement.ts';
import { type HourPeriod, hoursOf } from '../usage/coverage/report-period.ts';
import type { UserHours } from './store/issued-users.ts';

/** From which hour on fees are owed. */
export interface FeesBegin {
  /** Infinity where nobody owes any. */
  hour: number;
  /** Whether that is the beginning of the period since nothing says another. */
  isAssumed: boolean;
}

/** The statement of a customer's users on one cluster. */
export interface ClusterPart {
  connectionId: string;
  name: string;
  statement: Statement;
  /** Lines held back, and why. */
  held: NonNullable<Statement['held']>;
  /** Users that other customers have too, in words. */
  shared: string[];
  /** Whether it has a user that was there in the period, or one with usage in it. */
  isOwed: boolean;
  /** From when on its users owe fees. */
  fees: FeesBegin;
}

/** Facts of a customer besides those of its clusters. */
export interface CustomerParts {
  customer: NonNullable<Statement['customer']>;
  unmapped: string[];
  tariff: Tariff;
  /** Why it is billed by that tariff, in words; not known of statements that were issued without. */
  reason?: string | undefined;
  period: HourPeriod;
  /** Whether it had no user in the period: it owes no fees either. */
  isNone: boolean;
}

/** States that others have a user too, without their names, since it may be printed. */
export function sharedWords(user: string, others: number): string {
  const whom = others === 1 ? 'another customer' : `${others} other customers`;
  return `${user} is mapped to ${whom} too: unmap it from the customer that does not pay for it.`;
}

/** The users of a statement, each with the hours that it is billed for. */
export function userHours({ users, from, to }: Statement): UserHours[] {
  return users.flatMap(({ connectionId, userId, hours = [{ from, to }] }) =>
    connectionId === undefined
      ? []
      : hours.map((part) => ({ connectionId, userId, ...hoursOf(part) })),
  );
}

type Coverage = Statement['coverage'];
const counts = [
  'services',
  'expectedHours',
  'coveredHours',
  'missingHours',
  'silentHours',
  'waitingHours',
  'openHours',
  'lateHours',
  'duplicateHours',
  'conflictingHours',
] as const;
const severity = ['final', 'open', 'gaps', 'empty'] as const;

/** Adds up the coverage of clusters; only where all are final is the sum. */
function sumCoverage(parts: readonly ClusterPart[]): Coverage {
  const all = parts.map(({ statement }) => statement.coverage);
  const [first] = all;
  if (!first) throw new Error('A statement of a customer rests on one cluster at least.');
  if (all.length === 1) return first;
  const sums = Object.fromEntries(
    counts.map((name) => [name, all.reduce((sum, coverage) => sum + coverage[name], 0)]),
  ) as Record<(typeof counts)[number], number>;
  const worst = Math.max(...all.map(({ state }) => severity.indexOf(state)));
  const listed = all.map(({ listedAt }) => listedAt);
  return {
    ...sums,
    state: severity[worst] ?? 'gaps',
    final: all.every(({ final }) => final),
    words: parts.map(({ name, statement }) => `${name}: ${statement.coverage.words}`).join(' '),
    listedAt: listed.some((time) => time === null) ? null : ([...listed].sort()[0] ?? null),
    accepted: all.flatMap(({ accepted }) => accepted),
  };
}

type ChargedUser = Statement['users'][number];

/** Charges a customer's users as one where the tariff counts what is included and tiers that way. */
function chargeTogether(
  users: ChargedUser[],
  { tariff, period }: Pick<CustomerParts, 'tariff' | 'period'>,
): ChargedUser[] {
  if (tariff.countPer !== 'customer' || users.length < 2) return users;
  const segments = priceSegments(tariff, period.fromHour, period.toHour);
  const used = users.map(({ lines }) => segments.map((segment) => quantitiesIn(segment, lines)));
  const charged = chargeUsers(tariff, segments, used);
  return users.map((user, index) => {
    const lines = charged[index] ?? [];
    return { ...user, lines, amount: toWireInteger(sumAmounts(lines)) };
  });
}

/** Returns what a user used in a part of the period: its lines of all tiers say it exactly. */
function quantitiesIn({ fromHour }: PriceSegment, lines: ChargedUser['lines']): Quantities {
  const sums = noQuantities();
  const from = hourToIso(fromHour);
  for (const line of lines) {
    if (line.from === from) sums[line.item] += fromWireInteger(line.quantity);
  }
  return sums;
}

/** Joins the statements of a customer's users on each cluster. */
export function joinStatements(parts: readonly ClusterPart[], of: CustomerParts): Statement {
  const [first] = parts;
  if (!first) throw new Error('A statement of a customer rests on one cluster at least.');
  const several = parts.length > 1;
  const held = parts.flatMap((part) => part.held);
  const reasons = [
    ...parts.flatMap(({ name, statement }) =>
      statement.reasons.map((reason) => (several ? `${name}: ${reason}` : reason)),
    ),
    ...new Set(parts.flatMap((part) => part.shared)),
    ...held.flatMap(({ words, accepted }) =>
      accepted ? [] : [`${words} Look at it, then accept it.`],
    ),
  ];
  const users = chargeTogether(
    parts.flatMap(({ connectionId, statement }) =>
      statement.users.map((user) => ({ connectionId, ...user })),
    ),
    of,
  );
  const used = sumAmounts(users);
  const { fromHour, toHour } = of.period;
  const begin = Math.min(...parts.map((part) => part.fees.hour));
  const since = Number.isFinite(begin) ? Math.max(fromHour, begin) : fromHour;
  const fees = of.isNone ? [] : feesOf(of.tariff, { fromHour: since, toHour }, used);
  const isAssumed = parts.every((part) => part.fees.isAssumed || part.fees.hour > begin);
  const total = used + sumAmounts(fees);
  const hasData = parts.every(({ statement }) => statement.state !== 'no-data');
  const someData = parts.some(({ statement }) => statement.state !== 'no-data');
  const state = !someData ? 'no-data' : hasData && reasons.length === 0 ? 'final' : 'draft';
  const digests = parts.map(({ connectionId, statement }) => [
    connectionId,
    statement.sources.digest,
  ]);
  return {
    ...first.statement,
    state,
    reasons,
    unknown: [...new Set(parts.flatMap(({ statement }) => statement.unknown))],
    users: someData ? users.map(withinHours) : [],
    fees: someData ? fees : [],
    ...(someData && fees.length > 0 && isAssumed ? { feesAssumed: true as const } : {}),
    total: someData ? toWireInteger(total) : null,
    coverage: sumCoverage(parts),
    overlaps: parts.flatMap(({ statement }) => statement.overlaps ?? []),
    sources: {
      objects: parts.reduce((sum, { statement }) => sum + statement.sources.objects, 0),
      digest: sha256(JSON.stringify(digests)),
    },
    customer: of.customer,
    ...(of.reason === undefined ? {} : { tariffReason: of.reason }),
    clusters: parts.map(({ connectionId, name, statement }) => ({
      connectionId,
      name,
      state: statement.state,
      coverage: statement.coverage,
      sources: statement.sources,
    })),
    unmapped: of.unmapped,
    held,
  };
}
