import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Row } from '../../store/sqlite/rows.ts';
import { hasItems } from './items.ts';

type Outstanding = CallOutput<'invoices.outstanding'>;
type Credit = Outstanding['toCredit'][number];
type Invoice = CallOutput<'invoices.list'>['rows'][number];

const sumOf = (amounts: Row[string] | undefined): bigint =>
  String(amounts ?? '')
    .split(' ')
    .reduce((sum, amount) => sum + BigInt(amount), 0n);

/** A statement, and what of it is not invoiced, minor units. */
interface Open {
  row: Row;
  open: bigint;
}

function toCredit({ row, open }: Open): Credit {
  const { currency, minorDigits } = JSON.parse(String(row.summary)) as Credit;
  const amount = toWireInteger(-open);
  return { statementId: String(row.id), number: String(row.number), amount, currency, minorDigits };
}

/** Queries on what is invoiced, and what is not yet. */
export function outstandingMethods(database: DatabaseSync) {
  return {
    /** The record of how a statement was invoiced; `hasItems`: by billable items. */
    keptDraft: ({ billingId, statementId }: { billingId: string; statementId: string }) => {
      const row = database
        .prepare(
          'SELECT state, external_id, subtotal, owner FROM invoice WHERE billing_id = ? AND statement_id = ?',
        )
        .get(billingId, statementId);
      return {
        hasItems: hasItems(database, billingId, statementId),
        draft: row
          ? {
              state: String(row.state) as Invoice['state'],
              invoiceId: row.external_id === null ? null : String(row.external_id),
              subtotal: String(row.subtotal),
              owner: row.owner === null ? null : String(row.owner),
            }
          : null,
      };
    },
    outstanding: (of: { billingId: string; from: string; to: string }): Outstanding => {
      const rows = database
        .prepare(
          `WITH RECURSIVE chain AS (
             SELECT s.statement_id AS id, s.place, s.number, s.corrects AS earlier,
               s.summary ->> '$.total' AS total, s.summary FROM issued_statement AS s
             JOIN customer USING (customer_id)
             WHERE customer.billing_id = ?1 AND s.summary ->> '$.from' = ?2
               AND s.summary ->> '$.to' = ?3 AND NOT EXISTS
                 (SELECT 1 FROM issued_statement AS c WHERE c.corrects = s.statement_id)),
           billed AS (
             SELECT id, id AS part, earlier FROM chain
             UNION ALL SELECT billed.id, s.statement_id, s.corrects
               FROM billed JOIN issued_statement AS s ON s.statement_id = billed.earlier)
           SELECT chain.id, number, total, chain.summary, own.state,
             (SELECT group_concat(i.subtotal, ' ') FROM billed JOIN invoice AS i
                ON i.statement_id = billed.part AND i.billing_id = ?1
                WHERE billed.id = chain.id AND billed.part <> chain.id
                  AND i.state IN ('drafted', 'differs')) AS before,
             EXISTS (SELECT 1 FROM billed JOIN billable_item AS i ON i.statement_id = billed.part
               WHERE billed.id = chain.id AND i.state <> 'failed') AS has_items
           FROM chain LEFT JOIN invoice AS own
             ON own.statement_id = chain.id AND own.billing_id = ?1 ORDER BY place`,
        )
        .all(of.billingId, of.from, of.to)
        .filter((row) => row.has_items === 0)
        .map((row): Open => ({ row, open: BigInt(String(row.total)) - sumOf(row.before) }));
      const undrafted = rows.filter(({ row }) => row.state !== 'drafted');
      return {
        issued: rows.length,
        statementIds: undrafted.filter(({ open }) => open > 0n).map(({ row }) => String(row.id)),
        toCredit: undrafted.filter(({ open }) => open < 0n).map(toCredit),
      };
    },
  };
}
