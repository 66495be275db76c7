import { z } from 'zod';
import type { fieldChange } from '#shared/contract/operations.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { type FieldName, type Fields, fieldNames } from '#shared/operation-fields.ts';
import { canonicalJson } from '../../../store/archive/file/encodings.ts';
import type { ChangeDescription } from './operation.ts';

export type FieldChange = z.output<typeof fieldChange>;

/** Shown in a field's `after` where the gateway selects the value: the id of a new key. */
export const chosenByGateway = '(new)';

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

const precondition = z.strictObject({
  kind: z.string(),
  id: z.string(),
  fields: z.record(z.string(), z.string().nullable()),
});

/**
 * The state a preview showed, as opaque text. It holds the state itself, so that a later difference
 * can be named field by field and needs no memory on our side. No field ever holds a secret.
 */
export function preconditionOf({ target, before }: ChangeDescription): string {
  const state = { kind: target.kind, id: target.id, fields: before };
  return Buffer.from(canonicalJson(state)).toString('base64url');
}

/** Returns the fields that a precondition holds. Throws `INPUT_INVALID` for text that is none. */
export function fieldsOf(text: string): { kind: string; id: string; fields: Fields } {
  try {
    return precondition.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw invalidInput(
      'The state to compare with (`expected`) is not one that a preview handed out.',
      'Hand over `fingerprint` of the preview unchanged, or leave it out; nothing was sent.',
    );
  }
}

/**
 * Compares the target as read just now with what the preview showed.
 * @throws `TARGET_CHANGED` with the difference field by field
 */
export function assertUnchanged(expected: string | undefined, described: ChangeDescription): void {
  if (expected === undefined) return;
  const seen = fieldsOf(expected);
  const { target, before } = described;
  if (seen.kind !== target.kind || seen.id !== target.id) {
    throw invalidInput(
      `The preview was of another target (${seen.id}) than this write (${target.id}).`,
      'Make the preview of this very operation and target; nothing was sent.',
    );
  }
  const changed = differences(seen.fields, before);
  if (changed.length === 0) return;
  throw new AppError({
    code: 'TARGET_CHANGED',
    message: `${target.name} is no longer what the preview showed: ${describeDifferences(changed)}.`,
    hint: 'Look at the difference, make a new preview and decide again; nothing was sent.',
    details: { differences: changed, fingerprint: preconditionOf(described) },
  });
}
