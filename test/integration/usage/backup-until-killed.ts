import { dirname } from 'node:path';
import { writerMethods } from '#core/store/archive/methods.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';
import { restoreBackup } from '#core/store/archive/restore.ts';

/** What the test tells this program: it backs up or restores until it is killed. */
export interface BackupOrder {
  archive: string;
  /** The backups to restore in turn; none: it takes backups. */
  restore: string[];
}

async function work({ archive, restore }: BackupOrder): Promise<void> {
  for (let turn = 0; restore.length > 0; turn += 1) {
    process.send?.('step');
    restoreBackup(dirname(archive), restore[turn % restore.length] ?? '');
  }
  const writers = writerMethods(openArchiveDatabase(archive, 'writer'), archive);
  for (;;) {
    process.send?.('step');
    await writers.backUp({ reason: 'demand' });
  }
}

process.once('message', (order: BackupOrder) => void work(order));
process.send?.('ready');
