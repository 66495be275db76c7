import type { DatabaseSync } from 'node:sqlite';
import { hour } from '#shared/durations.ts';
import type { HourPeriod } from '../../usage/coverage/report-period.ts';
import type { StatementPlace } from './accepted-lines.ts';
import { type IssuedElsewhere, issuedUserReaders } from './issued-users.ts';
import { divideHours, type MappingRow, type Turn, turnsIn } from './turns.ts';

/** A user that had another customer in some part of a period, or is in a statement of another. */
export interface HandedOver {
  connectionId: string;
  userId: string;
  /** Null where its cluster does not list it. */
  email: string | null;
  /** Whether the customer has it now; else another has, or nobody. */
  isHere: boolean;
  /** When it was last unmapped from another; null where nobody else had it. */
  until: number | null;
  /** In which hours of the period the customer has it; null where nobody said. */
  hours: HourPeriod[] | null;
  /** Hours of before the customer lost it that are nobody's by now: a statement issued with them keeps them. */
  lapsed: HourPeriod[];
  /** In an issued statement of another customer of an overlapping time; `whole`: of all of the period. */
  issued: (IssuedElsewhere & { whole: boolean }) | null;
  /** Another customer pays for it in this very period: somebody decided so. */
  settled: boolean;
}

/** The item that an accepted decision on a whole user is on record by. */
export const wholeUser = 'user';

interface User {
  connectionId: string;
  userId: string;
}

/** Finds who had a user, in the order in which they were given it. */
export function mappingRowReader(database: DatabaseSync): (user: User) => MappingRow[] {
  const select = database.prepare(
    `SELECT customer_id, since_hour, mapped_at, unmapped_at, gone FROM mapping JOIN customer USING (customer_id)
     WHERE connection_id = ? AND user_id = ? ORDER BY mapping_id`,
  );
  return ({ connectionId, userId }) => {
    const rows = select.all(connectionId, userId);
    const isHad = rows.some(({ unmapped_at: at, gone }) => at === null && gone === 0);
    return rows.map((row) => ({
      customerId: String(row.customer_id),
      sinceHour: row.since_hour === null ? null : Number(row.since_hour),
      mappedAt: Number(row.mapped_at),
      // whoever is gone pays for nothing that another has
      unmappedAt:
        row.unmapped_at === null && !(isHad && row.gone === 1) ? null : Number(row.unmapped_at),
    }));
  };
}

/** Finds the users of a customer that were others' too, or of which it is not clear who pays for them. */
export function handedOverReader(database: DatabaseSync): (of: StatementPlace) => HandedOver[] {
  const rowsOfUser = mappingRowReader(database);
  const { issuedElsewhere } = issuedUserReaders(database);
  const ever = database.prepare(
    `SELECT connection_id, user_id, max(unmapped_at IS NULL) AS here FROM mapping
     WHERE customer_id = ? GROUP BY connection_id, user_id ORDER BY connection_id, user_id`,
  );
  const emailOf = database.prepare(
    'SELECT email FROM cluster_user WHERE connection_id = ? AND user_id = ?',
  );
  const settled = database.prepare(
    `SELECT 1 FROM accepted_line WHERE item = '${wholeUser}' AND quantity = 'pays' AND customer_id <> ?
       AND from_hour = ? AND to_hour = ? AND connection_id = ? AND user_id = ?`,
  );
  return (place) =>
    ever.all(Number(place.customerId)).flatMap((row) => {
      const { connection_id: connectionId, user_id: userId, here } = row;
      const user = { connectionId: String(connectionId), userId: String(userId) };
      const past = { ...place, isHere: here === 1, turns: turnsIn(rowsOfUser(user), place) };
      const until = untilOf(past);
      const divided = divideHours(past.turns, place);
      const hours = hoursHere(past, divided, until);
      const lapsed = lapsedHours(past, divided, until);
      const { fromHour, toHour, customerId } = place;
      const parts = hours ?? [{ fromHour, toHour }];
      const [issued = null] = issuedElsewhere({
        customerId,
        users: parts.map((part) => ({ ...user, ...part })),
      });
      if (!issued && lapsed.length === 0 && isClear(past, hours, until)) return [];
      const key = [Number(customerId), fromHour, toHour, user.connectionId, user.userId];
      const email = emailOf.get(user.connectionId, user.userId)?.email ?? null;
      return [
        {
          ...user,
          ...{ isHere: past.isHere, until, hours, lapsed },
          email: email === null ? null : String(email),
          issued: issued && {
            ...issued,
            whole: issued.fromHour <= fromHour && issued.toHour >= toHour,
          },
          settled: settled.get(...key) !== undefined,
        },
      ];
    });
}

interface Past extends StatementPlace {
  isHere: boolean;
  turns: readonly Turn[];
}

const isHad = ({ turns }: Past): boolean => turns.some(({ until }) => until === null);

/** When the customer lost the user; of one that has it: when another did, in the period or after it. */
function untilOf({ customerId, isHere, turns, fromHour }: Past): number | null {
  const ends = turns.flatMap((turn) =>
    (turn.customerId === customerId) === isHere || turn.until === null ? [] : [turn.until],
  );
  const last = Math.max(...ends, 0);
  return last === 0 || (isHere && last <= fromHour * hour) ? null : last;
}

type Divided = ReturnType<typeof divideHours>;

/** Unclear hours are in question only between those who had the user in the period or have it now. */
function hoursHere(past: Past, divided: Divided, until: number | null): HourPeriod[] | null {
  const { customerId, isHere, fromHour } = past;
  const isLong = !isHere && (!isHad(past) || (until !== null && until <= fromHour * hour));
  if (divided === null) return isLong ? [] : null;
  return divided.flatMap(({ customerId: whose, ...part }) => (whose === customerId ? [part] : []));
}

function lapsedHours(past: Past, divided: Divided, until: number | null): HourPeriod[] {
  if (past.isHere || until === null) return [];
  const { fromHour, toHour } = past;
  const whole = isHad(past) ? [] : [{ customerId: null, fromHour, toHour }];
  return (divided ?? whole).flatMap(({ customerId, ...part }) => {
    const ends = Math.min(part.toHour, Math.ceil(until / hour));
    return customerId === null && part.fromHour < ends ? [{ ...part, toHour: ends }] : [];
  });
}

/** Whether a user is in a statement as a whole, or not at all, and there is nothing to report. */
function isClear(past: Past, hours: HourPeriod[] | null, until: number | null): boolean {
  if (hours === null) return until === null;
  const [only] = hours;
  return past.isHere ? only?.fromHour === past.fromHour && only.toHour === past.toHour : !only;
}
