import { describe, expect, it } from 'vitest';
import { readLimits, targetParameter } from '#core/gateway/requests/limits.ts';

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
