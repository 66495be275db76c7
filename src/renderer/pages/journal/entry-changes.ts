import { type FieldName, fieldNames } from '#shared/operation-fields.ts';
import { type FieldChange, fieldText } from '../../changes/operation/field-words.tsx';
import type { JournalRow } from './result-badge.tsx';

/** What an entry says was before and was to be after, field by field, in the order of the description. */
export function entryChanges({
  before,
  after,
}: Pick<JournalRow, 'before' | 'after'>): FieldChange[] {
  const names = Object.keys(fieldNames) as FieldName[];
  return names
    .filter((field) => before[field] !== undefined || after[field] !== undefined)
    .map((field) => {
      const from = before[field] ?? null;
      const to = after[field] === undefined ? from : after[field];
      return { field, ...fieldNames[field], before: from, after: to, changed: from !== to };
    });
}

/** The changed fields in one line: `Quota: not set → 500 GB`. */
export function changeWords(row: Pick<JournalRow, 'before' | 'after'>): string {
  return entryChanges(row)
    .filter(({ changed }) => changed)
    .map(
      (change) =>
        `${change.label}: ${fieldText(change, change.before, 'before')} → ${fieldText(change, change.after, 'after')}`,
    )
    .join('; ');
}
