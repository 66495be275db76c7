import { type CoverageState, gravest } from '#shared/coverage-states.ts';
import { endsAt, settlingMargin } from './read-object.ts';

/** `toHour` of a statement that has no end. */
export const noEnd = 2 ** 31;

/** A decision, with how many hours of a period count as silent by it. */
export type AcceptedInPeriod = AcceptedGap & { hours: number };

/**
 * Turns what is missing, or is before the archive begins, into silence where that was accepted.
 * Nothing else: what is collected, or is on the gateway, takes the decision's place.
 * @param fromHour the hour at which the services' hours begin
 * @param archiveBegins the hour of the first object of all
 */
export function applyAcceptedGaps(
  services: readonly ServiceCoverage[],
  gaps: readonly AcceptedGap[],
  fromHour: number,
  archiveBegins: number,
): { services: ServiceCoverage[]; accepted: AcceptedInPeriod[] } {
  const hoursOf = new Map(services.map(({ serviceId, hours }) => [serviceId, [...hours]]));
  const accepted = gaps.map((gap): AcceptedInPeriod => {
    const states = hoursOf.get(gap.serviceId) ?? [];
    let hours = 0;
    const last = Math.min(gap.toHour - fromHour, states.length);
    for (let index = Math.max(0, gap.fromHour - fromHour); index < last; index += 1) {
      if (!mayBeSilent(states[index], gap.kind !== 'gap' || fromHour + index < archiveBegins)) {
        continue;
      }
      states[index] = 'silent';
      hours += 1;
    }
    return { ...gap, hours };
  });
  return {
    services: [...hoursOf].map(([serviceId, hours]) => ({ serviceId, hours })),
    accepted,
  };
}

/** @param nothingDue whether nothing was due in that hour to begin with */
function mayBeSilent(state: CoverageState | undefined, nothingDue: boolean): boolean {
  return state === 'missing' || (state === 'idle' && nothingDue);
}

/** The time one object covers, as far as coverage needs to know it. Unix seconds. */
export interface CoveredPeriod {
  serviceId: string;
  start: number;
  /** Seconds that were really counted; for an object that is only listed, the nominal ones. */
  period: number;
  nominal: number;
  digest: string | null;
  /** `null`: only listed, not archived. */
  archived: { late: boolean; settled: boolean; conflicts: number } | null;
}

/** What coverage is made from. Hours are whole ones since the epoch, `toHour` not included. */
interface CoverageInput {
  fromHour: number;
  toHour: number;
  /** Unix seconds. */
  now: number;
  /** Of each service the start of its first object ever, Unix seconds. */
  firstStarts: ReadonlyMap<string, number>;
  /** What touches the period, in any order. */
  periods: readonly CoveredPeriod[];
  /** What was stated of services: hours in which nothing of them is due. */
  statements?: readonly AcceptedGap[];
}

/** One service's hours. `hours[i]` is the hour that begins `i` hours after the period does. */
export interface ServiceCoverage {
  serviceId: string;
  hours: CoverageState[];
}

const hourSeconds = 3600;

/** Seconds between two objects, or of overlap, that are put down to the gateway's timer. */
function tolerance(nominal: number): number {
  return Math.max(120, Math.floor(nominal / 10));
}

/**
 * Says for every service and hour whether its statistics are there. An object answers for its nominal
 * period even if it counted less, since the gateway writes the next one only after it.
 */
export function coverageOf(input: CoverageInput): ServiceCoverage[] {
  const byService = new Map<string, CoveredPeriod[]>();
  for (const serviceId of [...input.firstStarts.keys()].sort()) byService.set(serviceId, []);
  for (const period of input.periods) byService.get(period.serviceId)?.push(period);
  return [...byService].map(([serviceId, periods]) => ({
    serviceId,
    hours: coverService(
      periods,
      input.firstStarts.get(serviceId) ?? 0,
      input,
      (input.statements ?? []).filter((statement) => statement.serviceId === serviceId),
    ),
  }));
}

/** The hours of one service while they are being filled in. */
class Hours {
  readonly states: CoverageState[];
  readonly #from: number;
  readonly #to: number;
  readonly #statements: readonly AcceptedGap[];

  constructor(fromHour: number, toHour: number, statements: readonly AcceptedGap[]) {
    this.#statements = statements;
    this.#from = fromHour * hourSeconds;
    this.#to = toHour * hourSeconds;
    this.states = new Array<CoverageState>(toHour - fromHour).fill('idle');
  }

  /** Marks hours of which nothing is there: by a statement nothing may be due in them. */
  markLacking(start: number, end: number, state: 'missing' | 'open'): void {
    // Of what is retired nothing is to come either; what is idle may still write.
    const standing = this.#statements.filter(
      ({ kind }) => state === 'missing' || kind === 'retired',
    );
    let at = start;
    while (at < end) {
      const hourEnd = (Math.floor(at / hourSeconds) + 1) * hourSeconds;
      const hour = hourEnd / hourSeconds - 1;
      const statement = standing.find((one) => covers(one, hour));
      if (standing.length === 0) this.mark(at, end, state);
      else if (!statement) this.mark(at, Math.min(hourEnd, end), state);
      at = standing.length === 0 ? end : hourEnd;
    }
  }

  /** Marks every hour that the time from `start` to `end` touches. */
  mark(start: number, end: number, state: CoverageState): void {
    const first = Math.floor((Math.max(start, this.#from) - this.#from) / hourSeconds);
    const last = Math.ceil((Math.min(end, this.#to) - this.#from) / hourSeconds);
    for (let index = first; index < last; index += 1) {
      this.states[index] = gravest(this.states[index] ?? 'idle', state);
    }
  }
}

function covers({ fromHour, toHour }: AcceptedGap, hour: number): boolean {
  return hour >= fromHour && hour < toHour;
}

function coverService(
  periods: CoveredPeriod[],
  firstStart: number,
  { fromHour, toHour, now }: CoverageInput,
  statements: readonly AcceptedGap[],
): CoverageState[] {
  const hours = new Hours(fromHour, toHour, statements);
  const sorted = periods.sort((left, right) => left.start - right.start);
  const from = Math.max(fromHour * hourSeconds, firstStart);
  let coveredTo = from;
  let nominal = sorted[0]?.nominal ?? hourSeconds;
  let before: CoveredPeriod | undefined;
  for (const period of sorted) {
    const end = period.start + Math.max(period.nominal, period.period, 1);
    markGap(hours, coveredTo, period.start, nominal, now);
    hours.mark(period.start, Math.max(end, period.start + 1), stateOf(period, now));
    if (before && overlaps(before, period)) {
      hours.mark(period.start, Math.min(before.start + before.period, end), 'duplicate');
    }
    if (!before || end > before.start + before.period) before = period;
    nominal = Math.max(period.nominal, 1);
    coveredTo = Math.max(coveredTo, end);
  }
  markGap(hours, coveredTo, toHour * hourSeconds, nominal, now);
  return hours.states;
}

function stateOf({ archived, start, nominal, period }: CoveredPeriod, now: number): CoverageState {
  if (!archived) return endsAt(start, nominal, period) > now ? 'open' : 'waiting';
  if (archived.conflicts > 0) return 'conflicting';
  // It was read so soon after its end that it may still have grown: it is read once more.
  if (!archived.settled) return 'open';
  return archived.late ? 'late' : 'collected';
}

/** Two objects that really counted the same time, or hold the same content. */
function overlaps(before: CoveredPeriod, period: CoveredPeriod): boolean {
  if (before.digest !== null && before.digest === period.digest) return true;
  const shared = Math.min(
    before.start + before.period - period.start,
    period.period,
    before.period,
  );
  return shared > tolerance(Math.max(before.nominal, period.nominal));
}

/** What is due and not there is missing; what is not due yet is open. */
function markGap(hours: Hours, from: number, to: number, nominal: number, now: number): void {
  if (to - from <= tolerance(nominal)) return;
  // The object that covers a moment is written a whole period later at the latest.
  const due = now - nominal - settlingMargin;
  if (due > from) hours.markLacking(from, Math.min(to, due), 'missing');
  if (to > due) hours.markLacking(Math.max(from, due), to, 'open');
}

/** A decision that nothing is to be expected of some hours. Times in Unix milliseconds. */
export interface AcceptedGap extends ServiceHours {
  id: number;
  kind: AcceptedKind;
  /** Of a service that was stated to be retired: when it wrote all the same; Unix seconds. */
  wroteAt: number | null;
  reason: string;
  operator: string;
  acceptedAt: number;
}

/** Hours of a service, whole ones since the epoch, the last not included. */
export interface ServiceHours {
  serviceId: string;
  fromHour: number;
  toHour: number;
}

/**
 * What a decision is about: single hours, or what was stated of a service once. `retired`: nothing
 * more comes from it. `idle`: it writes nothing while nobody uses it.
 */
export type AcceptedKind = 'gap' | 'retired' | 'idle';
