import { editLimitsOf, editQuotaOf } from '../../changes/limits/edit-when-read.tsx';
import type { LimitTarget } from '../../changes/limits/limit-value.tsx';
import { openRaisesOf } from '../../changes/limits/temporary.tsx';
import { notPlannable } from '../../kit/components/guarded-button.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';

type Row = Pick<RowOf<'pressure.list'>, 'kind' | 'id' | 'name' | 'raised'>;

const targetOf = ({ kind, id }: Row): LimitTarget =>
  kind === 'user' ? { user: id } : { bucket: id };

/** What can be done about a row of the board. */
export const pressureActions: readonly ActionEntry<Row>[] = [
  {
    id: 'pressure.raiseQuota',
    label: () => 'Raise quota until a day',
    writes: true,
    notPlannable: notPlannable.ends,
    start: (row) => editQuotaOf(targetOf(row), true),
  },
  {
    id: 'pressure.raiseLimits',
    label: () => 'Raise rate limits until a day',
    writes: true,
    notPlannable: notPlannable.ends,
    start: (row) => editLimitsOf(targetOf(row), {}, true),
  },
  {
    id: 'pressure.putBack',
    label: () => 'Put back or keep',
    writes: true,
    notPlannable: notPlannable.ends,
    applies: ({ raised }) => raised !== null,
    start: (row) => openRaisesOf(targetOf(row)),
  },
  {
    id: 'quotas.set',
    label: () => 'Set quota',
    writes: true,
    start: (row) => editQuotaOf(targetOf(row)),
  },
  {
    id: 'limits.set',
    label: () => 'Set rate limits',
    writes: true,
    start: (row) => editLimitsOf(targetOf(row)),
  },
];
