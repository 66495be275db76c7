import type { DatabaseSync } from 'node:sqlite';
import { journalWriters } from '../../store/archive/queries/journal.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { acceptedLineMethods } from './accepted-lines.ts';
import { backUp, type CustomerBackup } from './backups.ts';
import { billedCustomerMethods } from './billed-customers.ts';
import { connectionMethods } from './billing-connections.ts';
import { chargedTwiceReaders } from './charged-twice.ts';
import { customerFinder } from './find-customers.ts';
import { verifyHistory } from './history/history-chain.ts';
import { invoiceMethods } from './invoices.ts';
import { issuedOverMethods } from './issued-over.ts';
import { issuedUserReaders } from './issued-users.ts';
import { itemMethods } from './items.ts';
import { customerReaders } from './list-customers.ts';
import { handoverReaders, mappingWriters } from './mapping-writers.ts';
import { customerWriters, mappingReaders } from './mappings.ts';
import { offboardingMethods } from './offboarding.ts';
import { onboardableMethods } from './onboardable.ts';
import { onboardingMethods } from './onboarding.ts';
import { outstandingMethods } from './outstanding.ts';
import { payerReaders } from './payers.ts';
import { recordMethods } from './records.ts';
import { listWriters } from './save-lists.ts';
import { planMethods } from './service-plans.ts';
import { statementMethods } from './statements.ts';
import { suspensionReaders } from './suspension-drift.ts';
import { raiseMethods } from './temporary-raises.ts';
import { userFigureReaders } from './user-figures.ts';

/** Every question and change of the customers' database, by topic. */
export function customerMethods(database: DatabaseSync, path: string) {
  return {
    ...connectionMethods(database),
    ...customerReaders(database),
    ...customerFinder(database),
    ...customerWriters(database),
    ...mappingReaders(database),
    ...suspensionReaders(database),
    ...mappingWriters(database),
    ...handoverReaders(database),
    ...listWriters(database),
    ...recordMethods(database),
    ...statementMethods(database),
    ...issuedOverMethods(database),
    ...acceptedLineMethods(database),
    ...billedCustomerMethods(database),
    ...issuedUserReaders(database),
    ...payerReaders(database),
    ...chargedTwiceReaders(database),
    ...invoiceMethods(database),
    ...outstandingMethods(database),
    ...itemMethods(database),
    ...planMethods(database),
    ...onboardableMethods(database),
    ...onboardingMethods(database),
    ...offboardingMethods(database),
    ...settingMethods(database),
    ...raiseMethods(database),
    ...userFigureReaders(database),
    setJournalKey: journalWriters(database, path).setJournalKey,
    verifyHistory: (_input: null) => inTransaction(database, () => verifyHistory(database, path)),
    backUp: (): CustomerBackup => backUp(database, path),
    close: (): null => {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
      return null;
    },
  };
}

export type CustomerMethods = ReturnType<typeof customerMethods>;

/** Settings that belong to billing, as JSON by name. */
function settingMethods(database: DatabaseSync) {
  return {
    readSetting: ({ name }: { name: string }): unknown => {
      const row = database.prepare('SELECT value FROM setting WHERE name = ?').get(name);
      return row ? (JSON.parse(String(row.value)) as unknown) : null;
    },
    writeSetting: ({ name, value }: { name: string; value: unknown }): null => {
      database
        .prepare(`INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2`)
        .run(name, JSON.stringify(value));
      return null;
    },
  };
}
