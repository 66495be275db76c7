import type { Fields } from '#shared/operation-fields.ts';
import type { JournalPort } from '../../store/archive/journal-port.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import { operationOf } from '../operations/catalogue/index.ts';
import { type OperationName, parseInput, plainInput } from '../operations/operation.ts';
import type { PlanChange } from './plan-file.ts';

interface InverseChanges {
  changes: PlanChange[];
  irreversible: string[];
}

export async function inverseOf(
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
