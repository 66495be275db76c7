import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import type { HourPeriod } from '../../usage/coverage/report-period.ts';

type Payers = CallOutput<'statements.payers'>;

const mostNamed = 10;

/** Finds who pays for users of a cluster: the customers that have them, or were billed for them. */
export function payerReaders(database: DatabaseSync) {
  const select = database.prepare(
    `WITH asked AS (SELECT value AS user_id FROM json_each(?2)),
     billed AS (
       SELECT user_id, customer_id, number FROM issued_user JOIN issued_statement AS s USING (statement_id)
       WHERE connection_id = ?1 AND from_hour < ?4 AND to_hour > ?3 AND NOT EXISTS
         (SELECT 1 FROM issued_statement AS later WHERE later.corrects = s.statement_id)),
     pays AS (
       SELECT user_id, customer_id, NULL AS number FROM mapping JOIN customer USING (customer_id)
       WHERE connection_id = ?1 AND unmapped_at IS NULL AND gone = 0
       UNION ALL SELECT user_id, customer_id, number FROM billed)
     SELECT user_id, customer_id, coalesce(nullif(company, ''), name) AS name, max(number) AS number
     FROM pays JOIN customer USING (customer_id)
     WHERE ?2 IS NULL OR user_id IN (SELECT user_id FROM asked)
     GROUP BY user_id, customer_id ORDER BY max(number) IS NULL, name_order, customer_id`,
  );
  return {
    payers: (
      of: HourPeriod & { connectionId: string; userIds: readonly string[] | null },
    ): Payers => {
      const asked = of.userIds === null ? null : JSON.stringify(of.userIds);
      const rows = select.all(of.connectionId, asked, of.fromHour, of.toHour);
      const customers = new Map<string, Payers['first'][number]>();
      for (const { customer_id: id, name, number } of rows) {
        const customerId = String(id);
        if (customers.has(customerId)) continue;
        const said = number === null ? null : String(number);
        customers.set(customerId, { customerId, name: String(name), number: said });
      }
      const all = [...customers.values()];
      return {
        users: new Set(rows.map((row) => row.user_id)).size,
        customers: all.length,
        issued: all.filter(({ number }) => number !== null).length,
        first: all.slice(0, mostNamed),
      };
    },
  };
}
