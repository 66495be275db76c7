import { hourToIso } from '#shared/billing/charges.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { type AppErrorData, toAppError } from '#shared/errors.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskControls, TaskRegistry } from '../platform/tasks/task-registry.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import type { CustomerRegister } from './customer-register.ts';
import type { CustomerStore } from './store/customer-store.ts';

type Input = ParsedInput<'statements.issueAll'>;
type Issued = CallOutput<'statements.issue'>;
type Customer = Pick<Item, 'customerId' | 'billingId' | 'name'>;
type Item = IssueAllResult['items'][number];

interface MonthStatementsOptions {
  store: CustomerStore;
  register: CustomerRegister;
  tasks: TaskRegistry;
  events: EventBus;
}

const kind = 'statements.issueAll';
const atOnce = 25;

/**
 * Issues the final statement of every customer with users, as one task: it continues without a window.
 * What is issued already stays; so a run that was ended in the middle is simply started again. Its
 * result names every customer that was dealt with, also where it was cancelled.
 */
export class MonthStatements {
  readonly #options: MonthStatementsOptions;

  constructor(options: MonthStatementsOptions) {
    this.#options = options;
  }

  /** Starts a run; the one under way for the same customers and period is yielded again. */
  start(input: Input): { taskId: string } {
    const { fromHour, toHour } = hoursOf(input);
    const { billingId = '', clusterId = '' } = input;
    const about = [hourToIso(fromHour), hourToIso(toHour), billingId, clusterId].join(' ').trim();
    const { tasks } = this.#options;
    const running = tasks.runningAbout(about, kind);
    if (running) return { taskId: running.taskId };
    const { taskId } = tasks.start({
      kind,
      title: `Issue statements from ${input.from.slice(0, 10)}`,
      connectionId: null,
      canPause: true,
      about,
      run: (controls) => this.#run(input, controls),
    });
    return { taskId };
  }

  async #run({ from, to, ...of }: Input, controls: TaskControls): Promise<IssueAllResult> {
    const { store, register, events } = this.#options;
    const whose = {
      ...{ billingId: of.billingId ?? null, clusterId: of.clusterId ?? null },
      ...hoursOf({ from, to }),
    };
    const customers = await store.ask('customersToBill', whose);
    controls.progress({ total: customers.length });
    let result = toResult([]);
    try {
      await register.together(async () => {
        for (let start = 0; start < customers.length; start += atOnce) {
          await controls.checkpoint();
          const batch = customers.slice(start, start + atOnce);
          const inputs = batch.map(({ customerId }) => ({
            customerId,
            from,
            to,
            requireFinal: true,
          }));
          const outcomes = await this.#newest(await register.issueAll(inputs));
          result = toResult([
            ...result.items,
            ...batch.map((one, at) => toItem(one, outcomes[at])),
          ]);
          controls.keep(result);
          controls.progress({ done: result.customers, failed: result.refused });
        }
      });
    } finally {
      if (result.customers > 0) events.emit('customers.changed', {});
    }
    return result;
  }

  /** A statement that was corrected since is not the one to invoice and to send. */
  #newest(outcomes: PromiseSettledResult<Issued>[]): Promise<PromiseSettledResult<Issued>[]> {
    return Promise.all(
      outcomes.map(async (outcome) =>
        outcome.status === 'fulfilled' && outcome.value.correctedBy !== null
          ? { ...outcome, value: await this.#options.register.newest(outcome.value.statementId) }
          : outcome,
      ),
    );
  }
}

function toItem(customer: Customer, outcome: PromiseSettledResult<Issued> | undefined): Item {
  if (outcome?.status !== 'fulfilled') {
    const error: AppErrorData = toAppError(outcome?.reason).toData();
    return { ...customer, statementId: null, number: null, total: null, error };
  }
  const { statementId, number, total } = outcome.value;
  return { ...customer, statementId, number, total, error: null };
}

function toResult(items: Item[]): IssueAllResult {
  const refused = items.filter(({ error }) => error !== null).length;
  return { customers: items.length, issued: items.length - refused, refused, items };
}
