import type { DatabaseSync } from 'node:sqlite';
import { customerReaders } from './list-customers.ts';
import type { StoredOffboarding } from './offboarding.ts';
import { type IssuedRow, selectIssued, toIssuedRow } from './statements.ts';

/** A statement by which a customer is billed for hours of a period. */
export interface IssuedOver {
  issued: IssuedRow;
  /** Whether nothing is left to bill: it is of the whole period, or the final one of a cancellation. */
  isAll: boolean;
}

/** Who is billed for hours already. */
export function issuedOverMethods(database: DatabaseSync) {
  const { getCustomer } = customerReaders(database);
  const last = database.prepare(
    `${selectIssued} WHERE s.customer_id = ?1
       AND s.summary ->> '$.from' < ?3 AND s.summary ->> '$.to' > ?2
       AND NOT EXISTS (SELECT 1 FROM issued_statement AS c WHERE c.corrects = s.statement_id)
     ORDER BY s.place DESC LIMIT 1`,
  );
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
    /** The last statement of each customer, as corrected, that bills hours of a period; null without one. */
    issuedOver: (of: {
      customerIds: readonly string[];
      from: string;
      to: string;
    }): (IssuedOver | null)[] =>
      of.customerIds.map((customerId) => {
        const row = last.get(Number(customerId), of.from, of.to);
        if (!row) return null;
        const issued = toIssuedRow(row);
        const { from, to } = JSON.parse(issued.summary) as { from: string; to: string };
        const isWhole = from === of.from && to === of.to;
        return { issued, isAll: isWhole || isFinal(customerId, to) };
      }),
  };
}
