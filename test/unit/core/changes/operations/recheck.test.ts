import { describe, expect, it } from 'vitest';
import { fieldsShow } from '#core/changes/operations/recheck.ts';

describe('fields read later', () => {
  it('show a change where every changed field is as wanted', () => {
    const before = { quota: '5', state: 'enabled' };
    const after = { quota: '9', state: 'enabled' };
    expect(fieldsShow(before, after, { quota: '9', state: 'disabled' })).toBe(true);
    expect(fieldsShow(before, after, { quota: '5', state: 'enabled' })).toBe(false);
    expect(fieldsShow({ quota: null }, { quota: '0' }, { quota: null })).toBe(false);
  });

  it('show a removal where nothing is there', () => {
    expect(fieldsShow({ email: 'a@b' }, { email: null }, {})).toBe(true);
    expect(fieldsShow({ email: 'a@b' }, { email: null }, { email: 'a@b' })).toBe(false);
  });

  it('show a new key where one came in and the others stayed', () => {
    const after = { keys: 'A, (new)' };
    expect(fieldsShow({ keys: 'A' }, after, { keys: 'A, B' })).toBe(true);
    expect(fieldsShow({ keys: 'A' }, after, { keys: 'A' })).toBe(false);
    expect(fieldsShow({ keys: null }, { keys: '(new)' }, { keys: 'B' })).toBe(true);
    // A rotation that gave up A: the old pair must be gone too.
    expect(fieldsShow({ keys: 'A, B' }, { keys: 'B, (new)' }, { keys: 'A, B, C' })).toBe(false);
  });
});
