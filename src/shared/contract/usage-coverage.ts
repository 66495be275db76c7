import { z } from 'zod';
import { coverageStates } from '../coverage-states.ts';
import { timestamp } from './define.ts';

/**
 * What is known of one service in one hour. `collected`: archived, in time. `late`: archived, but
 * appeared on the gateway only after a collection that should have seen it. `duplicate`: two objects
 * count the same time. `conflicting`: an object's content on the gateway differs from what was
 * archived. `silent`: would be missing, and was accepted as silent. `waiting`: is on the gateway,
 * not archived yet. `open`: not over, or not yet due. `missing`: due, and neither archived nor on the
 * gateway. `idle`: before the service's first object.
 */
export const coverageState = z.enum(coverageStates);

/**
 * A decision that nothing is to be expected of some hours of a service. `gap`: of single hours.
 * `retired`: nothing more comes from the service. `idle`: it writes nothing while nobody uses it.
 */
const acceptedGap = z.object({
  acceptanceId: z.string(),
  serviceId: z.string(),
  kind: z.enum(['gap', 'retired', 'idle']),
  from: timestamp,
  /** Null: without an end. */
  to: timestamp.nullable(),
  /** Stated to be retired, and wrote all the same: from then on the statement does not count. */
  wroteAt: timestamp.nullable(),
  /** Hours that count as silent by it, of those in the period asked for: what was collected since does not. */
  hours: z.int(),
  reason: z.string(),
  /** The operator's name at the operating system. */
  operator: z.string(),
  acceptedAt: timestamp,
});

/** How complete a figure is, in gateway hours (one gateway service over one hour). */
export const coverageSummary = z.object({
  /** `final` only where every hour is there or accepted as silent, closed and free of conflict. */
  state: z.enum(['final', 'gaps', 'open', 'empty']),
  final: z.boolean(),
  /** One sentence for the reader: `Complete: all 3,600 gateway hours are archived.` */
  words: z.string(),
  services: z.int(),
  expectedHours: z.int(),
  /** Of `expectedHours`, those archived: collected, late, duplicate or conflicting. */
  coveredHours: z.int(),
  missingHours: z.int(),
  /** Not archived, and accepted as silent. */
  silentHours: z.int(),
  waitingHours: z.int(),
  openHours: z.int(),
  lateHours: z.int(),
  duplicateHours: z.int(),
  conflictingHours: z.int(),
  /** When the gateway's list was last read; null when it never was. */
  listedAt: timestamp.nullable(),
  /** The decisions behind `silentHours`, and those that collected objects took the place of. */
  accepted: z.array(acceptedGap),
});

/** One stretch of one service with an issue. */
export const coverageGap = z.object({
  serviceId: z.string(),
  from: timestamp,
  to: timestamp,
  /** `idle`: before the archive begins. */
  state: z.enum(['missing', 'waiting', 'duplicate', 'conflicting', 'late', 'idle']),
});
