import type { DatabaseSync } from 'node:sqlite';
import { hour } from '#shared/durations.ts';
import { expandRaw } from '../../../store/archive/file/encodings.ts';
import type { Migration } from '../../../store/sqlite/database.ts';

/**
 * Which users are in which issued statement, and the mappings that were taken back by user and by
 * customer: so that a user that was handed over is billed to one customer only.
 */
export const issuedUsers: Migration = {
  version: 11,
  name: '0011-issued-users',
  up(database) {
    database.exec(`
      CREATE TABLE issued_user (
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        statement_id TEXT NOT NULL REFERENCES issued_statement (statement_id),
        from_hour INTEGER NOT NULL,
        to_hour INTEGER NOT NULL,
        PRIMARY KEY (connection_id, user_id, statement_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX mapping_past_by_user ON mapping (connection_id, user_id)
        WHERE unmapped_at IS NOT NULL;
      CREATE INDEX mapping_past_by_customer ON mapping (customer_id) WHERE unmapped_at IS NOT NULL;
    `);
    fill(database);
  },
};

function fill(database: DatabaseSync): void {
  const add = database.prepare(
    `INSERT OR IGNORE INTO issued_user (connection_id, user_id, statement_id, from_hour, to_hour)
     VALUES (?, ?, ?, ?, ?)`,
  );
  const issued = database.prepare('SELECT statement_id, encoding, body FROM issued_statement');
  for (const { statement_id: statementId, encoding, body } of issued.iterate()) {
    const { from, to, users = [] } = parsed(String(encoding), body as Uint8Array);
    if (from === undefined || to === undefined) continue;
    const hours = [Date.parse(from) / hour, Date.parse(to) / hour];
    for (const { connectionId, userId } of users) {
      if (connectionId !== undefined) add.run(connectionId, userId, String(statementId), ...hours);
    }
  }
}

interface StoredStatement {
  from?: string;
  to?: string;
  users?: { connectionId?: string; userId: string }[];
}

/** Reads a statement as issued; one that can't be read keeps the file from nobody. */
function parsed(encoding: string, body: Uint8Array): StoredStatement {
  try {
    return JSON.parse(new TextDecoder().decode(expandRaw(encoding, body))) as StoredStatement;
  } catch {
    return {};
  }
}
