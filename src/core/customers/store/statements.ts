import type { DatabaseSync } from 'node:sqlite';
import { searchedText } from '#shared/plain-text.ts';
import { compressRaw, expandRaw, rawEncoding } from '../../store/archive/file/encodings.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { fromRow, type Page, type Row, readPage } from '../../store/sqlite/rows.ts';
import { type Decision, putDecision } from './accepted-lines.ts';
import { issuedUserWriter, type UserHours } from './issued-users.ts';
import { addRecord } from './records.ts';

/** A statement of a customer as it is in the register; `summary` is what lists show of it. */
export interface IssuedRow {
  statementId: string;
  number: string;
  customerId: string;
  corrects: string | null;
  correctedBy: string | null;
  digest: string;
  /** What it was asked for, canonical JSON. */
  input: string;
  /** Digest of the statistics objects and samples it was made from. */
  sources: string;
  issuedBy: string;
  issuedAt: number;
  summary: string;
}

/** A statement to be issued: its number is given by the register. */
export type NewIssued = Omit<IssuedRow, 'number' | 'correctedBy'> & {
  /** No two issued statements have the same. */
  identity: string;
  body: string;
  /** Null where the register has them. */
  sourceLines: string | null;
  billed: UserHours[];
  /** What somebody decided that it rests on: users that it no longer bills. */
  takenBack?: Decision | undefined;
};

/** A customer and a period, ISO. */
export interface BilledPlace {
  customerId: string;
  from: string;
  to: string;
}

/** What became of a statement that was to be issued. */
export interface IssueOutcome {
  issued: IssuedRow;
  /**
   * Whether it is another one: which bills the customer for hours of the period already, or which corrects
   * the same statement without what somebody decided.
   */
  isOther: boolean;
}

const columns = `statement_id, number, s.customer_id, corrects, digest, input, sources, issued_by,
  issued_at, summary, (SELECT c.statement_id FROM issued_statement AS c
    WHERE c.corrects = s.statement_id) AS corrected_by`;
const register = 'issued_statement AS s';
const selectIssued = `SELECT ${columns} FROM ${register}`;

const pack = (text: string): Uint8Array => compressRaw(new TextEncoder().encode(text));
/** The statement of a row of the register, canonical JSON. */
export const unpackBody = ({ encoding, body }: Row): string =>
  new TextDecoder().decode(expandRaw(String(encoding), body as Uint8Array));

export function toIssuedRow(row: Row): IssuedRow {
  return { ...fromRow<IssuedRow>(row), customerId: String(row.customer_id) };
}

/**
 * Condition that the period of a statement `s` ends in that of two values, where these are given: that of
 * a cancellation, which ends within a month, is one of that month.
 */
export const endsIn = (from: string, to: string): string =>
  `(${from} IS NULL OR s.summary ->> '$.to' > ${from} AND s.summary ->> '$.to' <= ${to})`;

/**
 * Finds the statement, as first issued, that bills a customer for hours of a period: that of the very
 * period before others, else the last. A correction is of the same period as what it corrects.
 */
export function issuedOverReader(database: DatabaseSync): (place: BilledPlace) => IssuedRow | null {
  const over = database.prepare(
    `${selectIssued} WHERE s.customer_id = ?1 AND s.corrects IS NULL
       AND s.summary ->> '$.from' < ?3 AND s.summary ->> '$.to' > ?2
     ORDER BY s.summary ->> '$.from' = ?2 AND s.summary ->> '$.to' = ?3 DESC, s.place DESC LIMIT 1`,
  );
  return ({ customerId, from, to }) => {
    const row = over.get(Number(customerId), from, to);
    return row ? toIssuedRow(row) : null;
  };
}

/** Adds one to the register, with its record in the journal. */
function inserter(database: DatabaseSync): (statement: NewIssued) => void {
  const lastPlace = database.prepare('SELECT coalesce(max(place), 0) AS n FROM issued_statement');
  const addSources = database.prepare(
    'INSERT INTO issued_source VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING',
  );
  const add = database.prepare(
    'INSERT INTO issued_statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const addUsers = issuedUserWriter(database);
  return (statement) => {
    const { statementId, identity, customerId, corrects, digest, sourceLines, issuedBy } =
      statement;
    const place = Number(lastPlace.get()?.n) + 1;
    const year = new Date(statement.issuedAt).getUTCFullYear();
    const number = `C-${year}-${String(place).padStart(4, '0')}`;
    if (sourceLines !== null) addSources.run(statement.sources, rawEncoding, pack(sourceLines));
    add.run(
      ...[place, statementId, identity, number, Number(customerId), corrects, digest],
      ...[statement.input, statement.sources, issuedBy, statement.issuedAt],
      ...[rawEncoding, pack(statement.body), statement.summary],
    );
    addUsers(statementId, statement.billed);
    const details = { statement: number, digest, corrects };
    const action = 'statements.issue';
    addRecord(database, { operator: issuedBy, action, result: 'done', customerId, details });
  };
}

/** Issues statements, each once. */
function issueMethods(database: DatabaseSync) {
  const ofIdentity = database.prepare(`${selectIssued} WHERE s.identity = ?`);
  const find = (identity: string): IssuedRow | null => {
    const row = ofIdentity.get(identity);
    return row ? toIssuedRow(row) : null;
  };
  const insert = inserter(database);
  const issuedIn = issuedOverReader(database);
  const issueOne = (statement: NewIssued): IssueOutcome => {
    const { identity, customerId, corrects, takenBack } = statement;
    const same = find(identity);
    if (same) return { issued: same, isOther: takenBack !== undefined };
    const { from, to } = JSON.parse(statement.summary) as { from: string; to: string };
    const other = corrects === null ? issuedIn({ customerId, from, to }) : null;
    if (other) return { issued: other, isOther: true };
    if (takenBack) putDecision(database, 'statements.takeBack', takenBack);
    insert(statement);
    return { issued: find(identity) as IssuedRow, isOther: false };
  };
  return {
    /**
     * Issues, in one transaction with their records: the one of its identity where there is one, and
     * nothing where another bills hours of its period, whichever process issued that.
     */
    issueStatements: (statements: NewIssued[]): IssueOutcome[] =>
      inTransaction(database, () => statements.map(issueOne)),
  };
}

/** The register of customers' statements: nothing in it is ever changed. */
export function statementMethods(database: DatabaseSync) {
  return {
    ...issueMethods(database),
    readIssued: ({ statementId, withSources }: { statementId: string; withSources: boolean }) => {
      const row = database
        .prepare(`SELECT ${columns}, encoding, body FROM ${register} WHERE s.statement_id = ?`)
        .get(statementId);
      if (!row) return null;
      const { encoding: _, body: __, ...issued } = row;
      const sources = withSources
        ? database
            .prepare('SELECT encoding, body FROM issued_source WHERE digest = ?')
            .get(String(row.sources))
        : undefined;
      return {
        issued: toIssuedRow(issued),
        body: unpackBody(row),
        sourceLines: sources ? unpackBody(sources) : '',
      };
    },
    /** Statements of a period that nothing corrects, in the order of issue. */
    issuedOfPeriod: (of: { from: string; to: string; billingId: string | null }): string[] =>
      database
        .prepare(
          `SELECT s.statement_id AS id FROM issued_statement AS s
           JOIN customer USING (customer_id)
           WHERE ${endsIn('?1', '?2')}
             AND (?3 IS NULL OR customer.billing_id = ?3)
             AND NOT EXISTS (SELECT 1 FROM issued_statement AS c WHERE c.corrects = s.statement_id)
           ORDER BY s.place`,
        )
        .all(of.from, of.to, of.billingId)
        .map(({ id }) => String(id)),
    numberOf: ({ statementId }: { statementId: string }): string | null => {
      const row = database
        .prepare('SELECT number FROM issued_statement WHERE statement_id = ?')
        .get(statementId);
      return row ? String(row.number) : null;
    },
    listIssued: (
      query: Page & {
        customerId?: string | undefined;
        billingId?: string | undefined;
        period: { from: string; to: string } | null;
        within: { from: string; to: string } | null;
        search?: string | undefined;
      },
    ) => {
      const customer = query.customerId === undefined ? null : Number(query.customerId);
      const { period, within, billingId = null } = query;
      const bounds = [period?.from ?? null, period?.to ?? null];
      const range = [within?.from ?? null, within?.to ?? null];
      const values = [customer, billingId, ...bounds, ...range, searchedText(query.search)];
      const from = `${register} WHERE (?1 IS NULL OR s.customer_id = ?1) AND (?2 IS NULL OR EXISTS (
        SELECT 1 FROM customer AS c WHERE c.customer_id = s.customer_id AND c.billing_id = ?2))
        AND (?3 IS NULL OR s.summary ->> '$.from' = ?3 AND s.summary ->> '$.to' = ?4)
        AND ${endsIn('?5', '?6')} AND (?7 = '' OR instr(lower(s.number), ?7) > 0 OR EXISTS (
          SELECT 1 FROM customer AS c WHERE c.customer_id = s.customer_id AND instr(c.words, ?7) > 0))`;
      const wanted = { columns, from, order: 's.place DESC', values, page: query };
      return readPage(database, wanted, toIssuedRow);
    },
  };
}
