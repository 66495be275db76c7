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

type Decision = StatementPlace & {
  lines: (AcceptedLine & { words: string })[];
  reason: string;
  operator: string;
};

/** Lines that somebody looked at and let count. */
export function acceptedLineMethods(database: DatabaseSync) {
  const select = database.prepare(
    'SELECT * FROM accepted_line WHERE customer_id = ? AND from_hour = ? AND to_hour = ?',
  );
  /** Journals each line of a decision in one transaction with what it changes. */
  const decide = (action: string, decision: Decision, change: (line: AcceptedLine) => void): null =>
    inTransaction(database, () => {
      const { customerId, fromHour, toHour, lines, reason, operator } = decision;
      for (const line of lines) {
        change(line);
        const { connectionId, userId, item, quantity, words } = line;
        const details = { connectionId, userId, item, quantity, fromHour, toHour, words, reason };
        addRecord(database, { operator, action, result: 'done', customerId, details });
      }
      return null;
    });
  const put = (action: string, decision: Decision): null => {
    const insert = database.prepare(
      'INSERT OR REPLACE INTO accepted_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    return decide(action, decision, (line) => {
      const { reason, operator } = decision;
      insert.run(...keyOf(decision, line), line.quantity, reason, operator, Date.now());
    });
  };
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
    acceptLines: (decision: Decision): null => put('statements.acceptHeld', decision),
    /** The same of users that a statement billed by mistake: they are taken back. */
    takeBack: (decision: Decision): null => put('statements.takeBack', decision),
    /** Withdraws accepted lines; that they counted is in the journal. */
    withdrawLines: (decision: Decision): null => {
      const remove = database.prepare(
        `DELETE FROM accepted_line WHERE customer_id = ? AND connection_id = ? AND user_id = ?
           AND item = ? AND from_hour = ? AND to_hour = ?`,
      );
      return decide('statements.withdrawHeld', decision, (line) => {
        remove.run(...keyOf(decision, line));
      });
    },
  };
}

const keyOf = ({ customerId, fromHour, toHour }: StatementPlace, line: AcceptedLine) =>
  [Number(customerId), line.connectionId, line.userId, line.item, fromHour, toHour] as const;
