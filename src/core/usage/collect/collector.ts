import { setTimeout as pause } from 'node:timers/promises';
import { AppError, conflict, toAppError } from '#shared/errors.ts';
import { removeUsageObjectRequest } from '../../gateway/requests/usage.ts';
import type { RetryPauses } from '../../gateway/transport/retry.ts';
import { endsAt, type UsageName } from '../../store/archive/objects/read-object.ts';
import type { FetchedObject, IngestOutcome } from '../../store/archive/queries/ingest.ts';
import type { CollectFailure, FailureStage } from '../../store/archive/queries/listing.ts';
import { ArrivedObjects } from './arrived-objects.ts';
import type { CollectOptions, CollectOutcome, RemovalHold } from './collect-options.ts';
import { CollectProgress } from './collect-progress.ts';
import { GatewayClock } from './gateway-clock.ts';
import { JobQueue } from './job-queue.ts';
import { listObjects } from './list-objects.ts';
import { RemovalRecord } from './removal-record.ts';
import { collectionPauses, endsTheRun, pauseBeforeRetry, readWithRetries } from './retry-plan.ts';

/** Deletions put on record at once. */
const recordedAtOnce = 256;
/** What was fetched is archived after so long, however little it is; milliseconds. */
const longestWait = 250;
/** Fetched and not archived yet; beyond, fetching waits for the disk. */
const mostBytesWaiting = 128 * 1024 * 1024;
/**
 * Requests, signed already, that wait for a connection: one that falls free has its next request
 * before the answer it brought is looked at.
 */
const waitingInLine = (connections: number): number => Math.ceil(connections / 4);
/** After this many failures in a row the gateway counts as gone. */
const patience = 50;

/**
 * Brings statistics objects from the gateway into the archive, and deletes there what is safely here:
 * what was settled and, read once more after that, is the same.
 * May be killed at any moment: an object is deleted only after the transaction that holds it is on the
 * disk, and the next collection continues with what is left.
 */
export async function collectUsage(options: CollectOptions): Promise<CollectOutcome> {
  const collection = new Collection(options);
  return collection.run();
}

class Collection {
  readonly #options: CollectOptions;
  readonly #jobs: JobQueue;
  readonly #retry: RetryPauses;
  readonly #now: () => number;
  readonly #progress: CollectProgress;
  readonly #clock = new GatewayClock();
  readonly #arrived = new ArrivedObjects();
  readonly #removed: string[] = [];
  readonly #removals: RemovalRecord;
  readonly #failures = new Map<string, CollectFailure>();
  readonly #attempts = new Map<string, number>();
  /** Settled by this run, and read once more before they are deleted. */
  readonly #proving = new Set<string>();
  readonly #outcome = { collected: 0, skipped: 0, removed: 0, growing: 0, unsettled: 0, bytes: 0 };
  readonly #ignored = new Set<string>();
  readonly #planned = new Set<string>();
  /** Why the connection may no longer delete. */
  #stopped: RemovalHold | null = null;
  /** Whether something was not deleted because the gateway gave no time with it. */
  #lackedDate = false;
  #storing = false;
  #storeLater: (() => void) | null = null;
  #failedInARow = 0;

  constructor(options: CollectOptions) {
    this.#options = options;
    this.#retry = options.retry ?? collectionPauses;
    this.#now = options.now ?? Date.now;
    this.#progress = new CollectProgress(options.controls);
    this.#removals = new RemovalRecord(options.removalJournal);
    this.#jobs = new JobQueue(options.maxConnections + waitingInLine(options.maxConnections), () =>
      options.controls.checkpoint(),
    );
  }

  async run(): Promise<CollectOutcome> {
    const started = performance.now();
    await this.#options.archive.sound();
    const listComplete = await this.#passes().catch(async (thrown: unknown) => {
      await this.#recordRest(thrown);
      throw thrown;
    });
    await this.#recordRest();
    this.#progress.listed();
    return {
      ...this.#outcome,
      clock: this.#clock.findings(),
      removalHeldBack: this.#stopped ?? (this.#lackedDate ? 'no-date' : null),
      failed: this.#failures.size,
      setAside: [...this.#failures.values()].filter(({ stage }) => stage === 'read').length,
      ignored: [...this.#ignored].slice(0, 1000),
      listComplete,
      failures: [...this.#failures.values()].slice(0, 1000),
      milliseconds: Math.round(performance.now() - started),
    };
  }

  /** Once, and again after deletions, which shift the pages of a list and may bring more to light. */
  async #passes(): Promise<boolean> {
    for (;;) {
      const { removed } = this.#outcome;
      const complete = await this.#work();
      if (this.#outcome.removed === removed) return complete;
    }
  }

  /** Lists and works at once: the first objects are on their way while later pages are read. */
  async #work(): Promise<boolean> {
    const release = this.#jobs.hold();
    const listing = this.#list()
      .catch((thrown: unknown) => {
        this.#jobs.fail(thrown);
        return false;
      })
      .finally(release);
    await this.#jobs.finished();
    return listing;
  }

  async #list(): Promise<boolean> {
    const { gateway, archive, controls, only } = this.#options;
    const listedAt = this.#now();
    const all: UsageName[] = [];
    const patient: typeof gateway.listUsageObjects = (page, options) =>
      readWithRetries(
        () => {
          const onDate = (date: string | undefined): void => void this.#heard(date);
          return gateway.listUsageObjects(page, { ...options, onDate, once: true });
        },
        this.#retry,
        controls.signal,
      );
    const lister = { listUsageObjects: patient };
    const pages = listObjects(lister, Math.floor(listedAt / 1000), controls.signal);
    for (;;) {
      const page = await pages.next();
      if (page.done) {
        const { complete } = page.value;
        if (complete) this.#progress.listed();
        this.#removals.listed({ complete, names: new Set(all.map(({ name }) => name)) });
        await archive.write('recordListing', { listedAt, complete, objects: all });
        return complete;
      }
      for (const object of page.value.objects) all.push(object);
      for (const name of page.value.ignored) this.#ignored.add(name);
      await this.#plan(page.value.objects.filter(({ name }) => !only || only.has(name)));
    }
  }

  /** Decides for each listed object what is to be done. Oldest first, whatever the service. */
  async #plan(listed: UsageName[]): Promise<void> {
    const { archive, verify = false, removeCollected, onlyArchived = false } = this.#options;
    const objects = listed.filter(({ name }) => !this.#planned.has(name));
    const names = objects.map(({ name }) => name);
    const archived = new Map(
      (await archive.read('findArchived', { names })).map(({ name, settled }) => [name, settled]),
    );
    this.#progress.expect(objects.length);
    const now = this.#clock.earlierOf(this.#now());
    for (const { name } of objects) this.#planned.add(name);
    for (const object of objects.sort((left, right) => left.start - right.start)) {
      const settled = archived.get(object.name);
      if (endsAt(object.start, object.nominal) * 1000 > now) this.#leaveGrowing();
      else if (settled === true && !verify && !removeCollected) this.#leave();
      else if (settled === undefined && onlyArchived) this.#leave();
      else this.#jobs.add(() => this.#fetch(object));
    }
  }

  /** @returns the time by the earlier of the two clocks; null where the gateway gave none */
  #heard(date: string | undefined): number | null {
    return this.#clock.heard(date, this.#now());
  }

  #leave(): void {
    this.#outcome.skipped += 1;
    this.#progress.step();
  }

  #leaveGrowing(): void {
    this.#outcome.growing += 1;
    this.#leave();
  }

  async #fetch(object: UsageName): Promise<void> {
    try {
      const { signal } = this.#options.controls;
      while (this.#arrived.bytes > mostBytesWaiting) await pause(10);
      let readAt: number | null = null;
      const onDate = (date: string | undefined): void => {
        readAt = this.#heard(date);
      };
      const how = { signal, onDate, once: true };
      const bytes = await this.#options.gateway.getUsageObject(object.name, how);
      this.#outcome.bytes += bytes.byteLength;
      this.#failedInARow = 0;
      this.#arrived.add({ ...object, bytes, readAt });
      this.#storeWhenDue();
    } catch (thrown) {
      const isGone = thrown instanceof AppError && thrown.code === 'NOT_FOUND';
      if (isGone && this.#proving.has(object.name)) this.#progress.step();
      else if (isGone) this.#leave();
      else this.#again(object.name, 'fetch', thrown, () => this.#fetch(object));
    }
  }

  /**
   * Every transaction waits for the disk: while more is to be fetched, few large ones; towards the
   * end, and where little comes, at once, because nothing more will arrive.
   */
  #storeWhenDue(): void {
    const { count, areWorthATransaction } = this.#arrived;
    if (count === 0 || this.#storing) return;
    if (areWorthATransaction || this.#jobs.waiting === 0) void this.#store();
    else if (!this.#storeLater) {
      const release = this.#jobs.hold();
      const timer = setTimeout(() => void this.#store(), longestWait);
      this.#storeLater = () => {
        clearTimeout(timer);
        this.#storeLater = null;
        release();
      };
    }
  }

  /** Puts what has arrived into the archive; what arrives meanwhile goes into a later transaction. */
  async #store(): Promise<void> {
    if (this.#storing) return;
    this.#storing = true;
    const release = this.#jobs.hold();
    this.#storeLater?.();
    try {
      await this.#storeBatch();
    } catch (thrown) {
      this.#jobs.fail(thrown);
    } finally {
      this.#storing = false;
      this.#storeWhenDue();
      release();
    }
  }

  async #storeBatch(): Promise<void> {
    const { objects, transfer } = this.#arrived.takeBatch();
    const batch = new Map(objects.map((object) => [object.name, object]));
    const input = { objects, now: this.#now(), margin: this.#clock.margin };
    const outcomes = await this.#options.archive.write('ingestObjects', input, { transfer });
    for (const outcome of outcomes) {
      const object = batch.get(outcome.name);
      if (object) this.#settle(object, outcome);
    }
  }

  /** Continues from what the archive said of an object. Only here is a deletion set off. */
  #settle(object: FetchedObject, outcome: IngestOutcome): void {
    const { name } = object;
    if (outcome.outcome === 'growing') {
      this.#leaveGrowing();
    } else if (outcome.outcome === 'unreadable') {
      const error = AppError.fromData(outcome.error);
      this.#again(name, 'read', error, () => this.#fetch(object));
    } else if (outcome.outcome === 'conflict') {
      this.#giveUp(name, 'conflict', conflicting(name));
    } else {
      if (outcome.outcome !== 'same') this.#outcome.collected += 1;
      else if (!this.#proving.has(name)) this.#outcome.skipped += 1;
      if (!outcome.settled) this.#leaveUnsettled(object);
      else if (!this.#options.removeCollected) this.#progress.step();
      // Before further fetching: what is safe is deleted soon, and a broken run leaves little behind.
      else if (outcome.outcome === 'same' && outcome.wasSettled) {
        this.#jobs.addUrgent(() => this.#remove(name));
      } else {
        this.#proving.add(name);
        this.#jobs.addUrgent(() => this.#fetch(object));
      }
    }
  }

  #leaveUnsettled({ readAt }: FetchedObject): void {
    this.#outcome.unsettled += 1;
    if (this.#options.removeCollected && readAt === null) {
      this.#lackedDate = true;
      this.#removals.heldBack('no-date');
    }
    this.#progress.step();
  }

  /** Whether the connection was locked, or made read-only, since the run began: then it stays so. */
  #mayRemove(): boolean {
    this.#stopped ??= this.#options.removalHold?.() ?? null;
    if (this.#stopped) this.#removals.heldBack(this.#stopped);
    return this.#stopped === null;
  }

  async #remove(name: string): Promise<void> {
    if (!this.#mayRemove()) {
      this.#progress.step();
      return;
    }
    try {
      const { signal } = this.#options.controls;
      await this.#removals.begin();
      // The last moment: what was archived must be where the next start looks for it.
      this.#options.archive.assertInPlace?.();
      await this.#options.gateway.send(removeUsageObjectRequest(name), { signal });
    } catch (thrown) {
      // Gone: by an earlier attempt whose answer was lost, or by another workstation.
      if (!(thrown instanceof AppError && thrown.code === 'NOT_FOUND')) {
        this.#again(name, 'remove', thrown, () => this.#remove(name));
        return;
      }
    }
    this.#failedInARow = 0;
    this.#outcome.removed += 1;
    this.#removed.push(name);
    this.#removals.removed(name);
    this.#progress.step();
    if (this.#removed.length >= recordedAtOnce) await this.#recordRemovals();
  }

  #again(name: string, stage: FailureStage, thrown: unknown, job: () => Promise<void>): void {
    if (endsTheRun(thrown)) throw thrown;
    const attempt = (this.#attempts.get(name) ?? 0) + 1;
    this.#attempts.set(name, attempt);
    this.#failedInARow += 1;
    const milliseconds = pauseBeforeRetry(thrown, attempt, this.#retry);
    if (this.#failedInARow >= patience) throw thrown;
    if (milliseconds === null) this.#giveUp(name, stage, thrown);
    else this.#jobs.addLater(job, milliseconds);
  }

  #giveUp(name: string, stage: FailureStage, thrown: unknown): void {
    const error = toAppError(thrown).toData();
    if (stage === 'remove') this.#removals.failed(error);
    const attempts = Math.max(1, this.#attempts.get(name) ?? 1);
    this.#failures.set(name, { name, stage, error, attempts, failedAt: this.#now() });
    this.#progress.fail();
  }

  async #recordRemovals(): Promise<void> {
    const names = this.#removed.splice(0);
    if (names.length === 0) return;
    await this.#options.archive.write('recordRemovals', { names, now: this.#now() });
  }

  /** What is known goes on record even when the run was cancelled or gave up. */
  async #recordRest(thrown?: unknown): Promise<void> {
    while (this.#storing || this.#arrived.count > 0) {
      if (this.#storing) await pause(5);
      else await this.#store();
    }
    await this.#recordRemovals();
    const failures = [...this.#failures.values()];
    if (failures.length > 0) await this.#options.archive.write('recordFailures', { failures });
    await this.#removals.end(thrown);
  }
}

function conflicting(name: string): AppError {
  return conflict(
    `The content of ${name} on the gateway differs from what was archived.`,
    'Both are kept; nothing was deleted. Compare them under Coverage and say which one counts.',
  );
}
