import { describe, expect, it } from 'vitest';
import type { CoverageState } from '#core/archive/coverage.ts';
import { assertFinal, summariseCoverage } from '#core/usage/coverage-summary.ts';

const summarise = (...services: CoverageState[][]) =>
  summariseCoverage({
    services: services.map((hours, index) => ({ serviceId: `80${index}`, hours })),
    listedAt: null,
  });

describe('summariseCoverage', () => {
  it('calls final only what is there whole', () => {
    const summary = summarise(['collected', 'late'], ['collected', 'collected']);
    expect(summary).toMatchObject({ state: 'final', final: true, expectedHours: 4 });
    expect(() => assertFinal(summary)).not.toThrow();
  });

  it('does not take a period for whole that begins before the archive does', () => {
    const summary = summarise(['idle', 'idle', 'collected'], ['idle', 'idle', 'collected']);
    expect(summary).toMatchObject({ state: 'gaps', final: false });
    expect(summary.words).toBe('Not complete: the archive begins 2 hours after the period does.');
    expect(() => assertFinal(summary)).toThrow(
      expect.objectContaining({ code: 'COVERAGE_INCOMPLETE' }),
    );
  });

  it('takes a service that joins later than others for no gap', () => {
    expect(summarise(['collected', 'collected'], ['idle', 'collected']).final).toBe(true);
  });

  it.each<[CoverageState, string]>([
    ['missing', 'gaps'],
    ['waiting', 'gaps'],
    ['duplicate', 'gaps'],
    ['conflicting', 'gaps'],
    ['open', 'open'],
  ])('an hour that is %s makes it %s, and says so', (state, expected) => {
    const summary = summarise(['collected', state]);
    expect(summary).toMatchObject({ state: expected, final: false });
    expect(summary.words).toMatch(/^Not complete: of 2 service hours 1 /);
  });

  it('says that nothing was collected', () => {
    expect(summarise()).toMatchObject({ state: 'empty', final: false });
    expect(summarise(['idle'])).toMatchObject({ state: 'empty', final: false });
  });
});
