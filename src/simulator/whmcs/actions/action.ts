import { ActionError, NestedList } from '../model/answer.ts';
import type { FormFields } from '../model/form.ts';
import type { WhmcsState } from '../model/state.ts';
import type { WhmcsVariants } from '../model/variants.ts';

export interface ActionContext {
  form: FormFields;
  state: WhmcsState;
  variants: WhmcsVariants;
  /** Milliseconds. */
  now: number;
}

/** Carries an action out and returns the fields of its answer. */
export type Action = (context: ActionContext) => Record<string, unknown>;

/**
 * Returns a page of rows and the counts that go with it; 25 rows unless asked otherwise.
 * @param singular name of one row
 */
export function pageOf<Row>(
  { form, variants }: ActionContext,
  plural: string,
  singular: string,
  rows: readonly Row[],
  view: (row: Row) => unknown = (row) => row,
): Record<string, unknown> {
  const start = Math.max(0, form.number('limitstart') ?? 0);
  const limit = Math.max(0, form.number('limitnum') ?? 25);
  const page = rows.slice(start, start + limit);
  if (page.length === 0 && variants.noMatch === 'error') {
    throw new ActionError(`No ${plural} found`);
  }
  return {
    ...(variants.totals === 'sent' ? { totalresults: rows.length } : {}),
    startnumber: start,
    numreturned: page.length,
    [plural]: new NestedList(singular, page.map(view)),
  };
}
