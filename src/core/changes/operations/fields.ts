import type { z } from 'zod';
import type { fieldChange } from '#shared/contract/operations.ts';
import type { Fields } from '#shared/operation-fields.ts';
import { type FieldName, fieldNames } from '#shared/operation-fields.ts';

/** A field as it is and as it will be. */
export type FieldChange = z.output<typeof fieldChange>;

/** Name of a field. */
export type { FieldName };

/** Stands in a field's `after` where the gateway selects the value: the id of a new key. */
export const chosenByGateway = '(new)';

/** Both states field by field, in the order of the description. */
export function fieldChanges(before: Fields, after: Fields): FieldChange[] {
  const names = Object.keys(fieldNames) as FieldName[];
  return names
    .filter((name) => before[name] !== undefined || after[name] !== undefined)
    .map((field) => {
      const from = before[field] ?? null;
      const to = after[field] === undefined ? from : after[field];
      return {
        field,
        ...fieldNames[field],
        before: from,
        after: to,
        changed: from !== to,
      };
    });
}

/** The fields in which two states differ, each as `{field, expected, found}`. */
export function differences(
  expected: Fields,
  found: Fields,
): { field: string; label: string; expected: string | null; found: string | null }[] {
  return fieldChanges(expected, found)
    .filter(({ changed }) => changed)
    .map(({ field, label, before, after }) => ({ field, label, expected: before, found: after }));
}

/** Text that names differences: `Quota was 10, is 20`. */
export function describeDifferences(found: ReturnType<typeof differences>): string {
  const word = (value: string | null): string => value ?? 'not set';
  return found
    .map(({ label, expected, found: now }) => `${label}: ${word(expected)}, now ${word(now)}`)
    .join('; ');
}
