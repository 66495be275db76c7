import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanInstant } from '#core/store/snapshot/refresh/scan-instant.ts';

function scan(text: string): number {
  const bytes = new TextEncoder().encode(`"${text}"`);
  return scanInstant(bytes, 1, bytes.length - 1);
}

describe('scanInstant', () => {
  it('agrees with Date.parse on every day there is', () => {
    const date = fc.date({
      min: new Date('1970-01-01T00:00:00.000Z'),
      max: new Date('2400-03-01T00:00:00.000Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (at) => {
        expect(scan(at.toISOString())).toBe(at.getTime());
        const whole = at.toISOString().replace(/\.\d+Z$/, 'Z');
        expect(scan(whole)).toBe(Date.parse(whole));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '',
    '2018-05-25',
    '2018-05-25T17:12:00.000+00:00',
    '2018-05-25T17:12:00.00Z',
    '2018-13-25T17:12:00.000Z',
    '2018-00-25T17:12:00.000Z',
    '2018-04-31T17:12:00.000Z',
    '2100-02-29T17:12:00.000Z',
    '2018-05-25T24:00:00.000Z',
    '2018-05-25T17:60:00.000Z',
    '1969-12-31T23:59:59.000Z',
    '2018/05/25T17:12:00.000Z',
    '2o18-05-25T17:12:00.000Z',
  ])('leaves %j to others', (text) => {
    expect(scan(text)).toBeNaN();
  });
});
