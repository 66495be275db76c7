import type { NumberRules } from './entered-number.ts';
import { bandwidthUnit, bandwidthUnitNote } from './units.ts';

/** What a rate limit can be set on, in the order of the guide. */
export const limitResources = [
  'opsDefault',
  'opsGet',
  'opsPut',
  'opsList',
  'opsDelete',
  'bandwidthOut',
] as const;

export type LimitResource = (typeof limitResources)[number];

interface LimitWords {
  /** Next to a field: `Get`. */
  label: string;
  /** On its own: `Get operations`. */
  name: string;
  /** At the head of a column: `Get ops/s`. */
  heading: string;
  unit: string;
  /** The unit in narrow places. */
  shortUnit: 'ops/s' | typeof bandwidthUnit;
  counts: string;
  description: string;
}

const operations = (label: string, counts: string, name = `${label} operations`): LimitWords => ({
  label,
  name,
  heading: `${label} ops/s`,
  unit: 'operations/s',
  shortUnit: 'ops/s',
  counts,
  description: `Limit on ${counts}.`,
});

/** Labels and units of every resource, defined here only. */
export const limitWords: Record<LimitResource, LimitWords> = {
  opsDefault: operations('Default', 'all other operations', 'Operations, default'),
  opsGet: operations('Get', 'reading objects'),
  opsPut: operations('Put', 'writing objects'),
  opsList: operations('List', 'listing buckets and objects'),
  opsDelete: operations('Delete', 'deleting objects'),
  bandwidthOut: {
    label: 'Bandwidth out',
    name: 'Bandwidth out',
    heading: `Out ${bandwidthUnit}`,
    unit: bandwidthUnit,
    shortUnit: bandwidthUnit,
    counts: `data sent to clients. ${bandwidthUnitNote}`,
    description: `Limit on data sent to clients. ${bandwidthUnitNote}`,
  },
};

export const limitRows = limitResources.map((id) => ({ id, ...limitWords[id] }));

/** How a quota is read: gigabytes as the gateway takes them, never multiplied. */
export const quotaRules: NumberRules = { unit: 'GB', most: 2n ** 53n };

/** Returns how a rate is read, in its unit: two decimals at most. */
export function rateRules(unit: string): NumberRules {
  return { unit, decimals: 2, most: 1e12 };
}
