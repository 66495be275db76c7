import type { Migration } from '../../../store/sqlite/database.ts';

/** When a customer's currency and owner were last asked for, answered or not: others come before it. */
export const detailsAsked: Migration = {
  version: 19,
  name: '0019-details-asked',
  up(database) {
    database.exec('ALTER TABLE customer ADD COLUMN details_asked_at INTEGER');
  },
};
