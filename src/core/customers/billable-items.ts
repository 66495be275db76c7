import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError, conflict, invalidInput, toAppError } from '#shared/errors.ts';
import { toWireInteger } from '#shared/units.ts';
import { operatorName } from '../changes/journal/journal.ts';
import { outcomeIsUnknown } from '../gateway/outcome.ts';
import type { EventBus } from '../platform/events.ts';
import { reasonOf, type TaskControls, type TaskRegistry } from '../platform/tasks/task-registry.ts';
import type { BillingConnections } from './billing-connections.ts';
import { startBillingRun } from './billing-run.ts';
import type { CustomerRegister } from './customer-register.ts';
import { draftOf, linesOf } from './draft-lines.ts';
import { refuseShared } from './drafts.ts';
import type { BillingSystem } from './port/billing-system.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { NewItem } from './store/items.ts';

export interface BillableItemsOptions {
  store: CustomerStore;
  billing: BillingConnections;
  register: CustomerRegister;
  tasks: TaskRegistry;
  events: EventBus;
}

/** The result of the run's task. */
export interface ItemsResult {
  sent: number;
  existing: number;
  unknown: number;
  failed: number;
  failures: { statementId: string; message: string; hint: string }[];
}

type Input = ParsedInput<'invoices.addItems'>;

/**
 * Sends lines of statements as billable items, for those who don't want draft invoices. No action of
 * WHMCS lists them: each is on record before it is sent, and one whose answer was lost is not sent again
 * before somebody has looked there and says so.
 */
export class BillableItems {
  readonly #options: BillableItemsOptions;

  constructor(options: BillableItemsOptions) {
    this.#options = options;
  }

  /** What of a statement would be sent, and what was. Sends nothing. */
  async preview(of: ParsedInput<'invoices.items'>): Promise<CallOutput<'invoices.items'>> {
    const { items, statement, number } = await this.#itemsOf(of, null);
    const kept = await this.#options.store.ask('itemsOf', of);
    return {
      number,
      currency: statement.currency,
      minorDigits: statement.minorDigits,
      rows: items.map(({ line, description, amount }) => {
        const known = kept.find((item) => item.line === line);
        const { state = 'new' as const, itemId = null, problem = null } = known ?? {};
        return { line, description, amount: toWireInteger(BigInt(amount)), state, itemId, problem };
      }),
    };
  }

  /** Starts a run. @throws AppError `CONNECTION_READ_ONLY`, `BILLING_UNSUPPORTED`, `CREDENTIAL_MISSING` */
  async start(input: Input): Promise<{ taskId: string }> {
    const { billingId, statementIds } = input;
    const task = { kind: 'invoices.addItems', title: 'Add billable items' };
    return startBillingRun(
      this.#options,
      { billingId, needs: 'items', ...task, total: statementIds.length },
      (system, controls) => this.#run(system, input, controls),
    );
  }

  async #run(system: BillingSystem, input: Input, controls: TaskControls): Promise<ItemsResult> {
    const result: ItemsResult = { sent: 0, existing: 0, unknown: 0, failed: 0, failures: [] };
    for (const [index, statementId] of [...new Set(input.statementIds)].entries()) {
      await controls.checkpoint();
      try {
        await this.#statement(system, { ...input, statementId }, result, controls);
      } catch (thrown) {
        const { message, hint } = toAppError(thrown);
        result.failed += 1;
        result.failures.push({ statementId, message, hint });
      }
      const { failed, failures } = result;
      controls.progress({ done: index + 1, failed, ...reasonOf(failures) });
    }
    this.#options.events.emit('customers.changed', {});
    return result;
  }

  async #statement(
    system: BillingSystem,
    { when, again, ...of }: Input & { statementId: string },
    result: ItemsResult,
    controls: TaskControls,
  ): Promise<void> {
    const { items, customer, minorDigits } = await this.#itemsOf(of, system);
    const { store } = this.#options;
    let open = 0;
    for (const item of items) {
      await controls.checkpoint();
      const claim = await store.ask('claimItem', { item, again });
      if (claim === 'invoiced') throw hasInvoice();
      if (claim === 'sent') result.existing += 1;
      else if (claim !== 'send') open += 1;
      else {
        const { description, amount } = item;
        const sending = { customerExternalId: customer, description, amount: BigInt(amount) };
        const state = await this.#send(system, item, { ...sending, minorDigits, when });
        if (state === 'sent') result.sent += 1;
        else open += 1;
      }
    }
    result.unknown += open;
    if (open > 0) throw lost();
  }

  async #send(
    system: BillingSystem,
    item: NewItem,
    sending: Parameters<BillingSystem['addItem']>[0],
  ): Promise<'sent' | 'unknown'> {
    const { store } = this.#options;
    try {
      const itemId = await system.addItem(sending);
      await store.ask('noteItem', { item, state: 'sent', itemId, problem: null });
      return 'sent';
    } catch (thrown) {
      const error = toAppError(thrown);
      const state = outcomeIsUnknown(error) ? 'unknown' : 'failed';
      await store.ask('noteItem', { item, state, itemId: null, problem: error.message });
      if (state === 'unknown') return state;
      throw error;
    }
  }

  /** @param system where given, it is asked whether the statement has an invoice that is not on record */
  async #itemsOf(
    {
      billingId,
      statementId,
      ticket,
    }: Pick<Input, 'billingId' | 'ticket'> & { statementId: string },
    system: BillingSystem | null,
  ) {
    const { register, store } = this.#options;
    const { issued, statement } = await register.get(statementId);
    const { customer, minorDigits } = statement;
    const { number } = issued;
    if (!customer || customer.billingId !== billingId) throw ofOtherSystem(number);
    if (issued.correctedBy !== null || issued.corrects !== null) throw corrected(number);
    if (system) await refuseShared(statement, store);
    const { externalId, customerId } = customer;
    const details = system ? await system.customerDetails(externalId) : { currency: null };
    const installation = await store.ask('installation', null);
    const { currency } = details;
    const { reference } = draftOf({ installation, statementId, number, statement, currency });
    if (system && (await system.findDrafts(externalId, reference)).length > 0) throw hasInvoice();
    const operator = operatorName();
    const items = linesOf(statement).map(({ description, amount }, index): NewItem => {
      const line = index + 1;
      const words = `${description} (Ref ${reference}-${line})`;
      const of = { billingId, statementId, customerId, operator, ticket };
      return { ...of, line, description: words, amount: String(amount) };
    });
    return { items, statement, customer: externalId, minorDigits, number };
  }
}

function hasInvoice(): AppError {
  return conflict(
    'The statement has a draft invoice: with billable items it would be billed twice.',
    'Bill it by the invoice, or delete the draft in the billing system and issue the statement again.',
  );
}

function lost(): AppError {
  return new AppError({
    code: 'WRITE_NOT_CONFIRMED',
    message: 'Items were sent and their answers lost; WHMCS has no call that lists billable items.',
    hint: 'Look at the client’s billable items in WHMCS; send again only what is not there.',
  });
}

function ofOtherSystem(number: string): AppError {
  return invalidInput(
    `${number} is of a customer of another billing connection.`,
    'Select the billing connection that the customer came from.',
  );
}

function corrected(number: string): AppError {
  return conflict(
    `${number} was corrected, or is a correction: its items are entered by hand.`,
    'Compare both statements, and correct in the billing system what was billed.',
  );
}
