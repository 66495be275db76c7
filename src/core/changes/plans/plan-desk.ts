import { randomUUID } from 'node:crypto';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import type {
  PlanFigures,
  StoredPlan,
  StoredPlanRow,
} from '../../store/archive/queries/change-plans.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import type { OperationCall } from '../operations/catalogue/operation.ts';
import { Comparison, Comparisons } from './comparison.ts';
import { OpenedPlans, type Plan, type PlanChange, readPlan, writePlan } from './plan-file.ts';
import {
  callsOf,
  changeOf,
  iso,
  keptView,
  making,
  planFileName,
  readChange,
  rowOf,
  storedPlan,
  summaryOf,
} from './plan-summary.ts';
import {
  commented,
  type NumberedRow,
  noSuchPlan,
  noSuchRow,
  notCompared,
  nothingAdded,
  oneOf,
  otherTarget,
  prepareAfter,
  type RowChanges,
  rebased,
  sourceOf,
  supersededBy,
  together,
  withKeptComments,
} from './planned-changes.ts';
import type { PlansOptions } from './plans.ts';

type KeptPlan = CallOutput<'plans.list'>[number];
type PlanRow = CallOutput<'plans.rows'>['rows'][number];

/** Plans with more changes than this are compared only on request. */
const mostByItself = 1000;
const pageSize = 1000;

const changeIn = ({ change }: NumberedRow): PlanChange => change;

/** The change plans kept for clusters, in the archive of each; made and edited offline. */
export class PlanDesk {
  /** Plans opened from files, and not kept. */
  readonly opened = new OpenedPlans();
  readonly #options: PlansOptions;
  readonly #comparisons = new Comparisons();

  constructor(options: PlansOptions) {
    this.#options = options;
  }

  /** Changed last first. */
  async list(connectionId: string): Promise<KeptPlan[]> {
    const archive = await this.#archive(connectionId);
    const plans = await archive.read('listPlans');
    return Promise.all(plans.map((plan) => this.#view(connectionId, plan)));
  }

  async has(connectionId: string, planId: string): Promise<boolean> {
    const archive = await this.#archive(connectionId);
    return (await archive.read('findPlan', { planId })) !== null;
  }

  async rows(
    connectionId: string,
    planId: string,
    page: { search?: string | undefined; offset: number; limit: number },
    view: (row: StoredRow) => PlanRow,
  ): Promise<CallOutput<'plans.rows'>> {
    const archive = await this.#archive(connectionId);
    const { total, rows } = await archive.read('listPlanRows', { planId, ...page });
    const applied = await this.#applied(connectionId, await this.#kept(connectionId, planId));
    const comparison = this.#comparisons.of(planId);
    return {
      total,
      rows: rows.map((row) => {
        const change = readChange(row);
        const found = comparison?.of(row.rowId);
        const standing = found?.standing ?? (applied?.made.has(row.rowId) ? 'done' : null);
        return {
          ...view(rowOf(change, row.place - 1)),
          rowId: row.rowId,
          comment: change.comment ?? null,
          error: found?.error ?? null,
          ...(standing ? { standing } : {}),
        };
      }),
    };
  }

  /** Adds a change or those of a source to a plan, as their targets were last seen. */
  async add(
    { connectionId, planId, name, note, change, source, comment }: ParsedInput<'plans.add'>,
    signal: AbortSignal,
  ): Promise<CallOutput<'plans.add'>> {
    const { bulk } = this.#options;
    const archive = await this.#archive(connectionId);
    if ((change === undefined) === (source === undefined)) throw oneOf('change', 'source');
    if (planId === undefined && name === undefined) throw oneOf('planId', 'name');
    const before = planId === undefined ? [] : await this.#rowsOf(connectionId, planId);
    const found = source
      ? await bulk.guard.callsOf(connectionId, source, { ask: 'if-reachable', signal })
      : { calls: [sourceOf(change as OperationCall)], warnings: [] };
    const calls = together(found.calls, before);
    const made = planId === undefined ? null : await this.keysMade(connectionId, planId);
    const waiting = before.filter((_row, index) => !made?.has(index)); // what is made was seen since
    const prepared = await prepareAfter(bulk, connectionId, waiting, calls);
    const taken = prepared.rows.filter(({ state }) => state !== 'refused');
    if (taken.length === 0) throw nothingAdded(prepared.rows);
    const changes = taken.map((row) => commented(changeOf(row), comment));
    const superseded = supersededBy(changes, before);
    const id = planId ?? randomUUID();
    const append = withKeptComments(changes, superseded).map((one) => JSON.stringify(one));
    if (planId === undefined) {
      const made = await making(await this.#options.clusters.get(connectionId));
      const own = { name: name ?? '', note: note ?? null, reverses: null };
      const plan = storedPlan({ ...made, ...own }, id);
      await archive.write('createPlan', { plan, changes: append });
    } else {
      const remove = superseded.map(({ rowId }) => rowId);
      await archive.write('changePlanRows', { planId, at: Date.now(), remove, append });
      this.#comparisons.of(planId)?.forget(remove);
    }
    this.tell(connectionId);
    const refused = prepared.rows.length - taken.length;
    return {
      ...(await this.get(connectionId, id)),
      added: changes.length,
      replaced: superseded.length,
      warnings: [
        ...found.warnings,
        ...(source ? prepared.warnings : []),
        ...(refused > 0
          ? [`${formatCounted(refused, 'change was', 'changes were')} refused.`]
          : []),
      ],
    };
  }

  async import(connectionId: string, content: string): Promise<KeptPlan> {
    const archive = await this.#archive(connectionId);
    const file = readPlan(content);
    const plan = storedPlan(file, randomUUID());
    const changes = file.changes.map((change) => JSON.stringify(change));
    await archive.write('createPlan', { plan, changes });
    this.tell(connectionId);
    return this.get(connectionId, plan.planId);
  }

  /** Keeps plans of another workstation that are not here yet; returns how many came. */
  async take(connectionId: string, files: readonly Plan[]): Promise<number> {
    const archive = await this.#archive(connectionId);
    const plans = files.map((file) => ({
      plan: storedPlan(file, ''),
      changes: file.changes.map((change) => JSON.stringify(change)),
    }));
    const taken = await archive.write('takePlans', plans);
    this.tell(connectionId);
    return taken;
  }

  async export(connectionId: string, planId: string): Promise<CallOutput<'plans.export'>> {
    const { connection } = await this.#options.clusters.get(connectionId);
    const content = writePlan(await this.plan(connectionId, planId));
    const plan = readPlan(content);
    return {
      ...summaryOf(plan, connection),
      fileName: planFileName(plan),
      mediaType: 'application/json',
      content,
      warnings: [],
    };
  }

  /** A kept plan in its file format. Throws `NOT_FOUND`. */
  async plan(connectionId: string, planId: string): Promise<Omit<Plan, 'format' | 'version'>> {
    const kept = await this.#kept(connectionId, planId);
    const rows = await this.#rowsOf(connectionId, planId);
    return {
      name: kept.name,
      note: kept.note,
      createdAt: iso(kept.createdAt),
      createdBy: kept.createdBy,
      endpoint: kept.endpoint,
      connectionName: kept.connectionName,
      snapshotAsOf: kept.snapshotAsOf === null ? null : iso(kept.snapshotAsOf),
      reverses: kept.reverses,
      changes: rows.map(({ change }) => change),
    };
  }

  async edit({ connectionId, planId, name, note }: ParsedInput<'plans.edit'>): Promise<KeptPlan> {
    await this.#kept(connectionId, planId);
    const archive = await this.#archive(connectionId);
    const edited = {
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
    };
    await archive.write('editPlan', { planId, at: Date.now(), ...edited });
    this.tell(connectionId);
    return this.get(connectionId, planId);
  }

  async editRow(input: ParsedInput<'plans.editRow'>): Promise<KeptPlan> {
    const { connectionId, planId, rowId, place } = input;
    const rows = await this.#rowsOf(connectionId, planId);
    const index = rows.findIndex((one) => one.rowId === rowId);
    const row = rows[index];
    if (!row) throw noSuchRow();
    const change = await this.#edited(row.change, rows.slice(0, index), input);
    const edited = { rowId, change };
    const replace = change === row.change ? [] : [edited];
    const move = place === undefined ? undefined : { rowId, place };
    // what was accepted is based on the gateway, not on what was last seen
    const isSame = input.change === undefined && move === undefined;
    const others = rows.toSpliced(index, 1);
    const now = isSame ? rows : others.toSpliced((place ?? index + 1) - 1, 0, edited);
    return this.#rewrite(input, rows, now, { replace, move });
  }

  async removeRows(connectionId: string, planId: string, rowIds: number[]): Promise<KeptPlan> {
    const rows = await this.#rowsOf(connectionId, planId);
    const left = rows.filter(({ rowId }) => !rowIds.includes(rowId));
    this.#comparisons.of(planId)?.forget(rowIds);
    return this.#rewrite({ connectionId, planId }, rows, left, { remove: rowIds, replace: [] });
  }

  /** Changes rows of a plan, and the starting states of later steps on their targets. */
  async #rewrite(
    { connectionId, planId }: { connectionId: string; planId: string },
    before: readonly NumberedRow[],
    now: readonly NumberedRow[],
    { replace, ...change }: RowChanges,
  ): Promise<KeptPlan> {
    const archive = await this.#archive(connectionId);
    const after = await rebased(this.#options.bulk, connectionId, before, now);
    const rows = [...replace, ...after.replace].map(({ rowId, change: one }) => ({
      rowId,
      change: JSON.stringify(one),
    }));
    const at = Date.now();
    await archive.write('changePlanRows', { planId, at, ...change, replace: rows });
    this.#comparisons.of(planId)?.forget(after.stale);
    this.tell(connectionId);
    return this.get(connectionId, planId);
  }

  async delete(connectionId: string, planId: string): Promise<void> {
    await this.#kept(connectionId, planId);
    const archive = await this.#archive(connectionId);
    await archive.write('deletePlan', { planId });
    this.#comparisons.drop(planId);
    this.tell(connectionId);
  }

  /** Reads every target of a plan again; sends no change. */
  async compare(connectionId: string, planId: string, signal?: AbortSignal): Promise<KeptPlan> {
    const { bulk } = this.#options;
    const { name } = await this.#kept(connectionId, planId);
    const rows = await this.#rowsOf(connectionId, planId);
    const made = await this.keysMade(connectionId, planId);
    const asking = { ask: 'yes', signal: signal ?? new AbortController().signal } as const;
    const asked = callsOf(rows.map(changeIn), made);
    const { calls } = await bulk.guard.named(connectionId, asked, asking);
    const run = { calls, readFrom: 'gateway' } as const;
    const prepared = await bulk.readTargets(connectionId, `Compare: ${name}`, run, signal);
    const comparison = new Comparison(rows, prepared.rows, made);
    this.#comparisons.note(planId, comparison);
    comparison.keepOnly(await this.#rowsOf(connectionId, planId));
    this.tell(connectionId);
    return this.get(connectionId, planId);
  }

  /** Compares pending plans once the gateway answers again, or announces that they are not. Never rejects. */
  async compareWaiting(connectionId: string): Promise<void> {
    const plans = await this.list(connectionId).catch(() => []);
    for (const { planId, run, left, changes } of plans) {
      if (left === 0 || run?.state === 'running') continue;
      const isCompared =
        changes <= mostByItself && (await this.compare(connectionId, planId).catch(() => null));
      if (isCompared) continue;
      // the plan's page compares it, and says why it can't
      this.#comparisons.noteDue(planId);
      this.tell(connectionId);
    }
  }

  /** The places, from 0, of changes whose key a run of the plan made: no reading shows that. */
  async keysMade(connectionId: string, planId: string): Promise<ReadonlySet<number>> {
    const applied = await this.#applied(connectionId, await this.#kept(connectionId, planId));
    const rows = await this.#rowsOf(connectionId, planId);
    return new Set(
      rows.flatMap(({ rowId, change }, index) =>
        applied?.made.has(rowId) && operationOf(change.operation).madePair ? [index] : [],
      ),
    );
  }

  async notePrepared(connectionId: string, planId: string, runId: string): Promise<void> {
    const archive = await this.#archive(connectionId);
    await archive.write('notePreparedRun', { planId, runId });
    this.tell(connectionId);
  }

  /** One plan. Throws `NOT_FOUND`. */
  async get(connectionId: string, planId: string): Promise<KeptPlan> {
    return this.#view(connectionId, await this.#kept(connectionId, planId));
  }

  tell(connectionId: string): void {
    this.#options.events.emit('data.changed', { connectionId, topics: ['plans'] });
  }

  async #edited(
    before: PlanChange,
    earlier: readonly { change: PlanChange }[],
    { connectionId, planId, rowId, change, comment, acceptDrift }: ParsedInput<'plans.editRow'>,
  ): Promise<PlanChange> {
    let edited = before;
    if (change) {
      const call = sourceOf(change as OperationCall);
      const { bulk } = this.#options;
      const { rows } = await prepareAfter(bulk, connectionId, earlier, [call]);
      const [row] = rows;
      if (!row || row.state === 'refused') throw nothingAdded(rows);
      edited = commented(changeOf(row), before.comment);
      if (edited.target.id !== before.target.id) throw otherTarget();
      this.#comparisons.of(planId)?.forget([rowId]);
    }
    if (acceptDrift) {
      const now = this.#comparisons.of(planId)?.accept(rowId);
      if (!now) throw notCompared();
      edited = { ...edited, ...now };
    }
    return comment === undefined ? edited : commented(edited, comment ?? undefined);
  }

  #archive(connectionId: string): Promise<Archive> {
    return this.#options.archives.get(connectionId);
  }

  async #kept(connectionId: string, planId: string): Promise<StoredPlan & PlanFigures> {
    const archive = await this.#archive(connectionId);
    const kept = await archive.read('findPlan', { planId });
    if (kept) return kept;
    throw noSuchPlan();
  }

  async #rowsOf(connectionId: string, planId: string): Promise<NumberedRow[]> {
    await this.#kept(connectionId, planId);
    const archive = await this.#archive(connectionId);
    const all: StoredPlanRow[] = [];
    for (;;) {
      const page = { planId, offset: all.length, limit: pageSize };
      const { rows } = await archive.read('listPlanRows', page);
      all.push(...rows);
      if (rows.length < pageSize) break;
    }
    return all.map((row) => ({ rowId: row.rowId, change: readChange(row) }));
  }

  async #view(connectionId: string, kept: StoredPlan & PlanFigures): Promise<KeptPlan> {
    const { connection } = await this.#options.clusters.get(connectionId);
    const applied = await this.#applied(connectionId, kept);
    return {
      ...keptView(kept, connection),
      runId: applied?.run.runId ?? null,
      run: applied?.run ?? null,
      left: kept.changes - (applied?.made.size ?? 0),
      ...this.#comparisons.view(kept.planId),
    };
  }

  /** The started run of a plan, and the rows it made; what was compared before it no longer counts. */
  async #applied(connectionId: string, { planId, runId }: StoredPlan) {
    const archive = await this.#archive(connectionId);
    const stored = runId === null ? null : await archive.read('findRun', { runId });
    if (!stored) return null;
    const run = await this.#options.bulk.get(connectionId, stored.runId);
    this.#comparisons.dropBefore(planId, run.endedAt ?? run.createdAt);
    const made = await archive.read('listMadeRows', { planId, runId: run.runId });
    return { run, made: new Set(made) };
  }
}
