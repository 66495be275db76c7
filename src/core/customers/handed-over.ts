import { hourToIso } from '#shared/billing/charges.ts';
import type { Statement } from '../usage/billing/statement.ts';
import { millisecondsToIso } from '../usage/coverage/report-period.ts';
import type { BilledCustomer } from './store/billed-customers.ts';
import { type HandedOver, wholeUser } from './store/handed-over.ts';

type HeldLine = Omit<NonNullable<Statement['held']>[number], 'accepted'>;

/** What follows for a statement from a user of which it is not clear who pays for it. */
interface HandedUser {
  connectionId: string;
  userId: string;
  /** Whether its usage is in the statement. */
  counts: boolean;
  /** Held back for a decision; null: it was made for another customer, or is not to be made here. */
  held: HeldLine | null;
  /** What of it is in no line, in words. */
  note: string | null;
}

const mistaken =
  'if that is a mistake, unmap the user, correct that statement, then map the user again';
const inPart = 'the rest of the period is billed by a statement of its own';

const time = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

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
 * Decides what becomes of a user that was handed over. Its usage counts once: in the statement that was
 * issued with it, else in that of the customer for whom somebody accepted it; until then both are held.
 */
function decide(user: HandedOver): HandedUser | null {
  const { connectionId, userId, isHere, until, issued, settled } = user;
  const whose = user.email || userId;
  const held = (quantity: string, why: string): HeldLine => ({
    ...{ connectionId, userId, item: wholeUser, quantity },
    words: `${whose} ${why}: look at it, then accept it.`,
  });
  const of = { connectionId, userId, held: null, note: null };
  if (settled) {
    const note = `${whose} is billed to another customer for this period, as somebody decided.`;
    return { ...of, counts: false, note };
  }
  if (issued) {
    const { number, fromHour, toHour, whole } = issued;
    if (!isHere && whole) return { ...of, counts: false };
    const times = `from ${time(hourToIso(fromHour))} to ${time(hourToIso(toHour))}`;
    const why = `is in statement ${number} of another customer, ${times}, and not billed here (${whole ? mistaken : inPart})`;
    return { ...of, counts: false, held: held(`not ${number}`, why) };
  }
  if (until === null) return null;
  const at = time(millisecondsToIso(until));
  const why = isHere
    ? `belonged to another customer until ${at}; accepted, this customer pays for all of this period`
    : `belonged to this customer until ${at}; accepted, this customer still pays for all of this period`;
  return { ...of, counts: true, held: held('pays', why) };
}
