import type { z } from 'zod';
import type { bulkRow, bulkRun } from '#shared/contract/bulk.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { AppErrorData } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import { isLocked, nameToType } from '../../clusters/locks/guard.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type {
  BulkRowState,
  RunFigures,
  StoredRow,
  StoredRun,
} from '../../store/archive/queries/bulk.ts';
import {
  adminCommandLine,
  s3CurlLine,
  s3CurlScript,
} from '../operations/catalogue/command-lines.ts';
import { fieldChanges } from '../operations/catalogue/fields.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import {
  type Impact,
  type OperationName,
  parseInput,
  type TargetReader,
} from '../operations/catalogue/operation.ts';
import { targetOf } from './run-row.ts';

interface RunScriptParts {
  connection: SavedConnection;
  archive: Pick<Archive, 'read'>;
  run: { runId: string; title: string };
  /** Reads targets as last seen: nothing is asked of the gateway. */
  reader: TargetReader;
  signal: AbortSignal;
}

const rowsAtOnce = 500;

/** Returns the lines of a run's rows, as their targets were last seen, as one script. */
export async function runScript(parts: RunScriptParts): Promise<CallOutput<'bulk.script'>> {
  const { archive, connection, run, signal } = parts;
  const lines: string[] = [];
  const counts = { rows: 0, without: 0 };
  for (let after = 0; ; ) {
    const query = { runId: run.runId, writes: true, after, limit: rowsAtOnce };
    const { rows } = await archive.read('listRows', query);
    for (const row of rows) {
      signal.throwIfAborted();
      const own = row.state === 'refused' ? null : await linesOf(row, parts);
      counts[own === null ? 'without' : 'rows'] += 1;
      lines.push(`# Row ${row.row}: ${comment(row)}`, ...(own ?? ['# No line: look at the run.']));
    }
    const last = rows.at(-1);
    if (!last || rows.length < rowsAtOnce) break;
    after = last.row;
  }
  const about = `${run.title}, cluster ${connection.name}`;
  return {
    fileName: `run-${run.runId.slice(0, 8)}.sh`,
    mediaType: 'application/x-sh',
    content: s3CurlScript(about, lines),
    ...counts,
  };
}

async function linesOf(
  row: StoredRow,
  { connection, reader }: RunScriptParts,
): Promise<string[] | null> {
  const name = row.operation as OperationName;
  const operation = operationOf(name);
  try {
    const input = parseInput(name, connection.id, JSON.parse(row.input));
    const state = await operation.read(input, reader);
    const requests = operation.requests(input, state);
    const admin = operation.adminCommands(input, state);
    return [
      ...admin.map((command) => `# On a node: ${adminCommandLine(command, connection.volumeId)}`),
      ...requests.map((request) => s3CurlLine(connection.endpoint, request)),
    ];
  } catch {
    return null; // the target is no longer known: the run's page says so
  }
}

function comment(row: StoredRow): string {
  return `${operationOf(row.operation as OperationName).title}, ${row.targetName}`.replaceAll(
    /\s+/g,
    ' ',
  );
}

export type BulkRun = z.output<typeof bulkRun>;
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
  const interrupted = run.state === 'running' && taskId === null && run.mergedAt === null;
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
    mergedAt: run.mergedAt === null ? null : new Date(run.mergedAt).toISOString(),
    taskId,
  };
}

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
    reason: row.reason,
  };
}
