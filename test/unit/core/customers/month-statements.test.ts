import { expect, it } from 'vitest';
import type { Archives } from '#core/clusters/archives.ts';
import type { CustomerRegister } from '#core/customers/customer-register.ts';
import { MonthStatements } from '#core/customers/month-statements.ts';
import type { CustomerStore } from '#core/customers/store/customer-store.ts';
import { EventBus } from '#core/platform/events.ts';
import { TaskRegistry } from '#core/platform/tasks/task-registry.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { AppError } from '#shared/errors.ts';
import { taskEnd } from '#test/fakes/task-end.ts';

const period = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
const customers = Array.from({ length: 60 }, (_, index) => ({
  ...{ customerId: String(index), billingId: 'b1', name: `Customer ${index}` },
}));
const notFinal = new AppError({
  code: 'COVERAGE_INCOMPLETE',
  message: 'Not final.',
  hint: 'Wait.',
});

/** That of the first customer is corrected. */
const issued = (customerId: string) => ({
  ...{ statementId: `s${customerId}`, number: 'C', total: 5 },
  correctedBy: customerId === '0' ? 's60' : null,
});

/** Issues every statement but each tenth; what follows the 50th is cancelled. */
class HalfwayRegister {
  readonly tasks = new TaskRegistry(new EventBus());
  #asked = 0;

  together(work: () => unknown): unknown {
    return work();
  }

  async issueAll(inputs: { customerId: string }[]) {
    this.#asked += inputs.length;
    if (this.#asked >= 50) for (const { taskId } of this.tasks.list()) this.tasks.cancel(taskId);
    return inputs.map(({ customerId }) =>
      customerId.endsWith('9')
        ? { status: 'rejected', reason: notFinal }
        : { status: 'fulfilled', value: issued(customerId) },
    );
  }

  async newest(statementId: string) {
    return { ...issued('0'), statementId: `newest of ${statementId}`, total: 7 };
  }
}

/** A store of these customers to bill, none of which is billed already. */
const storeOf = (billed: object): CustomerStore =>
  ({
    ask: async () => billed,
  }) as unknown as CustomerStore;

/** Refuses one customer of two. */
const oneRefused = {
  together: (work: () => unknown) => work(),
  issueAll: async (inputs: { customerId: string }[]) =>
    inputs.map(({ customerId }) =>
      customerId === '1'
        ? { status: 'rejected', reason: notFinal }
        : { status: 'fulfilled', value: { ...issued(customerId), correctedBy: null } },
    ),
} as unknown as CustomerRegister;

it('who waited waits no longer once its statement is issued one by one', async () => {
  const tasks = new TaskRegistry(new EventBus());
  const billed = { customers: customers.slice(0, 2), others: 0 };
  const store = storeOf(billed);
  const of = { store, archives: {} as Archives, register: oneRefused, tasks };
  const month = new MonthStatements({ ...of, events: new EventBus() });
  const { taskId } = month.start(period);
  await taskEnd({ call: async () => tasks.get(taskId) as never }, taskId);
  expect(tasks.get(taskId)).toMatchObject({ done: 2, waiting: 1, result: { refused: 1 } });
  const one = { ...issued('1'), customerId: '1', number: 'C-1' };
  month.noteIssued({ ...one, from: period.to, to: '2026-12-01T00:00:00.000Z' } as never);
  expect(tasks.get(taskId)).toMatchObject({ waiting: 1, result: { refused: 1 } });
  month.noteIssued({ ...one, ...period } as never);
  expect(tasks.get(taskId)).toMatchObject({
    ...{ done: 2, waiting: 0, failed: 0 },
    result: { issued: 2, refused: 0, items: [{}, { number: 'C-1', error: null }] },
  });
});

it('who is billed already is counted of some customers at a time', async () => {
  const many = Array.from({ length: 1200 }, (_, index) => ({ customerId: String(index) }));
  const asked: number[] = [];
  const store = {
    ask: async (name: string, of: unknown[]) => {
      if (name !== 'issuedOver') return { customers: many, others: 0 };
      asked.push(of.length);
      return of.map(() => null);
    },
  } as unknown as CustomerStore;
  const tasks = new TaskRegistry(new EventBus());
  const of = { store, archives: {} as Archives, register: oneRefused, tasks };
  const month = new MonthStatements({ ...of, events: new EventBus() });
  expect(await month.toIssue(period)).toEqual({ customers: 1200, issued: 0 });
  expect(asked).toEqual([500, 500, 200]);
});

it('a run that is cancelled keeps the list of customers it dealt with', async () => {
  const halfway = new HalfwayRegister();
  const { tasks } = halfway;
  const register = halfway as unknown as CustomerRegister;
  const billed = { customers, others: 3 };
  const store = storeOf(billed);
  const archives = {} as Archives;
  const month = new MonthStatements({ store, archives, register, tasks, events: new EventBus() });
  const { taskId } = month.start(period);
  await taskEnd({ call: async () => tasks.get(taskId) as never }, taskId);
  expect(tasks.get(taskId).state).toBe('cancelled');
  const { items, ...counts } = tasks.get(taskId).result as IssueAllResult;
  expect(counts).toEqual({ customers: 50, issued: 45, refused: 5, withoutUser: 3 });
  expect(items.map(({ name }) => name)).toEqual(customers.slice(0, 50).map(({ name }) => name));
  expect(items[0]).toMatchObject({ statementId: 'newest of s0', total: 7 });
  expect(items[1]).toMatchObject({ statementId: 's1', total: 5 });
  expect(items[9]).toMatchObject({ statementId: null, error: { code: 'COVERAGE_INCOMPLETE' } });
});
