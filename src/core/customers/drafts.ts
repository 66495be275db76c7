import { draftSums } from '#shared/billing/money.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import type { DraftResult } from '#shared/contract/invoices.ts';
import { AppError, conflict, invalidInput, toAppError } from '#shared/errors.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import { isOtherAlive, processMark } from '../platform/process-mark.ts';
import { reasonOf, type TaskControls } from '../platform/tasks/task-registry.ts';
import type { Statement } from '../usage/billing/statement.ts';
import type { BillingConnections } from './billing-connections.ts';
import { SystemFailures, startBillingRun } from './billing-run.ts';
import { billedBefore, inOtherProcess, toCredit } from './correction-drafts.ts';
import type { CustomerRegister } from './customer-register.ts';
import { userHours } from './customer-statement.ts';
import { compareInvoice, draftOf } from './draft-lines.ts';
import type { BillingSystem, DraftInvoice } from './port/billing-system.ts';
import type { CustomerStore } from './store/customer-store.ts';

export interface DraftsOptions extends Pick<ClusterWork, 'tasks' | 'events'> {
  store: CustomerStore;
  billing: BillingConnections;
  register: CustomerRegister;
}

/** Of which billing system a run is, and the operator's ticket or reason. */
interface RunOf {
  billingId: string;
  ticket?: string | undefined;
}

interface Work extends RunOf {
  statementId: string;
  customerId: string;
  draft: DraftInvoice;
}

function toSum({ customerId, draft: { currency, minorDigits, lines } }: Work) {
  const amount = lines.reduce((sum, line) => sum + line.amount, 0n);
  return { customerId, currency, minorDigits, amount };
}

/**
 * Makes draft invoices, each exactly once: it is put on record before it is sent, looked for before
 * and after by its reference, read back and compared. Runs of one billing connection follow each
 * other.
 */
export class Drafts {
  readonly #options: DraftsOptions;
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(options: DraftsOptions) {
    this.#options = options;
  }

  /** Starts a run. @throws AppError `CONNECTION_READ_ONLY`, `BILLING_UNSUPPORTED`, `CREDENTIAL_MISSING` */
  async start(input: ParsedInput<'invoices.draft'>): Promise<{ taskId: string }> {
    const { billingId, statementIds, ticket } = input;
    const ids = [...new Set(statementIds)];
    const task = { kind: 'invoices.draft', title: 'Draft invoices', total: ids.length };
    return startBillingRun(
      this.#options,
      { billingId, needs: 'drafts', ...task },
      (system, controls) =>
        this.#inTurn(billingId, () => this.#run(system, { billingId, ticket }, ids, controls)),
    );
  }

  #inTurn<Result>(billingId: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.#last.get(billingId) ?? Promise.resolve()).then(work);
    this.#last.set(
      billingId,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async #run(
    system: BillingSystem,
    { billingId, ticket }: RunOf,
    statementIds: readonly string[],
    controls: TaskControls,
  ): Promise<DraftResult> {
    const result: DraftResult = {
      ...{ created: 0, existing: 0, failed: 0, failures: [], verified: [], open: [] },
    };
    const verified: Work[] = [];
    const ofSystem = new SystemFailures();
    let stopped: AppError | null = null;
    for (const [index, statementId] of statementIds.entries()) {
      await controls.checkpoint();
      try {
        if (stopped) throw notTried(stopped);
        result[await this.#one(system, { billingId, ticket, statementId }, verified)] += 1;
        ofSystem.note(null);
      } catch (thrown) {
        const error = toAppError(thrown);
        const { message, hint } = error;
        result.failed += 1;
        result.failures.push({ statementId, message, hint });
        if (ofSystem.note(error)) stopped ??= error;
      }
      const { failed, failures } = result;
      controls.progress({ done: index + 1, failed, ...reasonOf(failures) });
    }
    this.#options.events.emit('customers.changed', {});
    const { sums } = await this.#options.store.ask('previewDrafts', { billingId, statementIds });
    return { ...result, verified: draftSums(verified.map(toSum)), open: sums };
  }

  async #one(
    system: BillingSystem,
    { billingId, ticket, statementId }: RunOf & { statementId: string },
    verified: Work[],
  ): Promise<'created' | 'existing'> {
    const { store } = this.#options;
    const work = { ...(await this.#prepare(system, billingId, statementId)), ticket };
    const { draft, customerId } = work;
    const claim = {
      ...{ billingId, statementId, customerId, operator: operatorName(), owner: processMark() },
      ticket,
      ...{
        reference: draft.reference,
        lines: draft.lines.length,
        subtotal: String(toSum(work).amount),
      },
    };
    const { before, owner: other } = await store.ask('claimDraft', claim);
    if (before === 'items') throw sentAsItems();
    if (before === 'corrected') throw correctedMeanwhile();
    if (before === 'sending' && other !== null && isOtherAlive(other)) throw inOtherProcess();
    const found = await this.#find(system, work).catch((thrown) =>
      this.#notLooked(work, before, thrown),
    );
    if (found !== null) {
      await this.#settle(system, work, found);
      verified.push(work);
      return 'existing';
    }
    // on record as made and not to be found: somebody deleted it there, and it is not made again
    if (before === 'drafted' || before === 'differs') return 'existing';
    await store.ask('noteSending', claim);
    await this.#settle(system, work, await this.#send(system, work));
    verified.push(work);
    return 'created';
  }

  async #prepare(system: BillingSystem, billingId: string, statementId: string): Promise<Work> {
    const { register, store } = this.#options;
    const { issued, statement } = await register.get(statementId);
    const { customer } = statement;
    if (!customer || customer.billingId !== billingId) throw ofOtherSystem(issued.number);
    if (issued.correctedBy !== null) throw await this.#corrected(issued);
    await refuseShared(statement, store);
    const { externalId, customerId } = customer;
    const details = await system.customerDetails(externalId);
    await store.ask('noteCustomer', { customerId, ...details });
    const installation = await store.ask('installation', null);
    const { number } = issued;
    const { currency } = details;
    const of = { installation, statementId, number, statement, currency };
    const before = await billedBefore(system, this.#options, { ...of, corrects: issued.corrects });
    const draft = draftOf(before === null ? of : { ...of, before });
    const [line] = draft.lines;
    if (!line || line.amount === 0n) throw nothingToBill(number);
    if (before && line.amount < 0n) throw toCredit(number, statement, before);
    return { billingId, statementId, customerId, draft };
  }

  /** Drafting both a statement and its correction would bill the customer twice. */
  async #corrected({ number, correctedBy }: CallOutput<'statements.issue'>): Promise<AppError> {
    const correction = await this.#options.register.numberOf(correctedBy ?? '');
    return conflict(
      `${number} was corrected by ${correction}: it is no longer invoiced.`,
      `Draft the invoice of ${correction}: it bills what ${number} did not.`,
    );
  }

  async #find(system: BillingSystem, { draft }: Work): Promise<string | null> {
    const found = await system.findDrafts(draft.customerExternalId, draft.reference);
    const [only = null, second] = found;
    if (second === undefined) return only;
    throw conflict(
      `The invoices ${found.join(', ')} of the client all hold ${draft.reference}.`,
      'Decide in the billing system which one counts, and cancel the others there.',
    );
  }

  /** Not sent, since nobody could look whether it is there: on record, unless it was made before. */
  async #notLooked(work: Work, before: string | null, thrown: unknown): Promise<never> {
    if (before !== 'drafted' && before !== 'differs') {
      await this.#note(work, 'failed', null, toAppError(thrown).message);
    }
    throw thrown;
  }

  /** Sends once. Where the answer is lost, what was made of it is looked for. */
  async #send(system: BillingSystem, work: Work): Promise<string> {
    try {
      return await system.createDraft(work.draft);
    } catch (thrown) {
      const error = toAppError(thrown);
      const found = await this.#find(system, work).catch(() => null);
      if (found !== null) return found;
      await this.#note(work, 'failed', null, error.message);
      throw error;
    }
  }

  /** Reads an invoice back, compares it, and notes what came of it. */
  async #settle(system: BillingSystem, work: Work, invoiceId: string): Promise<void> {
    const problem = compareInvoice(work.draft, await system.readInvoice(invoiceId));
    await this.#note(work, problem === null ? 'drafted' : 'differs', invoiceId, problem);
    if (problem === null) return;
    throw new AppError({
      code: 'WRITE_NOT_CONFIRMED',
      message: `Invoice ${invoiceId} differs from its statement. ${problem}`,
      hint: 'Look at the invoice in the billing system before anybody publishes it.',
    });
  }

  async #note(
    { billingId, statementId, customerId, ticket }: Work,
    state: 'drafted' | 'differs' | 'failed',
    invoiceId: string | null,
    problem: string | null,
  ): Promise<void> {
    const operator = operatorName();
    const of = { billingId, statementId, customerId, operator, ticket };
    await this.#options.store.ask('noteDraft', { ...of, state, invoiceId, problem });
  }
}

/**
 * A user may be in an issued statement of another customer of the same time, from before that was held
 * back, and one in a statement that was issued as a draft may have another customer too: both would be
 * billed.
 * @throws AppError `CONFLICT`
 */
export async function refuseShared(statement: Statement, store: CustomerStore): Promise<void> {
  await refuseBilledElsewhere(statement, store);
  const { state, customer, users } = statement;
  if (state === 'final') return;
  for (const { connectionId = '', userId, email } of users) {
    const having = await store.ask('customersOfUser', { connectionId, userId });
    const [other] = having.filter(({ customerId }) => customerId !== customer?.customerId);
    if (!other) continue;
    throw conflict(
      `${email || userId} is in the statement and mapped to "${other.name}" too: both would pay for it.`,
      'Unmap the user from the customer that does not pay for it, under Customers, Mismatches. If that is this customer, issue a correction and bill it by hand.',
    );
  }
}

async function refuseBilledElsewhere(statement: Statement, store: CustomerStore): Promise<void> {
  const { customer, users } = statement;
  const of = { customerId: customer?.customerId ?? '', users: userHours(statement) };
  const [other] = await store.ask('issuedElsewhere', of);
  if (!other) return;
  const { number, customerName, userId } = other;
  const email = users.find((user) => user.userId === userId)?.email;
  throw new AppError({
    code: 'CONFLICT',
    message: `${email || userId} is in this statement and in ${number} of "${customerName}" for the same time: both would pay for it.`,
    hint: 'Unmap the user from the customer that does not pay for it, issue a correction of that statement, and draft the other one.',
  });
}

function notTried({ message, hint }: AppError): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: `Not tried, since the billing system failed before: ${message}`,
    hint,
  });
}

function correctedMeanwhile(): AppError {
  return conflict(
    'This statement was corrected meanwhile: it is no longer invoiced.',
    'Draft the invoice of its correction.',
  );
}

function ofOtherSystem(number: string): AppError {
  return invalidInput(
    `${number} is of a customer of another billing connection.`,
    'Draft it in the billing connection that the customer came from.',
  );
}

function sentAsItems(): AppError {
  return conflict(
    'Lines of this statement were sent as billable items: an invoice would bill them twice.',
    'Bill it by the items, or delete them in the billing system and issue the statement again.',
  );
}

function nothingToBill(number: string): AppError {
  return invalidInput(`${number} totals zero: no invoice is created for it.`, 'Leave it out.');
}
