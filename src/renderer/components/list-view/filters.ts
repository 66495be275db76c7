/** A whole number that an operator may enter where no choice fits. */
export interface OwnNumber {
  /** Before the number: `Older than`. */
  label: string;
  /** Behind it: `days`. */
  unit: string;
  most: number;
  /** What it reads like on its chip: `older than 45 days`. */
  words(value: number): string;
}

/** Something a list can be narrowed by: one of a few choices, named in the address by `id`. */
export interface ListFilter {
  /** Name in the address, and what `toInput` finds it under. */
  id: string;
  /** `State`. */
  label: string;
  options: readonly { value: string; label: string }[];
  ownNumber?: OwnNumber;
}

/** What a set filter reads like on its chip: `State: disabled`. */
export function filterWords(filter: ListFilter, value: string): string {
  const option = filter.options.find((other) => other.value === value);
  const own = option ? undefined : filter.ownNumber?.words(Number(value));
  return `${filter.label}: ${own ?? (option?.label ?? value).toLowerCase()}`;
}
