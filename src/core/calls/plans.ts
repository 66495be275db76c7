import type { CallOutput, HandlersOf } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { AppError } from '#shared/errors.ts';
import type { BulkService } from '../changes/bulk/bulk-service.ts';
import { rowView } from '../changes/bulk/run-summary.ts';
import { operatorName } from '../changes/journal/journal.ts';
import { inverseOf } from '../changes/plans/inverse-plan.ts';
import type { OpenedPlans } from '../changes/plans/opened-plans.ts';
import { type Plan, readPlan, writePlan } from '../changes/plans/plan-file.ts';
import {
  callOf,
  changeOf,
  markDrift,
  planFileName,
  rowOf,
  summaryOf,
} from '../changes/plans/plan-summary.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { JournalPort } from '../store/archive/journal-port.ts';
import type { StoredRow } from '../store/archive/queries/bulk.ts';

interface PlansOptions {
  clusters: Clusters;
  archives: Archives;
  journal: JournalPort;
  bulk: BulkService;
  openedPlans: OpenedPlans;
}

const rowsShown = 100;
const pageSize = 1000;

export function plansHandlers(options: PlansOptions): HandlersOf<'plans'> {
  const { clusters, bulk, openedPlans } = options;
  return {
    'plans.make': async ({ connectionId, name, note, source }, { signal }) => {
      const how = { ask: 'if-reachable', signal } as const;
      const { calls, warnings } = await bulk.guard.callsOf(connectionId, source, how);
      const prepared = await bulk.prepareRows(connectionId, { calls, readFrom: 'snapshot' });
      const taken = prepared.rows.filter(({ state }) => state !== 'refused');
      if (taken.length === 0) throw emptyPlan(prepared.rows, warnings);
      const file = await planFile(options, connectionId, {
        name,
        note: note ?? null,
        reverses: null,
        changes: taken.map(changeOf),
      });
      return { ...file, warnings: [...warnings, ...prepared.warnings, ...refusals(prepared.rows)] };
    },
    'plans.open': async ({ connectionId, content }) => {
      const { connection } = await clusters.get(connectionId);
      const { planId, plan } = openedPlans.open(content);
      return { ...summaryOf(plan, connection), planId };
    },
    'plans.rows': async ({ planId, ...page }) => {
      const { total, changes } = openedPlans.page(planId, page);
      return { total, rows: changes.map(({ change, index }) => rowView(rowOf(change, index))) };
    },
    'plans.check': async ({ connectionId, content }, { signal }) => {
      const { connection } = await clusters.get(connectionId);
      const plan = readPlan(content);
      const { sameCluster } = summaryOf(plan, connection);
      const calls = plan.changes.map(callOf);
      const kinds = await bulk.guard.named(connectionId, calls, { ask: 'yes', signal });
      let drifted = 0;
      const run = await bulk.prepare(
        connectionId,
        {
          title: plan.reverses === null ? `Plan: ${plan.name}` : plan.name,
          calls: kinds.calls,
          warnings: [...(sameCluster ? [] : [otherCluster(plan)]), ...kinds.warnings],
          readFrom: 'gateway',
          reverses: plan.reverses,
          adjust: (rows) => {
            drifted = markDrift(rows, plan.changes);
          },
        },
        signal,
      );
      const archive = await options.archives.get(connectionId);
      const page = { runId: run.runId, limit: rowsShown };
      const { rows } = await archive.read('listRows', page);
      return { ...run, drifted, rows: rows.map(rowView) };
    },
    'plans.inverse': async ({ connectionId, runId, name }) => {
      const run = await bulk.stored(connectionId, runId);
      const rows = await doneRows(options.archives, connectionId, runId);
      const { changes, irreversible } = await inverseOf(connectionId, rows, options.journal);
      if (changes.length === 0) throw nothingToReverse(irreversible);
      const file = await planFile(options, connectionId, {
        name: name ?? `Reverse: ${run.title}`,
        note: null,
        reverses: runId,
        changes,
      });
      return { ...file, warnings: [], irreversible };
    },
  };
}

type PlanFile = Omit<CallOutput<'plans.make'>, 'warnings'>;

async function planFile(
  { clusters }: PlansOptions,
  connectionId: string,
  own: Pick<Plan, 'name' | 'note' | 'reverses' | 'changes'>,
): Promise<PlanFile> {
  const cluster = await clusters.get(connectionId);
  const { connection } = cluster;
  const snapshot = await cluster.snapshot();
  const content = writePlan({
    ...own,
    createdAt: new Date().toISOString(),
    createdBy: operatorName(),
    endpoint: connection.endpoint,
    connectionName: connection.name,
    snapshotAsOf: (await snapshot.ask('summary'))?.asOf ?? null,
  });
  const plan = readPlan(content);
  return {
    ...summaryOf(plan, connection),
    fileName: planFileName(plan),
    mediaType: 'application/json',
    content,
  };
}

async function doneRows(
  archives: Archives,
  connectionId: string,
  runId: string,
): Promise<StoredRow[]> {
  const archive = await archives.get(connectionId);
  const rows: StoredRow[] = [];
  for (;;) {
    const after = rows.at(-1)?.row ?? 0;
    const states = ['verified', 'sent'] as const;
    const page = await archive.read('listRows', {
      runId,
      states: [...states],
      after,
      limit: pageSize,
    });
    rows.push(...page.rows);
    if (page.rows.length < pageSize) return rows;
  }
}

function refusals(rows: readonly StoredRow[]): string[] {
  const refused = rows.filter(({ state }) => state === 'refused');
  if (refused.length === 0) return [];
  return [
    `${formatCounted(refused.length, 'target was', 'targets were')} skipped: missing, ambiguous, perhaps a system user, or the console's own user.`,
  ];
}

function otherCluster({ endpoint, connectionName }: Plan): string {
  return `The plan was made for ${connectionName} (${endpoint}), which is another address than this connection's.`;
}

function emptyPlan(rows: readonly StoredRow[], warnings: readonly string[]): AppError {
  const why = warnings[0] ?? (rows.length > 0 ? 'Every target was refused.' : '');
  return new AppError({
    code: 'INPUT_INVALID',
    message: `There is nothing to plan. ${why}`.trim(),
    hint: 'Select targets, or a table with at least one value.',
  });
}

function nothingToReverse(irreversible: readonly string[]): AppError {
  return new AppError({
    code: 'PLAN_INVALID',
    message:
      irreversible.length > 0
        ? 'Nothing this run did can be reversed.'
        : 'This run changed nothing that could be reversed.',
    hint: 'Revoked keys and removed targets cannot be brought back; make new ones.',
    details: { irreversible: irreversible.slice(0, 100) },
  });
}
