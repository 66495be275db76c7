import { IconGauge } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { BucketDetail } from '../../changes/buckets/bucket-detail.tsx';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { DefaultQuota } from '../../changes/limits/edit-quota.tsx';
import { InventoryStrip } from '../../changes/limits/inventory-strip.tsx';
import { ReadingCommands } from '../../changes/operation/planned-requests.tsx';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { bucketPath, userPath, withParameters } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { Segments } from '../../kit/components/segments.tsx';
import type { FilterPart, ListFilter } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { gridColumns } from './columns.tsx';
import classes from './limits.module.css';

type GridPart = Pick<FilterPart<'limits.grid'>, 'filter'>;
type GridFilter = Required<NonNullable<GridPart['filter']>>;

/** The filters of both lists, Limits & quotas and Pressure. */
export const gridFilters: readonly ListFilter<GridPart>[] = [
  {
    id: 'used',
    label: 'Used',
    options: [
      { value: '0.8', label: '80 % or more' },
      { value: '1', label: '100 % or more' },
    ],
    toInput: (used) => ({ filter: { minUsedFraction: Number(used) } }),
  },
  {
    id: 'quota',
    label: 'Quota',
    options: optionsOf({
      own: 'Own value',
      unlimited: '0 GB',
      differs: 'Differs from the default',
      notSet: 'Not set',
      unknown: 'Not read yet',
    }),
    toInput: (quota) => ({ filter: { quota: quota as GridFilter['quota'] } }),
  },
  {
    id: 'limits',
    label: 'Rate limits',
    options: optionsOf({ own: 'Own values', notSet: 'Not set', unknown: 'Not read yet' }),
    toInput: (limits) => ({ filter: { limits: limits as GridFilter['limits'] } }),
  },
  {
    id: 'state',
    label: 'State',
    options: optionsOf({ enabled: 'Enabled', disabled: 'Disabled' }),
    toInput: (state) => ({ filter: { state: state as GridFilter['state'] } }),
  },
];

/** Returns which half of the cluster the grid shows: in the address, next to the list's own parts. */
export function useSide() {
  const [parameters, setParameters] = useSearchParams();
  const of: 'user' | 'bucket' = parameters.get('of') === 'bucket' ? 'bucket' : 'user';
  const set = (next: string) =>
    setParameters((before) =>
      withParameters(before, { open: null, of: next === 'user' ? null : next }),
    );
  return { of, set };
}

export function SideControl(props: {
  label: string;
  of: 'user' | 'bucket';
  onChange(of: string): void;
}) {
  return (
    <Segments
      size="xs"
      aria-label={props.label}
      value={props.of}
      onChange={props.onChange}
      data={optionsOf({ user: 'Users', bucket: 'Buckets' })}
    />
  );
}

/** Returns the props that both lists share: detail, page, and bulk changes. */
export function listOfSide(of: 'user' | 'bucket', connectionId: string) {
  return {
    noun: of,
    rowId: ({ id }: { id: string }) => id,
    searchPlaceholder: of === 'user' ? 'Search e-mail or user id' : 'Search bucket name',
    renderDetail: (id: string) =>
      of === 'user' ? <UserDetail key={id} userId={id} /> : <BucketDetail key={id} name={id} />,
    fullPath: (id: string) =>
      of === 'user' ? userPath(connectionId, id) : bucketPath(connectionId, id),
    renderBulkActions: ({ rows }: { rows: ReadonlyMap<string, unknown> }) => (
      <ChangeMenu targets={{ kind: of, ids: [...rows.keys()] }} />
    ),
    empty: (
      <EmptyState icon={IconGauge} title={`No ${of}s yet`}>
        The gateway lists no {of} on this cluster.
      </EmptyState>
    ),
  };
}

/** Own limits and quotas of the whole cluster in one grid, against the defaults and the size. */
export function LimitsPage() {
  const { of, set } = useSide();
  const cluster = useCluster();
  const columns = useMemo(() => gridColumns(of), [of]);
  const input = useMemo(() => ({ of }), [of]);
  return (
    <ListView
      {...listOfSide(of, cluster.id)}
      key={of}
      tableId={`limits-${of}`}
      title="Limits & quotas"
      call="limits.grid"
      input={input}
      columns={columns}
      filters={gridFilters}
      defaultSort={{ by: 'used', descending: true }}
      primaryAction={<ReadingCommands of={{ list: 'quotas' }} name="quotas" />}
      banner={
        <div className={classes.strips}>
          <SideControl label="Limits and quotas of" of={of} onChange={set} />
          <div className={classes.wide}>
            <DefaultQuota of="user" />
            <DefaultQuota of="bucket" />
          </div>
          <span className="oc-space" />
          <InventoryStrip />
        </div>
      }
    />
  );
}
