import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../store/sqlite/database.ts';
import { addRecord, type NewRecord } from './records.ts';
import { markGone } from './save-lists.ts';
import type { StoredBilling } from './stored-billing.ts';

const columns = 'billing_id, name, settings';

/** That another certificate than the pinned one was shown; null: the pinned one is back. */
export interface NotedPinAlarm {
  billingId: string;
  pinned: string;
  pinAlarm: StoredBilling['pinAlarm'] | null;
  record: NewRecord | null;
}

/**
 * Keeps an alarm or takes it away, and nothing else: the rest may be saved at the same time. Returns
 * whether that pin is still the connection's.
 */
function notePinAlarm(database: DatabaseSync, noted: NotedPinAlarm): boolean {
  const { billingId, pinned, pinAlarm, record } = noted;
  return inTransaction(database, () => {
    const { changes } = database
      .prepare(
        `UPDATE billing_connection SET settings = CASE WHEN ?1 IS NULL
           THEN json_remove(settings, '$.pinAlarm')
           ELSE json_set(settings, '$.pinAlarm', json(?1)) END
         WHERE billing_id = ?2 AND settings ->> '$.tls.fingerprint256' = ?3`,
      )
      .run(pinAlarm ? JSON.stringify(pinAlarm) : null, billingId, pinned);
    if (record && changes > 0) addRecord(database, record);
    return changes > 0;
  });
}

export function connectionMethods(database: DatabaseSync) {
  const list = database.prepare(`SELECT ${columns} FROM billing_connection ORDER BY rowid`);
  return {
    /** `settings` as they were saved: their schema is not read in this thread, which it would hold up. */
    listConnections: (_input: null): { id: string; settings: unknown }[] =>
      list.all().map(({ billing_id, settings }) => ({
        id: String(billing_id),
        settings: JSON.parse(String(settings)),
      })),
    /**
     * Saves; a table that is omitted stays. Products that plans have of no connection yet become those
     * of the first one; so does the alarm of a pin that stays, which may have been noted since its
     * settings were read. Returns whether the name is free. `record` is what the journal says of it.
     */
    saveConnection: (input: {
      connection: StoredBilling;
      table?: string;
      record?: NewRecord | null;
    }): boolean =>
      inTransaction(database, () => {
        const { connection, table, record } = input;
        const taken = database
          .prepare('SELECT 1 FROM billing_connection WHERE name = ? AND billing_id <> ?')
          .get(connection.name, connection.id);
        if (taken) return false;
        database
          .prepare(
            `INSERT INTO billing_connection (billing_id, name, settings, table_text)
             VALUES (?, ?, ?, ?) ON CONFLICT (billing_id) DO UPDATE SET name = excluded.name,
               settings = CASE WHEN settings ->> '$.pinAlarm.pinned' =
                   excluded.settings ->> '$.tls.fingerprint256'
                 THEN json_set(excluded.settings, '$.pinAlarm', json(settings -> '$.pinAlarm'))
                 ELSE excluded.settings END,
               table_text = ifnull(excluded.table_text, table_text)`,
          )
          .run(connection.id, connection.name, JSON.stringify(connection), table ?? null);
        database
          .prepare(
            `UPDATE plan_product SET billing_id = ? WHERE billing_id IS NULL
             AND (SELECT count(*) FROM billing_connection) = 1`,
          )
          .run(connection.id);
        if (record) addRecord(database, record);
        return true;
      }),
    notePinAlarm: (input: NotedPinAlarm): boolean => notePinAlarm(database, input),
    readTable: ({ billingId }: { billingId: string }): string | null => {
      const row = database
        .prepare('SELECT table_text FROM billing_connection WHERE billing_id = ?')
        .get(billingId);
      return row?.table_text == null ? null : String(row.table_text);
    },
    /** What it listed is no longer listed; where it led is kept for {@link removedAs}. */
    removeConnection: ({ billingId, address }: { billingId: string; address: string }): null =>
      inTransaction(database, () => {
        database.prepare('DELETE FROM billing_connection WHERE billing_id = ?').run(billingId);
        database
          .prepare('UPDATE billing SET removed_address = ? WHERE billing_id = ?')
          .run(address, billingId);
        markGone(database, billingId);
        return null;
      }),
    /** Id of the removed connection that led to an address, the last one read; null where none did. */
    removedAs: ({ address }: { address: string }): string | null => {
      const row = database
        .prepare(
          `SELECT billing_id FROM billing WHERE removed_address = ?
           AND billing_id NOT IN (SELECT billing_id FROM billing_connection)
           ORDER BY as_of DESC LIMIT 1`,
        )
        .get(address);
      return row ? String(row.billing_id) : null;
    },
  };
}
