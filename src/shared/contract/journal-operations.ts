import type { operationNames } from './operations.ts';

/** What the console puts on record besides writes to a gateway, as lists name it. */
export const consoleOperations = {
  'keys.reveal': 'Reveal secret',
  'connections.unlock': 'Unlock production cluster',
  'connections.lock': 'Lock production cluster',
  'connections.save': 'Change guards',
  'connections.pinAlarm': 'Certificate differs from the pinned one',
  'connections.export': 'Export secret key',
  'connections.fieldPack': 'Save cached cluster data in a field pack',
  'connections.openPack': 'Open field pack',
  'sync.acceptShorter': 'Accept shorter lists',
  'pressure.raise': 'Temporary raises',
  'campaigns.start': 'Start key campaign',
  'campaigns.mark': 'Mark keys of a campaign',
  'campaigns.update': 'Close or reopen key campaign',
  'usage.removeObjects': 'Delete collected statistics',
  'usage.discardObjects': 'Discard statistics not archived',
  'usage.acceptGaps': 'Accept hours as silent',
  'usage.withdrawGaps': 'Withdraw acceptance',
  'usage.stateService': 'State service retired or idle',
  'statements.issue': 'Issue statement',
  'signals.snooze': 'Snooze signal',
  'signals.setThresholds': 'Change thresholds of signals',
  'archive.merge': 'Merge archive',
  'archive.restore': 'Restore a backup of the archive',
  'archive.decide': 'Decide on a damaged archive',
  'journal.mismatch': 'Findings of the journal',
  'journal.key': 'Key of the journal',
  'journal.anchor': 'Anchor journal',
} as const;

/** Every kind of entry: one that is not named here can't be put on record. */
export type JournalOperation = (typeof operationNames)[number] | keyof typeof consoleOperations;
