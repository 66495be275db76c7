import type { DatabaseSync } from 'node:sqlite';
import { agreeing, formatCount, formatCounted } from '#shared/counted.ts';
import { attempts, pause, readHeadFile, type SealedHeads } from './head-file.ts';
import { type JournalBody, lastEntry, mismatchOperation, ownEntries } from './journal-head.ts';
import {
  checkSeal,
  isSealOf,
  type JournalKey,
  journalKeyOf,
  type SealState,
} from './journal-seal.ts';

/** An entry of the console's own about the key that seals the remembered head. */
const keyOperation = 'journal.key';

const sealProblems: Record<Exclude<SealState, 'valid'>, string> = {
  forged: 'the remembered head was forged: it is not as it was sealed',
  'unknown key': 'the remembered head is sealed with a key that is not the one in the keychain',
  foreign: 'the remembered head is that of another journal',
};

/** What each key sealed last, the newest first. */
function sealsOf(path: string): readonly SealedHeads[] {
  const file = readHeadFile(path);
  return file && file !== 'damaged' ? file.seals : [];
}

function stateOf(key: JournalKey, { farthest, tip, seal }: SealedHeads): SealState {
  return checkSeal(key, { farthest, tip }, seal);
}

/**
 * Returns what is wrong with the head remembered of a journal that has a key; null where nothing is.
 * Seals of other keys can't be checked and prove nothing: only that of this one counts.
 */
export function sealProblem(path: string, key: JournalKey): string | null {
  const file = readHeadFile(path);
  if (file === 'damaged') return 'the file with the remembered head is damaged, and so is its seal';
  const seals = file?.seals ?? [];
  const own = seals.find(({ seal }) => isSealOf(key, seal));
  if (!own && seals.length === 0)
    return 'the remembered head is not sealed, although this journal has a key';
  const state = own ? stateOf(key, own) : 'unknown key';
  return state === 'valid' ? null : sealProblems[state];
}

/**
 * The identity of the journal whose head is remembered next to the archive: by the seal of this key,
 * where there is one; else by the newest, which proves nothing. Null where there is none.
 */
export function sealedIdentity(path: string, secret: string | null): string | null {
  const seals = sealsOf(path);
  const own = secret === null ? undefined : seals.find(({ seal }) => isSealOf({ secret }, seal));
  if (secret === null || !own) return seals[0]?.seal.journal ?? null;
  const { journal } = own.seal;
  return stateOf({ secret, journal }, own) === 'valid' ? journal : null;
}

/** Returns what the journal is to say of a head that its key did not seal; nothing without a key. */
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

/** Returns what the journal is to say of its first key, or of a new one where the former is gone. */
export function newKeyEntries(
  database: DatabaseSync,
  path: string,
  key: JournalKey,
): JournalBody[] {
  const { entries } = lastEntry(database);
  // A console that ended before it could confirm the key had sealed the head with it already.
  if (sealProblem(path, key) === null) return [];
  const hadKey = sealsOf(path).length > 0;
  if (entries === 0 && !hadKey) return [];
  const records = formatCounted(entries, 'record');
  return ownEntries(database, {
    operation: keyOperation,
    title: hadKey
      ? 'Key of the journal is no longer in the keychain'
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

/**
 * Returns what the journal is to say of records that its key has not sealed: written without it, sealed
 * with that of another workstation, or not sealed yet as a console ended.
 */
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
  const were = `${which} ${agreeing(count, 'was', 'were')}`;
  const byAnother = hasOtherSeal(path, key, last.entries);
  return ownEntries(database, {
    operation: keyOperation,
    title: byAnother ? 'Records sealed with another key' : 'Records that were not sealed yet',
    before: { journal: `head sealed up to record ${formatCount(sealed)}` },
    after: {
      journal: byAnother
        ? `${were} sealed with another key, which can't be checked here`
        : `${were} not sealed when the console opened the journal: a console ended before it could, or had no key`,
    },
    input: {},
  });
}

function hasOtherSeal(path: string, key: JournalKey, last: number): boolean {
  return sealsOf(path).some(({ tip, seal }) => !isSealOf(key, seal) && tip.entries >= last);
}

/** Up to which record the head was sealed; null where that is wrong, which is a separate finding. */
function sealedUpTo(
  database: DatabaseSync,
  path: string,
  key: JournalKey,
  last: number,
): number | null {
  if (sealProblem(path, key) !== null) return null;
  const find = database.prepare('SELECT hash FROM journal_entry WHERE sequence = ?');
  for (let attempt = 1; ; attempt += 1) {
    const tip = sealsOf(path).find(({ seal }) => isSealOf(key, seal))?.tip;
    if (!tip || (tip.entries > 0 && find.get(tip.entries)?.hash !== tip.hash)) return null;
    // Another process has written records and is about to seal them.
    if (tip.entries >= last || attempt === attempts) return Math.min(tip.entries, last);
    pause();
  }
}
