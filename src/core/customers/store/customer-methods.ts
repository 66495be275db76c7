import type { DatabaseSync } from 'node:sqlite';
import { connectionMethods } from './billing-connections.ts';
import { customerReaders } from './list-customers.ts';
import { mappingReaders, mappingWriters } from './mappings.ts';
import { listWriters } from './save-lists.ts';

/** Every question and change of the customers' database, by topic. */
export function customerMethods(database: DatabaseSync) {
  return {
    ...connectionMethods(database),
    ...customerReaders(database),
    ...mappingReaders(database),
    ...mappingWriters(database),
    ...listWriters(database),
    close: (_input: null): null => {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
      return null;
    },
  };
}

/** The questions and changes, typed for the calling side. */
export type CustomerMethods = ReturnType<typeof customerMethods>;
