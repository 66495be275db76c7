import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { addRecord } from './records.ts';

type Row = CallOutput<'invoices.items'>['rows'][number];

/** A line of a statement on its way to a billing system. */
export interface NewItem {
  billingId: string;
  statementId: string;
  customerId: string;
  /** From 1. */
  line: number;
  description: string;
  /** Minor units, exact decimal text. */
  amount: string;
  operator: string;
  ticket?: string | undefined;
}

export interface KeptItem {
  line: number;
  state: Exclude<Row['state'], 'new'>;
  itemId: string | null;
  problem: string | null;
}

/** How a claim ended: `send` it, or leave it as it is. `invoiced`: the statement has a draft invoice. */
export type ItemClaim = 'send' | 'invoiced' | KeptItem['state'];

const where = 'billing_id = ? AND statement_id = ?';

/** Returns whether any item of a statement was sent, or may have been. */
export function hasItems(database: DatabaseSync, billingId: string, statementId: string): boolean {
  const row = database
    .prepare(`SELECT 1 FROM billable_item WHERE ${where} AND state <> 'failed'`)
    .get(billingId, statementId);
  return row !== undefined;
}

function claim(database: DatabaseSync, item: NewItem, again: boolean): ItemClaim {
  const { billingId, statementId, line, description, amount, customerId } = item;
  const { operator, ticket } = item;
  const invoice = database
    .prepare(`SELECT 1 FROM invoice WHERE ${where} AND state <> 'failed'`)
    .get(billingId, statementId);
  if (invoice) return 'invoiced';
  const row = database
    .prepare(`SELECT state FROM billable_item WHERE ${where} AND line = ?`)
    .get(billingId, statementId, line);
  const before = row ? (String(row.state) as KeptItem['state']) : 'failed';
  const isOpen = before === 'sending' || before === 'unknown';
  if (before !== 'failed' && !(again && isOpen)) return before;
  database
    .prepare(
      `INSERT OR REPLACE INTO billable_item VALUES (?, ?, ?, ?, ?, 'sending', NULL, NULL, ?, ?)`,
    )
    .run(billingId, statementId, line, description, amount, Date.now(), operator);
  const details = { statementId, line, description, amount };
  addRecord(database, {
    ...{ operator, ticket, action: 'invoices.addItems', result: 'intent' },
    ...{ customerId, billingId, details },
  });
  return 'send';
}

/** Billable items: each is on record before it is sent. */
export function itemMethods(database: DatabaseSync) {
  return {
    /** Puts an item on record as being sent, unless it was sent before or may have been. */
    claimItem: ({ item, again }: { item: NewItem; again: boolean }): ItemClaim =>
      inTransaction(database, () => claim(database, item, again)),
    noteItem: (of: {
      item: NewItem;
      state: 'sent' | 'unknown' | 'failed';
      itemId: string | null;
      problem: string | null;
    }): null =>
      inTransaction(database, () => {
        const { item, state, itemId, problem } = of;
        const { billingId, statementId, line, customerId, operator, ticket } = item;
        database
          .prepare(
            `UPDATE billable_item SET state = ?, external_id = ?, problem = ?
             WHERE ${where} AND line = ?`,
          )
          .run(state, itemId, problem, billingId, statementId, line);
        const details = { statementId, line, itemId, ...(problem === null ? {} : { problem }) };
        const result = state === 'sent' ? 'done' : state;
        addRecord(database, {
          ...{ operator, ticket, action: 'invoices.addItems', result },
          ...{ customerId, billingId, details },
        });
        return null;
      }),
    itemsOf: (of: { billingId: string; statementId: string }): KeptItem[] =>
      database
        .prepare(`SELECT * FROM billable_item WHERE ${where} ORDER BY line`)
        .all(of.billingId, of.statementId)
        .map((row) => ({
          line: Number(row.line),
          state: String(row.state) as KeptItem['state'],
          itemId: row.external_id === null ? null : String(row.external_id),
          problem: row.problem === null ? null : String(row.problem),
        })),
  };
}
