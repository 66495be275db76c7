import { randomUUID } from 'node:crypto';
import { hourToIso } from '#shared/billing/charges.ts';
import { amountWords } from '#shared/billing/money.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { AppError, conflict, notFound } from '#shared/errors.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import { doneEntries, operatorName } from '../../changes/journal/journal.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import type { Archive } from '../../store/archive/archive.ts';
import { canonicalJson, sha256 } from '../../store/archive/file/encodings.ts';
import { aboutConnection, type JournalIntent } from '../../store/archive/journal-port.ts';
import type { IssuedStatement } from '../../store/archive/queries/issued-statements.ts';
import { assertFinal } from '../coverage/coverage-summary.ts';
import { type HourPeriod, hoursOf, millisecondsToIso } from '../coverage/report-period.ts';
import { compareStatements, type StatementDifference } from './compare-statements.ts';
import {
  type ClusterStatementInput,
  makeStatement,
  readSourceLines,
  type Statement,
  sumAmounts,
} from './statement.ts';
import { TariffStore } from './tariff-store.ts';

export type Issued = CallOutput<'statements.issue'>;

export type IssueInput =
  | { connectionId: string; corrects: string; version?: number | undefined }
  | ClusterStatementInput;

/** What a statement is made for, in the form the register keeps it. */
interface Subject {
  tariffId: string;
  fromHour: number;
  toHour: number;
  /** Sorted; null for everyone. */
  userIds: string[] | null;
}

interface Made {
  subject: Subject;
  statement: Statement;
  objects: string[];
  looks: string;
}

/** What was made for earlier rows of a page: statements of one tariff and period differ in users alone. */
interface Memory {
  statements: Map<string, Promise<Made>>;
  sources: Map<string, Promise<Pick<Made, 'objects' | 'looks'>>>;
}

const mostUserIds = 100;

/** The statements issued on one connection. What was issued never changes; corrections are added. */
export class StatementRegister {
  readonly #archive: Archive;
  readonly #connection: SavedConnection;

  constructor(archive: Archive, connection: SavedConnection) {
    this.#archive = archive;
    this.#connection = connection;
  }

  /** Issues a statement or a correction; what was issued before is yielded again. */
  async issue(input: IssueInput): Promise<Issued> {
    if ('corrects' in input) return this.#correct(input.corrects, input.version);
    const subject = subjectOf(input);
    const identity = sha256(`statement\n${canonicalJson(subject)}`);
    const before = await this.#archive.read('findIssued', { identity });
    if (before) return toWireIssued(sameVersion(before, input.version));
    const made = await this.#make(subject, input.version ?? null);
    if (input.requireFinal) assertFinal(made.statement.coverage, made.statement.reasons);
    return this.#add(made, identity, null);
  }

  /** One page, newest first, each compared with how it would turn out now. */
  async list(page: { offset: number; limit: number }): Promise<CallOutput<'statements.issued'>> {
    const { total, rows } = await this.#archive.read('listIssued', page);
    const memory: Memory = { statements: new Map(), sources: new Map() };
    const compared: CallOutput<'statements.issued'>['rows'] = [];
    for (const row of rows) {
      const change = row.correctedBy === null ? await this.#change(row, memory) : null;
      compared.push({ ...toWireIssued(row), change });
    }
    return { total, rows: compared };
  }

  /** One with its whole statement as issued. @throws `NOT_FOUND` */
  async get(statementId: string): Promise<{ issued: Issued; statement: Statement }> {
    const { issued, statement } = await this.#read(statementId);
    return { issued: toWireIssued(issued), statement };
  }

  /** What has changed since a statement, or the last correction of it, was issued. */
  async corrections(statementId: string): Promise<CallOutput<'statements.corrections'>> {
    const chain = await this.#chain(statementId);
    const last = chain.at(-1) as IssuedStatement;
    const difference = await this.#compare(last, { statements: new Map() });
    return {
      statementId,
      issued: toWireIssued(last),
      ...difference,
      corrections: chain.slice(1).map(toWireIssued),
    };
  }

  async #correct(statementId: string, version: number | undefined): Promise<Issued> {
    const chain = await this.#chain(statementId);
    const last = chain.at(-1) as IssuedStatement;
    const { issued, statement, objects } = await this.#read(last.statementId);
    const made = await this.#make(readSubject(issued), version ?? issued.tariffVersion);
    const { changed } = compareStatements(
      statement,
      made.statement,
      { objects, looks: issued.looks },
      made,
    );
    if (changed) return this.#add(made, `correction ${last.statementId}`, last.statementId);
    if (chain.length > 1) return toWireIssued(last);
    throw conflict(
      `Nothing has changed since ${issued.number} was issued.`,
      'Issue a correction once late objects, samples of sizes or another tariff version change it.',
    );
  }

  async #add(made: Made, identity: string, corrects: string | null): Promise<Issued> {
    const { statement, subject } = made;
    const { total } = statement;
    if (statement.state === 'no-data' || total === null) throw nothingToIssue(statement);
    const body = canonicalJson(statement);
    const digest = sha256(body);
    const issuedAt = Date.now();
    const amount = amountWords(fromWireInteger(total), statement.currency, statement.minorDigits);
    const corrected = corrects === null ? null : (await this.#read(corrects)).issued.number;
    const issued = await this.#archive.write('issueStatement', {
      statementId: randomUUID(),
      identity,
      corrects,
      digest,
      input: canonicalJson(subject),
      state: statement.state,
      tariffId: statement.tariffId,
      tariffVersion: statement.tariffVersion,
      tariffName: statement.tariffName,
      fromHour: subject.fromHour,
      toHour: subject.toHour,
      users: statement.users.length,
      total: fromWireInteger(total),
      currency: statement.currency,
      minorDigits: statement.minorDigits,
      sources: sha256(made.objects.join('')),
      looks: made.looks,
      issuedBy: operatorName(),
      issuedAt,
      body,
      sourceLines: made.objects.join(''),
      entries: doneEntries(this.#entry({ statement, digest, amount, corrected }), issuedAt),
    });
    return toWireIssued(issued);
  }

  #entry(of: {
    statement: Statement;
    digest: string;
    amount: string;
    corrected: string | null;
  }): JournalIntent {
    const { from, to, state, tariffName, tariffVersion } = of.statement;
    return {
      ...aboutConnection(this.#connection),
      operation: 'statements.issue',
      title: of.corrected === null ? 'Issue statement' : 'Issue correction',
      before: of.corrected === null ? {} : { statement: of.corrected },
      after: {
        digest: of.digest,
        state,
        period: `${from} to ${to}`,
        tariff: `${tariffName}, version ${tariffVersion}`,
        amount: of.amount,
      },
    };
  }

  async #make(subject: Subject, version: number | null): Promise<Made> {
    const tariff = await new TariffStore(this.#archive).get(subject.tariffId, version);
    const statement = await makeStatement(this.#archive, tariff, subject, subject.userIds);
    return { subject, statement, ...(await this.#sources(subject)) };
  }

  async #sources(period: HourPeriod): Promise<{ objects: string[]; looks: string }> {
    const { fromHour, toHour } = period;
    const objects = await readSourceLines(this.#archive, { fromHour, toHour });
    const looks = await this.#archive.read('sizeLooks', {
      from: fromHour * hour,
      to: toHour * hour,
    });
    return { objects, looks: sha256(looks.join(' ')) };
  }

  /** Cheap where nothing came in since a final statement: then nothing is made again. */
  async #change(
    issued: IssuedStatement,
    memory: Memory,
  ): Promise<CallOutput<'statements.issued'>['rows'][number]['change']> {
    const period = `${issued.fromHour} ${issued.toHour}`;
    const reading = memory.sources.get(period) ?? this.#sources(issued);
    memory.sources.set(period, reading);
    const { objects, looks } = await reading;
    const same = issued.sources === sha256(objects.join('')) && issued.looks === looks;
    if (same && issued.state === 'final') {
      return { changed: false, words: 'Unchanged since issued.', difference: 0 };
    }
    const { changed, words, difference } = await this.#compare(issued, memory);
    return { changed, words, difference };
  }

  async #compare(
    issued: IssuedStatement,
    { statements }: Pick<Memory, 'statements'>,
  ): Promise<StatementDifference> {
    const subject = readSubject(issued);
    const key = `${issued.tariffId} ${issued.tariffVersion} ${issued.fromHour} ${issued.toHour}`;
    const whole =
      statements.get(key) ?? this.#make({ ...subject, userIds: null }, issued.tariffVersion);
    statements.set(key, whole);
    const { statement, objects } = await this.#read(issued.statementId);
    const made = await whole;
    const now = forUsers(made.statement, subject.userIds);
    return compareStatements(statement, now, { objects, looks: issued.looks }, made);
  }

  /** A statement and every correction of it, in order. */
  async #chain(statementId: string): Promise<IssuedStatement[]> {
    const chain: IssuedStatement[] = [];
    for (let next: string | null = statementId; next !== null; ) {
      const { issued }: { issued: IssuedStatement } = await this.#read(next);
      chain.push(issued);
      next = issued.correctedBy;
    }
    return chain;
  }

  async #read(
    statementId: string,
  ): Promise<{ issued: IssuedStatement; statement: Statement; objects: string[] }> {
    const found = await this.#archive.read('readIssued', { statementId });
    if (!found) {
      throw notFound(
        'The register has no statement of that id.',
        'Take the id from the list of issued statements of the same cluster.',
      );
    }
    return {
      issued: found.issued,
      statement: JSON.parse(found.body) as Statement,
      objects: found.sourceLines.match(/[^\n]*\n/g) ?? [],
    };
  }
}

function subjectOf(input: ClusterStatementInput): Subject {
  const { tariffId, userIds } = input;
  return { tariffId, ...hoursOf(input), userIds: userIds ? [...new Set(userIds)].sort() : null };
}

function readSubject({ input }: IssuedStatement): Subject {
  return JSON.parse(input) as Subject;
}

function forUsers(statement: Statement, userIds: readonly string[] | null): Statement {
  if (userIds === null || statement.total === null) return statement;
  const wanted = new Set(userIds);
  const users = statement.users.filter(({ userId }) => wanted.has(userId));
  const fees = (statement.fees ?? []).filter(({ userId = '' }) => wanted.has(userId));
  const total = sumAmounts([...users, ...fees]);
  return { ...statement, users, fees, total: toWireInteger(total) };
}

function sameVersion(issued: IssuedStatement, version: number | undefined): IssuedStatement {
  if (version === undefined || version === issued.tariffVersion) return issued;
  throw conflict(
    `This statement was issued as ${issued.number} with version ${issued.tariffVersion} of its tariff.`,
    `Issue a correction of ${issued.number} to apply version ${version}.`,
  );
}

function nothingToIssue({ reasons }: Statement): AppError {
  return new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `There is no data to issue a statement from. ${reasons.join(' ')}`.trim(),
    hint: 'Collect the statistics of the period and refresh the cluster, so that sizes are sampled.',
  });
}

function toWireIssued(issued: IssuedStatement): Issued {
  const { input: _input, sources: _sources, looks: _looks, fromHour, toHour, ...rest } = issued;
  return {
    ...rest,
    state: issued.state as Issued['state'],
    total: toWireInteger(issued.total),
    from: hourToIso(fromHour),
    to: hourToIso(toHour),
    userIds: readSubject(issued).userIds?.slice(0, mostUserIds) ?? null,
    issuedAt: millisecondsToIso(issued.issuedAt),
  };
}
