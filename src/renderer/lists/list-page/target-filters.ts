import { readEnteredNumber } from '#shared/entered-number.ts';
import { formatExactBytes } from '../../kit/components/format.ts';
import { optionsOf } from '../../kit/components/options.ts';
import { momentsOf, periodOptions } from './days.ts';
import {
  ageRules,
  boundsWords,
  enteredAge,
  enteredText,
  type FilterPart,
  type ListFilter,
  type OwnNumber,
  ownNumberRules,
  readBounds,
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
  hasMost: true,
  words: (value) => {
    const bounds = readBounds(value, ownSize) ?? { least: value };
    if ([bounds.least ?? '0', bounds.most ?? '0'].every((size) => /^\d+(\.\d{1,3})?$/.test(size))) {
      return boundsWords(bounds, 'GiB');
    }
    const exact = (size: string): string => formatExactBytes(bytesOf(size) ?? 0n);
    if (bounds.most === undefined) return `${exact(bounds.least ?? '')} or more`;
    const most = exact(bounds.most);
    return bounds.least === undefined ? `${most} or less` : `${exact(bounds.least)} to ${most}`;
  },
};

/** Whole bytes, rounded up; null if the text is no size. */
function bytesOf(size: string): bigint | null {
  const rules = { ...ownNumberRules(ownSize), pointIsDecimal: true };
  const { value } = readEnteredNumber(size, rules);
  if (value === undefined) return null;
  const [whole = '', fraction = ''] = value.split('.');
  const scale = 10n ** BigInt(fraction.length);
  return (BigInt(whole + fraction) * gibibyte + scale - 1n) / scale;
}

/** Matches nothing: an invalid address must never widen the targets of a bulk change. */
const nothing = Number.MAX_SAFE_INTEGER;

/**
 * The part of a list's filter that a range of own numbers stands for.
 * @param fields of the filter: for the least and for the most
 * @param own what can be entered
 * @param sent the number as the call takes it
 */
function between<Least extends string, Most extends string>(
  [least, most]: readonly [Least, Most],
  own: OwnNumber,
  sent: (entered: string) => number,
) {
  type Filter = { [Field in Least | Most]?: number };
  return (value: string): { filter: Filter } => {
    const bounds = readBounds(value, own);
    if (!bounds) return { filter: { [least]: nothing } as Filter };
    return {
      filter: {
        ...(bounds.least === undefined ? {} : { [least]: sent(bounds.least) }),
        ...(bounds.most === undefined ? {} : { [most]: sent(bounds.most) }),
      } as Filter,
    };
  };
}

const bytesBetween = <Least extends string, Most extends string>(least: Least, most: Most) =>
  between([least, most], ownSize, (size) => Number(bytesOf(size)));

/** Filters a list by sizes in GiB. */
export const sizeFilter = {
  id: 'size',
  label: 'Size',
  any: 'Any size',
  options: optionsOf({
    1: '1 GiB or more',
    100: '100 GiB or more',
    1024: '1 TiB or more',
    10240: '10 TiB or more',
  }),
  ownNumber: ownSize,
  toInput: bytesBetween('minBytes', 'maxBytes'),
} satisfies ListFilter;

type QuotaState = NonNullable<NonNullable<FilterPart<'users.list'>['filter']>['quota']>;

const quotaFilter = {
  id: 'quota',
  label: 'Quota',
  any: 'Any quota',
  options: optionsOf({
    over: 'Over quota',
    near: 'Near quota (80 % or more)',
    set: 'A quota is set',
    none: 'No quota',
    unknown: 'Not read yet',
  }),
  toInput: (quota: string) => ({ filter: { quota: quota as QuotaState } }),
} satisfies ListFilter;

const ownShare: OwnNumber = {
  label: 'At least',
  unit: '%',
  least: 0,
  most: 1_000_000,
  decimals: 1,
  hasMost: true,
  words: (value) => boundsWords(readBounds(value, ownShare) ?? { least: value }, '%'),
};

const usedFilter = {
  id: 'used',
  label: 'Used',
  any: 'Any share',
  options: optionsOf({ 50: '50 % or more', 90: '90 % or more', '..10': '10 % or less' }),
  ownNumber: ownShare,
  toInput: between(['minUsed', 'maxUsed'], ownShare, (percent) => Number(percent) / 100),
} satisfies ListFilter;

const later = (moment: string, milliseconds: number): string =>
  new Date(Date.parse(moment) + milliseconds).toISOString();

/**
 * Filters by a time: local days, so that one choice asks the same within a day.
 * @param after field of the filter for the first moment
 * @param before field for the moment after the last one
 */
function timeFilter<After extends string, Before extends string>(
  after: After,
  before: Before,
  words: { id: string; label: string; any: string },
) {
  type Filter = { [Field in After | Before]?: string };
  return {
    ...words,
    options: [...periodOptions, { value: '365', label: 'Last 365 days' }],
    ownDays: true,
    ownAge: true,
    toInput: (value: string): { filter: Filter } => {
      const age = enteredAge(value);
      if (age !== null) {
        const days = readEnteredNumber(age, ageRules).value;
        const moment = days === undefined ? '0001-01-01T00:00:00.000Z' : momentsOf(days).from;
        return { filter: { [before]: moment } as Filter };
      }
      const { from, to } = momentsOf(value);
      return {
        filter: { [after]: from, ...(to ? { [before]: later(to, 1) } : {}) } as Filter,
      };
    },
  } satisfies ListFilter;
}

type UserPart = FilterPart<'users.list'>;
type UserFilter = NonNullable<UserPart['filter']>;

const trafficBetween = bytesBetween('minTraffic', 'maxTraffic');

/**
 * Filters users by service plan.
 * @param names of the plans there are
 */
export function planFilter(names: readonly string[]): ListFilter<UserPart> {
  return {
    id: 'plan',
    label: 'Service plan',
    isOpen: true,
    any: 'Any plan or none',
    options: [
      { value: 'some', label: 'Has a plan' },
      { value: 'none', label: 'No plan' },
      ...names.map((name) => ({ value: `=${name}`, label: name })),
    ],
    toInput: (value) =>
      value === 'some' || value === 'none'
        ? { filter: { plans: value } }
        : { filter: { plan: value.replace(/^=/, '') } },
  };
}

/** What users are narrowed by: in their list, and in a bulk change of all that match. */
export const userFilters: readonly ListFilter<UserPart>[] = [
  {
    id: 'state',
    label: 'State',
    any: 'Any state',
    options: optionsOf({ enabled: 'Enabled', disabled: 'Disabled', unknown: 'Not known' }),
    toInput: (state) => ({ filter: { state: state as NonNullable<UserFilter['state']> } }),
  },
  {
    id: 'buckets',
    label: 'Buckets',
    any: 'Any number',
    options: optionsOf({ some: 'Owns some', none: 'Owns none' }),
    toInput: (buckets) => ({ filter: { buckets: buckets as NonNullable<UserFilter['buckets']> } }),
  },
  sizeFilter,
  quotaFilter,
  usedFilter,
  {
    id: 'keys',
    label: 'Keys',
    any: 'Any number',
    options: optionsOf({ 0: 'None', 1: 'One', 2: 'Both slots taken' }),
    toInput: (keys) => ({ filter: { keys: /^\d$/.test(keys) ? Number(keys) : nothing } }),
  },
  {
    id: 'traffic',
    label: 'Traffic in 30 days',
    any: 'Any traffic',
    options: [
      { value: 'none', label: 'None' },
      { value: '1', label: '1 GiB or more' },
      { value: '1024', label: '1 TiB or more' },
    ],
    ownNumber: ownSize,
    toInput: (value) => (value === 'none' ? { filter: { maxTraffic: 0 } } : trafficBetween(value)),
  },
  timeFilter('activeAfter', 'activeBefore', {
    ...{ id: 'active', label: 'Last activity', any: 'At any time' },
  }),
  timeFilter('firstSeenAfter', 'firstSeenBefore', {
    ...{ id: 'seen', label: 'First seen', any: 'At any time' },
  }),
  {
    id: 'customer',
    label: 'Customer',
    any: 'Any customer or none',
    options: optionsOf({ some: 'Has a customer', none: 'No customer' }),
    ownText: 'Name contains',
    toInput: (value) => {
      const customer = enteredText(value);
      return customer === null
        ? { filter: { customers: value as NonNullable<UserFilter['customers']> } }
        : { filter: { customer } };
    },
  },
  planFilter([]),
  {
    // a run leaves system users out unless they alone are selected: the form offers no "any"
    id: 'system',
    label: 'Kind',
    options: optionsOf({ no: 'Tenants', yes: 'System users' }),
    toInput: (system) => ({ filter: { system: system === 'yes' } }),
  },
];

type BucketPart = FilterPart<'buckets.list'>;
type BucketFilter = NonNullable<BucketPart['filter']>;

const growth: Readonly<Record<string, BucketPart>> = {
  grew: { filter: { minGrowth: 1 } },
  shrank: { filter: { maxGrowth: -1 } },
  same: { filter: { minGrowth: 0, maxGrowth: 0 } },
};
const growthBetween = bytesBetween('minGrowth', 'maxGrowth');

type OwnerPart = { ownerId?: string; filter?: { owner?: string } };

/**
 * Filters buckets or keys by a part of the owner's e-mail or id, or by one owner.
 * @param options the owner that a link names
 */
export function ownerFilter(options: ListFilter['options']): ListFilter<OwnerPart> {
  return {
    id: 'owner',
    label: 'Owner',
    isOpen: true,
    any: 'Any owner',
    options,
    ownText: 'E-mail or id contains',
    toInput: (value) => {
      const owner = enteredText(value);
      return owner === null ? { ownerId: value } : { filter: { owner } };
    },
  };
}

/** What buckets are narrowed by: in their list, and in a bulk change of all that match. */
export const bucketFilters: readonly ListFilter<BucketPart>[] = [
  {
    id: 'content',
    label: 'Content',
    any: 'Empty or not',
    options: optionsOf({ filled: 'Holds data', empty: 'Empty' }),
    toInput: (size) => ({ filter: { size: size as NonNullable<BucketFilter['size']> } }),
  },
  sizeFilter,
  quotaFilter,
  usedFilter,
  {
    id: 'growth',
    label: 'Growth in 30 days',
    any: 'Any growth',
    options: optionsOf({ grew: 'Grew', shrank: 'Shrank', same: 'Did not change' }),
    ownNumber: ownSize,
    toInput: (value) => growth[value] ?? growthBetween(value),
  },
  timeFilter('createdAfter', 'createdBefore', {
    ...{ id: 'created', label: 'Created', any: 'At any time' },
  }),
  {
    id: 'known',
    label: 'Owner',
    any: 'Known or not',
    options: optionsOf({ yes: 'A known user', no: 'No such user' }),
    toInput: (known) => ({ filter: { ownerKnown: known === 'yes' } }),
  },
  ownerFilter([]),
];
