import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { z } from 'zod';
import type { journalFilter, journalResult } from '#shared/contract/journal.ts';
import { searchedText } from '#shared/plain-text.ts';
import { comparableSql, defineTexts } from '../../sqlite/database.ts';

/** A query of the journal; newest first. */
export interface JournalQuery {
  search?: string | undefined;
  filter?: z.output<typeof journalFilter> | undefined;
  /** One entry or run alone, where it matches the rest. */
  only?: string | undefined;
  /** The entries of one run are one row: that of its newest entry. */
  folded?: boolean | undefined;
  offset: number;
  limit: number;
}

/** An intent and the newest outcome of the same write, each as JSON. */
export interface JournalPair {
  sequence: number;
  intent: string;
  outcome: string | null;
  /** In a folded list: the run whose entries the row stands for. */
  run?: FoldedRun;
}

/** The entries of a run that match: how many, and how they ended. */
export interface FoldedRun {
  title: string;
  entries: number;
  results: Partial<Record<z.output<typeof journalResult>, number>>;
}

type Narrowing = Pick<JournalQuery, 'search' | 'filter' | 'only'>;

function conditionsOf({ search, filter = {}, only }: Narrowing, chain: string | null) {
  const conditions = ["entry.kind = 'intent'"];
  const values: SQLInputValue[] = [];
  const where = (sql: string, value: SQLInputValue | undefined): void => {
    if (value === undefined) return;
    conditions.push(sql);
    values.push(value);
  };
  where('entry.journal_id = ?', filter.journalId);
  if (only !== undefined) {
    conditions.push('(entry.journal_id = ? OR entry.run_id = ?)');
    values.push(only, only);
  }
  where('entry.operation = ?', filter.operation);
  where("json_extract(entry.body, '$.operator') = ?", filter.operator);
  if (filter.targetId !== undefined) {
    // what a write made is named by its outcome
    conditions.push(`(entry.target_id = ? OR entry.journal_id IN
      (SELECT made.journal_id FROM ${entriesOf(chain)} AS made WHERE made.target_id = ?))`);
    values.push(filter.targetId, filter.targetId);
  }
  where('entry.run_id = ?', filter.runId);
  where('entry.at >= ?', filter.from === undefined ? undefined : Date.parse(filter.from));
  where('entry.at <= ?', filter.to === undefined ? undefined : Date.parse(filter.to));
  where("coalesce(outcome.result, 'open') = ?", filter.result);
  const words = searchedText(search);
  if (words) {
    const texts = ['$.target.id', '$.target.name', '$.operator', '$.ticket', '$.reason', '$.title']
      .map((path) => `coalesce(json_extract(entry.body, '${path}'), '')`)
      .join(` || char(10) || `);
    const all = `(${texts} || char(10) || coalesce(json_extract(outcome.body, '$.requestId'), ''))`;
    conditions.push(`instr(${comparableSql(all)}, ?) > 0`);
    values.push(words);
  }
  return { condition: conditions.join(' AND '), values };
}

/** The table with the entries of a journal, and what narrows it to them. @param chain null: the own */
function tableOf(chain: string | null): { table: string; byId: string; isOfIt: string } {
  if (chain === null) return { table: 'journal_entry', byId: 'journal_by_id', isOfIt: 'true' };
  if (!/^[0-9a-f]{64}$/.test(chain)) throw new Error('A chain is named by a hash.');
  const isOfIt = `chain = '${chain}'`;
  return { table: 'merged_journal_entry', byId: 'merged_journal_by_id', isOfIt };
}

/** The entries of a journal, to read from: the archive's own, or one that was merged. */
export function entriesOf(chain: string | null): string {
  const { table, isOfIt } = tableOf(chain);
  return chain === null ? table : `(SELECT * FROM ${table} WHERE ${isOfIt})`;
}

/**
 * Intents of one journal with their newest outcomes, each found by its id: SQLite on its own would go
 * through all entries for each.
 */
function pairsOf(chain: string | null): string {
  const entries = entriesOf(chain);
  const { table, byId, isOfIt } = tableOf(chain);
  return `FROM ${entries} AS entry
    LEFT JOIN ${entries} AS outcome ON outcome.sequence =
      (SELECT max(later.sequence) FROM ${table} AS later INDEXED BY ${byId}
       WHERE ${isOfIt} AND later.journal_id = entry.journal_id AND later.kind = 'outcome')`;
}

/** Lists of entries: each on its own, or those of one run as one row. */
export function journalListReaders(database: DatabaseSync) {
  defineTexts(database);
  const askedOf = (query: JournalQuery) => {
    const chain = query.filter?.chain ?? chainOf(database, query.filter);
    const pairs = pairsOf(chain);
    const { condition, values } = conditionsOf(query, chain);
    // outcomes are sought only where they matter
    const narrowed = condition.includes('outcome.') ? pairs : `FROM ${entriesOf(chain)} AS entry`;
    const isEntry = database.prepare('SELECT 1 FROM journal_entry WHERE journal_id = ? LIMIT 1');
    const folded = query.folded && !(query.only !== undefined && isEntry.get(query.only));
    const row = folded ? foldedRow : entryRow;
    const found = database
      .prepare(`SELECT ${row.count} AS total ${narrowed} WHERE ${condition}`)
      .get(...values);
    return { chain, pairs, narrowed, condition, values, row, folded, total: Number(found?.total) };
  };
  return {
    /** `chain`: the merged journal that the rows are of; null: the archive's own. */
    listJournal(query: JournalQuery): {
      chain: string | null;
      total: number;
      rows: JournalPair[];
    } {
      const { chain, pairs, narrowed, condition, values, row, folded, total } = askedOf(query);
      const page = database.prepare(
        `WITH page AS (SELECT ${row.newest} AS newest ${narrowed} WHERE ${condition}
           ${row.group} ORDER BY newest DESC LIMIT ? OFFSET ?)
         SELECT entry.sequence, entry.body AS intent, outcome.body AS outcome, entry.run_id ${pairs}
         JOIN page ON page.newest = entry.sequence ORDER BY entry.sequence DESC`,
      );
      const rows = page.all(...values, query.limit, query.offset);
      return {
        chain,
        total,
        rows: rows.map((found) => ({
          ...toPair(found),
          ...(folded && found.run_id !== null
            ? { run: foldedRun(database, String(found.run_id), { pairs, condition, values }) }
            : {}),
        })),
      };
    },
    /** When the first rows of a list were recorded, newest first: for merging several journals. */
    journalTimes(query: JournalQuery): { total: number; times: number[] } {
      const { narrowed, condition, values, row, total } = askedOf(query);
      const rows = database
        .prepare(
          `SELECT ${row.newest} AS newest, entry.at ${narrowed} WHERE ${condition}
           ${row.group} ORDER BY newest DESC LIMIT ?`,
        )
        .all(...values, query.offset + query.limit);
      return { total, times: rows.map(({ at }) => Number(at)) };
    },
    journalOperators: (): string[] =>
      database
        .prepare(
          `SELECT DISTINCT json_extract(body, '$.operator') AS operator FROM journal_entry
           WHERE kind = 'intent' ORDER BY collation_key(operator), operator`,
        )
        .all()
        .map(({ operator }) => String(operator)),
    findJournal({ journalId }: { journalId: string }): JournalPair | null {
      const row = database
        .prepare(
          `SELECT entry.sequence, entry.body AS intent, outcome.body AS outcome ${pairsOf(null)}
           WHERE entry.journal_id = ? AND entry.kind = 'intent'`,
        )
        .get(journalId);
      return row ? toPair(row) : null;
    },
  };
}

/** The merged journal with the entries of a run or a write of another workstation; null: not asked for one. */
function chainOf(database: DatabaseSync, filter: JournalQuery['filter']): string | null {
  for (const [column, id] of [
    ['run_id', filter?.runId],
    ['journal_id', filter?.journalId],
  ] as const) {
    const find = (table: string, what: string): Record<string, unknown> | undefined =>
      database.prepare(`SELECT ${what} FROM ${table} WHERE ${column} = ? LIMIT 1`).get(id ?? '');
    if (id === undefined || find('journal_entry', '1')) continue;
    const merged = find('merged_journal_entry', 'chain');
    if (merged) return String(merged.chain);
  }
  return null;
}

/** Each entry is a row. */
const entryRow = { count: 'count(*)', newest: 'entry.sequence', group: '' };

const ofOneRun = 'coalesce(entry.run_id, entry.journal_id)';

/** The entries of one run are a row, at the place of the newest. */
const foldedRow = {
  count: `count(DISTINCT ${ofOneRun})`,
  newest: 'max(entry.sequence)',
  group: `GROUP BY ${ofOneRun}`,
};

function foldedRun(
  database: DatabaseSync,
  runId: string,
  asked: { pairs: string; condition: string; values: readonly SQLInputValue[] },
): FoldedRun {
  const { pairs, condition, values } = asked;
  const results = database
    .prepare(
      `SELECT coalesce(outcome.result, 'open') AS result, count(*) AS n ${pairs}
       WHERE ${condition} AND entry.run_id = ? GROUP BY 1`,
    )
    .all(...values, runId)
    .map(({ result, n }) => [String(result), Number(n)] as const);
  const run = database.prepare('SELECT title FROM bulk_run WHERE run_id = ?').get(runId);
  return {
    title: run ? String(run.title) : 'Bulk change',
    entries: results.reduce((sum, [, n]) => sum + n, 0),
    results: Object.fromEntries(results),
  };
}

function toPair(row: Record<string, unknown>): JournalPair {
  return {
    sequence: Number(row.sequence),
    intent: String(row.intent),
    outcome: row.outcome === null ? null : String(row.outcome),
  };
}
