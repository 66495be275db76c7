import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../sqlite/database.ts';
import { checkEntry, type JournalProblem } from '../queries/journal.ts';
import { entriesOf } from '../queries/journal-lists.ts';

interface Source {
  database: DatabaseSync;
  /** Null: the archive's own. */
  chain: string | null;
}

interface JournalPart {
  chain: string;
  /** Entries up to this one are here already. */
  after: number;
}

/** One journal of another archive, as a preview shows it. Times Unix milliseconds. */
export interface JournalSummary {
  chain: string;
  entries: number;
  /** Of these, not in this archive yet. */
  new: number;
  from: number;
  to: number;
  operators: string[];
  problems: JournalProblem[];
}

const batchEntries = 2000;

export function journalsOf(database: DatabaseSync): Source[] {
  const merged = database
    .prepare('SELECT chain FROM merged_journal ORDER BY merged_at, chain')
    .all()
    .map((row) => ({ database, chain: String(row.chain) }));
  return [{ database, chain: null }, ...merged].filter((source) => lastOf(source) > 0);
}

function lastOf({ database, chain }: Source): number {
  const row = database.prepare(`SELECT max(sequence) AS last FROM ${entriesOf(chain)}`).get();
  return Number(row?.last ?? 0);
}

function firstHash({ database, chain }: Source): string | null {
  const row = database
    .prepare(`SELECT hash FROM ${entriesOf(chain)} ORDER BY sequence LIMIT 1`)
    .get();
  return row ? String(row.hash) : null;
}

/** The first entry of a journal that differs from another one; null if there is none. */
function firstDifference(
  source: Source,
  target: Source,
): { sequence: number; hash: string } | null {
  const find = target.database.prepare(
    `SELECT hash FROM ${entriesOf(target.chain)} WHERE sequence = ?`,
  );
  const rows = source.database.prepare(
    `SELECT sequence, hash FROM ${entriesOf(source.chain)} ORDER BY sequence`,
  );
  for (const row of rows.iterate()) {
    const sequence = Number(row.sequence);
    if (find.get(sequence)?.hash !== row.hash) return { sequence, hash: String(row.hash) };
  }
  return null;
}

/**
 * Returns where a journal of another archive belongs: next to the archive's own, under the hash of its
 * first entry, or, where it began as one that is here and went another way, of the first that differs.
 * @returns null where nothing of it is missing here
 */
function placeOf(own: DatabaseSync, source: Source): JournalPart | null {
  const ownFirst = firstHash({ database: own, chain: null });
  let chain = firstHash(source);
  for (const tried = new Set<string>(); chain !== null && !tried.has(chain); tried.add(chain)) {
    const target = { database: own, chain: chain === ownFirst ? null : chain };
    const stored = lastOf(target);
    if (stored === 0) return { chain, after: 0 };
    const difference = firstDifference(source, target);
    if (difference === null) return null;
    // The archive's own journal is never continued with what somebody else wrote.
    if (target.chain !== null && difference.sequence > stored) return { chain, after: stored };
    tried.add(chain);
    chain = difference.hash;
  }
  return null;
}

export function previewJournals(own: DatabaseSync, other: DatabaseSync): JournalSummary[] {
  return journalsOf(other).map((source) => {
    const place = placeOf(own, source);
    const isNew = place === null ? 0 : Number(countAfter(source, place.after));
    return { ...summarise(source), new: isNew };
  });
}

/** Recomputes a journal's chain, and names every altered entry. */
function chainProblems({ database, chain }: Source): JournalProblem[] {
  const problems: JournalProblem[] = [];
  let [previous, last] = ['', 0];
  const rows = database
    .prepare(`SELECT sequence, body, previous, hash FROM ${entriesOf(chain)} ORDER BY sequence`)
    .iterate();
  for (const row of rows) {
    const sequence = Number(row.sequence);
    const problem = checkEntry(row, sequence, { last, previous });
    if (problem) problems.push(problem);
    previous = String(row.hash);
    last = sequence;
  }
  return problems;
}

function countAfter({ database, chain }: Source, after: number): number {
  const row = database
    .prepare(`SELECT count(*) AS n FROM ${entriesOf(chain)} WHERE sequence > ?`)
    .get(after);
  return Number(row?.n);
}

/** A journal in a few words, with its chain recomputed. */
export function summarise(source: Source): Omit<JournalSummary, 'new'> {
  const { database, chain } = source;
  const row = database
    .prepare(`SELECT count(*) AS n, min(at) AS first, max(at) AS last FROM ${entriesOf(chain)}`)
    .get();
  const operators = database
    .prepare(
      `SELECT DISTINCT json_extract(body, '$.operator') AS operator FROM ${entriesOf(chain)}
       WHERE kind = 'intent' ORDER BY 1 LIMIT 20`,
    )
    .all()
    .flatMap((one) => (one.operator === null ? [] : [String(one.operator)]));
  return {
    chain: chain ?? firstHash(source) ?? '',
    entries: Number(row?.n),
    from: Number(row?.first),
    to: Number(row?.last),
    operators,
    problems: chainProblems(source),
  };
}

/**
 * Takes over the next entries of the other archive's journals, in one transaction.
 * @returns how many; 0 when nothing is left
 */
export function mergeJournalStep(
  own: DatabaseSync,
  other: DatabaseSync,
  source: string,
  now: number,
): number {
  for (const journal of journalsOf(other)) {
    const place = placeOf(own, journal);
    if (place === null) continue;
    const rows = other
      .prepare(
        `SELECT sequence, body, previous, hash FROM ${entriesOf(journal.chain)}
         WHERE sequence > ? ORDER BY sequence LIMIT ?`,
      )
      .all(place.after, batchEntries);
    inTransaction(own, () => append(own, place.chain, source, now, rows));
    return rows.length;
  }
  return 0;
}

function append(
  own: DatabaseSync,
  chain: string,
  source: string,
  now: number,
  rows: readonly Record<string, unknown>[],
): void {
  own
    .prepare('INSERT INTO merged_journal VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    .run(chain, source, now);
  const add = own.prepare(
    `INSERT INTO merged_journal_entry (chain, sequence, body, previous, hash)
     VALUES (?, ?, ?, ?, ?)`,
  );
  for (const { sequence, body, previous, hash } of rows) {
    add.run(chain, sequence as bigint, String(body), String(previous), String(hash));
  }
}
