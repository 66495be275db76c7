import { hourToIso } from '#shared/billing/charges.ts';
import { sumByCurrency } from '#shared/billing/money.ts';
import { periodWords } from '#shared/billing/period.ts';
import { compareNames } from '#shared/collation-key.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { AppError, type AppErrorData, toAppError } from '#shared/errors.ts';
import { fromWireInteger } from '#shared/units.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskControls, TaskRegistry } from '../platform/tasks/task-registry.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import { amountOf, chargesDigest, PreviewedRows } from './as-previewed.ts';
import { billedAlready } from './billed-already.ts';
import { isOwingNothing } from './billed-users.ts';
import { type ChargedElsewhereOptions, chargesOf, findElsewhere } from './charged-elsewhere.ts';
import type { CustomerRegister } from './customer-register.ts';

type Input = ParsedInput<'statements.previewAll'>;
type Preview = CallOutput<'statements.previewAll'>;
type PreviewItem = Preview['items'][number];
type Issued = CallOutput<'statements.issue'>;
type Customer = Pick<Item, 'customerId' | 'billingId' | 'name'>;
type Item = IssueAllResult['items'][number];

interface MonthStatementsOptions extends ChargedElsewhereOptions {
  register: CustomerRegister;
  tasks: TaskRegistry;
  events: EventBus;
}

const kind = 'statements.issueAll';
const atOnce = 25;
/** Of how many customers it is asked at once whether they are billed: others' questions go between. */
const countedAtOnce = 500;

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
  start({ previewed, ...input }: ParsedInput<'statements.issueAll'>): { taskId: string } {
    const { fromHour, toHour } = hoursOf(input);
    const { billingId = '', clusterId = '' } = input;
    const about = [hourToIso(fromHour), hourToIso(toHour), billingId, clusterId].join(' ').trim();
    const { tasks } = this.#options;
    const running = tasks.runningAbout(about, kind);
    if (running) return { taskId: running.taskId };
    const { taskId } = tasks.start({
      kind,
      title: `Issue statements for ${periodWords(input)}`,
      connectionId: null,
      canPause: true,
      about,
      run: (controls) => this.#run(input, previewed && new PreviewedRows(previewed), controls),
    });
    return { taskId };
  }

  /** Takes a customer that got its statement one by one off those who wait in the runs of its period. */
  noteIssued({ customerId, statementId, number, total, from, to }: Issued): void {
    const { tasks } = this.#options;
    for (const { taskId, about = '', endedAt, kind: of } of tasks.list()) {
      if (of !== kind || endedAt === null || !about.startsWith(`${from} ${to}`)) continue;
      const before = tasks.get(taskId).result as IssueAllResult | undefined;
      const waits = (item: Item) => item.customerId === customerId && item.error !== null;
      if (!before?.items.some(waits)) continue;
      const items = before.items.map((item) =>
        waits(item) ? { ...item, statementId, number, total, error: null } : item,
      );
      const result = toResult(items, before.withoutUser);
      tasks.revise(taskId, result, leftOf(result));
    }
  }

  /** What a run would issue now: to whom, and the sum by currency; and who gets none, and why. */
  async preview(input: Input, signal?: AbortSignal): Promise<Preview> {
    const { register } = this.#options;
    const { customers, others } = await this.#customers(input);
    const items: PreviewItem[] = [];
    const charges: ReturnType<typeof chargesOf> = [];
    let [issued, withoutUser] = [0, others];
    await register.together(async () => {
      for (let start = 0; start < customers.length; start += atOnce) {
        signal?.throwIfAborted();
        const batch = customers.slice(start, start + atOnce);
        const outcomes = await register.previewAll(inputsOf(batch, input));
        for (const [at, customer] of batch.entries()) {
          const outcome = outcomes[at];
          if (outcome?.status === 'fulfilled') {
            if (outcome.value === null) issued += 1;
            else {
              const [amount, digest] = [amountOf(outcome.value), chargesDigest(outcome.value)];
              items.push({ ...customer, amount, digest, error: null });
              charges.push(...chargesOf(outcome.value));
            }
          } else if (isOwingNothing(outcome?.reason)) {
            withoutUser += 1;
          } else {
            const error: AppErrorData = toAppError(outcome?.reason).toData();
            items.push({ ...customer, amount: null, digest: null, error });
          }
        }
      }
    });
    const refused = items.filter(({ error }) => error !== null).length;
    const elsewhere = await findElsewhere(this.#options, charges, hoursOf(input));
    const counts = { issued, refused, withoutUser };
    return { ...counts, sums: sumsOf(items), items: items.toSorted(byAmount), elsewhere };
  }

  /** How many customers have users in the period, and how many of these are billed for it. */
  async toIssue(input: Input): Promise<{ customers: number; issued: number }> {
    const { customers } = await this.#customers(input);
    let issued = 0;
    for (let start = 0; start < customers.length; start += countedAtOnce) {
      const batch = inputsOf(customers.slice(start, start + countedAtOnce), input);
      const billed = await billedAlready(this.#options.store, batch);
      issued += billed.filter((one) => one !== null && !(one instanceof AppError)).length;
    }
    return { customers: customers.length, issued };
  }

  /** Who may get a statement, and how many others there are. */
  #customers({ from, to, billingId, clusterId }: Input) {
    return this.#options.store.ask('customersToBill', {
      ...{ billingId: billingId ?? null, clusterId: clusterId ?? null },
      ...hoursOf({ from, to }),
    });
  }

  async #run(
    input: Input,
    previewed: PreviewedRows | undefined,
    controls: TaskControls,
  ): Promise<IssueAllResult> {
    const { register, events } = this.#options;
    const { customers, others } = await this.#customers(input);
    const missing = previewed?.missing(customers) ?? [];
    const gone = missing.flatMap(({ customer, outcome }) => toItem(customer, outcome) ?? []);
    let total = customers.length + gone.length;
    let result = toResult(gone, Math.max(0, others - gone.length));
    controls.progress({ total });
    try {
      await register.together(async () => {
        for (let start = 0; start < customers.length; start += atOnce) {
          await controls.checkpoint();
          const batch = customers.slice(start, start + atOnce);
          const outcomes = await this.#newest(
            await register.issueAll(inputsOf(batch, input), previewed?.check),
          );
          const items = batch.flatMap((one, at) => {
            const outcome = outcomes[at];
            const judged = outcome && previewed?.judge(one.customerId, outcome);
            return toItem(one, judged ?? outcome) ?? [];
          });
          total -= batch.length - items.length;
          const without = result.withoutUser + batch.length - items.length;
          result = toResult([...result.items, ...items], without);
          controls.keep(result);
          controls.progress({ done: result.customers, total, ...leftOf(result) });
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

const totalOf = ({ amount }: PreviewItem): bigint => fromWireInteger(amount?.total ?? 0);

function sumsOf(items: readonly PreviewItem[]): Preview['sums'] {
  const made = items.flatMap(({ amount }) =>
    amount === null ? [] : [{ ...amount, amount: fromWireInteger(amount.total) }],
  );
  return sumByCurrency(made).map(({ items: of, ...sum }) => ({ ...sum, statements: of.length }));
}

/** Currencies apart, largest amount first; those without an amount last, by name. */
function byAmount(one: PreviewItem, other: PreviewItem): number {
  const none = Number(one.amount === null) - Number(other.amount === null);
  const currency = compareNames(one.amount?.currency ?? '', other.amount?.currency ?? '');
  const [a, b] = [totalOf(one), totalOf(other)];
  return none || currency || Number(a < b) - Number(a > b) || compareNames(one.name, other.name);
}

const inputsOf = (customers: readonly Customer[], { from, to }: Input) =>
  customers.map(({ customerId }) => ({ customerId, from, to, requireFinal: true }));

/** Null for one that owes nothing. */
function toItem(
  customer: Customer,
  outcome: PromiseSettledResult<Issued> | undefined,
): Item | null {
  if (outcome?.status !== 'fulfilled') {
    if (isOwingNothing(outcome?.reason)) return null;
    const error: AppErrorData = toAppError(outcome?.reason).toData();
    return { ...customer, statementId: null, number: null, total: null, error };
  }
  const { statementId, number, total } = outcome.value;
  return { ...customer, statementId, number, total, error: null };
}

/** A statement that is refused waits for a decision or for data; one that met an internal error failed. */
function leftOf({ items, refused }: IssueAllResult): { failed: number; waiting: number } {
  const failed = items.filter(({ error }) => error?.code === 'INTERNAL').length;
  return { failed, waiting: refused - failed };
}

function toResult(items: Item[], withoutUser: number): IssueAllResult {
  const refused = items.filter(({ error }) => error !== null).length;
  return { customers: items.length, issued: items.length - refused, refused, withoutUser, items };
}
