import type { Finding, SignalDefinition, SignalGround } from './signal.ts';
import { pageOf } from './signal.ts';

const partNames = { quota: 'quota', limits: 'rate limits' } as const;

function findOverdue({ raises, now }: SignalGround): Finding[] {
  const overdue = raises.filter(({ until }) => Date.parse(until) <= now);
  const byTarget = Map.groupBy(overdue, ({ target }) => `${target.kind} ${target.id}`);
  return [...byTarget.values()].flatMap((of): Finding[] => {
    const [first] = of;
    if (!first) return [];
    const { target, until, raiseId } = first;
    return [
      {
        severity: 'warning',
        subject: target,
        since: Date.parse(until),
        evidence: of.map(
          ({ part, reason, createdBy, until: ended }) =>
            `${createdBy} raised its ${partNames[part]} until ${ended.slice(0, 10)}: ${reason}.`,
        ),
        page: pageOf(target),
        action: { label: 'Put back', operation: 'pressure.putBack', input: { raiseId } },
      },
    ];
  });
}

export const raiseSignals: readonly SignalDefinition[] = [
  { kind: 'overdue-raises', title: 'Overdue to be put back', find: findOverdue },
];
