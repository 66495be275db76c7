import { setTimeout as sleep } from 'node:timers/promises';
import { type AppError, toAppError } from '#shared/errors.ts';
import type { Gateway, LimitTarget } from '../../gateway/model/gateway.ts';
import { readUser } from '../../gateway/user-names.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type {
  InventoryRound,
  PendingTarget,
} from '../../store/snapshot/queries/inventory-progress.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { TargetValue } from '../../store/snapshot/writes/save-values.ts';

/** Limits requests to a rate, evenly, across all callers. */
export class Pacer {
  readonly #interval: number;
  #next = 0;

  constructor(perSecond: number) {
    this.#interval = 1000 / perSecond;
  }

  async turn(signal?: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#interval;
    if (at - now >= 1) await sleep(at - now, undefined, signal ? { signal } : {});
  }
}

interface GatheredOptions {
  save(values: TargetValue[]): Promise<unknown>;
  /** Called after each save: what is on screen of it is stale. */
  onSaved(): void;
  /** Milliseconds between two savings at least. */
  every?: number;
}

const defaultEvery = 2000;

/**
 * Gathers what an inventory reads and saves it every so often: pages fill while it runs, and one that is
 * ended by force has little to read again.
 */
export class GatheredValues {
  readonly #options: GatheredOptions;
  #values: TargetValue[] = [];
  #savedAt = performance.now();
  #saving: Promise<void> | null = null;

  constructor(options: GatheredOptions) {
    this.#options = options;
  }

  /** Takes values; saves them with the others once it is time. */
  async add(values: readonly TargetValue[]): Promise<void> {
    this.#values.push(...values);
    const due = performance.now() - this.#savedAt >= (this.#options.every ?? defaultEvery);
    if (due && this.#saving === null) await this.flush();
  }

  async flush(): Promise<void> {
    await this.#saving;
    if (this.#values.length === 0) return;
    this.#saving = this.#save().finally(() => {
      this.#saving = null;
    });
    await this.#saving;
  }

  async #save(): Promise<void> {
    const values = this.#values;
    this.#values = [];
    await this.#options.save(values);
    this.#savedAt = performance.now();
    this.#options.onSaved();
  }
}

interface InventoryWork {
  gateway: Gateway;
  snapshot: Snapshot;
  controls: TaskControls;
  round: InventoryRound & { restart: boolean };
  /** Requests a second. */
  requestsPerSecond: number;
  concurrency: number;
  /** Called whenever more of what was read can be shown. */
  onSaved(): void;
}

interface InventoryResult {
  targets: number;
  failed: number;
}

interface Tally {
  targets: number;
  failed: number;
  inARow: number;
}

const batchSize = 200;
/** This many failures in a row mean that the gateway is gone, not that single targets are. */
const failuresInARow = 10;

/** Reads what the round still lacks, target by target, within the budget. Can be stopped and resumed at any time. */
export async function runInventory(work: InventoryWork): Promise<InventoryResult> {
  const { snapshot, controls, round, onSaved } = work;
  const save = (values: TargetValue[]) => snapshot.change('save', values);
  const gathered = new GatheredValues({ save, onSaved });
  await snapshot.change('beginRound', round);
  const total = await snapshot.ask('remainingTargets');
  controls.progress({ total, done: 0 });
  const pacer = new Pacer(work.requestsPerSecond);
  const tally: Tally = { targets: 0, failed: 0, inARow: 0 };
  if (round.quotas) await readDefaults(work, pacer);
  for (const kind of ['user', 'bucket'] as const) {
    let after = 0;
    for (;;) {
      const batch = await snapshot.ask('pendingTargets', { after, of: kind, limit: batchSize });
      const last = batch.at(-1);
      if (!last) break;
      after = last.place;
      await readBatch(work, pacer, batch, { tally, gathered });
    }
  }
  await snapshot.change('endRound');
  return { targets: tally.targets, failed: tally.failed };
}

async function readDefaults(
  { gateway, snapshot, controls }: InventoryWork,
  pacer: Pacer,
): Promise<void> {
  for (const id of ['user', 'bucket'] as const) {
    await pacer.turn(controls.signal);
    const quota = await gateway.getQuota({ default: id }, { signal: controls.signal });
    const target = { kind: 'default', id } as const;
    await snapshot.change('save', [{ part: 'quotas', target, quota, readAt: Date.now() }]);
  }
}

async function readBatch(
  work: InventoryWork,
  pacer: Pacer,
  batch: PendingTarget[],
  { tally, gathered }: { tally: Tally; gathered: GatheredValues },
): Promise<void> {
  const { controls } = work;
  const queue = batch.values();
  const reader = async (): Promise<void> => {
    for (const target of queue) {
      await controls.checkpoint();
      try {
        await gathered.add(await readTarget(work, pacer, target));
        tally.inARow = 0;
      } catch (thrown) {
        if (controls.signal.aborted) throw thrown; // left to the next run, and no failure
        const error = toAppError(thrown);
        tally.failed += 1;
        if (error.code !== 'TARGET_AMBIGUOUS') tally.inARow += 1; // no answer's fault
        if (endsTheRun(error) || tally.inARow >= failuresInARow) throw error;
      }
      tally.targets += 1;
      controls.progress({ done: tally.targets, failed: tally.failed });
    }
  };
  const results = await Promise.allSettled(
    Array.from({ length: Math.min(work.concurrency, batch.length) }, reader),
  );
  await gathered.flush(); // before the next batch is asked for, and whatever ended this one
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function endsTheRun(error: AppError): boolean {
  return ['CONNECTION_REFUSED', 'NAME_NOT_RESOLVED', 'NETWORK_UNREACHABLE'].includes(error.code);
}

async function readTarget(
  { gateway, controls }: InventoryWork,
  pacer: Pacer,
  { kind, id, keys, limits, quotas }: PendingTarget,
): Promise<TargetValue[]> {
  const { signal } = controls;
  const target = { kind, id };
  // A user read just before proves its name; where keys are not read, the first of these reads it.
  const named = async (): Promise<LimitTarget> =>
    kind === 'user' ? gateway.selectorFor(id, { signal }) : { bucket: id };
  const values: TargetValue[] = [];
  try {
    if (keys) {
      await pacer.turn(signal);
      const user = await readUser(gateway, id, { signal });
      values.push({ part: 'keys', user, readAt: Date.now() });
    }
    if (limits) {
      await pacer.turn(signal);
      const found = await gateway.getLimits(await named(), { signal });
      values.push({ part: 'limits', target, limits: found, readAt: Date.now() });
    }
    if (quotas) {
      await pacer.turn(signal);
      const found = await gateway.getQuota(await named(), { signal });
      values.push({ part: 'quotas', target, quota: found, readAt: Date.now() });
    }
    return values;
  } catch (thrown) {
    if (toAppError(thrown).code !== 'NOT_FOUND') throw thrown;
    return [{ part: 'missing', target }]; // removed since the last refresh
  }
}
