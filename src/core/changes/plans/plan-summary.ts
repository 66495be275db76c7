import type { z } from 'zod';
import type { planSummary } from '#shared/contract/plans.ts';
import { AppError, conflict } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type { Cluster, SavedConnection } from '../../clusters/clusters.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import type {
  PlanFigures,
  StoredPlan,
  StoredPlanRow,
} from '../../store/archive/queries/change-plans.ts';
import type { SourceCall } from '../bulk/source-calls.ts';
import { operatorName } from '../journal/journal.ts';
import { describeDifferences, differences } from '../operations/catalogue/fields.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import {
  isDestructive,
  type OperationCall,
  type OperationName,
} from '../operations/catalogue/operation.ts';
import type { Plan, PlanChange } from './plan-file.ts';

type PlanSummary = z.output<typeof planSummary>;

/** Returns whether two endpoints are of the same cluster, as far as their text tells. */
export function sameEndpoint(left: string, right: string): boolean {
  const plain = (endpoint: string): string => endpoint.trim().toLowerCase().replace(/\/+$/, '');
  return plain(left) === plain(right);
}

export function summaryOf(
  plan: Omit<Plan, 'format' | 'version'>,
  connection: SavedConnection,
): PlanSummary {
  const tenants = new Set(plan.changes.map(({ target }) => `${target.kind}\n${target.id}`));
  return {
    name: plan.name,
    note: plan.note,
    createdAt: plan.createdAt,
    createdBy: plan.createdBy,
    endpoint: plan.endpoint,
    connectionName: plan.connectionName,
    sameCluster: sameEndpoint(plan.endpoint, connection.endpoint),
    snapshotAsOf: plan.snapshotAsOf,
    changes: plan.changes.length,
    tenants: tenants.size,
    destructive: plan.changes.some(({ operation, input }) =>
      isDestructive(operationOf(operation), input as never),
    ),
    reverses: plan.reverses,
  };
}

/** A kept plan as it is shown, but for its run and its comparison. */
export function keptView(kept: StoredPlan & PlanFigures, { endpoint }: SavedConnection) {
  const { operations, snapshotAsOf, ...plan } = kept;
  return {
    ...plan,
    createdAt: iso(kept.createdAt),
    changedAt: iso(kept.changedAt),
    sameCluster: sameEndpoint(kept.endpoint, endpoint),
    snapshotAsOf: snapshotAsOf === null ? null : iso(snapshotAsOf),
    destructive: operations.some(({ operation, giveUp }) =>
      isDestructive(operationOf(operation as OperationName), {
        giveUp: giveUp ?? undefined,
      } as never),
    ),
  };
}

/** What a plan that is made now says of its making: by whom, for which cluster, as of when. */
export async function making(
  cluster: Pick<Cluster, 'connection' | 'snapshot'>,
): Promise<Pick<Plan, 'createdAt' | 'createdBy' | 'endpoint' | 'connectionName' | 'snapshotAsOf'>> {
  const { endpoint, name: connectionName } = cluster.connection;
  const seen = await (await cluster.snapshot()).ask('summary');
  return {
    createdAt: new Date().toISOString(),
    createdBy: operatorName(),
    ...{ endpoint, connectionName, snapshotAsOf: seen?.asOf ?? null },
  };
}

/** The file's name: `change-plan-raise-quotas-20260401.json`. */
export function planFileName({ name, createdAt }: Pick<Plan, 'name' | 'createdAt'>): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `change-plan-${plain.slice(0, 60) || 'unnamed'}-${createdAt.slice(0, 10).replaceAll('-', '')}.ostorplan`;
}

/** A plan of a file as it is kept. */
export function storedPlan(
  file: Omit<Plan, 'format' | 'version' | 'changes'>,
  planId: string,
): StoredPlan {
  return {
    planId,
    name: file.name,
    note: file.note,
    createdAt: Date.parse(file.createdAt),
    createdBy: file.createdBy,
    changedAt: Date.now(),
    endpoint: file.endpoint,
    connectionName: file.connectionName,
    snapshotAsOf: file.snapshotAsOf === null ? null : Date.parse(file.snapshotAsOf),
    reverses: file.reverses,
    runId: null,
    preparedRunId: null,
  };
}

export const iso = (at: number): string => new Date(at).toISOString();

export function callOf(change: PlanChange): SourceCall {
  const { operation, input } = change;
  return { line: null, call: { operation, input } as unknown as OperationCall };
}

/** What a plan asks for, without what a key that is made already would do to those after it. */
export function callsOf(changes: readonly PlanChange[], made: ReadonlySet<number>): SourceCall[] {
  const refusal = conflict('The key of this row is made already.', 'Nothing is sent for it.');
  return changes.map((change, index) =>
    made.has(index) ? { ...callOf(change), refusal } : callOf(change),
  );
}

export function changeOf(row: StoredRow): PlanChange {
  return {
    operation: row.operation as PlanChange['operation'],
    input: JSON.parse(row.input) as Record<string, unknown>,
    target: {
      kind: row.targetKind as PlanChange['target']['kind'],
      id: row.targetId,
      name: row.targetName,
    },
    before: row.beforeKnown ? (JSON.parse(row.before) as Record<string, string | null>) : null,
    after: JSON.parse(row.after) as Record<string, string | null>,
  };
}

export function readChange({ change }: StoredPlanRow): PlanChange {
  return JSON.parse(change) as PlanChange;
}

export function rowOf(change: PlanChange, index: number): StoredRow {
  return {
    row: index + 1,
    line: null,
    operation: change.operation,
    input: JSON.stringify(change.input),
    targetKind: change.target.kind,
    targetId: change.target.id,
    targetName: change.target.name,
    before: JSON.stringify(change.before ?? {}),
    after: JSON.stringify(change.after),
    beforeKnown: change.before !== null,
    writes: 0,
    readings: 0,
    state: 'pending',
    attempts: 0,
    error: null,
    journalId: null,
    requestId: null,
    reason: null,
  };
}

/**
 * Compares rows as just read with what the plan was made on. A row whose target is something else by
 * now is refused, unless it already is as the plan wants it.
 * @param made the places of changes whose key is made already: nothing is sent for them
 * @returns how many drifted
 */
export function markDrift(
  rows: StoredRow[],
  changes: readonly PlanChange[],
  made: ReadonlySet<number> = new Set(),
): number {
  let drifted = 0;
  rows.forEach((row, index) => {
    if (made.has(index)) {
      Object.assign(row, { state: 'unchanged', error: null, writes: 0 });
      return;
    }
    const change = changes[index];
    if (!change || change.before === null || row.state === 'refused') return;
    const now = JSON.parse(row.before) as Fields;
    const found = differences(change.before as Fields, now);
    const asWanted = differences(change.after as Fields, now).length === 0;
    if (found.length === 0 || asWanted) return;
    drifted += 1;
    row.state = 'refused';
    row.error = JSON.stringify(
      new AppError({
        code: 'TARGET_CHANGED',
        message: `${describeDifferences(found)}; changed since the plan was made.`,
        hint: 'This row is skipped. Make a new plan for it if you still need it.',
        details: { differences: found },
      }).toData(),
    );
  });
  return drifted;
}
