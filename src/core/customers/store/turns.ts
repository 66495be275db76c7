import { hour } from '#shared/durations.ts';
import type { HourPeriod } from '../../usage/coverage/report-period.ts';

/** One mapping of a user to a customer or a service of it. Hours since the Unix epoch, times in ms. */
export interface MappingRow {
  customerId: string;
  /** The stated hour since which the customer has the user; null if none was stated. */
  sinceHour: number | null;
  mappedAt: number;
  /** Null while it is in force. */
  unmappedAt: number | null;
}

/** A customer's mappings of a user that no other customer's came between. */
export interface Turn {
  customerId: string;
  sinceHour: number | null;
  /** When the customer got the user: again, where it had lost it before the customer before did. */
  mappedAt: number;
  /** When the last of them ended; null: the customer has the user. */
  until: number | null;
}

/** Hours in which a customer has a user; no customer: nobody has it. */
export interface TurnHours extends HourPeriod {
  customerId: string | null;
}

/** In place of a customer, for hours that are not assigned. */
const open = '';

/**
 * Returns the turns that count in a period. What began after it and is over says nothing of it, unless
 * somebody said from when it was.
 */
export function turnsIn(rows: readonly MappingRow[], { toHour }: HourPeriod): Turn[] {
  return turnsOf(
    rows.filter(
      ({ sinceHour, mappedAt, unmappedAt }, index) =>
        index === 0 || unmappedAt === null || sinceHour !== null || mappedAt < toHour * hour,
    ),
  );
}

/** @param rows all of one user, in the order in which they were made */
export function turnsOf(rows: readonly MappingRow[]): Turn[] {
  const turns: Turn[] = [];
  for (const { customerId, sinceHour, mappedAt, unmappedAt } of rows) {
    const [before, last] = [turns.at(-2), turns.at(-1)];
    if (last?.customerId !== customerId) {
      turns.push({ customerId, sinceHour, mappedAt, until: unmappedAt });
      continue;
    }
    if (before?.until != null && last.until !== null && last.until < before.until)
      last.mappedAt = mappedAt;
    last.sinceHour = sinceHour ?? last.sinceHour;
    last.until =
      last.until === null || unmappedAt === null ? null : Math.max(last.until, unmappedAt);
  }
  return turns;
}

/**
 * Gives each hour of a period to one customer: the last that has the user from then on or earlier. Where
 * the last one no longer has it, its hours are nobody's, and so are those after one customer lost it and
 * before the next got it, unless the next has them too. Null where the turns leave open whose the hours
 * are: two have the user, or it passed on within the period or after it, and nobody said from when.
 */
export function divideHours(
  turns: readonly Turn[],
  { fromHour, toHour }: HourPeriod,
): TurnHours[] | null {
  const isPast = ({ until }: Turn): boolean => until !== null && until <= fromHour * hour;
  const [holder = null, second] = turns.filter(({ until }) => until === null);
  if (second) return null;
  const place = holder ? turns.indexOf(holder) : turns.length;
  // what came after whoever has the user, and ended before the period, says nothing of it
  const counted = turns.filter((turn, at) => at <= place || !isPast(turn));
  if (holder && counted.at(-1) !== holder) return null;
  let parts: TurnHours[] = [];
  for (const [index, turn] of counted.entries()) {
    const before = counted[index - 1];
    const isOpen = before !== undefined && turn.sinceHour === null && !isPast(before);
    const begins = Math.max(fromHour, (before && turn.sinceHour) ?? fromHour);
    const isHeld = holder !== null || index < counted.length - 1;
    const customerId = isOpen ? open : isHeld ? turn.customerId : null;
    parts = startAt(parts, { customerId, fromHour: begins, toHour });
    const next = counted[index + 1];
    if (turn.until === null || !next || next.mappedAt <= turn.until) continue;
    const ends = Math.max(begins, Math.ceil(turn.until / hour));
    parts = startAt(parts, { customerId: null, fromHour: ends, toHour });
  }
  return parts.some(({ customerId }) => customerId === open) ? null : parts;
}

/** Inserts hours that start within others, which end there. */
function startAt(parts: readonly TurnHours[], next: TurnHours): TurnHours[] {
  const kept = parts
    .filter(({ fromHour }) => fromHour < next.fromHour)
    .map((part) => ({ ...part, toHour: Math.min(part.toHour, next.fromHour) }));
  const last = kept.at(-1);
  if (last?.customerId === next.customerId)
    return [...kept.slice(0, -1), { ...last, toHour: next.toHour }];
  return next.fromHour < next.toHour ? [...kept, next] : kept;
}
