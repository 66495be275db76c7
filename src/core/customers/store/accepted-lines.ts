import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../store/sqlite/database.ts';
import { addRecord } from './records.ts';

/** Of which customer and period, in whole hours. */
export interface StatementPlace {
  customerId: string;
  fromHour: number;
  toHour: number;
}

/** A line that was held back, as it was when somebody looked at it. */
export interface AcceptedLine {
  connectionId: string;
  userId: string;
  item: string;
  /** Exact decimal text. */
  quantity: string;
}

/** An accepted line with the reason why it counts, and who looked at it. */
export type AcceptedOnRecord = AcceptedLine & { reason: string; by: string; at: string };

/** What somebody decided of lines, and why. */
export type Decision = StatementPlace & {
  lines: (AcceptedLine & { words: string })[];
  reason: string;
  operator: string;
  /** ISO. */
  at: string;
};

/** Changes lines of a decision, each with its record in the journal, in the transaction of the caller. */
function decideIn(
  database: DatabaseSync,
  action: string,
  { customerId, fromHour, toHour, lines, reason, operator }: Decision,
  change: (line: AcceptedLine) => void,
): void {
  for (const line of lines) {
    change(line);
    const { connectionId, userId, item, quantity, words } = line;
    const details = { connectionId, userId, item, quantity, fromHour, toHour, words, reason };
    addRecord(database, { operator, action, result: 'done', customerId, details });
  }
}

/** Puts on record, in the transaction of the caller, that lines count as somebody decided. */
export function putDecision(database: DatabaseSync, action: string, decision: Decision): void {
  const insert = database.prepare(
    'INSERT OR REPLACE INTO accepted_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const { reason, operator, at } = decision;
  decideIn(database, action, decision, (line) => {
    insert.run(...keyOf(decision, line), line.quantity, reason, operator, Date.parse(at));
  });
}

/** Lines that somebody looked at and let count. */
export function acceptedLineMethods(database: DatabaseSync) {
  const select = database.prepare(
    'SELECT * FROM accepted_line WHERE customer_id = ? AND from_hour = ? AND to_hour = ?',
  );
  return {
    acceptedLines: ({ customerId, fromHour, toHour }: StatementPlace): AcceptedOnRecord[] =>
      select.all(Number(customerId), fromHour, toHour).map((row) => ({
        connectionId: String(row.connection_id),
        userId: String(row.user_id),
        item: String(row.item),
        quantity: String(row.quantity),
        reason: String(row.reason),
        by: String(row.accepted_by),
        at: new Date(Number(row.accepted_at)).toISOString(),
      })),
    /** Puts on record, and in the journal, that somebody looked at lines. */
    acceptLines: (decision: Decision): null =>
      inTransaction(database, () => {
        putDecision(database, 'statements.acceptHeld', decision);
        return null;
      }),
    /** Withdraws accepted lines; that they counted is in the journal. */
    withdrawLines: (decision: Decision): null => {
      const remove = database.prepare(
        `DELETE FROM accepted_line WHERE customer_id = ? AND connection_id = ? AND user_id = ?
           AND item = ? AND from_hour = ? AND to_hour = ?`,
      );
      return inTransaction(database, () => {
        decideIn(database, 'statements.withdrawHeld', decision, (line) => {
          remove.run(...keyOf(decision, line));
        });
        return null;
      });
    },
  };
}

const keyOf = ({ customerId, fromHour, toHour }: StatementPlace, line: AcceptedLine) =>
  [Number(customerId), line.connectionId, line.userId, line.item, fromHour, toHour] as const;
