import type { Migration } from '../../sqlite/database.ts';

/** Why a row of a bulk run is done, in words, where what prepared the run said so. */
export const rowReasons: Migration = {
  version: 16,
  name: '0016-row-reasons',
  up(database) {
    database.exec('ALTER TABLE bulk_row ADD COLUMN reason TEXT');
  },
};
