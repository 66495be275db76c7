import type { DatabaseSync } from 'node:sqlite';
import { customerReaders } from './list-customers.ts';
import { type IssuedRow, selectIssued, toIssuedRow } from './statements.ts';

/** A statement by which a customer is billed for hours of a period. */
export interface IssuedOver {
  issued: IssuedRow;
  /** Whether all users of the customer are gone by now: nothing is to come. */
  hasLeft: boolean;
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
        const hasLeft = getCustomer({ customerId })?.users.every(({ gone }) => gone) ?? true;
        return { issued: toIssuedRow(row), hasLeft };
      }),
  };
}
