import type { z } from 'zod';
import type { bulkRow, bulkRun } from '#shared/contract/bulk.ts';
import type { AppErrorData } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import { isLocked, nameToType } from '../../clusters/locks/guard.ts';
import type {
  BulkRowState,
  RunFigures,
  StoredRow,
  StoredRun,
} from '../../store/archive/queries/bulk.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import { fieldChanges } from '../operations/fields.ts';
import type { Impact, OperationName } from '../operations/operation.ts';
import { targetOf } from './run-row.ts';

/** A run as the interface sees it. */
export type BulkRun = z.output<typeof bulkRun>;
/** A row as the interface sees it. */
export type BulkRow = z.output<typeof bulkRow>;

const noCounts: Record<BulkRowState, number> = {
  pending: 0,
  sending: 0,
  verified: 0,
  sent: 0,
  unchanged: 0,
  failed: 0,
  refused: 0,
};

/**
 * A run for the interface.
 * @param taskId the running task; a run left as running without one was interrupted
 */
export function runView(
  run: StoredRun & RunFigures,
  connection: SavedConnection,
  taskId: string | null,
): BulkRun {
  const interrupted = run.state === 'running' && taskId === null;
  return {
    runId: run.runId,
    title: run.title,
    createdAt: new Date(run.createdAt).toISOString(),
    createdBy: run.createdBy,
    endedAt: run.endedAt === null ? null : new Date(run.endedAt).toISOString(),
    state: interrupted ? 'interrupted' : run.state,
    total: run.total,
    tenants: run.tenants,
    writes: run.writes,
    requests: run.requests,
    unchanged: run.unchanged,
    unconfirmed: run.unconfirmed,
    counts: { ...noCounts, ...run.counts },
    destructive: run.destructive,
    impact: run.impact === null ? null : (JSON.parse(run.impact) as Impact),
    needsTypedName: nameToType(connection, run.destructive, connection.name),
    locked: isLocked(connection),
    warnings: JSON.parse(run.warnings) as string[],
    source: run.source,
    reverses: run.reverses,
    ticket: run.ticket,
    taskId,
  };
}

/** A row for the interface. */
export function rowView(row: StoredRow): BulkRow {
  const before = JSON.parse(row.before) as Fields;
  const after = JSON.parse(row.after) as Fields;
  const operation = row.operation as OperationName;
  return {
    row: row.row,
    line: row.line,
    operation,
    input: JSON.parse(row.input) as Record<string, unknown>,
    title: operationOf(operation).title,
    target: targetOf(row),
    fields: fieldChanges(before, after),
    beforeKnown: row.beforeKnown,
    state: row.state,
    attempts: row.attempts,
    error: row.error === null ? null : (JSON.parse(row.error) as AppErrorData),
    journalId: row.journalId,
    requestId: row.requestId,
  };
}
