import { randomUUID } from 'node:crypto';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { AppError, conflict, invalidInput, notFound } from '#shared/errors.ts';
import { inTurn } from '../../changes/bulk/in-turn.ts';
import { operatorName } from '../../changes/journal/journal.ts';
import type { OperationEngine } from '../../changes/operations/engine.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { assertWritable, guardOf } from '../../clusters/locks/guard.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { BillingConnections } from '../billing-connections.ts';
import { assertTakesSecrets, billingLock } from '../billing-guards.ts';
import type { Customers } from '../customers.ts';
import type { CustomerStore } from '../store/customer-store.ts';
import type {
  AskedOnboarding,
  StoredOnboarding,
  WriteBack,
  WriteBackResult,
} from '../store/onboarding.ts';
import { candidatesOf, ordersOf, servicesDigest, servicesDigestNow } from './candidates.ts';
import { prepareRows } from './prepare-rows.ts';
import { type RowWork, signUp } from './sign-up.ts';
import type { WriteBacks, WriteBackTarget } from './write-back.ts';

type Run = CallOutput<'onboarding.list'>['rows'][number];
type Page = CallOutput<'onboarding.get'>;

export interface OnboardingOptions extends Pick<ClusterWork, 'clusters' | 'tasks' | 'events'> {
  store: CustomerStore;
  billing: BillingConnections;
  customers: Customers;
  engine: OperationEngine;
  writeBacks: WriteBacks;
  connectionIds(): Promise<string[]>;
}

const kind = 'onboarding.start';
const rowsAtOnce = 4;
const rowsShown = 100;
const mostRows = 20_000;
const allRows = { offset: 0, limit: mostRows };

const titles = {
  orders: 'Onboard pending orders',
  services: 'Onboard services without a user',
  csv: 'Onboard from a table',
} as const;

/** Runs of sign-ups: prepared, started, and resumed after the console ended in the middle. */
export class Onboarding {
  readonly #options: OnboardingOptions;

  constructor(options: OnboardingOptions) {
    this.#options = options;
  }

  /** Finds whom a source names and what keeps each from being onboarded; keeps the run. */
  async prepare(input: ParsedInput<'onboarding.prepare'>, signal?: AbortSignal): Promise<Page> {
    const source = input.source.from;
    const run = { onboardingId: randomUUID(), source, title: titles[source] };
    return this.#keep(run, input, signal);
  }

  /** Previews a run once more that was not started. @throws AppError `NOT_FOUND`, `CONFLICT` */
  async prepareAgain(
    { onboardingId }: ParsedInput<'onboarding.prepareAgain'>,
    signal?: AbortSignal,
  ): Promise<Page> {
    const run = await this.#stored(onboardingId);
    const asked = await this.#options.store.ask('onboardingAsked', { onboardingId });
    if (!asked) throw notAgain();
    return this.#keep(run, asked.input, signal);
  }

  async #keep(
    { onboardingId, source, title }: Pick<StoredOnboarding, 'onboardingId' | 'source' | 'title'>,
    input: ParsedInput<'onboarding.prepare'>,
    signal?: AbortSignal,
  ): Promise<Page> {
    const { store, customers, clusters, engine, events } = this.#options;
    await customers.syncClusters();
    const candidates = await candidatesOf(input.source, this.#options, signal);
    if (candidates.length === 0) {
      throw nobody(input.source.from, await store.ask('cancelledHere', null));
    }
    if (candidates.length > mostRows) throw tooMany(candidates.length);
    const plans = await store.ask('listPlans', { retired: false });
    const connectionIds = await this.#options.connectionIds();
    const { connectionId, planId } = input;
    const parts = { clusters, engine, plans, connectionIds, connectionId, planId, signal };
    const rows = await prepareRows(candidates, parts);
    const orders = await ordersOf(candidates, this.#options, signal);
    for (const row of rows) row.order = (row.serviceId && orders.get(row.serviceId)) || null;
    const services = source === 'csv' ? null : servicesDigest(candidates);
    const run = { onboardingId, source, title, createdBy: operatorName() };
    const isKept = await store.ask('createOnboarding', { run, rows, asked: { input, services } });
    if (!isKept) throw notAgain();
    events.emit('customers.changed', {});
    return this.get({ onboardingId, offset: 0, limit: rowsShown });
  }

  /** One run with a page of its rows. @throws AppError `NOT_FOUND` */
  async get(query: ParsedInput<'onboarding.get'>): Promise<Page> {
    const stored = await this.#stored(query.onboardingId);
    const rows = await this.#options.store.ask('onboardingRows', query);
    return { ...(await this.#view(stored)), rows, changed: await this.#changed(stored) };
  }

  async counts(): Promise<CallOutput<'onboarding.counts'>> {
    const { store, customers } = this.#options;
    await customers.syncClusters();
    return store.ask('onboardableCounts', null);
  }

  /** What of a preview is no longer so; nothing of one that was started. */
  async #changed({ onboardingId, createdAt }: StoredOnboarding): Promise<Page['changed']> {
    const { store } = this.#options;
    const asked = await store.ask('onboardingAsked', { onboardingId });
    if (!asked) return [];
    const plans = await store.ask('plansChangedSince', { at: Date.parse(createdAt) });
    const services = asked.services !== (await this.#servicesNow(onboardingId, asked));
    return [...(plans ? (['plans'] as const) : []), ...(services ? (['services'] as const) : [])];
  }

  async #servicesNow(onboardingId: string, { input }: AskedOnboarding): Promise<string | null> {
    const { source } = input;
    if (source.from === 'csv') return null;
    const rows = await this.#options.store.ask('onboardingRows', { onboardingId, ...allRows });
    const serviceIds = rows.flatMap(({ serviceId }) => serviceId ?? []);
    return servicesDigestNow(source, serviceIds, this.#options);
  }

  /** Keeps with the rows of a user what was written back of it outside a run. */
  async noteWritten(of: WriteBackTarget, result: WriteBackResult): Promise<void> {
    const { store, events } = this.#options;
    await store.ask('rowWrittenBack', { ...of, result });
    events.emit('customers.changed', {});
  }

  async list(page: { offset: number; limit: number }): Promise<CallOutput<'onboarding.list'>> {
    const { total, rows } = await this.#options.store.ask('listOnboardings', page);
    return { total, rows: await Promise.all(rows.map((run) => this.#view(run))) };
  }

  async discard(onboardingId: string): Promise<void> {
    await this.#stored(onboardingId);
    const { store, events } = this.#options;
    if (!(await store.ask('discardOnboarding', { onboardingId }))) {
      throw conflict(
        'This run was started before: what it did stays on record.',
        'Leave it, or start it again to do what is left.',
      );
    }
    events.emit('customers.changed', {});
  }

  /**
   * Starts a run or continues it.
   * @returns the task's id
   * @throws AppError `CONNECTION_READ_ONLY`, `CONNECTION_LOCKED`, `BILLING_UNSUPPORTED`, `TASK_BUSY`
   */
  async start(input: ParsedInput<'onboarding.start'>): Promise<string> {
    const { store, tasks, clusters, events } = this.#options;
    const { onboardingId, ticket } = input;
    const run = await this.#stored(onboardingId);
    for (const id of run.connectionIds) assertWritable((await clusters.get(id)).connection);
    const writeBack = input.writeBack ?? run.writeBack ?? undefined;
    const written = writeBack ? await this.#assertWritesBack(onboardingId, writeBack) : [];
    if (tasks.runningAbout(onboardingId, kind)) throw busy();
    const { taskId, finished } = tasks.start({
      kind,
      title: run.title,
      connectionId: null,
      canPause: true,
      about: onboardingId,
      writesTo: [...run.connectionIds, ...written.map(billingLock)],
      run: async (controls) => {
        await store.ask('updateOnboarding', { onboardingId, state: 'running', writeBack });
        events.emit('customers.changed', {});
        await this.#rows(onboardingId, controls, { writeBack, ticket });
        await store.ask('updateOnboarding', { onboardingId, state: 'finished' });
        const { counts } = await this.#stored(onboardingId);
        const { done, created, creating, unwritten, failed, problem } = counts;
        const end = { done, failed: failed + created + creating, skipped: problem };
        return unwritten > 0 ? { ...end, unwritten } : end;
      },
    });
    const tell = (): void => events.emit('customers.changed', {});
    finished.then(tell, tell);
    return taskId;
  }

  async #rows(
    onboardingId: string,
    controls: TaskControls,
    of: { writeBack: WriteBack | undefined; ticket: string | undefined },
  ): Promise<void> {
    const { store, engine, customers, writeBacks } = this.#options;
    const all = await store.ask('onboardingRows', { onboardingId, ...allRows });
    const open = all.filter(({ state }) => state !== 'problem' && state !== 'done');
    const work: RowWork = {
      ...{ onboardingId, store, engine, customers, writeBacks, controls },
      writeBack: of.writeBack ?? null,
      ticket: of.ticket,
    };
    let [done, failed, waiting] = [0, 0, 0];
    controls.progress({ total: open.length, done, failed });
    await inTurn(open, rowsAtOnce, async (row) => {
      await controls.checkpoint();
      const end = await signUp(work, row);
      if (end === 'failed') failed += 1;
      else if (end === 'unwritten') waiting += 1;
      done += 1;
      const reason = waiting > 0 ? { reason: 'the user was created, not written to WHMCS' } : {};
      controls.progress({ done, failed, waiting, ...reason });
    });
  }

  /**
   * What a billing system does not take is said before anything is sent.
   * @returns the ids of the billing systems that are written to
   */
  async #assertWritesBack(onboardingId: string, wanted: WriteBack): Promise<string[]> {
    if (wanted.place === undefined && !wanted.note) return [];
    const { store, customers, billing } = this.#options;
    const rows = await store.ask('onboardingRows', { onboardingId, ...allRows });
    const ids = new Set(rows.flatMap(({ customerId }) => customerId ?? []));
    const billingIds = new Set<string>();
    for (const id of ids) billingIds.add((await customers.get(id)).billingId);
    for (const id of billingIds) {
      if (wanted.secretInNote) assertTakesSecrets(await billing.get(id));
      const system = await billing.openForWrites(id);
      await system.close();
      if (system.capabilities.has('notes')) continue;
      throw new AppError({
        code: 'BILLING_UNSUPPORTED',
        message: `"${(await billing.get(id)).name}" is a table: nothing can be written to it.`,
        hint: 'Start without writing to the billing system, or connect WHMCS.',
      });
    }
    return [...billingIds];
  }

  async #stored(onboardingId: string): Promise<StoredOnboarding> {
    const run = await this.#options.store.ask('findOnboarding', { onboardingId });
    if (run) return run;
    throw notFound(
      'There is no run of sign-ups of that id.',
      'Look at the list of runs; one that was discarded is gone.',
    );
  }

  async #view({ connectionIds, ...run }: StoredOnboarding): Promise<Run> {
    const taskId = this.#options.tasks.runningAbout(run.onboardingId, kind)?.taskId ?? null;
    const clusters = await Promise.all(
      connectionIds.map(async (connectionId) => {
        const found = await this.#options.clusters.get(connectionId).catch(() => null);
        return {
          connectionId,
          name: found?.connection.name ?? connectionId,
          hold: found ? guardOf(found.connection) : null,
        };
      }),
    );
    const state = run.state === 'running' && taskId === null ? 'stopped' : run.state;
    return { ...run, state, clusters, taskId };
  }
}

function nobody(source: keyof typeof titles, cancelled: number): AppError {
  const ended = `${formatCounted(cancelled, 'service')} cancelled here and still to be ended in the billing system`;
  const messages = {
    orders: 'WHMCS lists no pending order of a known service.',
    services: `Every active or pending service has a user${cancelled > 0 ? `, but for ${ended}` : ''}.`,
    csv: 'The table has no lines.',
  };
  return new AppError({
    code: 'INPUT_INVALID',
    message: `There is nobody to onboard. ${messages[source]}`,
    hint: 'Refresh the billing connection, or select another source.',
    details: { nobody: true },
  });
}

function tooMany(count: number): AppError {
  return invalidInput(
    `${count.toLocaleString('en-US')} rows are too many for one run.`,
    `Onboard at most ${mostRows.toLocaleString('en-US')} at a time: limit the products, or split the table.`,
  );
}

function busy(): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'This run is under way already.',
    hint: 'Wait for its task, or cancel it first.',
  });
}

function notAgain(): AppError {
  return conflict(
    'This run can’t be previewed again: it was started, or previewed by an earlier version.',
    'Start a new preview.',
  );
}
