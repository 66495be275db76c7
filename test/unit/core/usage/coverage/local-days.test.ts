import { describe, expect, it } from 'vitest';
import { localDays } from '#core/usage/coverage/report-period.ts';

const hourOf = (iso: string): number => Date.parse(iso) / 3_600_000;

function lengths(from: string, to: string, timeZone: string): number[] {
  const period = { fromHour: hourOf(from), toHour: hourOf(to) };
  const dayOf = localDays(period, timeZone);
  const hours = new Map<number, number>();
  for (let hour = period.fromHour; hour < period.toHour; hour += 1) {
    hours.set(dayOf(hour), (hours.get(dayOf(hour)) ?? 0) + 1);
  }
  return [...hours.values()];
}

describe('localDays', () => {
  it('cuts at midnight of the zone', () => {
    expect(lengths('2026-06-01T00:00Z', '2026-06-03T00:00Z', 'UTC')).toEqual([24, 24]);
    expect(lengths('2026-06-01T00:00Z', '2026-06-03T00:00Z', 'Europe/Berlin')).toEqual([22, 24, 2]);
  });

  it('knows days of 23 and of 25 hours', () => {
    const days = lengths('2026-03-28T23:00Z', '2026-03-30T22:00Z', 'Europe/Berlin');
    expect(days).toEqual([23, 24]);
    expect(lengths('2026-10-24T22:00Z', '2026-10-25T23:00Z', 'Europe/Berlin')).toEqual([25]);
  });

  it('refuses a zone that does not exist', () => {
    expect(() => localDays({ fromHour: 0, toHour: 1 }, 'Europe/Atlantis')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
