import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../store/sqlite/database.ts';
import { addRecord } from './records.ts';

/** Of which customer and period, in whole hours. */
interface Place {
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

/** Lines that somebody looked at and let count. */
export function acceptedLineMethods(database: DatabaseSync) {
  return {
    acceptedLines: ({ customerId, fromHour, toHour }: Place) =>
      database
        .prepare(
          'SELECT * FROM accepted_line WHERE customer_id = ? AND from_hour = ? AND to_hour = ?',
        )
        .all(Number(customerId), fromHour, toHour)
        .map((row) => ({
          connectionId: String(row.connection_id),
          userId: String(row.user_id),
          item: String(row.item),
          quantity: String(row.quantity),
          reason: String(row.reason),
          by: String(row.accepted_by),
          at: new Date(Number(row.accepted_at)).toISOString(),
        })),
    /** Puts on record, and in the journal, that somebody looked at lines. */
    acceptLines: (
      input: Place & {
        lines: (AcceptedLine & { words: string })[];
        reason: string;
        operator: string;
      },
    ): null =>
      inTransaction(database, () => {
        const { customerId, fromHour, toHour, lines, reason, operator } = input;
        const insert = database.prepare(
          'INSERT OR REPLACE INTO accepted_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        );
        for (const { connectionId, userId, item, quantity, words } of lines) {
          const key = [Number(customerId), connectionId, userId, item, fromHour, toHour];
          insert.run(...key, quantity, reason, operator, Date.now());
          const details = { connectionId, userId, item, quantity, fromHour, toHour, words, reason };
          addRecord(database, {
            ...{ operator, action: 'statements.acceptHeld', result: 'done' as const },
            ...{ customerId, details },
          });
        }
        return null;
      }),
  };
}
