import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import type { ListCall, ListInput } from '../table/use-paged-rows.ts';

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
  /** What it reads like on its chip: `older than 45 days`. */
  words(value: string): string;
}

export function ownNumberRules({ unit, least = 1, most, decimals = 0 }: OwnNumber): NumberRules {
  return { unit, least, most, decimals };
}

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
  /** What a form calls it while it is not set: `Any state`. Omitted: one of the options is always set. */
  any?: string;
  /** The part of the call's input that a set value stands for. */
  toInput?(value: string): Input;
}

export type FilterPart<Name extends ListCall> = {
  [Key in keyof ListInput<Name>]?: ListInput<Name>[Key];
};

/** What a set filter reads like on its chip: `State: disabled`. */
export function filterWords(filter: Omit<ListFilter, 'toInput'>, value: string): string {
  const option = filter.options.find((other) => other.value === value);
  const own = option ? undefined : filter.ownNumber?.words(value);
  return `${filter.label}: ${own ?? (option?.label ?? value).toLowerCase()}`;
}
