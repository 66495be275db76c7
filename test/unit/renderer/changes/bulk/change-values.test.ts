import { describe, expect, test } from 'vitest';
import { changeOf, emptyChange, isOfEach } from '#renderer/changes/bulk/change-values.ts';

describe('the change that was entered', () => {
  test('distinguishes a quota, 0 GB and not set', () => {
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

  test('keeps a relative change as it was typed, next to what is set for all', () => {
    const quota = emptyChange('quota');
    expect(changeOf({ ...quota, sizeGb: ' +10 % ' })).toEqual({
      change: 'adjustQuota',
      by: '+10 %',
    });
    expect(changeOf({ ...quota, sizeGb: '-5 TB' })).toEqual({ change: 'adjustQuota', by: '-5 TB' });
    for (const sizeGb of ['10 %', '+5 apples', '-150 %']) {
      expect(changeOf({ ...quota, sizeGb })).toBeNull();
    }
    const limits = emptyChange('limits');
    const rates = { ...limits.rates, opsGet: '+10 %', opsPut: '4', bandwidthOut: '+5 MB/s' };
    expect(changeOf({ ...limits, rates })).toEqual({
      change: 'adjustLimits',
      by: { opsGet: '+10 %', bandwidthOut: '+5 MB/s' },
      limits: { opsPut: 4 },
    });
    expect(isOfEach({ ...limits, rates })).toBe(true);
    expect(isOfEach({ ...limits, rates: { ...limits.rates, opsPut: '4' } })).toBe(false);
  });

  test('takes whole days', () => {
    const revoke = emptyChange('revoke');
    expect(changeOf(revoke)).toEqual({ change: 'revokeOldKeys', olderThanDays: 365 });
    expect(changeOf({ ...revoke, olderThanDays: '-1' })).toBeNull();
    expect(changeOf({ ...revoke, olderThanDays: '99999' })).toBeNull();
  });
});
