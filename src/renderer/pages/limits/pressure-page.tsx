import { useMemo } from 'react';
import { InventoryStrip } from '../../changes/limits/inventory-strip.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { optionsOf } from '../../kit/components/options.ts';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { type FilterPart, type ListFilter, setDays } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { pageSize } from '../../lists/table/use-paged-rows.ts';
import classes from './limits.module.css';
import { gridFilters, listOfSide, SideControl, useSide } from './limits-page.tsx';
import { pressureColumns } from './pressure-columns.tsx';

type Part = FilterPart<'pressure.list'>;
type Filter = Required<NonNullable<Part['filter']>>;

const filters: readonly ListFilter<Part>[] = [
  {
    id: 'risk',
    label: 'Risk',
    options: optionsOf({
      critical: 'Critical',
      warning: 'Warning',
      watch: 'Watch',
      none: 'None',
      unknown: 'Not read',
    }),
    toInput: (risk) => ({ filter: { risk: risk as Filter['risk'] } }),
  },
  {
    id: 'full',
    label: 'Full',
    options: optionsOf({ 0: 'Now', 7: 'Within 7 days', 30: 'Within 30 days' }),
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
    options: optionsOf({ '0.75': '75 % of a limit or more', '0.9': '90 % of a limit or more' }),
    toInput: (share) => ({ filter: { minLimitShare: Number(share) } }),
  },
  {
    id: 'raised',
    label: 'Raised',
    options: optionsOf({ running: 'For now', overdue: 'Overdue to be put back' }),
    toInput: (raised) => ({ filter: { raised: raised as Filter['raised'] } }),
  },
  ...gridFilters,
];

const defaultSort = { by: 'risk', descending: true } as const;

/** Users and buckets by how soon they meet a quota or a rate limit. */
export function PressurePage() {
  const { of, set } = useSide();
  const cluster = useCluster();
  const columns = useMemo(() => pressureColumns(of), [of]);
  const input = useMemo(() => ({ of }), [of]);
  return (
    <ListView
      {...listOfSide(of, cluster.id)}
      key={of}
      tableId={`pressure-${of}`}
      title="Pressure"
      call="pressure.list"
      input={input}
      columns={columns}
      filters={filters}
      defaultSort={defaultSort}
      banner={
        <div className={classes.strips}>
          <SideControl label="Pressure of" of={of} onChange={set} />
          <Sources of={of} />
          <span className="oc-space" />
          <InventoryStrip />
        </div>
      }
    />
  );
}

/** The age of the figures' sources, and raises to be put back. */
function Sources({ of }: { of: 'user' | 'bucket' }) {
  const { id: connectionId } = useCluster();
  // the page that the list itself begins with: what holds for the whole list comes with every page
  const page = { connectionId, of, sort: defaultSort, offset: 0, limit: pageSize };
  const { data } = useCall('pressure.list', page);
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
