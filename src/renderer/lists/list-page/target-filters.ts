import { readEnteredNumber } from '#shared/entered-number.ts';
import { formatCounted, formatExactBytes } from '../../kit/components/format.ts';
import {
  type FilterPart,
  type ListFilter,
  type OwnNumber,
  ownNumberRules,
  setDays,
} from './filters.ts';

const gibibyte = 1024n ** 3n;

/** Places of a GiB that hold every whole number of bytes. */
const places = 30;

const ownSize: OwnNumber = {
  label: 'At least',
  unit: 'GiB',
  least: 0.001,
  // up to here bytes are exact in a number
  most: 2 ** 23 - 1,
  decimals: places,
  words: (size) =>
    /^\d+(\.\d{1,3})?$/.test(size)
      ? `${size} GiB or more`
      : `${formatExactBytes(bytesOf(size) ?? 0n)} or more`,
};

/** Whole bytes, rounded up; null for what is no size. */
function bytesOf(size: string): bigint | null {
  const { value } = readEnteredNumber(size, { ...ownNumberRules(ownSize), pointIsDecimal: true });
  if (value === undefined) return null;
  const [whole = '', fraction = ''] = value.split('.');
  const scale = 10n ** BigInt(fraction.length);
  return (BigInt(whole + fraction) * gibibyte + scale - 1n) / scale;
}

/**
 * The part of a list's filter that a size stands for. What is no size, as an address may have it, matches
 * nothing: it must never widen what a bulk change is made on.
 * @param size GiB, as in the address
 */
function minBytes(size: string): { filter: { minBytes: number } } {
  const bytes = bytesOf(size);
  return { filter: { minBytes: bytes === null ? Number.MAX_SAFE_INTEGER : Number(bytes) } };
}

/** Filters a list by a size in GiB, at least. */
export const sizeFilter = {
  id: 'size',
  label: 'Size',
  any: 'Any size',
  options: [
    { value: '1', label: '1 GiB or more' },
    { value: '100', label: '100 GiB or more' },
    { value: '1024', label: '1 TiB or more' },
    { value: '10240', label: '10 TiB or more' },
  ],
  ownNumber: ownSize,
  toInput: minBytes,
} satisfies ListFilter;

const day = 86_400_000;

/**
 * Returns the start of the day that many days ago, for filters by age: days, not moments, so that one
 * choice asks the same within a day.
 * @returns ISO 8601, midnight in UTC
 */
export function startOfDay(daysAgo: number): string {
  return new Date(Math.floor(Date.now() / day) * day - daysAgo * day).toISOString();
}

type UserPart = FilterPart<'users.list'>;
type UserFilter = NonNullable<UserPart['filter']>;

/** What users are narrowed by: in their list, and in a bulk change of all that match. */
export const userFilters: readonly ListFilter<UserPart>[] = [
  {
    id: 'state',
    label: 'State',
    any: 'Any state',
    options: [
      { value: 'enabled', label: 'Enabled' },
      { value: 'disabled', label: 'Disabled' },
      { value: 'unknown', label: 'Not known' },
    ],
    toInput: (state) => ({ filter: { state: state as NonNullable<UserFilter['state']> } }),
  },
  {
    id: 'buckets',
    label: 'Buckets',
    any: 'Any number',
    options: [
      { value: 'some', label: 'Owns some' },
      { value: 'none', label: 'Owns none' },
    ],
    toInput: (buckets) => ({ filter: { buckets: buckets as NonNullable<UserFilter['buckets']> } }),
  },
  sizeFilter,
  {
    // a run leaves system users out unless they alone are selected: the form offers no "any"
    id: 'system',
    label: 'Kind',
    options: [
      { value: 'no', label: 'Tenants' },
      { value: 'yes', label: 'System users' },
    ],
    toInput: (system) => ({ filter: { system: system === 'yes' } }),
  },
];

type BucketPart = FilterPart<'buckets.list'>;
type BucketFilter = NonNullable<BucketPart['filter']>;

/** What buckets are narrowed by: in their list, and in a bulk change of all that match. */
export const bucketFilters: readonly ListFilter<BucketPart>[] = [
  {
    id: 'content',
    label: 'Content',
    any: 'Empty or not',
    options: [
      { value: 'filled', label: 'Holds data' },
      { value: 'empty', label: 'Empty' },
    ],
    toInput: (size) => ({ filter: { size: size as NonNullable<BucketFilter['size']> } }),
  },
  sizeFilter,
  {
    id: 'created',
    label: 'Created',
    any: 'At any time',
    options: [
      { value: '7', label: 'Within 7 days' },
      { value: '30', label: 'Within 30 days' },
      { value: '365', label: 'Within a year' },
    ],
    ownNumber: {
      label: 'Within',
      unit: 'days',
      most: 36_500,
      words: (days) => `within ${formatCounted(Number(days), 'day')}`,
    },
    toInput: (days) => ({ filter: { createdAfter: startOfDay(setDays(days, -1)) } }),
  },
  {
    id: 'known',
    label: 'Owner',
    any: 'Known or not',
    options: [
      { value: 'yes', label: 'A known user' },
      { value: 'no', label: 'No such user' },
    ],
    toInput: (known) => ({ filter: { ownerKnown: known === 'yes' } }),
  },
];
