import { describe, expect, it } from 'vitest';
import { type CoveredPeriod, coverageOf } from '#core/store/archive/objects/coverage.ts';

const hour = 490_000;
const start = hour * 3600;
const halfHour = 1800;

function period(index: number, change: Partial<CoveredPeriod> = {}): CoveredPeriod {
  return {
    serviceId: 'a',
    start: start + index * halfHour,
    period: halfHour,
    nominal: halfHour,
    digest: `digest ${index}`,
    archived: { late: false, settled: true, conflicts: 0 },
    ...change,
  };
}

function cover(periods: CoveredPeriod[], { hours = 4, now = start + 86_400 * 3 } = {}) {
  const firstStarts = new Map<string, number>();
  for (const { serviceId, start: begin } of periods) {
    firstStarts.set(serviceId, Math.min(begin, firstStarts.get(serviceId) ?? begin));
  }
  return coverageOf({ fromHour: hour, toHour: hour + hours, now, firstStarts, periods });
}

const eight = [0, 1, 2, 3, 4, 5, 6, 7];

describe('coverageOf', () => {
  it('finds a whole stretch collected', () => {
    expect(cover(eight.map((index) => period(index)))).toEqual([
      { serviceId: 'a', hours: ['collected', 'collected', 'collected', 'collected'] },
    ]);
  });

  it('takes an object that counted less than its period for the whole of it', () => {
    const short = eight.map((index) => period(index, index === 2 ? { period: 1390 } : {}));
    expect(cover(short)[0]?.hours).not.toContain('missing');
  });

  it('finds what is missing between two objects and after the last', () => {
    const [service] = cover(
      eight.filter((index) => index < 6 && index !== 3).map((i) => period(i)),
    );
    expect(service?.hours).toEqual(['collected', 'missing', 'collected', 'missing']);
  });

  it('calls open what is not due yet', () => {
    const now = start + 3 * 3600 + 600;
    const [service] = cover(
      eight.slice(0, 6).map((index) => period(index)),
      { now },
    );
    expect(service?.hours).toEqual(['collected', 'collected', 'collected', 'open']);
  });

  it('calls idle what was before the first object of a service', () => {
    const [service] = cover(eight.slice(2).map((index) => period(index)));
    expect(service?.hours[0]).toBe('idle');
  });

  it('tells late, conflicting and waiting apart', () => {
    const archived = { late: false, settled: true, conflicts: 0 };
    const [service] = cover(
      eight.map((index) => {
        if (index === 0) return period(index, { archived: { ...archived, late: true } });
        if (index === 2) return period(index, { archived: { ...archived, conflicts: 1 } });
        return period(index, index === 4 ? { archived: null } : {});
      }),
    );
    expect(service?.hours).toEqual(['late', 'conflicting', 'waiting', 'collected']);
  });

  it('finds two objects that count the same time', () => {
    const twice = [...eight.map((index) => period(index)), period(2, { start: start + 4000 })];
    expect(cover(twice)[0]?.hours.slice(0, 3)).toEqual(['collected', 'duplicate', 'collected']);
    const copied = eight.map((index) => period(index, index < 2 ? { digest: 'same' } : {}));
    expect(cover(copied)[0]?.hours[0]).toBe('duplicate');
  });

  it('does not take a gateway restarted within a period for a duplicate', () => {
    const restarted = [
      period(0, { start, period: 223 }),
      period(0, { start: start + 223, digest: 'other' }),
      ...eight.slice(1).map((index) => period(index, { start: start + 223 + index * halfHour })),
    ];
    expect(cover(restarted)[0]?.hours).toEqual([
      'collected',
      'collected',
      'collected',
      'collected',
    ]);
  });

  it('keeps open what was read too soon to be sure', () => {
    const archived = { late: false, settled: false, conflicts: 0 };
    const [service] = cover(eight.map((index) => period(index, index === 7 ? { archived } : {})));
    expect(service?.hours[3]).toBe('open');
  });

  it('sees each service for itself', () => {
    const services = cover([
      ...eight.map((index) => period(index)),
      ...eight.slice(0, 4).map((index) => period(index, { serviceId: 'b' })),
    ]);
    expect(services.map(({ hours }) => hours[3])).toEqual(['collected', 'missing']);
  });
});
