import type { AcceptedGap, CoverageState, ServiceCoverage } from './coverage.ts';

/** `toHour` of a statement that has no end. */
export const noEnd = 2 ** 31;

/** A decision, with how many hours of a period count as silent by it. */
export type AcceptedInPeriod = AcceptedGap & { hours: number };

/**
 * Turns what is missing, or lies before the archive begins, into silence where that was accepted.
 * Nothing else: what is collected, or lies on the gateway, takes the decision's place.
 * @param fromHour the hour at which the services' hours begin
 * @param archiveBegins the hour of the first object of all
 */
export function applyAcceptedGaps(
  services: readonly ServiceCoverage[],
  gaps: readonly AcceptedGap[],
  fromHour: number,
  archiveBegins: number,
): { services: ServiceCoverage[]; accepted: AcceptedInPeriod[] } {
  const hoursOf = new Map(services.map(({ serviceId, hours }) => [serviceId, [...hours]]));
  const accepted = gaps.map((gap): AcceptedInPeriod => {
    const states = hoursOf.get(gap.serviceId) ?? [];
    let hours = 0;
    const last = Math.min(gap.toHour - fromHour, states.length);
    for (let index = Math.max(0, gap.fromHour - fromHour); index < last; index += 1) {
      if (!mayBeSilent(states[index], gap.kind !== 'gap' || fromHour + index < archiveBegins)) {
        continue;
      }
      states[index] = 'silent';
      hours += 1;
    }
    return { ...gap, hours };
  });
  return {
    services: [...hoursOf].map(([serviceId, hours]) => ({ serviceId, hours })),
    accepted,
  };
}

/** @param nothingDue whether nothing was due in that hour to begin with */
function mayBeSilent(state: CoverageState | undefined, nothingDue: boolean): boolean {
  return state === 'missing' || (state === 'idle' && nothingDue);
}
