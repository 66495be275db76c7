import type { Migration } from '../../../store/sqlite/database.ts';

/** The day on which a service was registered: its base fee begins then. Known from the next refresh on. */
export const serviceRegistered: Migration = {
  version: 14,
  name: '0014-service-registered',
  up(database) {
    database.exec('ALTER TABLE service ADD COLUMN registered_on TEXT');
  },
};
