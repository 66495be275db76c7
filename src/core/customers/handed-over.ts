import { hourToIso } from '#shared/billing/charges.ts';
import { printedMinute } from '../platform/printed-time.ts';
import type { Statement } from '../usage/billing/statement.ts';
import type { HourPeriod } from '../usage/coverage/report-period.ts';
import type { BilledCustomer } from './store/billed-customers.ts';
import { type HandedOver, wholeUser } from './store/handed-over.ts';

type HeldLine = Omit<NonNullable<Statement['held']>[number], 'accepted'>;

/** What follows for a statement from a user of which it is not clear who pays for it. */
export interface HandedUser {
  connectionId: string;
  userId: string;
  /** Whether its usage is in the statement. */
  counts: boolean;
  /** Held back for a decision; null: it was made for another customer, or is not to be made here. */
  held: HeldLine | null;
  /** In which hours of the period; null: in all of it. */
  hours: HourPeriod[] | null;
  /** What of it is in no line, in words. */
  note: string | null;
}

const mistaken =
  'if it belongs to this customer, bill it to this customer: the other statement is corrected';
const inPart = 'the rest of the period is billed by a statement of its own';

const hoursInWords = ({ fromHour, toHour }: HourPeriod): string =>
  `from ${printedMinute(hourToIso(fromHour))} to ${printedMinute(hourToIso(toHour))}`;

/** Decides on all of a customer; where others have a user too, that is what is in the way first. */
export function decideHanded({ customer, handedOver }: BilledCustomer): HandedUser[] {
  const shared = new Set(
    customer.users.flatMap(({ connectionId, userId, alsoOf }) =>
      alsoOf.length > 0 ? [`${connectionId} ${userId}`] : [],
    ),
  );
  return handedOver
    .filter(({ connectionId, userId }) => !shared.has(`${connectionId} ${userId}`))
    .flatMap((user) => decide(user) ?? []);
}

/**
 * Decides what becomes of a user that was handed over. Where somebody said from when, each customer has
 * its hours. Else its usage counts once: in the statement that was issued with it, else in that of the
 * customer for whom somebody accepted it; until then both are held.
 */
function decide(user: HandedOver): HandedUser | null {
  const { connectionId, userId, isHere, until, hours, issued, settled } = user;
  const whose = user.email || userId;
  const held = (quantity: string, why: string): HeldLine => ({
    ...{ connectionId, userId, item: wholeUser, quantity },
    words: `${whose} ${why}: look at it, then accept it.`,
  });
  const of = { connectionId, userId, hours, held: null, note: null };
  if (settled && hours === null) {
    const note = `${whose} is billed to another customer for this period, as somebody decided.`;
    return { ...of, counts: false, note };
  }
  if (issued) {
    const { number, whole } = issued;
    if (hours === null && !isHere && whole) return { ...of, counts: false };
    const isMistake = whole || hours !== null;
    const why = `is in statement ${number} of another customer, ${hoursInWords(issued)}, and not billed here (${isMistake ? mistaken : inPart})`;
    return { ...of, counts: false, held: held(`not ${number}`, why) };
  }
  if (hours) return { ...of, counts: hours.length > 0, note: noteOf(user, hours) };
  if (until === null) return null;
  const at = printedMinute(until);
  const why = isHere
    ? `belonged to another customer until ${at}; accepted, this customer pays for all of this period`
    : `belonged to this customer until ${at}; accepted, this customer still pays for all of this period`;
  return { ...of, counts: true, held: held('pays', why) };
}

/** Says of a user with hours of its own what is not in the statement. */
function noteOf({ email, userId, isHere, until }: HandedOver, hours: HourPeriod[]): string {
  const whose = email || userId;
  const here = hours.map(hoursInWords).join(' and ');
  if (here !== '') {
    return `${whose} belongs to this customer ${here}: its other hours are not in this statement.`;
  }
  if (isHere) return `${whose} belongs to this customer only after this period.`;
  const at = printedMinute(until ?? 0);
  return `${whose} belonged to this customer until ${at}, and to nobody since.`;
}
