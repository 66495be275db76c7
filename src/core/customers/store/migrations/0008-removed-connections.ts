import type { Migration } from '../../../store/sqlite/database.ts';

/**
 * Where a removed billing connection led, so that the same system added again gets its customers and
 * mappings back; what removed ones listed is no longer listed. Values of services' custom fields are
 * erased: nothing uses them, and there are passwords among them.
 */
export const removedConnections: Migration = {
  version: 8,
  name: '0008-removed-connections',
  up(database) {
    database.exec(`
      PRAGMA secure_delete = ON;
      ALTER TABLE billing ADD COLUMN removed_address TEXT;
      UPDATE service SET custom_fields = '[]';
      UPDATE customer SET gone = 1
        WHERE billing_id NOT IN (SELECT billing_id FROM billing_connection);
      UPDATE service SET gone = 1
        WHERE billing_id NOT IN (SELECT billing_id FROM billing_connection);
    `);
  },
};
