import { describe, expect, it } from 'vitest';
import { isUsageObjectName, parseUsageObjectName } from '#core/gateway/requests/usage.ts';

describe('parseUsageObjectName', () => {
  it('takes a name apart', () => {
    const name = 's3-usage-800000000000006a-2017-02-01T16:31:54.000Z-1800';
    expect(parseUsageObjectName(name)).toEqual({
      name,
      serviceId: '800000000000006a',
      startTs: 1485966714,
      period: 1800,
    });
  });

  it.each(['s3-usage-', 'other', 's3-usage-80-2017-99-01T16:31:54.000Z-30'])(
    'refuses %s',
    (name) => {
      expect(parseUsageObjectName(name)).toBeNull();
    },
  );
});

describe('isUsageObjectName', () => {
  it.each([
    ['s3-usage-x', true],
    ['s3-usage-', false],
    ['', false],
    ['x-s3-usage-1', false],
    ['s3-usage-a b', false],
  ])('%s: %s', (name, expected) => {
    expect(isUsageObjectName(name)).toBe(expected);
  });
});
