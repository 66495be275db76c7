import type { DatabaseSync } from 'node:sqlite';
import { formatCounted } from '#shared/counted.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { canonicalJson, sha256 } from '../file/encodings.ts';
import { applySteps, type RowStep } from './bulk.ts';
import type { JournalHead } from './head-file.ts';
import {
  isOnRecord,
  type JournalBody,
  knownHeads,
  lastEntry,
  lostHeads,
  mismatchEntries,
  mismatchOperation,
  rememberHead,
} from './journal-head.ts';
import { journalListReaders } from './journal-lists.ts';
import {
  checkSeal,
  ensureIdentity,
  identityOf,
  type JournalKey,
  journalKeyOf,
  type KeptKey,
  makeSeal,
  type Seal,
  type SealState,
  setJournalKey,
} from './journal-seal.ts';
import { newKeyEntries, sealEntries, sealProblem, unsealedEntries } from './sealed-head.ts';

export interface JournalProblem {
  kind: 'changed' | 'missing' | 'reordered' | 'truncated' | 'forged';
  sequence: number;
  detail: string;
}

export function entryHash(previous: string, body: string): string {
  return sha256(`${previous}\n${body}`);
}

export function journalReaders(database: DatabaseSync, path: string) {
  return {
    ...journalListReaders(database),
    verifyJournal: () => verifyJournal(database, path),
    journalHead: () => ({ ...lastEntry(database), journal: identityOf(database) }),
    /** The hash at the place where an anchor was made; null where the journal does not reach there. */
    anchoredEntry(head: JournalHead): AnchoredEntry {
      const row = database
        .prepare('SELECT hash FROM journal_entry WHERE sequence = ?')
        .get(head.entries);
      const merged = database
        .prepare('SELECT 1 FROM merged_journal_entry WHERE sequence = ? AND hash = ?')
        .get(head.entries, head.hash);
      return {
        hash: row ? String(row.hash) : null,
        isOnRecord: isOnRecord(database, head),
        isMerged: merged !== undefined,
      };
    },
    /** Lets what is read be compared with seals of this key. */
    knowJournalKey({ secret }: { secret: string }): void {
      setJournalKey(database, secret);
    },
    /** Seals facts about the journal; null where it has no key. */
    sealFacts(facts: object): Seal | null {
      const key = journalKeyOf(database);
      return key && makeSeal(key, facts);
    },
    checkFacts({ facts, seal }: { facts: object; seal: Seal }): SealState | 'no key' {
      const key = journalKeyOf(database);
      return key ? checkSeal(key, facts, seal) : 'no key';
    },
  };
}

interface AnchoredEntry {
  hash: string | null;
  /** The journal records its absence already. */
  isOnRecord: boolean;
  /** It is in a journal that was merged from another workstation. */
  isMerged: boolean;
}

/**
 * Remembers heads outside the database as they are committed. A committed entry does not fail: the next
 * one is refused until its head is remembered.
 */
export function headKeeper(database: DatabaseSync, path: string) {
  const remember = rememberHead(path, () => journalKeyOf(database));
  /** Committed, and not remembered yet. */
  let behind: JournalHead | null = null;
  return {
    /** @throws AppError `DISK_FAILED` where the last head still can't be remembered */
    assertRemembered(): void {
      if (behind) remember(behind);
    },
    committed(head: JournalHead): void {
      try {
        remember(head);
        behind = null;
      } catch {
        behind = head;
      }
    },
  };
}

export function journalWriters(
  database: DatabaseSync,
  path: string,
  heads = headKeeper(database, path),
) {
  return {
    /** Gives the journal an identity where it has none yet. */
    identifyJournal: (): string => ensureIdentity(database),
    /**
     * Seals the remembered head with this key from now on. What is wrong with the seal it has, and what
     * was written without the key, is an entry then.
     * @returns whether the head is sealed with it
     */
    setJournalKey({ secret, isNew }: KeptKey): boolean {
      const head = inTransaction(database, () => {
        const noticed = isNew
          ? newKeyEntries(database, path, { secret, journal: ensureIdentity(database) })
          : unsealedEntries(database, path, setJournalKey(database, secret));
        const appended = appendEntries(database, noticed);
        setJournalKey(database, secret);
        return appended;
      });
      heads.committed(head);
      return sealProblem(path, setJournalKey(database, secret)) === null;
    },
    /**
     * Entries, and the rows of bulk runs that move with them: all or none.
     * @throws AppError `DISK_FAILED` where the head of those before still can't be remembered
     */
    appendJournal({ bodies, steps }: { bodies: JournalBody[]; steps: RowStep[] }): JournalHead {
      heads.assertRemembered();
      const head = inTransaction(database, () => {
        applySteps(database, steps);
        return appendEntries(database, bodies);
      });
      heads.committed(head);
      return head;
    },
  };
}

/**
 * Appends within a transaction of the caller. Where the journal does not reach to what was remembered
 * of it, or its key did not seal that, an entry says so first, for ever.
 */
export function appendEntries(database: DatabaseSync, bodies: readonly JournalBody[]): JournalHead {
  const lost = lostHeads(database);
  const mismatch = [...mismatchEntries(database, lost), ...sealEntries(database)];
  const head = chainEntries(database, [...mismatch, ...bodies]);
  return { ...head, ...(lost.length > 0 ? { setBack: true } : {}) };
}

/** Appends within a transaction of the caller, to whatever entry is the last one. */
export function chainEntries(database: DatabaseSync, bodies: readonly JournalBody[]): JournalHead {
  let { entries, hash } = lastEntry(database);
  if (bodies.length === 0) return { entries, hash };
  const insert = database.prepare(
    'INSERT INTO journal_entry (sequence, body, previous, hash) VALUES (?, ?, ?, ?)',
  );
  for (const body of bodies) {
    entries += 1;
    const text = canonicalJson({ ...body, sequence: entries });
    const next = entryHash(hash, text);
    insert.run(entries, text, hash, next);
    hash = next;
  }
  database.prepare('UPDATE journal_head SET entries = ?, hash = ?').run(entries, hash);
  return { entries, hash };
}

/** Records, once the archive is open, that the journal does not reach the remembered head. */
export function noticeMismatch(database: DatabaseSync, path: string): void {
  const head = inTransaction(database, () => {
    const isWhole = lostHeads(database).every((lost) => isOnRecord(database, lost));
    return isWhole ? null : appendEntries(database, []);
  });
  if (head) rememberHead(path, () => null)(head);
}

function placeOf(body: string): number {
  try {
    return Number((JSON.parse(body) as { sequence?: unknown }).sequence);
  } catch {
    return Number.NaN;
  }
}

/** Recomputes the chain, and compares its end with what is remembered of it. */
export function verifyJournal(
  database: DatabaseSync,
  path: string,
): { entries: number; head: string | null; sealed: boolean; problems: JournalProblem[] } {
  const problems: JournalProblem[] = [];
  const lost = lostHeads(database, path).filter((head) => isOnRecord(database, head));
  const heads = knownHeads(database, path).filter(
    (head) => !lost.some(({ hash }) => hash === head.hash),
  );
  const rows = database
    .prepare('SELECT sequence, body, previous, hash FROM journal_entry ORDER BY sequence')
    .iterate();
  let previous = '';
  let last = 0;
  let entries = 0;
  for (const row of rows) {
    const sequence = Number(row.sequence);
    const hash = String(row.hash);
    const problem = checkEntry(row, sequence, { last, previous });
    if (problem) problems.push(problem);
    const replaced = heads.some((head) => head.entries === sequence && head.hash !== hash);
    if (replaced && !problem) {
      problems.push({
        kind: 'changed',
        sequence,
        detail: 'The whole chain up to here was rewritten.',
      });
    }
    previous = hash;
    last = sequence;
    entries += 1;
  }
  const most = Math.max(0, ...heads.map((head) => head.entries));
  if (last < most) {
    problems.push({
      kind: 'truncated',
      sequence: last + 1,
      detail: `${entriesAre(most - last)} missing at the end.`,
    });
  }
  const key = journalKeyOf(database);
  problems.push(...forgedHead(path, key, last), ...noticedMismatches(database));
  return { entries, head: entries === 0 ? null : previous, sealed: key !== null, problems };
}

/** A head whose seal is invalid; with the next entry the journal records it. */
function forgedHead(path: string, key: JournalKey | null, sequence: number): JournalProblem[] {
  const problem = key && sealProblem(path, key);
  return problem
    ? [
        {
          kind: 'forged',
          sequence,
          detail: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`,
        },
      ]
    : [];
}

/** Earlier cuts and forged heads stay problems, however long the journal has grown since. */
function noticedMismatches(database: DatabaseSync): JournalProblem[] {
  return database
    .prepare('SELECT sequence, body FROM journal_entry WHERE operation = ? ORDER BY sequence')
    .all(mismatchOperation)
    .map((row) => {
      const { at, after, input } = JSON.parse(String(row.body)) as Mismatch;
      const noticed = `Noticed on ${new Date(at).toISOString()}: ${after.journal}.`;
      const kind = input.left ? 'truncated' : 'forged';
      return { kind, sequence: Number(row.sequence), detail: noticed } as const;
    });
}

/** `left`: the heads that the journal does not reach; absent where the remembered head was forged. */
type Mismatch = { at: number; after: { journal: string }; input: { left?: JournalHead[] } };

function entriesAre(count: number): string {
  return formatCounted(count, 'record is', 'records are');
}

/** Returns what is wrong with an entry, alone or in the order after the previous one; null if nothing. */
export function checkEntry(
  row: Record<string, unknown>,
  sequence: number,
  { last, previous }: { last: number; previous: string },
): JournalProblem | null {
  const body = String(row.body);
  if (sequence !== last + 1) {
    const missing = sequence - last - 1;
    return { kind: 'missing', sequence: last + 1, detail: `${entriesAre(missing)} missing here.` };
  }
  const intact = entryHash(String(row.previous), body) === String(row.hash);
  if (intact && placeOf(body) !== sequence) {
    return {
      kind: 'reordered',
      sequence,
      detail: `The entry in this place was written as number ${placeOf(body)}.`,
    };
  }
  if (!intact) {
    return { kind: 'changed', sequence, detail: 'The entry is not what was written.' };
  }
  if (String(row.previous) !== previous) {
    return { kind: 'changed', sequence, detail: 'The entry does not follow from the one before.' };
  }
  return null;
}
