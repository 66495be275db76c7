import { describe, expect, it } from 'vitest';
import { readQuota } from '#core/gateway/requests/quotas.ts';

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
