import type { DatabaseSync } from 'node:sqlite';
import type { StatementPlace } from './accepted-lines.ts';
import { type IssuedElsewhere, issuedUserReaders } from './issued-users.ts';

/** A user that had another customer in some part of a period, or is in a statement of another. */
export interface HandedOver {
  connectionId: string;
  userId: string;
  /** Null where its cluster does not list it. */
  email: string | null;
  /** Whether the customer has it now; else another has. */
  isHere: boolean;
  /** When it was unmapped from whoever had it before; null where nobody did in the period. */
  until: number | null;
  /** In an issued statement of another customer of an overlapping time; `whole`: of all of the period. */
  issued: (IssuedElsewhere & { whole: boolean }) | null;
  /** Another customer pays for it in this very period: somebody decided so. */
  settled: boolean;
}

/** The item that an accepted decision on a whole user is on record by. */
export const wholeUser = 'user';

const hour = 3_600_000;

/** Finds the users of a customer of which it is not clear who pays for them in a period. */
export function handedOverReader(database: DatabaseSync): (of: StatementPlace) => HandedOver[] {
  const { issuedElsewhere } = issuedUserReaders(database);
  const had = pastReader(database);
  const current = database.prepare(
    `SELECT DISTINCT connection_id, user_id FROM mapping
     WHERE customer_id = ? AND unmapped_at IS NULL`,
  );
  const emailOf = database.prepare(
    'SELECT email FROM cluster_user WHERE connection_id = ? AND user_id = ?',
  );
  const settled = database.prepare(
    `SELECT 1 FROM accepted_line WHERE item = '${wholeUser}' AND quantity = ? AND customer_id <> ?
       AND from_hour = ? AND to_hour = ? AND connection_id = ? AND user_id = ?`,
  );
  return (place) => {
    const { customerId, fromHour, toHour } = place;
    const here = current.all(Number(customerId)).map((row) => {
      const user = { connectionId: String(row.connection_id), userId: String(row.user_id) };
      return { ...user, isHere: true, until: had.byOthers(place, user) };
    });
    const users = [...here, ...had.byCustomer(place)];
    const issued = issuedElsewhere({ customerId, fromHour, toHour, users });
    return users.flatMap((user) => {
      const { connectionId, userId } = user;
      const elsewhere = issued.find(
        (one) => one.connectionId === connectionId && one.userId === userId,
      );
      if (user.until === null && !elsewhere) return [];
      const key = [Number(customerId), fromHour, toHour, connectionId, userId];
      const email = emailOf.get(connectionId, userId)?.email ?? null;
      return [
        {
          ...user,
          email: email === null ? null : String(email),
          issued: elsewhere
            ? { ...elsewhere, whole: elsewhere.fromHour <= fromHour && elsewhere.toHour >= toHour }
            : null,
          settled: settled.get('pays', ...key) !== undefined,
        },
      ];
    });
  };
}

/** Who had users in a period and has them no more. Whoever had a user first had it from the beginning. */
function pastReader(database: DatabaseSync) {
  const inPeriod = `m.unmapped_at > ?1 AND (m.mapped_at < ?2 OR NOT EXISTS (
    SELECT 1 FROM mapping AS first WHERE first.connection_id = m.connection_id
      AND first.user_id = m.user_id AND first.mapping_id < m.mapping_id))`;
  const byOthers = database.prepare(
    `SELECT max(m.unmapped_at) AS until FROM mapping AS m
     WHERE ${inPeriod} AND m.connection_id = ?3 AND m.user_id = ?4 AND m.customer_id <> ?5`,
  );
  const byCustomer = database.prepare(
    `SELECT m.connection_id, m.user_id, max(m.unmapped_at) AS until FROM mapping AS m
     WHERE ${inPeriod} AND m.customer_id = ?3
       AND NOT EXISTS (SELECT 1 FROM mapping AS own WHERE own.customer_id = m.customer_id
         AND own.connection_id = m.connection_id AND own.user_id = m.user_id
         AND own.unmapped_at IS NULL)
       AND EXISTS (SELECT 1 FROM mapping AS now WHERE now.connection_id = m.connection_id
         AND now.user_id = m.user_id AND now.unmapped_at IS NULL)
     GROUP BY m.connection_id, m.user_id ORDER BY m.connection_id, m.user_id`,
  );
  const bounds = ({ fromHour, toHour }: StatementPlace) => [fromHour * hour, toHour * hour];
  return {
    byOthers(place: StatementPlace, user: { connectionId: string; userId: string }): number | null {
      const { connectionId, userId } = user;
      const row = byOthers.get(...bounds(place), connectionId, userId, Number(place.customerId));
      return row?.until == null ? null : Number(row.until);
    },
    byCustomer: (place: StatementPlace) =>
      byCustomer.all(...bounds(place), Number(place.customerId)).map((row) => ({
        connectionId: String(row.connection_id),
        userId: String(row.user_id),
        isHere: false,
        until: Number(row.until),
      })),
  };
}
