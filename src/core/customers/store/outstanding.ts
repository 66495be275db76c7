import type { DatabaseSync } from 'node:sqlite';
import { draftSums } from '#shared/billing/money.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Row } from '../../store/sqlite/rows.ts';
import type { Statement } from '../../usage/billing/statement.ts';
import { baseFeeOf, payingTwice } from './charged-twice.ts';
import { hasItems } from './items.ts';
import { endsIn, unpackBody } from './statements.ts';

type Outstanding = CallOutput<'invoices.outstanding'>;
type Credit = Outstanding['toCredit'][number];
type Invoice = CallOutput<'invoices.list'>['rows'][number];
type Preview = CallOutput<'invoices.preview'>;
type Left = Preview['left'][number];

const mostNamed = 20;

const sumOf = (amounts: Row[string] | undefined): bigint =>
  String(amounts ?? '')
    .split(' ')
    .reduce((sum, amount) => sum + BigInt(amount), 0n);

/** A statement, and what of it is not invoiced, minor units. */
interface Open {
  row: Row;
  amount: bigint;
  customerId: string;
  currency: string;
  minorDigits: number;
  customerName: string;
  state: Statement['state'];
}

function toCredit({ row, currency, minorDigits, amount }: Open): Credit {
  const of = { statementId: String(row.id), number: String(row.number) };
  return { ...of, amount: toWireInteger(-amount), currency, minorDigits };
}

type Summary = Pick<Open, 'currency' | 'minorDigits' | 'customerName' | 'state'>;

function toOpen(row: Row): Open {
  const { currency, minorDigits, customerName, state } = JSON.parse(String(row.summary)) as Summary;
  const amount = BigInt(String(row.total)) - sumOf(row.before);
  const customerId = String(row.customer_id);
  return { row, amount, customerId, currency, minorDigits, customerName, state };
}

/** Reads statements of a billing system (?1), and what of each is not invoiced. */
function openOf(database: DatabaseSync, which: string, values: string[]): Open[] {
  return database
    .prepare(
      `WITH RECURSIVE chain AS (
         SELECT s.statement_id AS id, s.place, s.number, s.corrects AS earlier, customer_id,
           s.summary ->> '$.total' AS total, s.summary, EXISTS
             (SELECT 1 FROM issued_statement AS c WHERE c.corrects = s.statement_id) AS corrected
         FROM issued_statement AS s JOIN customer USING (customer_id)
         WHERE customer.billing_id = ?1 AND ${which}),
       billed AS (
         SELECT id, id AS part, earlier FROM chain
         UNION ALL SELECT billed.id, s.statement_id, s.corrects
           FROM billed JOIN issued_statement AS s ON s.statement_id = billed.earlier)
       SELECT chain.*, own.state,
         (SELECT group_concat(i.subtotal, ' ') FROM billed JOIN invoice AS i
            ON i.statement_id = billed.part AND i.billing_id = ?1
            WHERE billed.id = chain.id AND billed.part <> chain.id
              AND i.state IN ('drafted', 'differs')) AS before,
         EXISTS (SELECT 1 FROM billed JOIN billable_item AS i ON i.statement_id = billed.part
           WHERE billed.id = chain.id AND i.state <> 'failed') AS has_items
       FROM chain LEFT JOIN invoice AS own
         ON own.statement_id = chain.id AND own.billing_id = ?1 ORDER BY place`,
    )
    .all(...values)
    .map(toOpen);
}

/** Why no draft is made of a statement; null where one is. */
function whyLeft({ row, amount }: Open): Left['why'] | null {
  if (row.corrected === 1) return 'corrected';
  if (row.has_items === 1) return 'items';
  if (row.state === 'drafted' || row.state === 'differs') return row.state;
  return amount > 0n ? null : amount < 0n ? 'credit' : 'nothing';
}

function leftOf(rows: readonly Open[]): Left[] {
  const groups = Map.groupBy(rows, whyLeft);
  return [...groups].flatMap(([why, of]) => {
    if (why === null) return [];
    return [{ why, ...someOf(of) }];
  });
}

function someOf(rows: readonly Open[]) {
  const first = rows.slice(0, mostNamed).map(({ row, customerId, customerName }) => ({
    ...{ statementId: String(row.id), number: String(row.number), customerId, customerName },
  }));
  return { statements: rows.length, first };
}

/** Who pays a base fee in these statements, and a recurring amount besides. */
function twiceOf(database: DatabaseSync, rows: readonly Open[]): Preview['twice'] {
  const body = database.prepare(
    'SELECT encoding, body FROM issued_statement WHERE statement_id = ?',
  );
  const first = rows.filter(({ row }) => row.before === null);
  return payingTwice(database, first, ({ row }) => {
    const packed = body.get(String(row.id));
    return packed ? baseFeeOf(JSON.parse(unpackBody(packed)) as Statement) : 0n;
  });
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
    /** What would be drafted of statements, what is left out, and who pays a plan twice then. */
    previewDrafts: (of: { billingId: string; statementIds: readonly string[] }): Preview => {
      const asked = 's.statement_id IN (SELECT value FROM json_each(?2))';
      const rows = openOf(database, asked, [of.billingId, JSON.stringify(of.statementIds)]);
      const drafts = rows.filter((one) => whyLeft(one) === null);
      // a draft that is made already charges it as well
      const charging = rows.filter((one) => [null, 'drafted', 'differs'].includes(whyLeft(one)));
      const notFinal = someOf(drafts.filter(({ state }) => state !== 'final'));
      const twice = twiceOf(database, charging);
      return { sums: draftSums(drafts), left: leftOf(rows), notFinal, twice };
    },
    outstanding: (of: { billingId: string; from: string; to: string }): Outstanding => {
      const rows = openOf(database, endsIn('?2', '?3'), [of.billingId, of.from, of.to]).filter(
        ({ row }) => row.corrected === 0,
      );
      const byItems = rows.filter(({ row }) => row.has_items === 1).length;
      const undrafted = rows.filter(({ row }) => row.has_items === 0 && row.state !== 'drafted');
      return {
        ...{ issued: rows.length, byItems },
        statementIds: undrafted
          .filter(({ amount }) => amount > 0n)
          .map(({ row }) => String(row.id)),
        toCredit: undrafted.filter(({ amount }) => amount < 0n).map(toCredit),
      };
    },
  };
}
