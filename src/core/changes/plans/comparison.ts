import type { CallOutput } from '#shared/contract/index.ts';
import type { AppErrorData } from '#shared/errors.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import type { PlanChange } from './plan-file.ts';
import { markDrift } from './plan-summary.ts';

type Counts = NonNullable<CallOutput<'plans.list'>[number]['comparison']>;
type Standing = Exclude<keyof Counts, 'at'>;

interface Found {
  standing: Standing;
  /** Why it does not apply: the planned state before, and the current one. */
  error: AppErrorData | null;
  /** The target as it was read, and as the change would leave it. */
  now: Pick<PlanChange, 'before' | 'after'>;
}

/** What comparing a plan with the live cluster showed, change by change. */
export class Comparison {
  readonly at = new Date().toISOString();
  readonly #compared: readonly { rowId: number; change: PlanChange }[];
  readonly #found: Map<number, Found>;

  /**
   * @param read the plan's changes, prepared on what the gateway has now; those that drifted are marked
   * @param made the places of changes whose key is made already
   */
  constructor(
    rows: readonly { rowId: number; change: PlanChange }[],
    read: StoredRow[],
    made: ReadonlySet<number>,
  ) {
    this.#compared = rows;
    markDrift(
      read,
      rows.map(({ change }) => change),
      made,
    );
    this.#found = new Map(
      rows.flatMap(({ rowId }, index) => {
        const row = read[index];
        return row ? [[rowId, foundOf(row)] as const] : [];
      }),
    );
  }

  of(rowId: number): Found | undefined {
    return this.#found.get(rowId);
  }

  /** Drops results of rows that were removed or edited during the comparison. */
  keepOnly(rows: readonly { rowId: number; change: PlanChange }[]): void {
    const now = new Map(rows.map(({ rowId, change }) => [rowId, JSON.stringify(change)]));
    this.forget(
      this.#compared
        .filter(({ rowId, change }) => now.get(rowId) !== JSON.stringify(change))
        .map(({ rowId }) => rowId),
    );
  }

  /** Drops results of rows that were removed or replaced. */
  forget(rowIds: readonly number[]): void {
    for (const rowId of rowIds) this.#found.delete(rowId);
  }

  /**
   * Takes a drifted change as based on what is there now.
   * @returns its states before and after; null where it did not drift
   */
  accept(rowId: number): Found['now'] | null {
    const found = this.#found.get(rowId);
    if (found?.standing !== 'drifted') return null;
    this.#found.set(rowId, { ...found, standing: 'applies', error: null });
    return found.now;
  }

  counts(): Counts {
    const counts = { at: this.at, applies: 0, done: 0, drifted: 0, refused: 0 };
    for (const { standing } of this.#found.values()) counts[standing] += 1;
    return counts;
  }
}

/** Results of plans compared since the console started, and plans still to be compared. */
export class Comparisons {
  readonly #made = new Map<string, Comparison>();
  readonly #dueSince = new Map<string, string>();

  of(planId: string): Comparison | undefined {
    return this.#made.get(planId);
  }

  note(planId: string, comparison: Comparison): void {
    this.drop(planId);
    this.#made.set(planId, comparison);
  }

  /** Notes that the gateway answers again and the plan is due for comparison; drops the earlier result. */
  noteDue(planId: string): void {
    this.drop(planId);
    this.#dueSince.set(planId, new Date().toISOString());
  }

  /** Drops what is older than a run of the plan. */
  dropBefore(planId: string, at: string): void {
    const known = this.#made.get(planId)?.at ?? this.#dueSince.get(planId);
    if (known !== undefined && known < at) this.drop(planId);
  }

  drop(planId: string): void {
    this.#made.delete(planId);
    this.#dueSince.delete(planId);
  }

  view(planId: string): Pick<CallOutput<'plans.list'>[number], 'comparison' | 'compareDueSince'> {
    return {
      comparison: this.#made.get(planId)?.counts() ?? null,
      compareDueSince: this.#dueSince.get(planId) ?? null,
    };
  }
}

function foundOf(row: StoredRow): Found {
  const error = row.error === null ? null : (JSON.parse(row.error) as AppErrorData);
  return {
    standing: standingOf(row, error),
    error,
    now: {
      before: row.beforeKnown ? (JSON.parse(row.before) as Record<string, string | null>) : null,
      after: JSON.parse(row.after) as Record<string, string | null>,
    },
  };
}

function standingOf({ state, writes }: StoredRow, error: AppErrorData | null): Standing {
  if (error?.code === 'TARGET_CHANGED' && error.details?.differences !== undefined)
    return 'drifted';
  if (state === 'refused') return 'refused';
  return writes === 0 ? 'done' : 'applies';
}
