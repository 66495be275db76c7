import { IconGauge } from '@tabler/icons-react';
import { useMemo } from 'react';
import { BucketDetail } from '../../changes/buckets/bucket-detail.tsx';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { InventoryStrip } from '../../changes/limits/inventory-strip.tsx';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { bucketPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { type FilterPart, type ListFilter, setDays } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import classes from './limits.module.css';
import { gridFilters, SideControl, useSide } from './limits-page.tsx';
import { pressureColumns } from './pressure-columns.tsx';

type Part = FilterPart<'pressure.list'>;
type Filter = Required<NonNullable<Part['filter']>>;

const filters: readonly ListFilter<Part>[] = [
  {
    id: 'risk',
    label: 'Risk',
    options: [
      { value: 'critical', label: 'Critical' },
      { value: 'warning', label: 'Warning' },
      { value: 'watch', label: 'Watch' },
      { value: 'none', label: 'None' },
      { value: 'unknown', label: 'Not read' },
    ],
    toInput: (risk) => ({ filter: { risk: risk as Filter['risk'] } }),
  },
  {
    id: 'full',
    label: 'Full',
    options: [
      { value: '0', label: 'Now' },
      { value: '7', label: 'Within 7 days' },
      { value: '30', label: 'Within 30 days' },
    ],
    ownNumber: {
      label: 'Within',
      unit: 'days',
      most: 3650,
      words: (days) => `within ${formatCounted(Number(days), 'day')}`,
    },
    toInput: (days) => ({ filter: { withinDays: days === '0' ? 0 : setDays(days, 0) } }),
  },
  {
    id: 'busiest',
    label: 'Busiest hour',
    options: [
      { value: '0.75', label: '75 % of a limit or more' },
      { value: '0.9', label: '90 % of a limit or more' },
    ],
    toInput: (share) => ({ filter: { minLimitShare: Number(share) } }),
  },
  {
    id: 'raised',
    label: 'Raised',
    options: [
      { value: 'running', label: 'For now' },
      { value: 'overdue', label: 'Overdue to be put back' },
    ],
    toInput: (raised) => ({ filter: { raised: raised as Filter['raised'] } }),
  },
  ...gridFilters,
];

/** Users and buckets by how soon they meet a quota or a rate limit. */
export function PressurePage() {
  const { of, set } = useSide();
  const cluster = useCluster();
  const columns = useMemo(() => pressureColumns(of), [of]);
  const input = useMemo(() => ({ of }), [of]);
  return (
    <ListView
      key={of}
      tableId={`pressure-${of}`}
      title="Pressure"
      noun={of}
      call="pressure.list"
      input={input}
      columns={columns}
      rowId={({ id }) => id}
      filters={filters}
      searchPlaceholder={of === 'user' ? 'Search e-mail or user id' : 'Search bucket name'}
      defaultSort={{ by: 'risk', descending: true }}
      renderDetail={(id) =>
        of === 'user' ? <UserDetail key={id} userId={id} /> : <BucketDetail key={id} name={id} />
      }
      fullPath={(id) => (of === 'user' ? userPath(cluster.id, id) : bucketPath(cluster.id, id))}
      renderBulkActions={(selection) => (
        <ChangeMenu targets={{ kind: of, ids: [...selection.rows.keys()] }} />
      )}
      banner={
        <div className={classes.strips}>
          <SideControl label="Pressure of" of={of} onChange={set} />
          <Sources of={of} />
          <span className="oc-space" />
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

/** What the figures rest on, and raises that are to be put back. */
function Sources({ of }: { of: 'user' | 'bucket' }) {
  const { id: connectionId } = useCluster();
  // no row is needed: what holds for the whole list comes with every page
  const { data } = useCall('pressure.list', { connectionId, of, only: 'none', limit: 1 });
  if (!data) return null;
  const { sampledAt, statisticsUntil, raises } = data;
  return (
    <>
      <span className="oc-dimmed">
        {sampledAt === null ? (
          'No size samples yet'
        ) : (
          <>
            Sizes sampled <Time value={sampledAt} as="age" />
          </>
        )}
        {'; '}
        {statisticsUntil === null ? (
          'no statistics collected'
        ) : (
          <>
            statistics until <Time value={statisticsUntil} />
          </>
        )}
      </span>
      {raises.overdue > 0 && (
        <StateBadge tone="warning">
          {`${formatCounted(raises.overdue, 'raise')} overdue to be put back`}
        </StateBadge>
      )}
    </>
  );
}
