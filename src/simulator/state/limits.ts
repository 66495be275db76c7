/** The resources of a rate limit as the gateway names them. */
export const limitNames = [
  'ops:default',
  'ops:get',
  'ops:put',
  'ops:list',
  'ops:delete',
  'bandwidth:out',
] as const;

/** One of {@link limitNames}. */
export type LimitName = (typeof limitNames)[number];

/** Limits in operations a second and kbs/s; 0 is unlimited. */
export type SimulatedLimits = Readonly<Record<LimitName, number>>;
