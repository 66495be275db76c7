import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { agreeing, formatCount, formatCounted } from '#shared/counted.ts';
import { readRecord } from '../archive-record.ts';

/** Where a journal ends or ended: the count of entries and the last hash. */
export interface JournalHead {
  entries: number;
  hash: string;
  /** Set by an append: the chain does not reach to what was remembered, which an entry explains. */
  setBack?: boolean;
}

interface RememberedHeads {
  /** The farthest that was ever remembered. */
  farthest: JournalHead;
  /** Where the journal ended when it was last written. */
  tip: JournalHead;
}

/** An entry of the console's own that says which remembered heads the journal no longer has. */
export const mismatchOperation = 'journal.mismatch';

/** The file beside the archive that remembers the journal's head, so that a cut tail shows. */
export function journalHeadPath(archivePath: string): string {
  return join(dirname(archivePath), 'journal-head.json');
}

/** Longer than any pair of heads, so that each is written over the whole of the one before. */
const headLength = 320;

/**
 * Remembers the head outside the database too, in one write over the former: cheap enough for every
 * commit. What was remembered never goes back: after a restore the farthest head stays, beside the
 * present one, until the journal has passed it. A torn file can't be read; then the archive's record
 * counts.
 */
export function rememberHead(path: string): (head: JournalHead) => void {
  return ({ entries, hash, setBack = false }) => {
    const known = readHeads(path);
    const head = { entries, hash };
    // Another process may have remembered more meanwhile.
    if (known && !setBack && entries < known.tip.entries) return;
    const farther = known && known.farthest.entries > entries ? known.farthest : null;
    const content = JSON.stringify(farther ? { ...farther, current: head } : head);
    const file = openSync(journalHeadPath(path), constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      writeSync(file, content.padEnd(headLength), 0);
    } finally {
      closeSync(file);
    }
  };
}

function headOf(value: unknown): JournalHead | null {
  const { entries, hash } = (value ?? {}) as Partial<JournalHead>;
  return typeof entries === 'number' && typeof hash === 'string' ? { entries, hash } : null;
}

function readHeads(path: string): RememberedHeads | null {
  try {
    const value = JSON.parse(readFileSync(journalHeadPath(path), 'utf8')) as { current?: unknown };
    const farthest = headOf(value);
    if (farthest) return { farthest, tip: headOf(value.current) ?? farthest };
  } catch {
    // Missing or torn: the record beside the archive says it too.
  }
  const recorded = headOf(readRecord(path));
  return recorded ? { farthest: recorded, tip: recorded } : null;
}

/** Every head that is remembered outside an archive's database, the record's included. */
export function rememberedHeads(path: string): JournalHead[] {
  const heads = readHeads(path);
  const recorded = headOf(readRecord(path));
  return [...(heads ? [heads.tip, heads.farthest] : []), ...(recorded ? [recorded] : [])];
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
  const heads = [inDatabase, ...(remembered ? [remembered.tip, remembered.farthest] : [])];
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
  const journalId = randomUUID();
  const at = Date.now();
  const remembered = Math.max(...left.map(({ entries }) => entries));
  const missing = remembered - found.entries;
  const words =
    missing > 0
      ? `${formatCounted(missing, 'entry')} ${agreeing(missing, 'is', 'are')} missing at the end: ${formatCount(found.entries)} of ${formatCount(remembered)} ${agreeing(found.entries, 'was', 'were')} found`
      : `entry ${formatCount(remembered)} is not the one that was remembered`;
  return [
    {
      ...connectionOfLastEntry(database),
      journalId,
      kind: 'intent',
      at,
      operator: 'Ostor Console',
      operation: mismatchOperation,
      title: 'Journal does not match what was remembered',
      before: {
        journal: `${formatCounted(remembered, 'entry')} ${agreeing(remembered, 'was', 'were')} remembered`,
      },
      after: { journal: words },
      input: { left, found },
      requests: [],
      ticket: null,
      runId: null,
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
