import type { CallOutput, HandlersOf } from '#shared/contract/index.ts';
import { type AppError, conflict, invalidInput, toAppError } from '#shared/errors.ts';
import type { BulkService } from '../changes/bulk/bulk-service.ts';
import { parseTable } from '../changes/bulk/parse-table.ts';
import { rowView } from '../changes/bulk/run-summary.ts';
import { callFor, changeTitle } from '../changes/bulk/source-calls.ts';
import { tableColumns } from '../changes/bulk/table-columns.ts';
import type { Archives } from '../clusters/archives.ts';
import { asOffline } from '../gateway/outcome.ts';

const rowsShown = 100;
const sampleShown = 50;

export function bulkHandlers({
  bulk,
  archives,
}: {
  bulk: BulkService;
  archives: Archives;
}): HandlersOf<'bulk'> {
  const rowsOf: HandlersOf<'bulk'>['bulk.rows'] = async (input) => {
    const archive = await archives.get(input.connectionId);
    const { state, connectionId: _connection, ...query } = input;
    const states = state === undefined ? undefined : [state];
    const { total, rows } = await archive.read('listRows', { ...query, states });
    return { total, rows: rows.map(rowView) };
  };
  return {
    'bulk.columns': async () => tableColumns.map((column) => ({ ...column })),
    'bulk.parse': async ({ connectionId, text }) =>
      summarise(await parseTable(text, await bulk.lookUp(connectionId))),
    'bulk.preview': async ({ connectionId, source, readFrom }, context) => {
      const ask = readFrom === 'gateway' ? 'yes' : 'if-reachable';
      const { signal } = context;
      const offline = (thrown: unknown): never => {
        throw asOffline(toAppError(thrown), 'the targets cannot be read');
      };
      const calls = await bulk.guard.callsOf(connectionId, source, { ask, signal }).catch(offline);
      if (calls.calls.length === 0) throw nothingToDo(calls.warnings);
      const run = await bulk
        .prepare(connectionId, { ...calls, readFrom }, context.signal)
        .catch(offline);
      const { runId } = run;
      const page = { connectionId, runId, offset: 0, limit: rowsShown };
      return { ...run, rows: (await rowsOf(page, context)).rows };
    },
    'bulk.apply': async ({ connectionId, runId, ...start }) => {
      const { state } = await bulk.stored(connectionId, runId);
      if (state !== 'previewed') throw startedBefore();
      const states = ['pending'] as const;
      return { taskId: await bulk.start(connectionId, runId, { ...start, states }) };
    },
    'bulk.resume': async ({ connectionId, runId, failedOnly, ...start }) => {
      const states = failedOnly ? (['failed'] as const) : (['pending', 'sending'] as const);
      const options = { ...start, states, canary: 'none' } as const;
      return { taskId: await bulk.start(connectionId, runId, options) };
    },
    'bulk.recheck': async ({ connectionId, runId }) => ({
      taskId: await bulk.recheck(connectionId, runId),
    }),
    'bulk.runs': ({ connectionId, ...page }) => bulk.list(connectionId, page),
    'bulk.get': ({ connectionId, runId }) => bulk.get(connectionId, runId),
    'bulk.rows': rowsOf,
    'bulk.script': ({ connectionId, runId }, { signal }) =>
      bulk.script(connectionId, runId, signal),
    'bulk.discard': async ({ connectionId, runId }) => {
      await bulk.stored(connectionId, runId);
      const archive = await archives.get(connectionId);
      if (!(await archive.write('discardRun', { runId }))) throw startedBefore();
      bulk.tell(connectionId);
      return null;
    },
  };
}

function summarise(table: Awaited<ReturnType<typeof parseTable>>): CallOutput<'bulk.parse'> {
  const { columns, ignored, lines, entries, bad, errors } = table;
  const changes = entries.flatMap((entry) => entry.changes.map((change) => ({ entry, change })));
  return {
    columns,
    ignored,
    lines,
    changes: changes.length,
    badLines: bad.length,
    errors,
    sample: changes.slice(0, sampleShown).map(({ entry: { line, target, name }, change }) => ({
      line,
      target:
        'bucket' in target
          ? { kind: 'bucket' as const, id: target.bucket, name }
          : { kind: 'user' as const, id: 'user' in target ? target.user : name, name },
      operation:
        change.change === 'revokeOldKeys' ? 'keys.revoke' : callFor(target, change).operation,
      values: changeTitle(change),
    })),
  };
}

function nothingToDo(warnings: readonly string[]): AppError {
  return invalidInput(
    `There is nothing to change.${warnings.length > 0 ? ` ${warnings[0]}` : ''}`,
    'Select targets, or a table with at least one value.',
  );
}

function startedBefore(): AppError {
  return conflict(
    'This run was started before.',
    'Resume it (`bulk.resume`), or make a new preview.',
  );
}
