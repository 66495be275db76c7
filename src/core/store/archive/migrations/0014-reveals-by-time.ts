import type { Migration } from '../../sqlite/database.ts';

/** Revealed secret keys by time: who asks for those of a week reads no other entry of the journal. */
export const revealsByTime: Migration = {
  version: 14,
  name: '0014-reveals-by-time',
  up(database) {
    database.exec(
      "CREATE INDEX journal_reveals ON journal_entry (at) WHERE operation = 'keys.reveal'",
    );
  },
};
