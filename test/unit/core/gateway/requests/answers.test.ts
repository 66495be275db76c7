import { describe, expect, it } from 'vitest';
import { readLimits, targetParameter } from '#core/gateway/requests/limits.ts';
import { readQuota } from '#core/gateway/requests/quotas.ts';
import { readUsageObjectPage } from '#core/gateway/requests/usage.ts';

describe('readUsageObjectPage', () => {
  it('trusts the names, not their count', () => {
    expect(
      readUsageObjectPage({ nr_items: 7, truncated: false, items: ['s3-usage-a', ''] }),
    ).toEqual({ names: ['s3-usage-a'], truncated: false });
  });

  it.each([[true], ['true']])('takes %j for truncated', (truncated) => {
    expect(readUsageObjectPage({ truncated, items: [] }).truncated).toBe(true);
  });

  it.each([[null], [[]], [{ items: 'x' }], [{ nr_items: 0 }]])('refuses %j', (json) => {
    expect(() => readUsageObjectPage(json)).toThrow(
      expect.objectContaining({ code: 'ANSWER_FOREIGN' }),
    );
  });
});

describe('readQuota', () => {
  it.each([
    [
      { version: '1', type: 'user', size: '1024' },
      { type: 'user', sizeGb: 1024n },
    ],
    [
      { version: 1, type: 0, size: 1024 },
      { type: 'user', sizeGb: 1024n },
    ],
    [
      { type: '1', size: '256.00' },
      { type: 'bucket', sizeGb: 256n },
    ],
    [{ size: '0' }, { type: '', sizeGb: 0n }],
  ])('reads %j and never multiplies', (json, quota) => {
    expect(readQuota(json)).toEqual(quota);
  });

  it.each([[null], [{}], [{ type: 'user' }], [{ size: 'large' }]])('refuses %j', (json) => {
    expect(() => readQuota(json)).toThrow(expect.objectContaining({ code: 'ANSWER_FOREIGN' }));
  });
});

describe('limits', () => {
  describe('readLimits', () => {
    it("reads the guide's answer, decimals as they are", () => {
      expect(
        readLimits({
          'ops:default': '0.00',
          'ops:get': '3600.00',
          'ops:put': '0.50',
          'ops:list': '0.00',
          'ops:delete': 7,
          'bandwidth:out': '3.33',
        }),
      ).toEqual({
        opsDefault: '0.00',
        opsGet: '3600.00',
        opsPut: '0.50',
        opsList: '0.00',
        opsDelete: '7',
        bandwidthOut: '3.33',
      });
    });

    it('takes what is left out for no limit', () => {
      expect(readLimits({ 'ops:get': '1' })).toMatchObject({ opsGet: '1', bandwidthOut: '0' });
    });

    it.each([[null], [[]], ['x'], [{ 'ops:get': 'many' }]])('refuses %j', (json) => {
      expect(() => readLimits(json)).toThrow(expect.objectContaining({ code: 'ANSWER_FOREIGN' }));
    });
  });

  describe('targetParameter', () => {
    it.each([
      [{ id: 'a14040e0b2ef8b28' }, ['id', 'a14040e0b2ef8b28']],
      [{ email: 'user@example.com' }, ['emailAddress', 'user@example.com']],
      [{ bucket: 'bucket1' }, ['bucket', 'bucket1']],
    ])('names %j', (target, parameter) => {
      expect(targetParameter(target)).toEqual(parameter);
    });
  });
});
