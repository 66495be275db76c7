import type { DatabaseSync } from 'node:sqlite';
import type { Fields } from '#shared/operation-fields.ts';
import type { OperationCall } from '../../changes/operations/catalogue/operation.ts';
import { inTransaction } from '../../store/sqlite/database.ts';

/** A raise as it is stored; times in Unix milliseconds. */
export interface StoredRaise {
  raiseId: string;
  connectionId: string;
  kind: 'user' | 'bucket';
  targetId: string;
  targetName: string;
  part: 'quota' | 'limits';
  reason: string;
  until: number;
  createdAt: number;
  createdBy: string;
  before: Fields;
  after: Fields;
  back: OperationCall;
  confirmed: boolean;
  journalId: string | null;
}

const columns = [
  ...['raise_id', 'connection_id', 'target_kind', 'target_id', 'target_name', 'part', 'reason'],
  ...['until', 'created_at', 'created_by', 'before', 'after', 'back', 'confirmed', 'journal_id'],
];

function toRaise(row: Record<string, unknown>): StoredRaise {
  return {
    raiseId: String(row.raise_id),
    connectionId: String(row.connection_id),
    kind: row.target_kind as StoredRaise['kind'],
    targetId: String(row.target_id),
    targetName: String(row.target_name),
    part: row.part as StoredRaise['part'],
    reason: String(row.reason),
    until: Number(row.until),
    createdAt: Number(row.created_at),
    createdBy: String(row.created_by),
    before: JSON.parse(String(row.before)),
    after: JSON.parse(String(row.after)),
    back: JSON.parse(String(row.back)),
    confirmed: row.confirmed === 1,
    journalId: row.journal_id === null ? null : String(row.journal_id),
  };
}

function put(database: DatabaseSync, raise: StoredRaise): void {
  const { raiseId, connectionId, kind, targetId, targetName, part, reason, until } = raise;
  database
    .prepare(
      `INSERT OR REPLACE INTO temporary_raise (${columns.join(', ')})
       VALUES (${columns.map(() => '?').join(', ')})`,
    )
    .run(
      ...[raiseId, connectionId, kind, targetId, targetName, part, reason, until],
      ...[raise.createdAt, raise.createdBy, JSON.stringify(raise.before)],
      ...[JSON.stringify(raise.after), JSON.stringify(raise.back), Number(raise.confirmed)],
      raise.journalId,
    );
}

/** Raises that are to go back, and how they ended. */
export function raiseMethods(database: DatabaseSync) {
  return {
    /** Open ones, the first to end at the top. */
    listRaises: (of: { connectionId?: string | undefined }): StoredRaise[] =>
      database
        .prepare(
          `SELECT * FROM temporary_raise WHERE ended_at IS NULL
           AND (?1 IS NULL OR connection_id = ?1) ORDER BY until, raise_id`,
        )
        .all(of.connectionId ?? null)
        .map(toRaise),
    /**
     * Keeps a raise before it is sent. Over an open one of the same target and part it keeps that one's
     * id and way back. Returns it, and the one before, to be put back where nothing came of it.
     */
    openRaise: (raise: StoredRaise): { raise: StoredRaise; previous: StoredRaise | null } =>
      inTransaction(database, () => {
        const { connectionId, kind, targetId, part } = raise;
        const row = database
          .prepare(
            `SELECT * FROM temporary_raise WHERE ended_at IS NULL AND connection_id = ?
             AND target_kind = ? AND target_id = ? AND part = ?`,
          )
          .get(connectionId, kind, targetId, part);
        const previous = row ? toRaise(row) : null;
        const kept = previous && {
          raiseId: previous.raiseId,
          before: previous.before,
          back: previous.back,
        };
        const merged = { ...raise, ...kept };
        put(database, merged);
        return { raise: merged, previous };
      }),
    /** Restores a raise after a failed attempt; null: there was none. */
    undoRaise: (input: { raiseId: string; previous: StoredRaise | null }): null => {
      if (input.previous) put(database, input.previous);
      else {
        database.prepare('DELETE FROM temporary_raise WHERE raise_id = ?').run(input.raiseId);
      }
      return null;
    },
    confirmRaise: (input: {
      raiseId: string;
      journalId: string | null;
      confirmed: boolean;
    }): null => {
      database
        .prepare(
          `UPDATE temporary_raise SET confirmed = ?, journal_id = ifnull(?, journal_id)
           WHERE raise_id = ?`,
        )
        .run(Number(input.confirmed), input.journalId, input.raiseId);
      return null;
    },
    /** Returns whether it was open. */
    endRaise: (input: {
      raiseId: string;
      how: 'returned' | 'kept' | 'not-sent';
      operator: string;
    }): boolean =>
      database
        .prepare(
          `UPDATE temporary_raise SET ended_at = ?, ended_by = ?, ended_how = ?
           WHERE raise_id = ? AND ended_at IS NULL`,
        )
        .run(Date.now(), input.operator, input.how, input.raiseId).changes === 1,
  };
}
