import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type { Archives, ClusterWork } from '../../clusters/archives.ts';
import type { JournalPort } from '../../store/archive/journal-port.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import type { BulkService } from '../bulk/bulk-service.ts';
import { rowView } from '../bulk/run-summary.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import { type OperationName, parseInput, plainInput } from '../operations/catalogue/operation.ts';
import { type Plan, type PlanChange, readPlan, writePlan } from './plan-file.ts';
import { callsOf, changeOf, making, markDrift, planFileName, summaryOf } from './plan-summary.ts';

interface InverseChanges {
  changes: PlanChange[];
  irreversible: string[];
}

async function inverseOf(
  connectionId: string,
  rows: readonly StoredRow[],
  journal: JournalPort,
): Promise<InverseChanges> {
  const changes: PlanChange[] = [];
  const irreversible: string[] = [];
  for (const row of rows.toReversed()) {
    const name = row.operation as OperationName;
    const operation = operationOf(name);
    const input = parseInput(name, connectionId, JSON.parse(row.input) as Record<string, unknown>);
    const { before, after } = await statesOf(connectionId, row, journal);
    const inverse = operation.inverse(input, before);
    if (inverse === null) {
      irreversible.push(`${operation.title}: ${row.targetName}`);
      continue;
    }
    changes.push({
      operation: inverse.operation,
      input: plainInput(inverse.input),
      target: {
        kind: row.targetKind as PlanChange['target']['kind'],
        id: row.targetId,
        name: row.targetName,
      },
      before: after as Record<string, string | null>,
      after: before as Record<string, string | null>,
    });
  }
  return { changes, irreversible };
}

/** What the row's write was made on and came to: from the journal, which holds what was read at that moment. */
async function statesOf(
  connectionId: string,
  row: StoredRow,
  journal: JournalPort,
): Promise<{ before: Fields; after: Fields }> {
  if (row.beforeKnown || row.journalId === null) {
    return { before: JSON.parse(row.before) as Fields, after: JSON.parse(row.after) as Fields };
  }
  const { before, after } = await journal.intent(connectionId, row.journalId);
  return { before, after };
}

export interface PlansOptions extends Pick<ClusterWork, 'clusters' | 'archives' | 'events'> {
  journal: JournalPort;
  bulk: BulkService;
}

const rowsShown = 100;
const pageSize = 1000;

/** Makes a plan from the snapshot; the gateway is asked for kinds of users alone, where it can be reached. */
export async function makePlan(
  options: PlansOptions,
  { connectionId, name, note, source }: ParsedInput<'plans.make'>,
  signal: AbortSignal,
): Promise<CallOutput<'plans.make'>> {
  const { bulk } = options;
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
}

/** Reads the targets of a plan again and prepares the run that applies it; rows that drifted are refused. */
export async function checkPlan(
  { clusters, archives, bulk }: PlansOptions,
  {
    connectionId,
    plan,
    made = new Set(),
  }: {
    connectionId: string;
    plan: Omit<Plan, 'format' | 'version'>;
    /** The places of changes whose key is made already. */
    made?: ReadonlySet<number>;
  },
  signal: AbortSignal,
): Promise<CallOutput<'plans.check'>> {
  const { connection } = await clusters.get(connectionId);
  const { sameCluster } = summaryOf(plan, connection);
  const calls = callsOf(plan.changes, made);
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
        drifted = markDrift(rows, plan.changes, made);
      },
    },
    signal,
  );
  const archive = await archives.get(connectionId);
  const page = { runId: run.runId, limit: rowsShown };
  const { rows } = await archive.read('listRows', page);
  return { ...run, drifted, rows: rows.map(rowView) };
}

/** Makes the plan that brings what a run changed back to what it was. */
export async function makeInversePlan(
  options: PlansOptions,
  { connectionId, runId, name }: ParsedInput<'plans.inverse'>,
): Promise<CallOutput<'plans.inverse'>> {
  const { bulk } = options;
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
}

type PlanFile = Omit<CallOutput<'plans.make'>, 'warnings'>;

async function planFile(
  { clusters }: PlansOptions,
  connectionId: string,
  own: Pick<Plan, 'name' | 'note' | 'reverses' | 'changes'>,
): Promise<PlanFile> {
  const cluster = await clusters.get(connectionId);
  const content = writePlan({ ...own, ...(await making(cluster)) });
  const plan = readPlan(content);
  return {
    ...summaryOf(plan, cluster.connection),
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

function otherCluster({
  endpoint,
  connectionName,
}: Pick<Plan, 'endpoint' | 'connectionName'>): string {
  return `The plan was made for ${connectionName} (${endpoint}), which is another address than this connection's.`;
}

function emptyPlan(rows: readonly StoredRow[], warnings: readonly string[]): AppError {
  const why = warnings[0] ?? (rows.length > 0 ? 'Every target was refused.' : '');
  return invalidInput(
    `There is nothing to plan. ${why}`.trim(),
    'Select targets, or a table with at least one value.',
  );
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
