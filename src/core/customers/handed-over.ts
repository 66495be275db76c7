import { hourToIso } from '#shared/billing/charges.ts';
import { printedMinute } from '../platform/printed-time.ts';
import type { Statement } from '../usage/billing/statement.ts';
import { type HourPeriod, hoursOf } from '../usage/coverage/report-period.ts';
import { userHours } from './customer-statement.ts';
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
  /** It was billed by mistake: no fee is owed for it either. */
  isOut?: true;
  /** From which hour on the issued statement that keeps it has fees: nothing else says it. */
  feesAt?: number;
  /** The same where those fees may have begun with another user: they begin then, or later. */
  feesNotBefore?: number;
}

/** What is decided of a user that was billed by mistake. */
export const takenBack = 'taken back';

export const takenBackWords = (whose: string): string =>
  `What an earlier statement billed to this customer for ${whose} is taken back.`;

const mistaken =
  'if it belongs to this customer, bill it to this customer: the other statement is corrected';
const inPart = 'the rest of the period is billed by a separate statement';

const hoursInWords = ({ fromHour, toHour }: HourPeriod): string =>
  `from ${printedMinute(hourToIso(fromHour))} to ${printedMinute(hourToIso(toHour))}`;

/**
 * Decides on all of a customer; where others have a user too, that is what is in the way first.
 * @param issued the statement that is made again: what it has of users that nobody has since stays in it
 */
export function decideHanded(
  { customer, handedOver, accepted }: BilledCustomer,
  issued?: Statement,
): HandedUser[] {
  const isTakenBack = (user: HandedOver): boolean =>
    accepted.some(
      (line) =>
        line.quantity === takenBack &&
        line.connectionId === user.connectionId &&
        line.userId === user.userId,
    );
  const shared = new Set(
    customer.users.flatMap(({ connectionId, userId, alsoOf }) =>
      alsoOf.length > 0 ? [`${connectionId} ${userId}`] : [],
    ),
  );
  const decided = handedOver
    .filter(({ connectionId, userId }) => !shared.has(`${connectionId} ${userId}`))
    .flatMap((user) => {
      // it stays so, whoever gets the user later: unless this customer has it again, or is to pay for it
      if (!user.isHere && isTakenBack(user)) return takeBack(user);
      if (!issued || user.issued) return decide(user) ?? [];
      return keep(user, issued) ?? decide(user) ?? [];
    });
  if (!decided.some(({ isOut }) => isOut)) return decided;
  // the issued fees may have begun with a user that is out: those who stay owe them from their own day
  // on, which is none of before, or nothing says it
  return decided.map(({ feesAt, ...user }) =>
    feesAt === undefined ? user : { ...user, feesNotBefore: feesAt },
  );
}

/** Leaves a user out of the statement that was issued with it, which says who decided so, and why. */
function takeBack({ connectionId, userId, email }: HandedOver): HandedUser {
  const words = takenBackWords(email || userId);
  const held: HeldLine = { connectionId, userId, item: wholeUser, quantity: takenBack, words };
  return { connectionId, userId, counts: false, held, hours: null, note: null, isOut: true };
}

/** Keeps hours that are nobody's by now in the statement that was issued with them; null: there are none. */
function keep(
  { connectionId, userId, lapsed, hours }: HandedOver,
  issued: Statement,
): HandedUser | null {
  const billed = userHours(issued).filter(
    (one) => one.connectionId === connectionId && one.userId === userId,
  );
  const kept = lapsed.flatMap((part) =>
    billed.flatMap((one) => {
      const fromHour = Math.max(part.fromHour, one.fromHour);
      const toHour = Math.min(part.toHour, one.toHour);
      return fromHour < toHour ? [{ fromHour, toHour }] : [];
    }),
  );
  if (kept.length === 0) return null;
  const all = joinHours([...(hours ?? []), ...kept]);
  const whole = hoursOf(issued);
  const isWhole = all[0]?.fromHour === whole.fromHour && all[0].toHour === whole.toHour;
  const [fee] = issued.fees ?? [];
  return {
    ...{ connectionId, userId, counts: true, held: null, note: null },
    hours: isWhole ? null : all,
    ...(fee ? { feesAt: hoursOf(fee).fromHour } : {}),
  };
}

function joinHours(parts: readonly HourPeriod[]): HourPeriod[] {
  const joined: HourPeriod[] = [];
  for (const part of parts.toSorted((one, other) => one.fromHour - other.fromHour)) {
    const last = joined.at(-1);
    if (last?.toHour === part.fromHour) last.toHour = part.toHour;
    else joined.push({ ...part });
  }
  return joined;
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
    words: `${whose} ${why}.`,
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

/** Says of a user with separate hours what is not in the statement. */
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
