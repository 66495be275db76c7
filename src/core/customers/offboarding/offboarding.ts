import { randomUUID } from 'node:crypto';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { offboardingSteps } from '#shared/contract/offboarding.ts';
import { AppError, conflict, invalidInput, notFound, toAppError } from '#shared/errors.ts';
import { operatorName } from '../../changes/journal/journal.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { assertTyped, assertWritable, nameToType } from '../../clusters/locks/guard.ts';
import type { Customers } from '../customers.ts';
import type { CustomerStore } from '../store/customer-store.ts';
import type { OffboardingStep, StoredOffboarding } from '../store/offboarding.ts';
import {
  forgetDeleted,
  notNext,
  offboardingWork,
  previewFinal,
  type StepEnd,
  type StepParts,
} from './steps.ts';

type View = CallOutput<'offboarding.get'>;
type StepName = OffboardingStep['step'];

export interface OffboardingOptions
  extends StepParts,
    Pick<ClusterWork, 'clusters' | 'tasks' | 'events'> {
  store: CustomerStore;
  customers: Customers;
}

const kind = 'offboarding.run';

const titles: Record<StepName, string> = {
  disable: 'Disable users',
  collect: 'Last collection',
  statement: 'Final statement',
  empty: 'Check what is left',
  delete: 'Delete users',
};

const ended = (state: OffboardingStep['state']): boolean => state === 'done' || state === 'skipped';

/** Cancellations: each step is asked for by a person, put on record, and safe to do again. */
export class Offboarding {
  readonly #options: OffboardingOptions;

  constructor(options: OffboardingOptions) {
    this.#options = options;
  }

  async open({ customerId, serviceId }: ParsedInput<'offboarding.open'>): Promise<View> {
    const { store, customers, events } = this.#options;
    const customer = await customers.get(customerId);
    const wanted = customer.users.filter(
      (user) => serviceId === undefined || user.serviceId === serviceId,
    );
    const users = new Map(
      wanted.map(({ connectionId, userId, email }) => [
        `${connectionId} ${userId}`,
        { connectionId, userId, email: email ?? '' },
      ]),
    );
    if (users.size === 0) throw noUsers(customer.name);
    const shared = customer.users.find(
      (user) =>
        users.has(`${user.connectionId} ${user.userId}`) &&
        serviceId !== undefined &&
        user.serviceId !== serviceId,
    );
    if (shared) throw alsoElsewhere(shared.email || shared.userId);
    const offboardingId = randomUUID();
    const nothing = { state: 'open', at: null, by: null, words: null, hint: null } as const;
    const opened = await store.ask('openOffboarding', {
      ...{ offboardingId, customerId, serviceId: serviceId ?? null, users: [...users.values()] },
      startedBy: operatorName(),
      steps: offboardingSteps.map((step) => ({ step, ...nothing })),
    });
    if (!opened) throw openAlready(customer.name);
    events.emit('customers.changed', {});
    return this.get(offboardingId);
  }

  async get(offboardingId: string): Promise<View> {
    return this.#view(await this.#stored(offboardingId));
  }

  /** What the final statement would come to now. @throws AppError as making it does */
  async previewStatement(offboardingId: string) {
    return previewFinal(this.#options, await this.#stored(offboardingId));
  }

  /** Takes buckets from the lists that the owner deleted a moment ago. */
  async forgetDeleted(offboardingId: string): Promise<void> {
    const { users } = await this.#stored(offboardingId);
    await forgetDeleted(this.#options.engine, users);
  }

  async list(query: ParsedInput<'offboarding.list'>): Promise<CallOutput<'offboarding.list'>> {
    const { total, rows } = await this.#options.store.ask('listOffboardings', query);
    return { total, rows: await Promise.all(rows.map((row) => this.#view(row))) };
  }

  async skip(input: ParsedInput<'offboarding.skip'>): Promise<View> {
    const { offboardingId, step, reason } = input;
    this.#assertNext(await this.#stored(offboardingId), step);
    await this.#note(offboardingId, step, { state: 'skipped', words: reason, hint: null });
    return this.get(offboardingId);
  }

  async cancel(offboardingId: string): Promise<View> {
    const { store, events } = this.#options;
    await this.#stored(offboardingId);
    await store.ask('cancelOffboarding', { offboardingId, operator: operatorName() });
    events.emit('customers.changed', {});
    return this.get(offboardingId);
  }

  /** Starts a step. @returns the task's id @throws AppError `CONFLICT`, `CONNECTION_LOCKED`, … */
  async run(input: ParsedInput<'offboarding.run'>): Promise<string> {
    const { offboardingId, step } = input;
    const of = await this.#stored(offboardingId);
    this.#assertNext(of, step);
    if (step === 'disable' || step === 'delete') await this.#assertWritable(of);
    if (step === 'delete') assertTyped(await this.#nameToType(of), input.typedName);
    const { tasks } = this.#options;
    this.#assertIdle(offboardingId);
    const { taskId, finished } = tasks.start({
      kind,
      title: `${titles[step]} of ${of.customerName}`,
      connectionId: null,
      about: offboardingId,
      writesTo: of.users.map(({ connectionId }) => connectionId),
      run: async ({ progress }) => {
        await this.#note(offboardingId, step, { state: 'running', words: null, hint: null });
        const end = await offboardingWork[step](this.#options, of, input).catch(asEnd);
        await this.#note(offboardingId, step, end);
        const { state, words } = end;
        const [failed, waiting] = [Number(state === 'failed'), Number(state === 'waiting')];
        const reason = state === 'done' || words === null ? {} : { reason: words };
        progress({ done: 1 - failed, total: 1, failed, waiting, ...reason });
        return { state, words };
      },
    });
    const tell = (): void => this.#options.events.emit('customers.changed', {});
    finished.then(tell, tell);
    return taskId;
  }

  async #note(
    offboardingId: string,
    step: StepName,
    how: Omit<OffboardingStep, 'step' | 'at' | 'by'>,
  ): Promise<void> {
    const { store, events } = this.#options;
    const operator = operatorName();
    const noted = { step, ...how, at: new Date().toISOString(), by: operator };
    await store.ask('noteOffboardingStep', { offboardingId, step: noted, operator });
    events.emit('customers.changed', {});
  }

  #assertNext(of: StoredOffboarding, step: StepName): void {
    const next = nextOf(of);
    // a collection may be repeated while the statement waits for the last hours
    const again = step === 'collect' && next === 'statement';
    if (next !== step && !again) throw notNext(step, next);
    this.#assertIdle(of.offboardingId);
  }

  #assertIdle(offboardingId: string): void {
    if (!this.#options.tasks.runningAbout(offboardingId, kind)) return;
    throw new AppError({
      code: 'TASK_BUSY',
      message: 'A step of this cancellation is under way.',
      hint: 'Wait until it has ended.',
    });
  }

  async #assertWritable({ users }: StoredOffboarding): Promise<void> {
    for (const { connectionId } of users) {
      assertWritable((await this.#options.clusters.get(connectionId)).connection);
    }
  }

  async #nameToType({ users, customerName }: StoredOffboarding): Promise<string | null> {
    for (const { connectionId } of users) {
      const found = await this.#options.clusters.get(connectionId).catch(() => null);
      if (found && nameToType(found.connection, true, customerName)) return customerName;
    }
    return null;
  }

  async #stored(offboardingId: string): Promise<StoredOffboarding> {
    const found = await this.#options.store.ask('findOffboarding', { offboardingId });
    if (found) return found;
    throw notFound(
      'There is no cancellation of that id.',
      "Look at the customer's page, or at the list of cancellations.",
    );
  }

  async #view(of: StoredOffboarding): Promise<View> {
    const running = this.#options.tasks.runningAbout(of.offboardingId, kind);
    const users = await Promise.all(
      of.users.map(async (user) => {
        const found = await this.#options.clusters.get(user.connectionId).catch(() => null);
        return { ...user, clusterName: found?.connection.name ?? user.connectionId };
      }),
    );
    return {
      ...of,
      users,
      steps: of.steps.map((step) => (running ? step : settled(step))),
      next: nextOf(of),
      needsTypedName: await this.#nameToType(of),
      taskId: running?.taskId ?? null,
    };
  }
}

function nextOf({ state, steps }: StoredOffboarding): StepName | null {
  if (state !== 'open') return null;
  return steps.find((step) => !ended(step.state))?.step ?? null;
}

/** A step that was under way when the console ended: what it did stays, and it is done once more. */
function settled(step: OffboardingStep): OffboardingStep {
  if (step.state !== 'running') return step;
  const words = 'The console ended while this step was under way.';
  return { ...step, state: 'failed', words, hint: 'Do it again: what is done already stays.' };
}

function asEnd(thrown: unknown): StepEnd {
  const { message, hint } = toAppError(thrown);
  return { state: 'failed', words: message, hint };
}

function noUsers(name: string): AppError {
  return invalidInput(
    `"${name}" has no S3 user here: there is nothing to cancel.`,
    "Map the customer's users first, or end the service in the billing system alone.",
  );
}

function alsoElsewhere(user: string): AppError {
  return conflict(
    `${user} also belongs to another service of the customer, or to the customer as a whole.`,
    'Unmap the user from what stays or from what ends, then begin the cancellation.',
  );
}

function openAlready(name: string): AppError {
  return conflict(
    `A cancellation of "${name}" is open already.`,
    'Resume that one, or cancel it first.',
  );
}
