/** Something a list can be narrowed by: one of a few choices, named in the address by `id`. */
export interface ListFilter {
  /** Name in the address, and what `toInput` finds it under. */
  id: string;
  /** `State`. */
  label: string;
  options: readonly { value: string; label: string }[];
}

/** What a set filter reads like on its chip: `State: disabled`. */
export function filterWords(filter: ListFilter, value: string): string {
  const option = filter.options.find((other) => other.value === value);
  return `${filter.label}: ${(option?.label ?? value).toLowerCase()}`;
}
