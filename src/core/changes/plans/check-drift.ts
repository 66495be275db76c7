import { AppError } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import { describeDifferences, differences } from '../operations/fields.ts';
import type { PlanChange } from './plan-file.ts';

/**
 * Compares rows as just read with what the plan was made on. A row whose target is something else by
 * now is refused, unless it already is as the plan wants it.
 * @returns how many drifted
 */
export function markDrift(rows: StoredRow[], changes: readonly PlanChange[]): number {
  let drifted = 0;
  rows.forEach((row, index) => {
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
        message: `${row.targetName} is no longer what the plan was made on: ${describeDifferences(found)}.`,
        hint: 'This row is left out. Make a new plan for it if it is still wanted.',
        details: { differences: found },
      }).toData(),
    );
  });
  return drifted;
}
