import { describe, expect, it } from 'vitest';
import { changesOf, columnNamed, tableColumns } from '#core/changes/bulk/table-columns.ts';

function changes(cells: Record<string, string>) {
  return changesOf(new Map(Object.entries(cells)));
}

describe('the columns of a table', () => {
  it('are found by their name, whatever its case, and by a few other spellings', () => {
    for (const { column } of tableColumns) expect(columnNamed(column.toUpperCase())).toBe(column);
    expect(columnNamed(' E-Mail ')).toBe('email');
    expect(columnNamed('Quota GB')).toBe('quota_gb');
    expect(columnNamed('ops-get')).toBe('ops_get');
    expect(columnNamed('colour')).toBeNull();
  });

  it('mean changes; an empty cell for none', () => {
    expect(changes({ quota_gb: '', state: ' ', ops_get: '' })).toEqual({ changes: [], errors: [] });
    expect(changes({ quota_gb: '0', ops_get: '0', ops_put: '3.33', state: 'Disabled' })).toEqual({
      changes: [
        { change: 'setQuota', sizeGb: 0n },
        { change: 'setLimits', limits: { opsGet: 0, opsPut: 3.33 } },
        { change: 'disable' },
      ],
      errors: [],
    });
    expect(changes({ quota_gb: 'clear', limits: 'clear' }).changes).toEqual([
      { change: 'clearQuota' },
      { change: 'clearLimits' },
    ]);
    expect(changes({ revoke_keys_older_than_days: '90' }).changes).toEqual([
      { change: 'revokeOldKeys', olderThanDays: 90 },
    ]);
  });

  it('refuse what is no value of theirs', () => {
    const wrong = {
      quota_gb: '1.5',
      ops_get: '-1',
      ops_put: '1.234',
      limits: 'none',
      state: 'off',
      revoke_keys_older_than_days: 'old',
    };
    expect(changes(wrong).errors.map(({ column }) => column)).toEqual([
      'quota_gb',
      'ops_get',
      'ops_put',
      'limits',
      'state',
      'revoke_keys_older_than_days',
    ]);
    expect(changes({ limits: 'clear', ops_get: '5' }).errors).toHaveLength(1);
  });
});
