import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import { formatCounted } from '../../kit/components/format.ts';
import type { ListCall, ListInput } from '../table/use-paged-rows.ts';
import { daysWords, readDays } from './days.ts';

/** A number that an operator may enter where no choice fits. */
export interface OwnNumber {
  /** Before the number: `Older than`. */
  label: string;
  /** Behind it: `days`. */
  unit: string;
  least?: number;
  most: number;
  /** None: whole numbers alone. */
  decimals?: number;
  /** Whether a second number, at most, may be entered too: values are then as `readBounds` takes them. */
  hasMost?: boolean;
  /** What it reads like on its chip: `older than 45 days`. */
  words(value: string): string;
}

export function ownNumberRules({ unit, least = 1, most, decimals = 0 }: OwnNumber): NumberRules {
  return { unit, least, most, decimals };
}

/** Numbers from one to another, both included, in digits; one of them at least. */
export interface Bounds {
  least?: string;
  most?: string;
}

/** Reads `10`, `10..20` or `..20`; null for what is no such range. */
export function readBounds(value: string, own: OwnNumber): Bounds | null {
  const [least, most, ...rest] = value.split('..');
  const read = (text: string | undefined): string | null | undefined =>
    text === undefined || text === ''
      ? undefined
      : (readEnteredNumber(text, { ...ownNumberRules(own), pointIsDecimal: true }).value ?? null);
  const bounds = { least: read(least), most: read(most) };
  const isWrong = rest.length > 0 || bounds.least === null || bounds.most === null;
  if (isWrong || (bounds.least === undefined && bounds.most === undefined)) return null;
  return {
    ...(bounds.least === undefined ? {} : { least: bounds.least as string }),
    ...(bounds.most === undefined ? {} : { most: bounds.most as string }),
  };
}

export function writeBounds({ least, most }: Bounds): string {
  return most === undefined ? (least ?? '') : `${least ?? ''}..${most}`;
}

/** Returns what bounds read like on a chip: `10 to 20 GiB`, `20 GiB or less`. */
export function boundsWords({ least, most }: Bounds, unit: string): string {
  if (most === undefined) return `${least} ${unit} or more`;
  return least === undefined ? `${most} ${unit} or less` : `${least} to ${most} ${unit}`;
}

/** Values that stand for a text that is entered begin with this, and ages with the other. */
const [textMark, ageMark] = ['*', 'older-'];

/** The text a filter is set to; null where one of its options is. */
export function enteredText(value: string): string | null {
  return value.startsWith(textMark) ? value.slice(textMark.length) : null;
}

export function textValue(text: string): string {
  return `${textMark}${text}`;
}

/** The days that what is looked for is older than; null where the filter is set to something else. */
export function enteredAge(value: string): string | null {
  return value.startsWith(ageMark) ? value.slice(ageMark.length) : null;
}

export function ageValue(days: string): string {
  return `${ageMark}${days}`;
}

/** How ages in days are read. */
export const ageRules = { unit: 'days', least: 1, most: 36_500 } satisfies NumberRules;

/**
 * Returns the days a filter is set to.
 * @param otherwise what counts for an address with no such number: it has to match nothing, and must
 *   never widen what a change is made on
 */
export function setDays(value: string, otherwise: number): number {
  return Number(readEnteredNumber(value, { least: 1, most: 36_500 }).value ?? otherwise);
}

/**
 * Something a list can be narrowed by, defined once: for its menu and chips, its address, the call's
 * input, and for bulk changes of all that match.
 * @template Input the call's input
 */
export interface ListFilter<Input = object> {
  /** Name in the address. */
  id: string;
  /** `State`. */
  label: string;
  options: readonly { value: string; label: string }[];
  ownNumber?: OwnNumber;
  /** Whether a range of days may be entered, where no choice fits: its value is as `readDays` takes it. */
  ownDays?: boolean;
  /** Whether an age in days may be entered: its value is as `enteredAge` takes it. */
  ownAge?: boolean;
  /** What is before a text that may be entered: `Name contains`. Its value is as `enteredText` takes it. */
  ownText?: string;
  /** Whether it takes other values than its options: names that are read, or that a link sets. */
  isOpen?: boolean;
  /** What a form calls it while it is not set: `Any state`. Omitted: one of the options is always set. */
  any?: string;
  /** The part of the call's input that a set value stands for. */
  toInput?(value: string): Input;
}

export type FilterPart<Name extends ListCall> = {
  [Key in keyof ListInput<Name>]?: ListInput<Name>[Key];
};

/** Returns what a set filter reads like on its chip: `State: disabled`. */
export function filterWords(filter: Omit<ListFilter, 'toInput'>, value: string): string {
  const option = filter.options.find((other) => other.value === value);
  const own = option ? undefined : ownWords(filter, value);
  return `${filter.label}: ${own ?? (option?.label ?? value).toLowerCase()}`;
}

/** Returns whether a filter can be set to a value, as an address may have it. */
export function takesValue(filter: Omit<ListFilter, 'toInput'>, value: string): boolean {
  const { options, isOpen, ownNumber, ownDays, ownAge, ownText } = filter;
  if (isOpen || options.some((option) => option.value === value)) return true;
  if (ownText !== undefined && enteredText(value) !== null) return true;
  const age = enteredAge(value);
  if (ownAge && age !== null) return readEnteredNumber(age, ageRules).value !== undefined;
  if (ownDays && (readDays(value) !== null || /^\d{1,5}$/.test(value))) return true;
  if (ownNumber === undefined || (!ownNumber.hasMost && value.includes('..'))) return false;
  return readBounds(value, ownNumber) !== null;
}

function ownWords(filter: Omit<ListFilter, 'toInput'>, value: string): string | undefined {
  if (filter.ownDays && readDays(value) !== null) return daysWords(value);
  const [age, text] = [enteredAge(value), enteredText(value)];
  if (filter.ownAge && age !== null) return `older than ${formatCounted(Number(age), 'day')}`;
  if (filter.ownText !== undefined && text !== null) return `contains “${text}”`;
  return filter.ownNumber?.words(value);
}
