import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { type AppErrorData, toAppError } from '#shared/errors.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskControls, TaskRegistry } from '../platform/tasks/task-registry.ts';
import { hoursOf, hourToIso } from '../usage/coverage/report-period.ts';
import type { CustomerRegister } from './customer-register.ts';
import type { CustomerStore } from './store/customer-store.ts';

type Input = ParsedInput<'statements.issueAll'>;
type Customer = CallOutput<'customers.list'>['rows'][number];
type Item = IssueAllResult['items'][number];

const kind = 'statements.issueAll';
const pageSize = 1000;
const atOnce = 25;

/**
 * Issues the final statement of every customer with users, as one task: it goes on without a window.
 * What is issued already stays; so a run that was ended in the middle is simply started again.
 */
export class MonthStatements {
  readonly #options: {
    store: CustomerStore;
    register: CustomerRegister;
    tasks: TaskRegistry;
    events: EventBus;
  };

  constructor(options: {
    store: CustomerStore;
    register: CustomerRegister;
    tasks: TaskRegistry;
    events: EventBus;
  }) {
    this.#options = options;
  }

  /** Starts a run; the one under way for the same customers and period is yielded again. */
  start(input: Input): { taskId: string } {
    const { fromHour, toHour } = hoursOf(input);
    const { billingId = '', clusterId = '' } = input;
    const about = [hourToIso(fromHour), hourToIso(toHour), billingId, clusterId].join(' ').trim();
    const { tasks } = this.#options;
    const running = tasks
      .list()
      .find((task) => task.kind === kind && task.about === about && task.endedAt === null);
    if (running) return { taskId: running.taskId };
    const { taskId, finished } = tasks.start({
      kind,
      title: `Issue statements from ${input.from.slice(0, 10)}`,
      connectionId: null,
      canPause: true,
      about,
      run: (controls) => this.#run(input, controls),
    });
    finished.catch(() => undefined);
    return { taskId };
  }

  async #run(input: Input, controls: TaskControls): Promise<IssueAllResult> {
    const customers = await this.#customers(input);
    controls.progress({ total: customers.length });
    const items: Item[] = [];
    try {
      await this.#options.register.together(async () => {
        for (let start = 0; start < customers.length; start += atOnce) {
          await controls.checkpoint();
          const batch = customers.slice(start, start + atOnce);
          items.push(...(await Promise.all(batch.map((one) => this.#one(one, input)))));
          const failed = items.filter(({ error }) => error !== null).length;
          controls.progress({ done: items.length, failed });
        }
      });
    } finally {
      if (items.length > 0) this.#options.events.emit('customers.changed', {});
    }
    const refused = items.filter(({ error }) => error !== null).length;
    return { customers: items.length, issued: items.length - refused, refused, items };
  }

  async #one(customer: Customer, { from, to }: Input): Promise<Item> {
    const { customerId, billingId, company, name } = customer;
    const of = { customerId, billingId, name: company || name };
    try {
      const input = { customerId, from, to, requireFinal: true };
      const { statementId, number, total } = await this.#options.register.issue(input);
      return { ...of, statementId, number, total, error: null };
    } catch (thrown) {
      const error: AppErrorData = toAppError(thrown).toData();
      return { ...of, statementId: null, number: null, total: null, error };
    }
  }

  async #customers({ billingId, clusterId }: Input): Promise<Customer[]> {
    const filter = { users: 'some' as const, ...(billingId === undefined ? {} : { billingId }) };
    const customers: Customer[] = [];
    for (;;) {
      const page = { offset: customers.length, limit: pageSize };
      const { rows } = await this.#options.store.ask('listCustomers', { filter, ...page });
      customers.push(...rows);
      if (rows.length < pageSize) break;
    }
    return clusterId === undefined
      ? customers
      : customers.filter(({ users }) => users.some((user) => user.connectionId === clusterId));
  }
}
