import { describe, expect, test } from 'vitest';
import { changeOf, emptyChange } from '#renderer/changes/bulk/change-values.ts';

describe('the change that was entered', () => {
  test('tells a quota, 0 GB and none of its own apart', () => {
    const quota = emptyChange('quota');
    expect(changeOf(quota)).toBeNull();
    expect(changeOf({ ...quota, sizeGb: ' 250 ' })).toEqual({ change: 'setQuota', sizeGb: '250' });
    expect(changeOf({ ...quota, sizeGb: '2.5' })).toBeNull();
    expect(changeOf({ ...quota, sizeGb: '0' })).toBeNull();
    expect(changeOf({ ...quota, quota: 'zero' })).toEqual({ change: 'setQuota', sizeGb: 0 });
    expect(changeOf({ ...quota, quota: 'none' })).toEqual({ change: 'clearQuota' });
  });

  test('leaves rates alone that were left empty', () => {
    const limits = emptyChange('limits');
    const rates = { ...limits.rates, opsGet: '5', bandwidthOut: '0' };
    expect(changeOf(limits)).toBeNull();
    expect(changeOf({ ...limits, rates })).toEqual({
      change: 'setLimits',
      limits: { opsGet: 5, bandwidthOut: 0 },
    });
    expect(changeOf({ ...limits, rates: { ...rates, opsPut: '1.234' } })).toBeNull();
    expect(changeOf({ ...limits, limits: 'none' })).toEqual({ change: 'clearLimits' });
  });

  test('takes whole days', () => {
    const revoke = emptyChange('revoke');
    expect(changeOf(revoke)).toEqual({ change: 'revokeOldKeys', olderThanDays: 365 });
    expect(changeOf({ ...revoke, olderThanDays: '-1' })).toBeNull();
    expect(changeOf({ ...revoke, olderThanDays: '99999' })).toBeNull();
  });
});
