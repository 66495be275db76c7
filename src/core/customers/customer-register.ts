import { randomUUID } from 'node:crypto';
import type { Tariff } from '#shared/billing/charges.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, conflict, notFound } from '#shared/errors.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { Archives } from '../clusters/archives.ts';
import { canonicalJson, sha256 } from '../store/archive/file/encodings.ts';
import {
  compareStatements,
  type StatementDifference,
} from '../usage/billing/compare-statements.ts';
import type { Statement } from '../usage/billing/statement.ts';
import { boundsOf, hoursOf } from '../usage/coverage/report-period.ts';
import { billedAlready, isByTariff, secondBill } from './billed-already.ts';
import {
  type BillMemory,
  type CustomerBills,
  type CustomerStatementInput,
  newBillMemory,
} from './bills.ts';
import { userHours } from './customer-statement.ts';
import { unknownCustomer } from './customers.ts';
import { nothingToIssue, summaryOf, toIssued, withoutDoubles } from './issued-rows.ts';
import { readSources, type SourcesMemory } from './statement-sources.ts';
import type { Decision } from './store/accepted-lines.ts';
import type { BilledCustomer } from './store/billed-customers.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { IssuedRow, IssueOutcome, NewIssued } from './store/statements.ts';

type Issued = CallOutput<'statements.issue'>;

export interface CustomerRegisterOptions {
  store: CustomerStore;
  bills: CustomerBills;
  archives: Archives;
}

/** A statement to be issued. */
interface AskedFor {
  input: CustomerStatementInput & Pick<Tariff, 'tariffId' | 'version'>;
  identity: string;
  billed: BilledCustomer;
  /** Why it is billed by its tariff. */
  reason: string;
}

/** A decision that a correction rests on. */
interface Decided {
  /** What is known of the customer with it. */
  known: BilledCustomer;
  takenBack: Decision;
  /** @throws AppError where the correction is not the one that was decided on */
  check(statement: Statement): void;
}

type NewStatement = Pick<NewIssued, 'corrects' | 'takenBack'> & {
  input: CustomerStatementInput;
  identity: string;
};

/** Values shared by the statements of a run. */
interface RegisterMemory {
  bills: BillMemory;
  sources: SourcesMemory;
  /** Digests of the sources that the register has by now. */
  kept: Set<string>;
}

/** A memory for one run over many customers. */
const newMemory = (): RegisterMemory => ({
  bills: newBillMemory(),
  sources: new Map(),
  kept: new Set(),
});

const correctedMeanwhile = ({ number }: IssuedRow) =>
  conflict(`It was corrected meanwhile, by ${number}. Nothing was recorded.`, 'Preview it again.');

/** The issued statements of customers. What was issued never changes; corrections are added. */
export class CustomerRegister {
  readonly #options: CustomerRegisterOptions;
  /** Values shared by statements that are issued together; they differ only in users. */
  #shared: RegisterMemory | null = null;
  #underWay = 0;
  #batch: Promise<IssueOutcome[]> | null = null;
  #last: Promise<void> = Promise.resolve();
  #ready: NewIssued[] = [];

  constructor(options: CustomerRegisterOptions) {
    this.#options = options;
  }

  /**
   * Issues a statement; yields the existing one for the same customer, period and tariff.
   * @throws AppError `CONFLICT` where another bills the customer for hours of the period
   */
  async issue(input: CustomerStatementInput): Promise<Issued> {
    const [outcome] = await this.issueAll([input]);
    if (outcome?.status !== 'fulfilled') throw outcome?.reason;
    return outcome.value;
  }

  /** Issues several as {@link issue} does: committed together, refused one by one, also by `check`. */
  issueAll(
    inputs: readonly CustomerStatementInput[],
    check?: (statement: Statement) => void,
  ): Promise<PromiseSettledResult<Issued>[]> {
    return this.together((memory) =>
      this.#each(inputs, memory, toIssued, async (asked) => {
        const statement = await this.#makeNew(asked, memory);
        check?.(statement);
        return this.#add(statement, { ...asked, corrects: null }, memory);
      }),
    );
  }

  /** Makes what {@link issueAll} would issue; null for what is issued already. Records nothing. */
  previewAll(
    inputs: readonly CustomerStatementInput[],
  ): Promise<PromiseSettledResult<Statement | null>[]> {
    return this.together((memory) =>
      this.#each<Statement | null>(
        inputs,
        memory,
        () => null,
        (asked) => this.#makeNew(asked, memory),
      ),
    );
  }

  /** Statements issued meanwhile share one reading of the archives. */
  async together<Result>(work: (memory: RegisterMemory) => Promise<Result>): Promise<Result> {
    this.#underWay += 1;
    this.#shared ??= newMemory();
    try {
      return await work(this.#shared);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#shared = null;
    }
  }

  /**
   * Nobody is billed twice, by whatever tariff.
   * @param known what follows for one that is issued already, as first issued
   * @param make what follows for one that is not
   */
  async #each<Result>(
    inputs: readonly CustomerStatementInput[],
    memory: RegisterMemory,
    known: (issued: IssuedRow) => Result,
    make: (asked: AskedFor) => Promise<Result>,
  ): Promise<PromiseSettledResult<Result>[]> {
    const before = await billedAlready(this.#options.store, inputs);
    const isOpen = (input: CustomerStatementInput, at: number): boolean => {
      const issued = before[at] ?? null;
      return issued === null || (!(issued instanceof AppError) && !isByTariff(issued, input));
    };
    const billed = (await this.#options.bills.read(inputs.filter(isOpen))).values();
    return Promise.allSettled(
      inputs.map(async (input, at) => {
        const issued = before[at] ?? null;
        if (issued instanceof AppError) throw issued;
        if (issued && !isOpen(input, at)) return known(issued);
        const asked = await this.#ask(input, billed.next().value ?? null, memory);
        if (!issued) return make(asked);
        if (isByTariff(issued, asked.input)) return known(issued);
        throw secondBill(issued);
      }),
    );
  }

  /** Finds the tariff: with it, the customer and the period a statement has its identity. */
  async #ask(
    input: CustomerStatementInput,
    billed: BilledCustomer | null,
    memory: RegisterMemory,
  ): Promise<AskedFor> {
    if (!billed) throw unknownCustomer();
    const { bills } = this.#options;
    const { tariff, reason } = await bills.tariffOf(billed, input, memory.bills);
    const { tariffId, version } = tariff;
    const subject = { customerId: input.customerId, tariffId, ...hoursOf(input) };
    const identity = sha256(`customer statement\n${canonicalJson(subject)}`);
    return { input: { ...input, tariffId, version }, identity, billed, reason };
  }

  /** @throws AppError `COVERAGE_INCOMPLETE` where there is nothing to issue */
  async #makeNew({ input, billed, reason }: AskedFor, memory: RegisterMemory): Promise<Statement> {
    const by = { ...input, reason };
    const statement = await this.#options.bills.make(input, memory.bills, by, billed);
    if (statement.total === null) throw nothingToIssue(statement);
    return statement;
  }

  /**
   * Issues a correction: a complete statement that replaces the earlier one.
   * @param decided what it rests on besides, put on record with it or not at all
   */
  async correct(statementId: string, version?: number, decided?: Decided): Promise<Issued> {
    const chain = await this.#chain(statementId);
    const last = chain.at(-1) as IssuedRow;
    const memory = newMemory();
    const made = await this.#compare(last, memory, version, decided?.known);
    const { difference, statement, input } = made;
    decided?.check(statement);
    if (difference.changed) {
      const { statementId: corrects } = last;
      const of = { input, identity: `correction ${corrects}`, corrects };
      return this.#add(statement, { ...of, takenBack: decided?.takenBack }, memory);
    }
    if (chain.length > 1 && !decided) return toIssued(last);
    throw conflict(
      `Nothing has changed since ${last.number} was issued.`,
      'Issue a correction once late objects, samples of sizes or another tariff version change it.',
    );
  }

  /** One page, newest first, each compared with how it would turn out now. */
  async list(page: {
    customerId?: string | undefined;
    billingId?: string | undefined;
    period?: { from: string; to: string } | undefined;
    within?: { from: string; to: string } | undefined;
    search?: string | undefined;
    compare: boolean;
    offset: number;
    limit: number;
  }): Promise<CallOutput<'statements.issued'>> {
    const { period, within, compare, ...of } = page;
    const { total, rows } = await this.#options.store.ask('listIssued', {
      ...of,
      period: period ? boundsOf(period) : null,
      within: within ? boundsOf(within) : null,
    });
    const memory = newMemory();
    const compared: CallOutput<'statements.issued'>['rows'] = [];
    for (const row of rows) {
      const change = compare && row.correctedBy === null ? await this.#change(row, memory) : null;
      compared.push({ ...toIssued(row), change });
    }
    return { total, rows: compared };
  }

  /** One with its whole statement as issued. @throws AppError `NOT_FOUND` */
  async get(statementId: string): Promise<{ issued: Issued; statement: Statement }> {
    const { issued, statement } = await this.#read(statementId, false);
    return { issued: toIssued(issued), statement };
  }

  /** The last correction of a statement; itself where there is none. */
  async newest(statementId: string): Promise<Issued> {
    return toIssued((await this.#chain(statementId)).at(-1) as IssuedRow);
  }

  /** The number of an issued statement; null where there is none of that id. */
  numberOf(statementId: string): Promise<string | null> {
    return this.#options.store.ask('numberOf', { statementId });
  }

  /** Ids of the statements that end in a period and that nothing corrects, in the order of issue. */
  ofPeriod(period: { from: string; to: string }, billingId?: string): Promise<string[]> {
    const of = { ...boundsOf(period), billingId: billingId ?? null };
    return this.#options.store.ask('issuedOfPeriod', of);
  }

  /** What has changed since a statement, or the last correction of it, was issued. */
  async corrections(statementId: string): Promise<CallOutput<'statements.corrections'>> {
    const chain = await this.#chain(statementId);
    const last = chain.at(-1) as IssuedRow;
    const { difference } = await this.#compare(last, newMemory());
    const corrections = chain.slice(1).map(toIssued);
    return { statementId, issued: toIssued(last), ...difference, corrections };
  }

  async #change(row: IssuedRow, memory: RegisterMemory) {
    try {
      const { changed, words, difference } = (await this.#compare(row, memory)).difference;
      return { changed, words, difference };
    } catch {
      return null; // a cluster or a mapping is gone: what was issued stays valid
    }
  }

  /**
   * Compares the newest statement of each id with how it would turn out with what is known of its
   * customer, in the same order.
   */
  compareWith(issued: readonly { statementId: string; known: BilledCustomer }[]) {
    return this.together((memory) =>
      Promise.all(
        issued.map(async ({ statementId, known }) => {
          const { issued: row, statement: before } = await this.#read(statementId, false);
          const { difference, statement } = await this.#compare(row, memory, undefined, known);
          return { issued: toIssued(row), before, after: statement, difference };
        }),
      ),
    );
  }

  async #compare(row: IssuedRow, memory: RegisterMemory, version?: number, known?: BilledCustomer) {
    const before = await this.#read(row.statementId);
    const input: CustomerStatementInput = { ...JSON.parse(row.input), requireFinal: false };
    if (version !== undefined) input.version = version;
    const { statement: issued } = before;
    const { tariffId, tariffVersion } = issued;
    const issuedBy = { tariffId, version: version ?? tariffVersion, issued };
    const statement = await this.#options.bills.make(input, memory.bills, issuedBy, known);
    const after = await readSources(this.#options.archives, statement, memory.sources);
    const difference: StatementDifference = compareStatements(
      before.statement,
      statement,
      before.sources,
      after,
    );
    return { difference, statement, input };
  }

  async #add(
    statement: Statement,
    { input, identity, corrects, takenBack }: NewStatement,
    memory: RegisterMemory,
  ): Promise<Issued> {
    if (statement.state === 'no-data' || statement.total === null) throw nothingToIssue(statement);
    const { lines, digest: sources } = await readSources(
      this.#options.archives,
      statement,
      memory.sources,
    );
    const body = canonicalJson(statement);
    const { issued: row, isOther } = await this.#enqueue({
      statementId: randomUUID(),
      identity,
      customerId: input.customerId,
      corrects,
      digest: sha256(body),
      input: canonicalJson(JSON.parse(JSON.stringify(input))),
      sources,
      sourceLines: memory.kept.has(sources) ? null : lines,
      issuedBy: operatorName(),
      issuedAt: Date.now(),
      body,
      billed: userHours(statement),
      summary: JSON.stringify(summaryOf(statement)),
      takenBack,
    });
    if (isOther) throw takenBack ? correctedMeanwhile(row) : secondBill(row);
    memory.kept.add(sources);
    return toIssued(row);
  }

  /** Statements that become ready while others are committed are committed together. */
  #enqueue(statement: NewIssued): Promise<IssueOutcome> {
    this.#batch ??= this.#last.then(async () => {
      await new Promise(setImmediate);
      const ready = this.#ready;
      this.#ready = [];
      this.#batch = null;
      return this.#options.store.ask('issueStatements', withoutDoubles(ready));
    });
    this.#last = this.#batch.then(
      () => undefined,
      () => undefined,
    );
    const place = this.#ready.push(statement) - 1;
    return this.#batch.then((outcomes) => outcomes[place] as IssueOutcome);
  }

  async #chain(statementId: string): Promise<IssuedRow[]> {
    const chain: IssuedRow[] = [];
    for (let next: string | null = statementId; next !== null; ) {
      const { issued }: { issued: IssuedRow } = await this.#read(next, false);
      chain.push(issued);
      next = issued.correctedBy;
    }
    return chain;
  }

  /** @param withSources their lines are a megabyte and more: only what compares them reads them */
  async #read(statementId: string, withSources = true) {
    const found = await this.#options.store.ask('readIssued', { statementId, withSources });
    if (!found) {
      throw notFound(
        "The register of customers' statements has none of that id.",
        'Take the id from the list of issued statements; those of a cluster need its connection.',
      );
    }
    const [looks = '', ...objects] = found.sourceLines.match(/[^\n]*\n/g) ?? [];
    return {
      issued: found.issued,
      statement: JSON.parse(found.body) as Statement,
      sources: { objects, looks: looks.trim() },
    };
  }
}
