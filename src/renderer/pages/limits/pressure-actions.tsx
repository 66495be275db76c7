import { limitActions } from '../../changes/limits/edit-when-read.tsx';
import type { LimitTarget } from '../../changes/limits/limit-value.tsx';
import { openRaisesOf } from '../../changes/limits/temporary.tsx';
import { notPlannable } from '../../kit/components/guarded-button.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';

type Row = Pick<RowOf<'pressure.list'>, 'kind' | 'id' | 'name' | 'raised'>;

export const targetOf = ({ kind, id }: Pick<Row, 'kind' | 'id'>): LimitTarget =>
  kind === 'user' ? { user: id } : { bucket: id };

const ofLimits = limitActions<Row>(targetOf);
const isRaise = ({ id }: ActionEntry<Row>): boolean => id.startsWith('pressure.');

/** Actions on a row of the board, temporary raises first. */
export const pressureActions: readonly ActionEntry<Row>[] = [
  ...ofLimits.filter(isRaise),
  {
    id: 'pressure.putBack',
    label: () => 'Put back or keep',
    writes: true,
    notPlannable: notPlannable.ends,
    applies: ({ raised }) => raised !== null,
    start: (row) => openRaisesOf(targetOf(row)),
  },
  ...ofLimits.filter((action) => !isRaise(action)),
];
