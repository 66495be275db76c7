import type { CallInput } from '#shared/contract/index.ts';
import type { ChosenTargets } from '../../changes/bulk/sources.ts';
import { minBytes, sizeFilter } from '../../lists/list-page/size-filter.ts';
import { startOfDay } from '../../lists/list-page/start-of-day.ts';

/** What all users or all buckets are narrowed to: the search, and one choice a field. */
export type Narrowed = Readonly<Record<string, string>> & { search: string };

/** A field that narrows: its choices, the first of them the one it begins with. */
export interface NarrowingField {
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
}

/** How all users, or all buckets, are narrowed to those that a change is made on. */
export interface Narrowing {
  noun: 'user' | 'bucket';
  searchLabel: string;
  fields: readonly NarrowingField[];
}

const sizes = [{ value: 'any', label: 'Any size' }, ...sizeFilter.options];

/** What a field is narrowed to; undefined while it is not. */
const chosen = (value: string | undefined) => (value === 'any' ? undefined : value);

/** How users are narrowed. */
export const userNarrowing: Narrowing = {
  noun: 'user',
  searchLabel: 'E-mail or id contains',
  fields: [
    {
      name: 'state',
      label: 'State',
      options: [
        { value: 'any', label: 'Any state' },
        { value: 'enabled', label: 'Enabled' },
        { value: 'disabled', label: 'Disabled' },
      ],
    },
    {
      name: 'buckets',
      label: 'Buckets',
      options: [
        { value: 'any', label: 'Any number' },
        { value: 'some', label: 'Owns some' },
        { value: 'none', label: 'Owns none' },
      ],
    },
    { name: 'size', label: 'Size', options: sizes },
    {
      name: 'kind',
      label: 'Kind',
      options: [
        { value: 'no', label: 'Tenants only' },
        { value: 'yes', label: 'System users only' },
      ],
    },
  ],
};

/** How buckets are narrowed. */
export const bucketNarrowing: Narrowing = {
  noun: 'bucket',
  searchLabel: 'Name or owner contains',
  fields: [
    {
      name: 'content',
      label: 'Content',
      options: [
        { value: 'any', label: 'Empty or not' },
        { value: 'filled', label: 'Holds data' },
        { value: 'empty', label: 'Empty' },
      ],
    },
    { name: 'size', label: 'Size', options: sizes },
    {
      name: 'created',
      label: 'Created',
      options: [
        { value: 'any', label: 'At any time' },
        { value: '30', label: 'Within 30 days' },
        { value: '365', label: 'Within a year' },
      ],
    },
    {
      name: 'owner',
      label: 'Owner',
      options: [
        { value: 'any', label: 'Known or not' },
        { value: 'yes', label: 'A known user' },
        { value: 'no', label: 'No such user' },
      ],
    },
  ],
};

/** Narrowed to nothing but what each field begins with. */
export function everyOne({ fields }: Narrowing): Narrowed {
  const first = fields.map(({ name, options }) => [name, options[0]?.value ?? 'any']);
  return { ...Object.fromEntries(first), search: '' };
}

const searchOf = ({ search }: Narrowed): string | undefined => search.trim() || undefined;

/** The filter of the users list that says the same. */
export function userFilterOf({ state, buckets, size, kind }: Narrowed) {
  return {
    ...(state === 'enabled' || state === 'disabled' ? { state } : {}),
    ...(buckets === 'some' || buckets === 'none' ? { buckets } : {}),
    ...minBytes(chosen(size)),
    // A run leaves system users out unless they alone are selected: the count does too.
    system: kind === 'yes',
  } satisfies CallInput<'users.list'>['filter'];
}

/** The filter of the buckets list that says the same. */
export function bucketFilterOf({ content, size, created, owner }: Narrowed) {
  return {
    ...(content === 'filled' || content === 'empty' ? { size: content } : {}),
    ...minBytes(chosen(size)),
    ...(created === 'any' ? {} : { createdAfter: startOfDay(Number(created)) }),
    ...(owner === 'any' ? {} : { ownerKnown: owner === 'yes' }),
  } satisfies CallInput<'buckets.list'>['filter'];
}

/** The targets that all this stands for. */
export function targetsOf(noun: Narrowing['noun'], narrowed: Narrowed, total: number) {
  const search = searchOf(narrowed);
  return (
    noun === 'user'
      ? { kind: 'filter', of: 'user', total, search, filter: userFilterOf(narrowed) }
      : { kind: 'filter', of: 'bucket', total, search, filter: bucketFilterOf(narrowed) }
  ) satisfies ChosenTargets;
}
