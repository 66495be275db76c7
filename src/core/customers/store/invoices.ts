import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { toWireInteger } from '#shared/units.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { type Page, type Row, readPage } from '../../store/sqlite/rows.ts';
import { hasItems } from './items.ts';
import { addRecord } from './records.ts';
import { endsIn } from './statements.ts';

export interface NewDraft {
  billingId: string;
  statementId: string;
  customerId: string;
  reference: string;
  lines: number;
  /** Minor units, exact decimal text. */
  subtotal: string;
  operator: string;
  ticket?: string | undefined;
  /** Which process makes it. */
  owner: string;
}

export interface DraftOutcome {
  billingId: string;
  statementId: string;
  customerId: string;
  state: 'drafted' | 'differs' | 'failed';
  invoiceId: string | null;
  problem: string | null;
  operator: string;
  ticket?: string | undefined;
}

interface Claimed {
  /**
   * Its state before this claim; null: nothing was tried; `items`: sent as billable items; `corrected`:
   * a correction of the statement is issued.
   */
  before: string | null;
  invoiceId: string | null;
  reference: string;
  /** Who was making it before, where it was left at `sending`. */
  owner: string | null;
}

type Invoice = CallOutput<'invoices.list'>['rows'][number];

const listed = `invoice JOIN issued_statement AS s USING (statement_id)
  JOIN customer USING (customer_id)
  WHERE (?1 IS NULL OR invoice.billing_id = ?1) AND (?2 IS NULL OR customer_id = ?2)
    AND ${endsIn('?3', '?4')} AND (?5 = '' OR instr(customer.words, ?5) > 0
      OR instr(lower(s.number), ?5) > 0 OR instr(lower(invoice.reference), ?5) > 0
      OR invoice.external_id = ltrim(?5, '#'))`;

function toInvoice(row: Row): Invoice {
  const summary = JSON.parse(String(row.summary)) as { currency: string; minorDigits: number };
  return {
    statementId: String(row.statement_id),
    number: String(row.number),
    billingId: String(row.invoice_billing),
    customerId: String(row.customer_id),
    customerName: String(row.company) || String(row.name),
    externalId: String(row.client),
    invoiceId: row.external_id === null ? null : String(row.external_id),
    reference: String(row.reference),
    state: String(row.state) as Invoice['state'],
    problem: row.problem === null ? null : String(row.problem),
    lines: Number(row.lines),
    subtotal: toWireInteger(BigInt(String(row.subtotal))),
    currency: summary.currency,
    minorDigits: summary.minorDigits,
    createdAt: new Date(Number(row.created_at)).toISOString(),
    createdBy: String(row.created_by),
  };
}

function claim(database: DatabaseSync, draft: NewDraft): Claimed {
  const refused = { invoiceId: null, reference: draft.reference, owner: null };
  if (hasItems(database, draft.billingId, draft.statementId))
    return { before: 'items', ...refused };
  const corrected = database
    .prepare('SELECT 1 FROM issued_statement WHERE corrects = ?')
    .get(draft.statementId);
  if (corrected) return { before: 'corrected', ...refused };
  const key = [draft.billingId, draft.statementId];
  const row = database
    .prepare('SELECT * FROM invoice WHERE billing_id = ? AND statement_id = ?')
    .get(...key);
  if (row) {
    return {
      before: String(row.state),
      invoiceId: row.external_id === null ? null : String(row.external_id),
      reference: String(row.reference),
      owner: row.owner === null ? null : String(row.owner),
    };
  }
  database
    .prepare(
      `INSERT INTO invoice (billing_id, statement_id, reference, state, lines, subtotal, owner,
         created_at, created_by) VALUES (?, ?, ?, 'sending', ?, ?, ?, ?, ?)`,
    )
    .run(
      ...key,
      draft.reference,
      draft.lines,
      draft.subtotal,
      draft.owner,
      Date.now(),
      draft.operator,
    );
  return { before: null, invoiceId: null, reference: draft.reference, owner: draft.owner };
}

/** Draft invoices: each is on record before it is sent. */
export function invoiceMethods(database: DatabaseSync) {
  return {
    installation: (_input: null): string =>
      String(database.prepare('SELECT id FROM installation').get()?.id),
    /** Puts a draft on record where there is none; says how it stood before. */
    claimDraft: (draft: NewDraft): Claimed => inTransaction(database, () => claim(database, draft)),
    /** Notes, before it is sent, that a draft is. */
    noteSending: (input: NewDraft): null =>
      inTransaction(database, () => {
        const { billingId, statementId, customerId, reference, operator, owner, ticket } = input;
        database
          .prepare(
            `UPDATE invoice SET state = 'sending', problem = NULL, owner = ?, lines = ?, subtotal = ?
             WHERE billing_id = ? AND statement_id = ?`,
          )
          .run(owner, input.lines, input.subtotal, billingId, statementId);
        const details = { statementId, reference };
        addRecord(database, {
          ...{ operator, ticket, action: 'invoices.draft', result: 'intent' as const },
          ...{ customerId, billingId, details },
        });
        return null;
      }),
    /** Notes what became of a draft; that it was looked at and is as it was needs no record. */
    noteDraft: (outcome: DraftOutcome): null =>
      inTransaction(database, () => {
        const { billingId, statementId, customerId, state, invoiceId, problem } = outcome;
        const { operator, ticket } = outcome;
        const before = database
          .prepare(
            'SELECT state, external_id, problem FROM invoice WHERE billing_id = ? AND statement_id = ?',
          )
          .get(billingId, statementId);
        const isKnown =
          before?.state === state && before.external_id === invoiceId && before.problem === problem;
        if (isKnown) return null;
        database
          .prepare(
            `UPDATE invoice SET state = ?, external_id = ifnull(?, external_id), problem = ?,
               owner = NULL WHERE billing_id = ? AND statement_id = ?`,
          )
          .run(state, invoiceId, problem, billingId, statementId);
        const result = state === 'drafted' ? ('done' as const) : ('failed' as const);
        const details = { statementId, invoiceId, ...(problem === null ? {} : { problem }) };
        addRecord(database, {
          ...{ operator, ticket, action: 'invoices.draft', result },
          ...{ customerId, billingId, details },
        });
        return null;
      }),
    listInvoices: (
      query: Page & {
        billingId?: string | undefined;
        customerId?: string | undefined;
        within: { from: string; to: string } | null;
        search?: string | undefined;
      },
    ): CallOutput<'invoices.list'> => {
      const { billingId = null, customerId, within } = query;
      const columns = `invoice.*, invoice.billing_id AS invoice_billing, s.number, s.summary, customer_id,
        customer.name, customer.company, customer.external_id AS client,
        invoice.external_id AS external_id`;
      const values = [
        ...[billingId, customerId === undefined ? null : Number(customerId)],
        ...[within?.from ?? null, within?.to ?? null, searchedText(query.search)],
      ];
      const wanted = { columns, from: listed, order: 'invoice_row DESC', values, page: query };
      return readPage(database, wanted, toInvoice);
    },
  };
}
