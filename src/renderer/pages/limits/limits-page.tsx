import { SegmentedControl } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { BucketDetail } from '../../changes/buckets/bucket-detail.tsx';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { DefaultQuota } from '../../changes/limits/default-quota.tsx';
import { InventoryStrip } from '../../changes/limits/inventory-strip.tsx';
import { ReadingCommands } from '../../changes/operation/reading-commands.tsx';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { bucketPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import type { ListFilter } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import type { ListAddress } from '../../lists/table/use-list-address.ts';
import type { ListInput } from '../../lists/table/use-paged-rows.ts';
import { limitColumns } from './columns.tsx';
import classes from './limits.module.css';

type GridInput = ListInput<'limits.grid'>;
type GridFilter = NonNullable<GridInput['filter']>;
type SortKey = NonNullable<GridInput['sort']>['by'];

const filters: readonly ListFilter[] = [
  {
    id: 'used',
    label: 'Used',
    options: [
      { value: '0.8', label: '80 % or more' },
      { value: '1', label: '100 % or more' },
    ],
  },
  {
    id: 'quota',
    label: 'Quota',
    options: [
      { value: 'own', label: 'Own value' },
      { value: 'unlimited', label: '0 GB' },
      { value: 'differs', label: 'Differs from the default' },
      { value: 'notSet', label: 'Not set' },
      { value: 'unknown', label: 'Not read yet' },
    ],
  },
  {
    id: 'limits',
    label: 'Rate limits',
    options: [
      { value: 'own', label: 'Own values' },
      { value: 'notSet', label: 'Not set' },
      { value: 'unknown', label: 'Not read yet' },
    ],
  },
  {
    id: 'state',
    label: 'State',
    options: [
      { value: 'enabled', label: 'Enabled' },
      { value: 'disabled', label: 'Disabled' },
    ],
  },
];

function filterOf({ used, quota, limits, state }: ListAddress['filters']): GridFilter {
  return {
    ...(used ? { minUsedFraction: Number(used) } : {}),
    ...(quota ? { quota: quota as NonNullable<GridFilter['quota']> } : {}),
    ...(limits ? { limits: limits as NonNullable<GridFilter['limits']> } : {}),
    ...(state ? { state: state as NonNullable<GridFilter['state']> } : {}),
  };
}

/** Which half of the cluster the grid shows: in the address, beside the list's own parts. */
function useSide() {
  const [parameters, setParameters] = useSearchParams();
  const of: 'user' | 'bucket' = parameters.get('of') === 'bucket' ? 'bucket' : 'user';
  const set = (next: string) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      after.delete('open');
      if (next === 'user') after.delete('of');
      else after.set('of', next);
      return after;
    });
  return { of, set };
}

/** Own limits and quotas of the whole cluster in one grid, against the defaults and the size. */
export function LimitsPage() {
  const { of, set } = useSide();
  const cluster = useCluster();
  const columns = useMemo(() => limitColumns(of), [of]);
  const toInput = useCallback(
    ({ search, filters: set, sort }: ListAddress, connectionId: string): GridInput => {
      const filter = filterOf(set);
      return {
        connectionId,
        of,
        ...(search === '' ? {} : { search }),
        ...(Object.keys(filter).length === 0 ? {} : { filter }),
        ...(sort ? { sort: { by: sort.by as SortKey, descending: sort.descending } } : {}),
      };
    },
    [of],
  );
  return (
    <ListView
      key={of}
      tableId={`limits-${of}`}
      title="Limits & quotas"
      noun={of}
      call="limits.grid"
      toInput={toInput}
      columns={columns}
      rowId={({ id }) => id}
      filters={filters}
      searchPlaceholder={of === 'user' ? 'Search e-mail or user id' : 'Search bucket name'}
      defaultSort={{ by: 'used', descending: true }}
      primaryAction={<ReadingCommands of={{ list: 'quotas' }} name="quotas" />}
      renderDetail={(id) =>
        of === 'user' ? <UserDetail key={id} userId={id} /> : <BucketDetail key={id} name={id} />
      }
      fullPath={(id) => (of === 'user' ? userPath(cluster.id, id) : bucketPath(cluster.id, id))}
      renderBulkActions={(selection) => (
        <ChangeMenu targets={{ kind: of, ids: [...selection.rows.keys()] }} />
      )}
      banner={
        <div className={classes.strips}>
          <SegmentedControl
            size="xs"
            aria-label="Limits and quotas of"
            value={of}
            onChange={set}
            data={[
              { value: 'user', label: 'Users' },
              { value: 'bucket', label: 'Buckets' },
            ]}
          />
          <div className={classes.wide}>
            <DefaultQuota of="user" />
            <DefaultQuota of="bucket" />
          </div>
          <span className={classes.space} />
          <InventoryStrip />
        </div>
      }
      empty={
        <EmptyState icon={IconGauge} title={`No ${of}s yet`}>
          The gateway lists no {of} on this cluster.
        </EmptyState>
      }
    />
  );
}
