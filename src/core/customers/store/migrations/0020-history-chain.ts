import { journalTables } from '../../../store/archive/queries/journal-tables.ts';
import type { Migration } from '../../../store/sqlite/database.ts';
import { chainAllRows } from '../history/history-chain.ts';

/**
 * A chain of hashes, as journals of clusters have, over the rows that are only ever added to: records,
 * issued statements with their sources, and versions of plans. Those that there are begin it, in their
 * order; none is changed.
 */
export const historyChain: Migration = {
  version: 20,
  name: '0020-history-chain',
  up(database) {
    database.exec(journalTables);
    chainAllRows(database);
  },
};
