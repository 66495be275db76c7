import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { agreeing, formatCount, formatCounted } from '#shared/counted.ts';
import { readRecord } from '../archive-record.ts';
import { type JournalKey, makeSeal, type Seal } from './journal-seal.ts';

/** Where a journal ends or ended: the count of entries and the last hash. */
export interface JournalHead {
  entries: number;
  hash: string;
  /** Set by an append: the chain does not reach to what was remembered, which an entry explains. */
  setBack?: boolean;
}

interface Heads {
  /** The farthest that was ever remembered. */
  farthest: JournalHead;
  /** Where the journal ended when it was last written. */
  tip: JournalHead;
}

interface RememberedHeads extends Heads {
  /** The heads that were sealed last, which may be behind: whoever has no key leaves the seal as it is. */
  sealed: (Heads & { seal: Seal }) | null;
}

/** An entry of the console's own that says which remembered heads the journal no longer has. */
export const mismatchOperation = 'journal.mismatch';

/** The file beside the archive that remembers the journal's head, so that a cut tail shows. */
export function journalHeadPath(archivePath: string): string {
  return join(dirname(archivePath), 'journal-head.json');
}

/** Longer than any heads with their seal, so that each is written over the whole of the one before. */
const headLength = 960;

/**
 * Remembers the head outside the database too, in one write over the former: cheap enough for every
 * commit. What was remembered never goes back: after a restore the farthest head stays, beside the
 * present one, until the journal has passed it. A torn file can't be read; then the archive's record
 * counts.
 * @param keyOf the key that seals it, where there is one
 */
export function rememberHead(
  path: string,
  keyOf: () => JournalKey | null,
): (head: JournalHead) => void {
  return ({ entries, hash, setBack = false }) => {
    const known = readHeads(path);
    const tip = { entries, hash };
    // Another process may have remembered more meanwhile.
    if (known && !setBack && entries < known.tip.entries) return;
    const farther = known && known.farthest.entries > entries ? known.farthest : null;
    const heads = { farthest: farther ?? tip, tip };
    const key = keyOf();
    writeHeads(path, {
      ...heads,
      sealed: key ? { ...heads, seal: makeSeal(key, heads) } : (known?.sealed ?? null),
    });
  };
}

function writeHeads(path: string, { sealed, ...heads }: RememberedHeads): void {
  const content = JSON.stringify({
    ...inFile(heads),
    ...(sealed ? { sealed: { ...inFile(sealed), seal: sealed.seal } } : {}),
  });
  const file = openSync(journalHeadPath(path), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const grows = fstatSync(file).size < headLength;
    writeSync(file, content.padEnd(headLength), 0);
    // Written over in place, the file holds the former or this; one that grows may be left empty.
    if (grows) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function inFile({ farthest, tip }: Heads) {
  return farthest.entries > tip.entries ? { ...farthest, current: tip } : tip;
}

function headOf(value: unknown): JournalHead | null {
  const { entries, hash } = (value ?? {}) as Partial<JournalHead>;
  return typeof entries === 'number' && typeof hash === 'string' ? { entries, hash } : null;
}

function headsOf(value: { current?: unknown }): Heads | null {
  const farthest = headOf(value);
  return farthest && { farthest, tip: headOf(value.current) ?? farthest };
}

type HeadFile = { current?: unknown; sealed?: { current?: unknown; seal?: Seal } };

/** The heads in the file beside the archive; null where it is missing or torn. */
export function readHeadFile(path: string): RememberedHeads | null {
  try {
    const value = JSON.parse(readFileSync(journalHeadPath(path), 'utf8')) as HeadFile;
    const heads = headsOf(value);
    const sealed = value.sealed ? headsOf(value.sealed) : null;
    const seal = value.sealed?.seal;
    return heads && { ...heads, sealed: sealed && seal ? { ...sealed, seal } : null };
  } catch {
    return null;
  }
}

/** As in the file; where that can't be read, as the archive's record says it too. */
function readHeads(path: string): RememberedHeads | null {
  const heads = readHeadFile(path);
  if (heads) return heads;
  const recorded = headOf(readRecord(path));
  return recorded ? { farthest: recorded, tip: recorded, sealed: null } : null;
}

/** Every head that is remembered outside an archive's database, the record's included. */
export function rememberedHeads(path: string): JournalHead[] {
  const heads = readHeads(path);
  const recorded = headOf(readRecord(path));
  return [...allOf(heads), ...(recorded ? [recorded] : [])];
}

function allOf(heads: RememberedHeads | null): JournalHead[] {
  if (!heads) return [];
  const { farthest, tip, sealed } = heads;
  return [tip, farthest, ...(sealed ? [sealed.tip, sealed.farthest] : [])];
}

/** The last entry that is in the journal. */
export function lastEntry(database: DatabaseSync): JournalHead {
  const row = database
    .prepare('SELECT sequence, hash FROM journal_entry ORDER BY sequence DESC LIMIT 1')
    .get();
  return row ? { entries: Number(row.sequence), hash: String(row.hash) } : { entries: 0, hash: '' };
}

/** Every head that says how far the journal must reach: in the database, and remembered beside it. */
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

/** Whether an entry tells of a head that was left behind: a restore, or a mismatch that was noticed. */
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

/** What the journal is to say of heads it lost, unless it tells of them already. */
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

/** What the console says of the journal itself. */
interface OwnEntry {
  operation: string;
  title: string;
  before: { journal: string };
  after: { journal: string };
  input: Record<string, unknown>;
}

/** Both entries of what the console itself says in the journal. */
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

/** What an entry holds beside its place, which the archive gives it. */
export type JournalBody = Record<string, unknown> & {
  journalId: string;
  kind: 'intent' | 'outcome';
  /** Milliseconds since the Unix epoch. */
  at: number;
};
