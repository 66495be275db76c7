import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../store/sqlite/database.ts';
import { fromRow } from '../../store/sqlite/rows.ts';
import { addRecordsOf } from './records.ts';

/** A user that was compared with its plan. */
interface ComparedUser {
  connectionId: string;
  userId: string;
  /** In what it differs; empty where it is as its plan says. */
  what: string;
  /** When it was read, Unix milliseconds. */
  asOf: number;
}

/** When a difference was first seen, and when the user was last as its plan says; Unix milliseconds. */
interface NotedDrift {
  since: number;
  /** Null: it was never seen so. */
  matchedAt: number | null;
}

/** An exception from the plan of a user; times in Unix milliseconds. */
export interface KeptException {
  connectionId: string;
  userId: string;
  reason: string;
  until: number;
  createdAt: number;
  createdBy: string;
  /** Whether it lasts as long as a temporary raise. */
  raised: boolean;
}

export function planDriftMethods(database: DatabaseSync) {
  return {
    /** Those that were granted, and users that are raised for now; the one that lasts longest last. */
    listExceptions: (_input: null): KeptException[] =>
      database
        .prepare(
          `SELECT connection_id, user_id, reason, until, created_at, created_by, 0 AS raised
           FROM plan_exception UNION ALL
           SELECT connection_id, target_id, reason, until, created_at, created_by, 1
           FROM temporary_raise WHERE target_kind = 'user' AND ended_at IS NULL ORDER BY until`,
        )
        .all()
        .map((row) => ({ ...fromRow<KeptException>(row), raised: row.raised === 1 })),
    saveException: (exception: Omit<KeptException, 'raised'>): null =>
      inTransaction(database, () => {
        const { connectionId, userId, reason, until, createdAt, createdBy } = exception;
        database
          .prepare('INSERT OR REPLACE INTO plan_exception VALUES (?, ?, ?, ?, ?, ?)')
          .run(connectionId, userId, reason, until, createdAt, createdBy);
        const details = { connectionId, userId, reason, until: new Date(until).toISOString() };
        const of = { operator: createdBy, action: 'servicePlans.except', result: 'done' as const };
        addRecordsOf(database, { ...of, details }, exception);
        return null;
      }),
    /** Returns whether there was one. */
    endException: (of: { connectionId: string; userId: string; operator: string }): boolean =>
      inTransaction(database, () => {
        const { connectionId, userId, operator } = of;
        const { changes } = database
          .prepare('DELETE FROM plan_exception WHERE connection_id = ? AND user_id = ?')
          .run(connectionId, userId);
        if (changes === 0) return false;
        const details = { connectionId, userId };
        const done = { operator, action: 'servicePlans.endException', result: 'done' as const };
        addRecordsOf(database, { ...done, details }, of);
        return true;
      }),
    /**
     * Keeps which users differ in what, and when each was last as its plan says; `what` is empty where
     * it is so now. Returns what is known of each, in order.
     */
    noteDrift: (users: readonly ComparedUser[]): NotedDrift[] =>
      inTransaction(database, () => {
        const known = new Map(
          database
            .prepare('SELECT * FROM plan_drift')
            .all()
            .map((row) => [`${row.connection_id} ${row.user_id}`, row]),
        );
        const keep = database.prepare(
          `INSERT INTO plan_drift VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
           SET what = excluded.what, since = excluded.since, matched_at = excluded.matched_at`,
        );
        const now = Date.now();
        return users.map(({ connectionId, userId, what, asOf }) => {
          const before = known.get(`${connectionId} ${userId}`);
          const isKnown = before?.what === what;
          const since = isKnown ? Number(before.since) : now;
          const last = before?.matched_at == null ? null : Number(before.matched_at);
          const matchedAt = what === '' ? asOf : last;
          if (!isKnown || matchedAt !== last) {
            keep.run(connectionId, userId, what, since, matchedAt);
          }
          return { since, matchedAt };
        });
      }),
  };
}
