import type { CallOutput } from '#shared/contract/index.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import { adminCommandLine, s3CurlLine, s3CurlScript } from '../operations/command-lines.ts';
import type { OperationName } from '../operations/operation.ts';
import { parseInput } from '../operations/parse-input.ts';
import type { TargetReader } from '../operations/target-reader.ts';

/** What a script is made of. */
export interface RunScriptParts {
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
    return null; // the target is not known any more: the run's page says so
  }
}

function comment(row: StoredRow): string {
  return `${operationOf(row.operation as OperationName).title}, ${row.targetName}`.replaceAll(
    /\s+/g,
    ' ',
  );
}
