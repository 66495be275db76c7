import type { DatabaseSync } from 'node:sqlite';
import { customerReaders } from './list-customers.ts';
import type { StoredOffboarding } from './offboarding.ts';
import { type BilledPlace, type IssuedRow, issuedOverReader } from './statements.ts';

/** A statement, as first issued, by which a customer is billed for hours of a period. */
export interface IssuedOver {
  issued: IssuedRow;
  /** Whether nothing is left to bill: it is of the whole period, or the final one of a cancellation. */
  isAll: boolean;
}

/** Who is billed for hours already. */
export function issuedOverMethods(database: DatabaseSync) {
  const { getCustomer } = customerReaders(database);
  const issuedIn = issuedOverReader(database);
  // a correction is of the same time as the statement of the cancellation
  const leaving = database.prepare(
    `SELECT users FROM offboarding AS o, json_each(o.steps) AS step
       JOIN issued_statement AS final ON final.statement_id = step.value ->> '$.statementId'
     WHERE o.customer_id = ?1 AND o.state <> 'cancelled' AND final.summary ->> '$.to' = ?2`,
  );
  /** Whether a cancellation whose final statement ends then takes every user that the customer still has. */
  const isFinal = (customerId: string, to: string): boolean => {
    const cancelled = leaving
      .all(Number(customerId), to)
      .flatMap(({ users }) => JSON.parse(String(users)) as StoredOffboarding['users']);
    const { users = [] } = getCustomer({ customerId }) ?? {};
    return (
      cancelled.length > 0 &&
      users.every(
        (user) =>
          user.gone ||
          cancelled.some(
            (one) => one.connectionId === user.connectionId && one.userId === user.userId,
          ),
      )
    );
  };
  return {
    /** In the order of the places; null for whoever is billed for no hour of its period. */
    issuedOver: (places: readonly BilledPlace[]): (IssuedOver | null)[] =>
      places.map((place) => {
        const issued = issuedIn(place);
        if (!issued) return null;
        const { from, to } = JSON.parse(issued.summary) as { from: string; to: string };
        const isWhole = from === place.from && to === place.to;
        return { issued, isAll: isWhole || isFinal(place.customerId, to) };
      }),
  };
}
