import { toAppError } from '#shared/errors.ts';
import type { JsonObject } from '../../../gateway/model/read-fields.ts';
import type { RefreshTroubles } from '../queries/read-figures.ts';

/** Troubles beyond this many are counted, not named. */
const named = 100;
const longestName = 200;

/** Gathers what a refresh could not read, or took in without a figure that can't be true. */
export class RowTroubles {
  readonly #troubles: RefreshTroubles = {
    setAside: { total: 0, rows: [] },
    implausible: { total: 0, rows: [] },
  };

  get all(): RefreshTroubles {
    return this.#troubles;
  }

  /** Notes a row that can't be read, and why. */
  setAside(list: 'users' | 'buckets', name: string, thrown: unknown): void {
    const { setAside } = this.#troubles;
    setAside.total += 1;
    if (setAside.rows.length >= named) return;
    const cause = toAppError(thrown).message;
    setAside.rows.push({ list, name: name.slice(0, longestName), cause });
  }

  /** Notes a figure that can't be true: as it was sent. */
  implausible(list: 'users' | 'buckets', name: string, field: string, value: string): void {
    const { implausible } = this.#troubles;
    implausible.total += 1;
    if (implausible.rows.length >= named) return;
    implausible.rows.push({ list, name: name.slice(0, longestName), field, value });
  }
}

/**
 * Names a row that can't be read by what can be read of it.
 * @param keys whose text names it, the best first
 */
export function nameOfRow(
  row: JsonObject | null,
  keys: readonly string[],
  position: number,
): string {
  const text = keys.map((key) => row?.[key]).find((value) => typeof value === 'string' && value);
  return typeof text === 'string' ? text : `row ${position.toLocaleString('en-US')}`;
}
