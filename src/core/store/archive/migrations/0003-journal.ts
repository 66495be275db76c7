import type { Migration } from '../../sqlite/database.ts';
import { journalTables } from '../queries/journal-tables.ts';

/** Who did what to which target. */
export const journal: Migration = {
  version: 3,
  name: '0003-journal',
  up(database) {
    database.exec(`
      ${journalTables}
      CREATE INDEX journal_by_id ON journal_entry (journal_id, sequence);
      CREATE INDEX journal_by_kind ON journal_entry (kind, sequence);
      CREATE INDEX journal_by_target ON journal_entry (target_id, sequence);
      CREATE INDEX journal_by_run ON journal_entry (run_id, sequence);
    `);
  },
};
