import { describe, expect, it } from 'vitest';
import type { AcceptedInPeriod, ServiceCoverage } from '#core/store/archive/objects/coverage.ts';
import {
  assertFinal,
  knowledgeOfHours,
  listGaps,
  stretchesOf,
  summariseCoverage,
} from '#core/usage/coverage/coverage-summary.ts';
import type { CoverageState } from '#shared/coverage-states.ts';

function decision(id: number, hours: number, operator: string, day: number): AcceptedInPeriod {
  const acceptedAt = Date.UTC(2026, 10, day);
  const stretch = { serviceId: '801', fromHour: 0, toHour: 4 };
  const kind = 'gap' as const;
  return { id, kind, wroteAt: null, ...stretch, hours, reason: 'Down', operator, acceptedAt };
}

const summarise = (...services: CoverageState[][]) =>
  summariseCoverage({
    services: services.map((hours, index) => ({ serviceId: `80${index}`, hours })),
    listedAt: null,
    accepted: [],
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
    expect(summary.words).toMatch(/^Not complete: of 2 gateway hours 1 /);
  });

  it('calls final what is archived or accepted as silent, and says by whom', () => {
    const hours: CoverageState[] = ['collected', 'silent', 'silent', 'silent'];
    const summary = summariseCoverage({
      services: [{ serviceId: '801', hours }],
      listedAt: null,
      accepted: [decision(1, 2, 'ada', 1), decision(2, 1, 'bo', 2), decision(3, 0, 'cy', 3)],
    });
    expect(summary).toMatchObject({
      state: 'final',
      final: true,
      expectedHours: 4,
      coveredHours: 1,
      silentHours: 3,
    });
    expect(summary.words).toBe(
      'Complete: 1 of 4 gateway hours are archived, 2 accepted as silent by ada on 2026-11-01 and 1 by bo on 2026-11-02.',
    );
    expect(summary.accepted.map(({ hours: silent }) => silent)).toEqual([2, 1, 0]);
  });

  it('says which hours are of retired and of idle services', () => {
    const { words } = summariseCoverage({
      services: [{ serviceId: '801', hours: ['collected', 'silent', 'silent', 'silent'] }],
      listedAt: null,
      accepted: [
        { ...decision(1, 2, 'ada', 1), kind: 'retired', toHour: 2 ** 31 },
        { ...decision(2, 1, 'bo', 2), kind: 'idle' },
      ],
    });
    expect(words).toBe(
      'Complete: 1 of 4 gateway hours are archived, 2 of retired services by ada on 2026-11-01, 1 of idle services by bo on 2026-11-02.',
    );
  });

  it('names what is accepted where it is not complete, too', () => {
    const { words } = summariseCoverage({
      services: [{ serviceId: '801', hours: ['collected', 'silent', 'missing'] }],
      listedAt: null,
      accepted: [decision(1, 1, 'ada', 1)],
    });
    expect(words).toBe(
      'Not complete: of 3 gateway hours 1 missing; 1 accepted as silent by ada on 2026-11-01.',
    );
  });

  it('calls nothing final that is read from a damaged archive', () => {
    const services = [{ serviceId: '801', hours: ['collected' as const] }];
    const summary = summariseCoverage({ services, listedAt: null, accepted: [] }, true);
    expect(summary).toMatchObject({ state: 'gaps', final: false });
    expect(summary.words).toBe(
      'Not complete: the archive is damaged and may hold more than can be read.',
    );
  });

  it('says that nothing was collected', () => {
    expect(summarise()).toMatchObject({ state: 'empty', final: false });
    expect(summarise(['idle'])).toMatchObject({ state: 'empty', final: false });
  });
});

describe('what is lacking', () => {
  const services: { serviceId: string; hours: CoverageState[] }[] = [
    { serviceId: '801', hours: ['idle', 'idle', 'collected', 'missing', 'silent', 'waiting'] },
    { serviceId: '802', hours: ['idle', 'idle', 'idle', 'collected', 'collected', 'collected'] },
  ];
  const period = { fromHour: 100, toHour: 106 };
  const hour = (index: number) => new Date((100 + index) * 3_600_000).toISOString();

  it('is listed by service, with what is before the archive', () => {
    const found = listGaps(services, period).map(({ serviceId, state, from, to }) => [
      serviceId,
      state,
      from,
      to,
    ]);
    expect(found).toEqual([
      ['801', 'idle', hour(0), hour(2)],
      ['802', 'idle', hour(0), hour(2)],
      ['801', 'missing', hour(3), hour(4)],
      ['801', 'waiting', hour(5), hour(6)],
    ]);
  });

  it('is drawn where any service lacks something, but not where that was accepted', () => {
    const hours = knowledgeOfHours({ services }, period);
    expect(stretchesOf(hours, 'missing', period)).toEqual([
      { from: hour(0), to: hour(2) },
      { from: hour(3), to: hour(4) },
      { from: hour(5), to: hour(6) },
    ]);
    const never = knowledgeOfHours({ services: [] }, period);
    expect(stretchesOf(never, 'missing', period)).toEqual([{ from: hour(0), to: hour(6) }]);
  });

  it('is distinguished from hours still in progress', () => {
    const late: ServiceCoverage[] = [
      { serviceId: '801', hours: ['collected', 'missing', 'open', 'open'] },
      { serviceId: '802', hours: ['collected', 'open', 'collected', 'open'] },
    ];
    const four = { fromHour: 100, toHour: 104 };
    const hours = knowledgeOfHours({ services: late }, four);
    expect(hours).toEqual(['known', 'missing', 'open', 'open']);
    expect(stretchesOf(hours, 'open', four)).toEqual([{ from: hour(2), to: hour(4) }]);
  });
});
