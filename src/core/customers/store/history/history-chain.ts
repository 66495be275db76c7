import type { DatabaseSync } from 'node:sqlite';
import { formatCounted } from '#shared/counted.ts';
import { canonicalJson, sha256 } from '../../../store/archive/file/encodings.ts';
import {
  appendEntries,
  chainEntries,
  headKeeper,
  type JournalProblem,
  noticeMismatch,
  verifyJournal,
} from '../../../store/archive/queries/journal.ts';
import {
  type JournalBody,
  lostHeads,
  ownEntries,
} from '../../../store/archive/queries/journal-head.ts';
import { setIdentity } from '../../../store/archive/queries/journal-seal.ts';
import { sealedIdentity } from '../../../store/archive/queries/sealed-head.ts';
import { inTransaction, onCommit } from '../../../store/sqlite/database.ts';

type Row = Record<string, unknown>;

/** A table that is only ever added to, whose rows are in the chain. */
interface ChainedTable {
  /** The columns that identify a row; as one value, which is never a secret. */
  key: readonly string[];
  order: string;
  /** What messages call a row. */
  name(row: Row): string;
}

/**
 * The tables whose rows the chain vouches for, each by a digest of all its columns. Their names, keys and
 * order are in what was chained: they stay.
 */
const chained: Readonly<Record<string, ChainedTable>> = {
  record: {
    key: ['record_id'],
    order: 'record_id',
    name: ({ record_id: id, action, operator }) => `Record ${id} (${action}, by ${operator})`,
  },
  issued_source: {
    key: ['digest'],
    order: 'digest',
    name: ({ digest }) => `Sources ${String(digest).slice(0, 12)} of statements`,
  },
  issued_statement: {
    key: ['statement_id'],
    order: 'place',
    name: ({ number }) => `Statement ${number}`,
  },
  plan_version: {
    key: ['plan_id', 'version'],
    order: 'saved_at, plan_id, version',
    name: ({ plan_id: id, version }) => `Version ${version} of plan ${id}`,
  },
};

const keyOf = ({ key }: ChainedTable, of = ''): string =>
  key.map((column) => `${of}${column}`).join(" || ' ' || ");

/** Columns that a later format adds are empty in rows of before, and count for nothing then. */
function digestOf(row: Row): string {
  const values = Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, value instanceof Uint8Array ? sha256(value) : value]);
  return sha256(canonicalJson(Object.fromEntries(values)));
}

const idOf = (table: string, key: unknown): string => `${table} ${key}`;

function bodyOf(table: string, key: unknown, row: Row, name: string): JournalBody {
  const at = Number(row.at ?? row.issued_at ?? row.saved_at ?? 0);
  return {
    journalId: idOf(table, key),
    kind: 'row',
    at,
    operation: table,
    name,
    digest: digestOf(row),
  };
}

/** Chains all rows that there are, as the step that begins the chain does. They stay as they are. */
export function chainAllRows(database: DatabaseSync): void {
  for (const [name, table] of Object.entries(chained)) {
    const rows = database.prepare(
      `SELECT ${keyOf(table)} AS chained_key, * FROM ${name} ORDER BY ${table.order}`,
    );
    const bodies: JournalBody[] = [];
    for (const { chained_key: key, ...row } of rows.iterate()) {
      bodies.push(bodyOf(name, key, row, table.name(row)));
    }
    chainEntries(database, bodies);
  }
}

/**
 * Chains each row that is added to these tables in the transaction that adds it, whoever adds it, and
 * remembers the end of the chain next to the file. What the file lacks of it is on record first.
 * @param restored the backup that was put in its place
 */
export function keepHistory(database: DatabaseSync, path: string, restored?: string): void {
  if (restored === undefined) noticeMismatch(database, path);
  else recordRestore(database, path, restored);
  const triggers = Object.entries(chained).map(
    ([name, table]) => `CREATE TEMP TRIGGER ${name}_is_chained AFTER INSERT ON main.${name}
      BEGIN INSERT INTO unchained VALUES ('${name}', ${keyOf(table, 'new.')}); END;`,
  );
  database.exec(`CREATE TEMP TABLE unchained (source TEXT, key); ${triggers.join('\n')}`);
  const added = database.prepare('SELECT source, key FROM temp.unchained ORDER BY rowid');
  const clear = database.prepare('DELETE FROM temp.unchained');
  const rowOf = Object.fromEntries(
    Object.entries(chained).map(([name, table]) => [
      name,
      database.prepare(`SELECT * FROM ${name} WHERE ${keyOf(table)} = ?`),
    ]),
  );
  const heads = headKeeper(database, path);
  let head: ReturnType<typeof appendEntries> | null = null;
  onCommit(database, {
    before: () => {
      head = null;
      const bodies = added.all().flatMap(({ source, key }) => {
        const name = String(source);
        const row = rowOf[name]?.get(key as string | number);
        return row ? [bodyOf(name, key, row, chained[name]?.name(row) ?? name)] : [];
      });
      if (bodies.length === 0) return;
      heads.assertRemembered();
      clear.run();
      head = appendEntries(database, bodies);
    },
    after: () => {
      if (head) heads.committed(head);
    },
  });
}

/** Says for ever that a backup took the file's place, and which end of the chain is left behind. */
function recordRestore(database: DatabaseSync, path: string, fileName: string): void {
  // a backup of before it had one belongs to the journal whose end is remembered
  const identity = sealedIdentity(path, null);
  if (identity !== null) setIdentity(database, identity);
  const left = lostHeads(database, path);
  const behind = Math.max(0, ...left.map(({ entries }) => entries));
  const head = inTransaction(database, () =>
    chainEntries(
      database,
      ownEntries(database, {
        operation: 'customers.restore',
        title: 'Restore a backup of the customers',
        before: { journal: `${formatCounted(behind, 'record')} remembered` },
        after: { journal: `as in ${fileName}` },
        input: { left },
      }),
    ),
  );
  headKeeper(database, path).committed({ ...head, setBack: true });
}

/**
 * Recomputes the chain, and compares each row that it vouches for with what was chained.
 * @returns `acts`: how many records the history has
 */
export function verifyHistory(database: DatabaseSync, path: string) {
  const { problems, ...chain } = verifyJournal(database, path);
  const known = new Map<string, { sequence: number; name: string; digest: string }>();
  const entries = database
    .prepare("SELECT sequence, body FROM journal_entry WHERE kind = 'row' ORDER BY sequence")
    .iterate();
  for (const { sequence, body } of entries) {
    const { journalId, name, digest } = JSON.parse(String(body)) as JournalBody & {
      name: string;
      digest: string;
    };
    // its key was used again, as the last one of a table is once its row is gone
    const before = known.get(journalId);
    if (before) problems.push(missing(before));
    known.set(journalId, { sequence: Number(sequence), name, digest });
  }
  for (const [name, table] of Object.entries(chained)) {
    problems.push(...rowProblems(database, name, table, known));
  }
  problems.push(...[...known.values()].map(missing));
  const { n: acts } = database.prepare('SELECT count(*) AS n FROM record').get() ?? {};
  return { ...chain, acts: Number(acts), problems };
}

const missing = ({ sequence, name }: { sequence: number; name: string }): JournalProblem => ({
  ...{ kind: 'missing', sequence, detail: `${name} is missing.` },
});

/** Takes the rows that are there out of `known`. */
function rowProblems(
  database: DatabaseSync,
  name: string,
  table: ChainedTable,
  known: Map<string, { sequence: number; name: string; digest: string }>,
): JournalProblem[] {
  const problems: JournalProblem[] = [];
  const rows = database
    .prepare(`SELECT ${keyOf(table)} AS chained_key, * FROM ${name} ORDER BY ${table.order}`)
    .iterate();
  for (const { chained_key: key, ...row } of rows) {
    const id = idOf(name, key);
    const entry = known.get(id);
    known.delete(id);
    if (!entry) {
      const detail = `${table.name(row)} was added by something else than the console.`;
      problems.push({ kind: 'forged', sequence: 0, detail });
    } else if (entry.digest !== digestOf(row)) {
      const detail = `${entry.name} is not what was written.`;
      problems.push({ kind: 'changed', sequence: entry.sequence, detail });
    }
  }
  return problems;
}
