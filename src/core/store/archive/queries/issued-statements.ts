import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../sqlite/database.ts';
import { fromRow, insertRows, type Page, type Row, readPage } from '../../sqlite/rows.ts';
import { compressRaw, expandRaw, rawEncoding } from '../file/encodings.ts';
import { appendEntries } from './journal.ts';
import { type JournalBody, rememberHead } from './journal-head.ts';
import { journalKeyOf } from './journal-seal.ts';

/** A statement as it is in the register. Hours since the Unix epoch, times Unix milliseconds. */
export interface IssuedStatement {
  statementId: string;
  number: string;
  /** The statement it takes the place of. */
  corrects: string | null;
  /** The statement that takes its place. */
  correctedBy: string | null;
  /** SHA-256 over the statement as it is kept. */
  digest: string;
  /** What it was asked for, canonical JSON. */
  input: string;
  state: string;
  tariffId: string;
  tariffVersion: number;
  tariffName: string;
  fromHour: number;
  toHour: number;
  users: number;
  total: bigint;
  currency: string;
  minorDigits: number;
  /** Digest of the statistics objects it was made from. */
  sources: string;
  /** Digest of when sizes were sampled. */
  looks: string;
  issuedBy: string;
  issuedAt: number;
}

/** A statement to be issued: its number is given by the register. */
type NewStatement = Omit<IssuedStatement, 'number' | 'correctedBy'> & {
  /** No two issued statements have the same. */
  identity: string;
  /** The whole statement, canonical JSON. */
  body: string;
  /** A line for each statistics object: name, space, digest. */
  sourceLines: string;
  /** What the journal is to say; the number is added to the title and to what came of it. */
  entries: JournalBody[];
};

const columns = `statement_id, number, corrects, digest, input, state, tariff_id, tariff_version,
  tariff_name, from_hour, to_hour, users, total, currency, minor_digits, sources, looks, issued_by,
  issued_at, (SELECT c.statement_id FROM issued_statement AS c
  WHERE c.corrects = s.statement_id) AS corrected_by`;
const register = 'issued_statement AS s';

export function issuedStatementReaders(database: DatabaseSync) {
  return {
    /** One page, newest first. */
    listIssued: (page: Page) =>
      readPage(database, { columns, from: register, order: 's.place DESC', page }, toIssued),
    /** One with its whole statement (JSON) and the objects it was made from; null where there is none. */
    readIssued: ({ statementId }: { statementId: string }) => {
      const row = database
        .prepare(`SELECT ${columns}, encoding, body FROM ${register} WHERE s.statement_id = ?`)
        .get(statementId);
      if (!row) return null;
      const { encoding: _, body: __, ...issued } = row;
      const sources = database
        .prepare('SELECT encoding, body FROM issued_sources WHERE digest = ?')
        .get(String(row.sources));
      return {
        issued: toIssued(issued),
        body: expand(row),
        sourceLines: sources ? expand(sources) : '',
      };
    },
    /** Statements of a time in a period that nothing corrects, with the users that each charges. */
    issuedUsers: (of: { fromHour: number; toHour: number }) =>
      database
        .prepare(
          `SELECT statement_id, number, encoding, body FROM ${register}
           WHERE from_hour < ? AND to_hour > ? AND NOT EXISTS
             (SELECT 1 FROM issued_statement AS c WHERE c.corrects = s.statement_id)
           ORDER BY place`,
        )
        .all(of.toHour, of.fromHour)
        .map((row) => {
          const { users } = JSON.parse(expand(row)) as { users: { userId: string }[] };
          return {
            ...{ statementId: String(row.statement_id), number: String(row.number) },
            userIds: users.map(({ userId }) => userId),
          };
        }),
    /** The one of that identity, or null. */
    findIssued: ({ identity }: { identity: string }): IssuedStatement | null =>
      findIssued(database, identity),
  };
}

/** Adds to the register; nothing in it is ever changed. */
export function issuedStatementWriters(database: DatabaseSync, path: string) {
  const remember = rememberHead(path, () => journalKeyOf(database));
  return {
    /**
     * Issues a statement, in one transaction with its place in the journal. Yields the one of its
     * identity where that was issued before.
     */
    issueStatement(statement: NewStatement): IssuedStatement {
      const head = inTransaction(database, () => {
        if (findIssued(database, statement.identity)) return null;
        const number = nextNumber(database, statement.issuedAt);
        insert(database, statement, number);
        return appendEntries(database, named(statement.entries, number));
      });
      if (head) remember(head);
      const issued = findIssued(database, statement.identity);
      if (!issued) throw new Error('A statement that was issued is not in the register.');
      return issued;
    },
  };
}

function findIssued(database: DatabaseSync, identity: string): IssuedStatement | null {
  const row = database
    .prepare(`SELECT ${columns} FROM ${register} WHERE s.identity = ?`)
    .get(identity);
  return row ? toIssued(row) : null;
}

/**
 * `S-2026-0001`: the year of issue and the place in the register, without gaps. Merged statements take
 * places and keep the numbers of their workstation: one of those is never given again.
 */
function nextNumber(database: DatabaseSync, issuedAt: number): string {
  const row = database.prepare('SELECT coalesce(max(place), 0) + 1 AS place FROM issued_statement');
  const taken = database.prepare('SELECT 1 FROM issued_statement WHERE number = ?');
  for (let place = Number(row.get()?.place); ; place += 1) {
    const number = `S-${new Date(issuedAt).getUTCFullYear()}-${String(place).padStart(4, '0')}`;
    if (!taken.get(number)) return number;
  }
}

function named(entries: readonly JournalBody[], number: string): JournalBody[] {
  return entries.map((entry) =>
    entry.kind === 'intent'
      ? {
          ...entry,
          title: `${String(entry.title)} ${number}`,
          after: { statement: number, ...(entry.after as object) },
        }
      : entry,
  );
}

function insert(database: DatabaseSync, statement: NewStatement, number: string): void {
  database
    .prepare('INSERT INTO issued_sources VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING')
    .run(statement.sources, rawEncoding, compress(statement.sourceLines));
  const { entries: _, sourceLines: __, body, total, ...fields } = statement;
  const kept = { number, total: String(total), encoding: rawEncoding, body: compress(body) };
  insertRows(database, 'issued_statement', [{ ...fields, ...kept }]);
}

function compress(text: string): Uint8Array {
  return compressRaw(new TextEncoder().encode(text));
}

function expand({ encoding, body }: Row): string {
  return new TextDecoder().decode(expandRaw(String(encoding), body as Uint8Array));
}

function toIssued(row: Row): IssuedStatement {
  return { ...fromRow<IssuedStatement>(row), total: BigInt(String(row.total)) };
}
