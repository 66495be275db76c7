import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { agreeing, formatCount, formatCounted } from '#shared/counted.ts';
import { readRecord } from '../file/archive-record.ts';
import {
  type Heads,
  headOf,
  type JournalHead,
  type RememberedHeads,
  readHeadFile,
  writeHeadFile,
} from './head-file.ts';
import { isSealOf, type JournalKey, makeSeal } from './journal-seal.ts';

/** An entry by the console that names remembered heads which the journal no longer has. */
export const mismatchOperation = 'journal.mismatch';

/**
 * Remembers the head outside the database too, cheap enough for every commit. What was remembered never
 * goes back: after a restore the farthest head stays, besides the present one, until the journal has
 * passed it. Where the file is damaged, the archive's record counts.
 * @param keyOf the key that seals it, where there is one; seals of others stay
 */
export function rememberHead(
  path: string,
  keyOf: () => JournalKey | null,
): (head: JournalHead) => void {
  return ({ entries, hash, setBack = false }) => {
    const key = keyOf();
    const file = readHeadFile(path);
    // It may have held seals: that they are gone is for who has a key to say.
    if (file === 'damaged' && !key) return;
    const known = headsOrRecord(path, file);
    const tip = { entries, hash };
    const farther = known && known.farthest.entries > entries ? known.farthest : null;
    const heads: Heads = { farthest: farther ?? tip, tip };
    // Another process may have remembered more meanwhile.
    const isBehind = (there: Heads | null | undefined): boolean =>
      !setBack && entries < (there?.tip.entries ?? 0);
    const seals = known?.seals ?? [];
    const own = key ? seals.find(({ seal }) => isSealOf(key, seal)) : undefined;
    const seal = key && !isBehind(own) ? makeSeal(key, heads) : null;
    if (isBehind(known) && !seal) return;
    const { farthest, tip: last } = known && isBehind(known) ? known : heads;
    writeHeadFile(path, {
      ...{ farthest, tip: last },
      seals: seal ? [{ ...heads, seal }, ...seals.filter((one) => one !== own)] : seals,
    });
  };
}

/** As in the file; where that is missing or damaged, as the archive's record says it too. */
function headsOrRecord(
  path: string,
  file: ReturnType<typeof readHeadFile>,
): RememberedHeads | null {
  if (file && file !== 'damaged') return file;
  const recorded = headOf(readRecord(path));
  return recorded ? { farthest: recorded, tip: recorded, seals: [] } : null;
}

function readHeads(path: string): RememberedHeads | null {
  return headsOrRecord(path, readHeadFile(path));
}

/** Every head that is remembered outside an archive's database, the record's included. */
export function rememberedHeads(path: string): JournalHead[] {
  const heads = readHeads(path);
  const recorded = headOf(readRecord(path));
  return [...allOf(heads), ...(recorded ? [recorded] : [])];
}

function allOf(heads: RememberedHeads | null): JournalHead[] {
  if (!heads) return [];
  return [heads, ...heads.seals].flatMap(({ farthest, tip }) => [tip, farthest]);
}

/** The last entry that is in the journal. */
export function lastEntry(database: DatabaseSync): JournalHead {
  const row = database
    .prepare('SELECT sequence, hash FROM journal_entry ORDER BY sequence DESC LIMIT 1')
    .get();
  return row ? { entries: Number(row.sequence), hash: String(row.hash) } : { entries: 0, hash: '' };
}

/** Every head that says how far the journal must reach: in the database, and remembered next to it. */
export function knownHeads(database: DatabaseSync, path: string | null): JournalHead[] {
  const row = database.prepare('SELECT entries, hash FROM journal_head').get();
  const inDatabase = { entries: Number(row?.entries), hash: String(row?.hash) };
  const remembered = path === null ? null : readHeads(path);
  const heads = [inDatabase, ...allOf(remembered)];
  return heads.filter(
    (head, index) =>
      heads.findIndex(({ entries, hash }) => entries === head.entries && hash === head.hash) ===
      index,
  );
}

export function lostHeads(
  database: DatabaseSync,
  path: string | null = database.location(),
): JournalHead[] {
  const find = database.prepare('SELECT hash FROM journal_entry WHERE sequence = ?');
  return knownHeads(database, path).filter(
    ({ entries, hash }) => entries > 0 && find.get(entries)?.hash !== hash,
  );
}

/**
 * Returns whether an entry tells of a head that was left behind: a restore, or a mismatch that was
 * noticed.
 */
export function isOnRecord(database: DatabaseSync, { entries, hash }: JournalHead): boolean {
  const row = database
    .prepare(
      `SELECT 1 FROM journal_entry AS entry, json_each(entry.body, '$.input.left') AS head
       WHERE json_extract(head.value, '$.entries') = ? AND json_extract(head.value, '$.hash') = ?
       LIMIT 1`,
    )
    .get(entries, hash);
  return row !== undefined;
}

/** Returns the entries for lost heads, unless the journal has them already. */
export function mismatchEntries(
  database: DatabaseSync,
  lost: readonly JournalHead[],
): JournalBody[] {
  const left = lost.filter((head) => !isOnRecord(database, head));
  if (left.length === 0) return [];
  const found = lastEntry(database);
  const remembered = Math.max(...left.map(({ entries }) => entries));
  const missing = remembered - found.entries;
  const words =
    missing > 0
      ? `${formatCounted(missing, 'entry')} ${agreeing(missing, 'is', 'are')} missing at the end: ${formatCount(found.entries)} of ${formatCount(remembered)} ${agreeing(found.entries, 'was', 'were')} found`
      : `entry ${formatCount(remembered)} is not the one that was remembered`;
  return ownEntries(database, {
    operation: mismatchOperation,
    title: 'Journal does not match what was remembered',
    before: {
      journal: `${formatCounted(remembered, 'entry')} ${agreeing(remembered, 'was', 'were')} remembered`,
    },
    after: { journal: words },
    input: { left, found },
  });
}

/** An entry by the console about the journal itself. */
interface OwnEntry {
  operation: string;
  title: string;
  before: { journal: string };
  after: { journal: string };
  input: Record<string, unknown>;
}

/** Intent and outcome of an entry by the console itself. */
export function ownEntries(database: DatabaseSync, entry: OwnEntry): JournalBody[] {
  const journalId = randomUUID();
  const at = Date.now();
  return [
    {
      ...connectionOfLastEntry(database),
      ...entry,
      ...{ journalId, kind: 'intent', at, operator: 'Ostor Console' },
      ...{ requests: [], ticket: null, runId: null },
    },
    { journalId, kind: 'outcome', at, result: 'done', requestId: null, error: null },
  ];
}

/** The database does not know its connection; its entries do. */
function connectionOfLastEntry(database: DatabaseSync): Record<string, unknown> {
  const row = database
    .prepare("SELECT body FROM journal_entry WHERE kind = 'intent' ORDER BY sequence DESC LIMIT 1")
    .get();
  const last = row ? (JSON.parse(String(row.body)) as Record<string, unknown>) : {};
  const text = (name: string): string => String(last[name] ?? '');
  const [id, name] = [text('connectionId'), text('connectionName')];
  return {
    connectionId: id,
    connectionName: name,
    endpoint: text('endpoint'),
    target: { kind: 'connection', id, name },
  };
}

/** What an entry holds besides its place, which the archive gives it. */
export type JournalBody = Record<string, unknown> & {
  journalId: string;
  /** `row`: what a row of another table holds, by its digest. */
  kind: 'intent' | 'outcome' | 'row';
  /** Milliseconds since the Unix epoch. */
  at: number;
};
