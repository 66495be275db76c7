import { hourToIso } from '#shared/billing/charges.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { formatCount, formatCounted } from '#shared/counted.ts';
import type { CoverageState } from '#shared/coverage-states.ts';
import { AppError } from '#shared/errors.ts';
import type { Archive } from '../../store/archive/archive.ts';
import {
  type AcceptedInPeriod,
  type AcceptedKind,
  noEnd,
  type ServiceCoverage,
} from '../../store/archive/objects/coverage.ts';
import type { CoverageAnswer } from '../../store/archive/queries/coverage.ts';
import { type HourPeriod, hoursOf, millisecondsToIso, secondsToIso } from './report-period.ts';

export type CoverageSummary = CallOutput<'usage.coverage'>['summary'];
/** One stretch with an issue. */
type CoverageGap = CallOutput<'usage.coverage'>['gaps'][number];

type Counts = Record<CoverageState, number>;

/** Reads how complete the archive is over a period; of its gaps the first 1,000. */
export async function readCoverage(
  archive: Pick<Archive, 'read' | 'isDamaged'>,
  input: { from: string; to: string },
): Promise<CallOutput<'usage.coverage'>> {
  const period = hoursOf(input);
  const now = Math.floor(Date.now() / 1000);
  const answer = await archive.read('readCoverage', { ...period, now });
  return {
    from: hourToIso(period.fromHour),
    to: hourToIso(period.toHour),
    services: answer.services,
    summary: summariseCoverage(answer, archive.isDamaged),
    gaps: listGaps(answer.services, period).slice(0, 1000),
  };
}

/**
 * Adds up coverage and says in words what it comes to. Nothing but `final` may be called final.
 * @param damaged whether the archive is known to be: then nothing is final, however whole it looks
 */
export function summariseCoverage(answer: CoverageAnswer, damaged = false): CoverageSummary {
  const { services, listedAt, accepted } = answer;
  const counts: Counts = {
    collected: 0,
    late: 0,
    silent: 0,
    duplicate: 0,
    conflicting: 0,
    waiting: 0,
    open: 0,
    missing: 0,
    idle: 0,
  };
  for (const { hours } of services) for (const state of hours) counts[state] += 1;
  const covered = counts.collected + counts.late + counts.duplicate + counts.conflicting;
  const expected = covered + counts.waiting + counts.open + counts.missing + counts.silent;
  const before = hoursBeforeArchive(services);
  const gaps = counts.missing + counts.waiting + counts.duplicate + counts.conflicting + before;
  const state = stateOf({ expected, gaps, open: counts.open, damaged });
  return {
    state,
    final: state === 'final',
    words: inWords(state, counts, { expected, covered, before, damaged }, acceptedWords(accepted)),
    services: services.length,
    expectedHours: expected,
    coveredHours: covered,
    missingHours: counts.missing,
    silentHours: counts.silent,
    waitingHours: counts.waiting,
    openHours: counts.open,
    lateHours: counts.late,
    duplicateHours: counts.duplicate,
    conflictingHours: counts.conflicting,
    listedAt: listedAt === null ? null : millisecondsToIso(listedAt),
    accepted: accepted.map(toWireAccepted),
  };
}

function stateOf(found: {
  expected: number;
  gaps: number;
  open: number;
  damaged: boolean;
}): CoverageSummary['state'] {
  if (found.damaged) return 'gaps';
  if (found.expected === 0) return 'empty';
  if (found.gaps > 0) return 'gaps';
  return found.open > 0 ? 'open' : 'final';
}

/**
 * Hours at the period's beginning of which no service has anything: the archive begins later, and
 * whether there was traffic before is not known. A service that joins later than others is no gap.
 */
function hoursBeforeArchive(services: readonly ServiceCoverage[]): number {
  const hours = services[0]?.hours.length ?? 0;
  let before = 0;
  while (before < hours && services.every((service) => service.hours[before] === 'idle')) {
    before += 1;
  }
  return before;
}

function inWords(
  state: CoverageSummary['state'],
  counts: Counts,
  found: { expected: number; covered: number; before: number; damaged: boolean },
  silence: string,
): string {
  const { expected, covered, before } = found;
  if (state === 'empty') return 'No statistics were collected for this period.';
  if (state === 'final') {
    return silence === ''
      ? `Complete: all ${formatCount(expected)} gateway hours are archived.`
      : `Complete: ${formatCount(covered)} of ${formatCount(expected)} gateway hours are archived, ${silence}.`;
  }
  const parts = (
    [
      ['missing', 'missing'],
      ['waiting', 'waiting on the gateway'],
      ['duplicate', 'counted by two objects'],
      ['conflicting', 'in conflict'],
      ['open', 'still open'],
    ] as const
  ).flatMap(([name, words]) => (counts[name] > 0 ? [`${formatCount(counts[name])} ${words}`] : []));
  const late =
    before > 0 ? [`the archive begins ${formatCounted(before, 'hour')} after the period does`] : [];
  const short =
    parts.length > 0 ? [`of ${formatCount(expected)} gateway hours ${parts.join(', ')}`] : [];
  const silent = silence === '' ? [] : [silence];
  const damage = found.damaged ? ['the archive is damaged and may hold more than can be read'] : [];
  return `Not complete: ${[...damage, ...late, ...short, ...silent].join('; ')}.`;
}

const kindWords: Record<AcceptedKind, string> = {
  gap: 'accepted as silent',
  retired: 'of retired services',
  idle: 'of idle services',
};

/**
 * `3 accepted as silent by ada on 2026-11-21 and 2 by bo on 2026-11-22, 720 of retired services by bo
 * on 2026-11-22`; empty where nothing is.
 */
function acceptedWords(accepted: readonly AcceptedInPeriod[]): string {
  const kinds = Object.keys(kindWords) as AcceptedKind[];
  return kinds
    .map((kind) => wordsOfKind(kind, accepted))
    .filter((words) => words !== '')
    .join(', ');
}

function wordsOfKind(kind: AcceptedKind, accepted: readonly AcceptedInPeriod[]): string {
  const hoursBy = new Map<string, number>();
  for (const { hours, operator, acceptedAt, kind: ofKind } of accepted) {
    if (hours === 0 || ofKind !== kind) continue;
    const whose = `by ${operator} on ${millisecondsToIso(acceptedAt).slice(0, 10)}`;
    hoursBy.set(whose, (hoursBy.get(whose) ?? 0) + hours);
  }
  const parts = [...hoursBy].map(
    ([whose, hours], index) =>
      `${formatCount(hours)}${index === 0 ? ` ${kindWords[kind]}` : ''} ${whose}`,
  );
  const last = parts.pop();
  return parts.length === 0 ? (last ?? '') : `${parts.join(', ')} and ${last}`;
}

function toWireAccepted(gap: AcceptedInPeriod): CoverageSummary['accepted'][number] {
  const { id, kind, serviceId, fromHour, toHour, wroteAt, hours, reason, operator, acceptedAt } =
    gap;
  return {
    acceptanceId: String(id),
    kind,
    serviceId,
    from: hourToIso(fromHour),
    to: toHour === noEnd ? null : hourToIso(toHour),
    wroteAt: wroteAt === null ? null : secondsToIso(wroteAt),
    hours,
    reason,
    operator,
    acceptedAt: millisecondsToIso(acceptedAt),
  };
}

const reported = new Set<CoverageState>(['missing', 'waiting', 'duplicate', 'conflicting', 'late']);

/** The gaps, oldest first. */
export function listGaps(
  services: readonly ServiceCoverage[],
  { fromHour }: HourPeriod,
): CoverageGap[] {
  const before = hoursBeforeArchive(services);
  const gaps = services.flatMap(({ serviceId, hours }) => {
    const found: CoverageGap[] = [];
    let begin = 0;
    hours.forEach((state, index) => {
      if (hours[index + 1] === state) return;
      if (reported.has(state) || (state === 'idle' && begin < before)) {
        found.push({
          serviceId,
          from: hourToIso(fromHour + begin),
          to: hourToIso(fromHour + (state === 'idle' ? Math.min(before, index + 1) : index + 1)),
          state: state as CoverageGap['state'],
        });
      }
      begin = index + 1;
    });
    return found;
  });
  return gaps.sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0));
}

/** States of hours whose statistics exist, or may, and are not in the archive. */
const lacking = new Set<CoverageState>(['missing', 'waiting']);

/** What is known of an hour: `missing` and `open` where figures lack statistics of at least one service. */
export type HourKnowledge = 'known' | 'missing' | 'open';

/** Returns what is known of each hour of a period; nothing if no service ever wrote. */
export function knowledgeOfHours(
  { services }: Pick<CoverageAnswer, 'services'>,
  { fromHour, toHour }: HourPeriod,
): HourKnowledge[] {
  const before = services.length === 0 ? toHour - fromHour : hoursBeforeArchive(services);
  return Array.from({ length: toHour - fromHour }, (_, index) => {
    const states = services.map(({ hours }) => hours[index] ?? 'idle');
    if (index < before || states.some((state) => lacking.has(state))) return 'missing';
    return states.includes('open') ? 'open' : 'known';
  });
}

/** Returns the runs of hours of equal knowledge, in order. */
export function stretchesOf(
  hours: readonly HourKnowledge[],
  kind: HourKnowledge,
  { fromHour }: Pick<HourPeriod, 'fromHour'>,
): { from: string; to: string }[] {
  const stretches: { from: string; to: string }[] = [];
  let begin: number | null = null;
  for (let index = 0; index <= hours.length; index += 1) {
    if (hours[index] === kind) begin ??= index;
    else if (begin !== null) {
      stretches.push({ from: hourToIso(fromHour + begin), to: hourToIso(fromHour + index) });
      begin = null;
    }
  }
  return stretches;
}

/** Throws `COVERAGE_INCOMPLETE` unless figures may be called final. */
export function assertFinal(coverage: CoverageSummary, reasons: readonly string[] = []): void {
  if (coverage.final && reasons.length === 0) return;
  const why = [...(coverage.final ? [] : [coverage.words]), ...reasons];
  throw new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `The figures are not final. ${[...new Set(why)].join(' ')}`,
    hint: 'Collect what is missing, settle conflicts or accept missing hours as silent under Coverage, or ask for a draft.',
    details: { coverage },
  });
}
