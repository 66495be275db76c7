import { describe, expect, it } from 'vitest';
import {
  assertUnchanged,
  fieldsOf,
  preconditionOf,
} from '#core/changes/operations/catalogue/fields.ts';
import type { ChangeDescription } from '#core/changes/operations/catalogue/operation.ts';
import { AppError } from '#shared/errors.ts';

function described(quota: string | null, id = 'aa'): ChangeDescription {
  const target = { kind: 'user', id, name: 'user@example.com' } as const;
  return { target, before: { quota }, after: { quota: '9' } };
}

function refusal(expected: string | undefined, now: ChangeDescription): AppError | null {
  try {
    assertUnchanged(expected, now);
    return null;
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}

describe('a fingerprint', () => {
  it('is the same for the same state, in whatever order its fields are', () => {
    const one = { ...described('5'), before: { quota: '5', state: 'enabled' } };
    const two = { ...described('5'), before: { state: 'enabled', quota: '5' } };
    expect(preconditionOf(one)).toBe(preconditionOf(two));
  });

  it('lets the same state through and stops another, naming the difference', () => {
    const seen = preconditionOf(described('5'));
    expect(refusal(seen, described('5'))).toBeNull();
    expect(refusal(undefined, described('6'))).toBeNull();
    const error = refusal(seen, described('6'));
    expect(error).toMatchObject({
      code: 'TARGET_CHANGED',
      details: { differences: [{ field: 'quota', label: 'Quota', expected: '5', found: '6' }] },
    });
    expect(error?.message).toContain('Quota: 5, now 6');
  });

  it('tells not set from zero', () => {
    const error = refusal(preconditionOf(described(null)), described('0'));
    expect(error?.message).toContain('Quota: not set, now 0');
  });

  it('of another target or of no preview is not taken', () => {
    expect(refusal(preconditionOf(described('5', 'bb')), described('5'))?.code).toBe(
      'INPUT_INVALID',
    );
    expect(refusal('not a fingerprint', described('5'))?.code).toBe('INPUT_INVALID');
    expect(() => fieldsOf('')).toThrow(AppError);
  });
});
