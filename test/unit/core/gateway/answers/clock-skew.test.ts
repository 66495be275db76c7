import { describe, expect, it } from 'vitest';
import { describeSkew, measureSkew } from '#core/gateway/answers/clock-skew.ts';

describe('measureSkew', () => {
  it('is positive where this machine is ahead', () => {
    const now = new Date('2026-03-01T11:00:00Z');
    expect(measureSkew('Sun, 01 Mar 2026 10:00:00 GMT', now)).toBe(3600);
    expect(measureSkew('Sun, 01 Mar 2026 12:00:00 GMT', now)).toBe(-3600);
  });

  it('is null where the gateway does not tell', () => {
    expect(measureSkew(undefined, new Date())).toBeNull();
    expect(measureSkew('soon', new Date())).toBeNull();
  });
});

describe('describeSkew', () => {
  it.each([
    [0, "the same as the gateway's"],
    [1, "the same as the gateway's"],
    [3600, "1 hour ahead of the gateway's"],
    [-5400, "1 hour 30 minutes behind the gateway's"],
    [62, "1 minute 2 seconds ahead of the gateway's"],
    [2 * 86_400 + 59, "2 days ahead of the gateway's"],
  ])('%d seconds: %s', (seconds, words) => {
    expect(describeSkew(seconds)).toBe(words);
  });
});
