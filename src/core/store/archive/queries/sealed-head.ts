import type { DatabaseSync } from 'node:sqlite';
import { agreeing, formatCount, formatCounted } from '#shared/counted.ts';
import {
  type JournalBody,
  lastEntry,
  mismatchOperation,
  ownEntries,
  readHeadFile,
} from './journal-head.ts';
import { checkSeal, type JournalKey, journalKeyOf, type SealState } from './journal-seal.ts';

/** An entry of the console's own about the key that seals the remembered head. */
const keyOperation = 'journal.key';

const sealProblems: Record<Exclude<SealState, 'valid'>, string> = {
  forged: 'the remembered head was forged: it is not as it was sealed',
  'unknown key': 'the remembered head is sealed with a key that is not the one in the keychain',
  foreign: 'the remembered head is that of another journal',
};

/** How often a head that seems wrong is read, and after how many milliseconds again. */
const readings = 10;
const betweenReadings = 20;

/** Whoever writes the head has a moment to finish: one that is read half is no finding. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenReadings);
}

/** Returns what is wrong with the head remembered of a journal that has a key; null where nothing is. */
export function sealProblem(path: string, key: JournalKey): string | null {
  for (let reading = 1; ; reading += 1) {
    const problem = problemNow(path, key);
    if (problem === null || reading === readings) return problem;
    pause();
  }
}

function problemNow(path: string, key: JournalKey): string | null {
  const sealed = readHeadFile(path)?.sealed;
  if (!sealed) return 'the remembered head is not sealed, although this journal has a key';
  const { farthest, tip, seal } = sealed;
  const state = checkSeal(key, { farthest, tip }, seal);
  return state === 'valid' ? null : sealProblems[state];
}

/** What the journal is to say of a head that its key did not seal; nothing without a key. */
export function sealEntries(
  database: DatabaseSync,
  path: string | null = database.location(),
  key: JournalKey | null = journalKeyOf(database),
): JournalBody[] {
  const problem = key && path !== null ? sealProblem(path, key) : null;
  if (problem === null) return [];
  return ownEntries(database, {
    operation: mismatchOperation,
    title: 'Remembered head of the journal is not the one that was sealed',
    before: { journal: 'its head was sealed with a key in the keychain' },
    after: { journal: problem },
    input: {},
  });
}

/** What the journal is to say of its first key, or of a new one where the former is gone. */
export function newKeyEntries(
  database: DatabaseSync,
  path: string,
  key: JournalKey,
): JournalBody[] {
  const { entries } = lastEntry(database);
  // A console that ended before it could confirm the key had sealed the head with it already.
  if (problemNow(path, key) === null) return [];
  const hadKey = Boolean(readHeadFile(path)?.sealed);
  if (entries === 0 && !hadKey) return [];
  const records = formatCounted(entries, 'record');
  return ownEntries(database, {
    operation: keyOperation,
    title: hadKey
      ? 'Key of the journal is not in the keychain any more'
      : 'Seal the head of the journal',
    before: {
      journal: hadKey
        ? `${records} under a key that is gone; whether the head was changed can't be checked`
        : `${records}, head not sealed`,
    },
    after: {
      journal: hadKey
        ? 'head sealed with a new key in the keychain; compare earlier records with an anchor'
        : 'head sealed with a key in the keychain',
    },
    input: {},
  });
}

/** What the journal is to say of records that were written where its key could not be read. */
export function unsealedEntries(
  database: DatabaseSync,
  path: string,
  key: JournalKey,
): JournalBody[] {
  const last = lastEntry(database);
  const sealed = sealedUpTo(database, path, key, last.entries);
  if (sealed === null || sealed === last.entries) return [];
  const count = last.entries - sealed;
  const which =
    count === 1
      ? `record ${formatCount(last.entries)}`
      : `records ${formatCount(sealed + 1)} to ${formatCount(last.entries)}`;
  return ownEntries(database, {
    operation: keyOperation,
    title: 'Records were written without the key of the journal',
    before: { journal: `head sealed up to record ${formatCount(sealed)}` },
    after: {
      journal: `${which} ${agreeing(count, 'was', 'were')} not sealed when the console opened the journal`,
    },
    input: {},
  });
}

/** Up to which record the head was sealed; null where that is wrong, which is a finding of its own. */
function sealedUpTo(
  database: DatabaseSync,
  path: string,
  key: JournalKey,
  last: number,
): number | null {
  if (sealProblem(path, key) !== null) return null;
  const find = database.prepare('SELECT hash FROM journal_entry WHERE sequence = ?');
  for (let reading = 1; ; reading += 1) {
    const tip = readHeadFile(path)?.sealed?.tip;
    if (!tip || (tip.entries > 0 && find.get(tip.entries)?.hash !== tip.hash)) return null;
    // Another process has written records and is about to seal them.
    if (tip.entries >= last || reading === readings) return Math.min(tip.entries, last);
    pause();
  }
}
