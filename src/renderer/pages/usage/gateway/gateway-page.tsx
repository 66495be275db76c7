import { Tooltip } from '@mantine/core';
import { IconCloudCheck, IconCloudDownload, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, formatWireBytes } from '../../../kit/components/format.ts';
import {
  GuardedButton,
  notPlannable,
  useSentHold,
} from '../../../kit/components/guarded-button.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import { Segments } from '../../../kit/components/segments.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useShortcut } from '../../../kit/shortcuts.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { useDelayed } from '../../../kit/timers.ts';
import { ListTable } from '../../../lists/list-page/list-table.tsx';
import { useListAddress } from '../../../lists/table/use-list-address.ts';
import type { RowOf } from '../../../lists/table/use-paged-rows.ts';
import { useRowSelection } from '../../../lists/table/use-row-selection.ts';
import { StatisticsOff } from '../shared/nothing-collected.tsx';
import usage from '../shared/usage.module.css';
import { UsageFrame } from '../shared/usage-frame.tsx';
import classes from './gateway.module.css';
import { ListingAge } from './listing-age.tsx';
import { ObjectPanel, objectColumns } from './object-detail.tsx';
import {
  DiscardObjectsDialog,
  mostDiscarded,
  RemoveObjectsDialog,
} from './remove-objects-dialog.tsx';

type Listing = CallOutput<'usage.objects'>;
type ObjectRow = RowOf<'usage.objects'>;

const shows = optionsOf({ all: 'All', waiting: 'Not archived', archived: 'Archived' });

/** The statistics objects that are on the gateway now, how many wait, and their removal. */
export function GatewayPage() {
  const cluster = useCluster();
  const head = useCall('usage.objects', { connectionId: cluster.id, offset: 0, limit: 1 });
  return (
    <UsageFrame>
      {head.error ? (
        <div className="oc-state">
          <ErrorPanel
            title="The gateway’s list could not be read"
            error={head.error}
            onRetry={() => void head.refetch()}
          />
        </div>
      ) : head.data ? (
        <Body listing={head.data} />
      ) : (
        <Reading />
      )}
    </UsageFrame>
  );
}

/** Shown in place of the list while the gateway is being read. */
function Reading() {
  const slow = useDelayed(true, 400);
  return (
    <div className="oc-state" aria-busy="true">
      {slow && (
        <EmptyState icon={IconCloudDownload} title="Reading the gateway’s list">
          Statistics objects appear here as soon as it is complete.
        </EmptyState>
      )}
    </div>
  );
}

function Body({ listing }: { listing: Listing }) {
  const cluster = useCluster();
  const address = useListAddress([]);
  const [parameters, setParameters] = useSearchParams();
  const named = parameters.get('show');
  const show = shows.find(({ value }) => value === named)?.value ?? 'all';
  const mover = useRef<((step: 1 | -1) => void) | null>(null);
  const selection = useRowSelection<ObjectRow>(`${cluster.id} ${show} ${address.search}`);
  useShortcut('Escape', () => address.setOpen(null), address.open !== null);
  const chooseShow = (value: string) => {
    const next = new URLSearchParams(parameters);
    if (value === 'all') next.delete('show');
    else next.set('show', value);
    setParameters(next);
  };
  if (listing.backlog.objects === 0) return <StatisticsOff listing={listing} />;
  return (
    <>
      <Backlog listing={listing} />
      <div className={usage.body}>
        <section className={usage.table} style={{ flex: 1 }} aria-label="Objects on the gateway">
          <ListTable
            tableId="usage-objects"
            label="Statistics objects on the gateway"
            call="usage.objects"
            input={{
              connectionId: cluster.id,
              ...(show === 'all' ? {} : { archived: show === 'archived' }),
            }}
            columns={objectColumns}
            rowId={({ name }: ObjectRow) => name}
            defaultSort={null}
            searchPlaceholder="Search name"
            onOpen={({ name }: ObjectRow) => address.setOpen(name)}
            openId={address.open}
            selection={selection}
            mover={mover}
            before={
              <Segments
                size="xs"
                aria-label="Which objects are listed"
                data={shows}
                value={show}
                onChange={chooseShow}
              />
            }
            after={
              <>
                <DiscardButton rows={[...selection.rows.values()]} onDone={selection.clear} />
                <RemoveButtons
                  listing={listing}
                  rows={[...selection.rows.values()]}
                  onDone={selection.clear}
                />
              </>
            }
            empty={
              <EmptyState icon={IconCloudCheck} title="None of these">
                {show === 'waiting'
                  ? 'Everything on the gateway is archived.'
                  : 'No object matches.'}
              </EmptyState>
            }
          />
        </section>
        {address.open !== null && (
          <ObjectPanel
            name={address.open}
            onMove={(step) => mover.current?.(step)}
            onClose={() => address.setOpen(null)}
          />
        )}
      </div>
    </>
  );
}

function Backlog({ listing }: { listing: Listing }) {
  const { backlog } = listing;
  return (
    <section className={usage.head} aria-label="In short">
      <p className={usage.sentence}>
        <strong>{formatCounted(backlog.objects, 'statistics object')}</strong>{' '}
        {agreeing(backlog.objects, 'is', 'are')} on the gateway
        {backlog.estimatedBytes !== null && (
          <span className="oc-dimmed"> (about {formatWireBytes(backlog.estimatedBytes)})</span>
        )}
        ;{' '}
        {backlog.notArchived === 0
          ? 'all are archived.'
          : `${formatCount(backlog.notArchived)} ${agreeing(backlog.notArchived, 'is', 'are')} not archived yet.`}
      </p>
      <div className={classes.facts}>
        <span>
          Oldest <Time value={backlog.oldest} />
        </span>
        <span>{formatCount(backlog.growing)} still growing, skipped</span>
        {backlog.failed > 0 && (
          <StateBadge tone="bad">{`${formatCount(backlog.failed)} failed last time`}</StateBadge>
        )}
        {!listing.complete && (
          <StateBadge tone="warning">The list could not be read to its end</StateBadge>
        )}
        {listing.ignored.length > 0 && (
          <Tooltip label={listing.ignored.slice(0, 5).join(', ')}>
            <span>
              {formatCounted(listing.ignored.length, 'name')} with an implausible time skipped
            </span>
          </Tooltip>
        )}
        <ListingAge listing={listing} />
      </div>
    </section>
  );
}

function DiscardButton({ rows, onDone }: { rows: readonly ObjectRow[]; onDone(): void }) {
  const hold = useSentHold(notPlannable.objects);
  const names = rows.filter(({ archived }) => !archived).map(({ name }) => name);
  if (names.length === 0) return null;
  const tooMany =
    names.length > mostDiscarded
      ? `Select at most ${formatCounted(mostDiscarded, 'object')}.`
      : null;
  const open = () =>
    openDialog((close) => <DiscardObjectsDialog names={names} onDone={onDone} onClose={close} />);
  return (
    <GuardedButton variant="default" c="var(--oc-bad)" reason={hold ?? tooMany} onClick={open}>
      {`Discard ${formatCount(names.length)} not archived`}
    </GuardedButton>
  );
}

function RemoveButtons(props: { listing: Listing; rows: readonly ObjectRow[]; onDone(): void }) {
  const hold = useSentHold(notPlannable.objects);
  const removableNow = props.listing.backlog.removable;
  const removable = props.rows.filter((row) => row.removable);
  const some = props.rows.length > 0;
  const none = some ? removable.length === 0 : removableNow === 0;
  const nothing = some
    ? 'None of the selected objects can be deleted: only what is archived, without a conflict, and past all change.'
    : 'Nothing on the gateway can be deleted yet: collect first, and settle conflicts.';
  const open = () =>
    openDialog((close) => (
      <RemoveObjectsDialog
        count={some ? removable.length : removableNow}
        skipped={some ? props.rows.length - removable.length : 0}
        names={some ? removable.map(({ name }) => name) : null}
        onDone={props.onDone}
        onClose={close}
      />
    ));
  return (
    <GuardedButton
      variant="default"
      leftSection={<IconTrash size={14} />}
      reason={hold ?? (none ? nothing : null)}
      onClick={open}
    >
      {some ? `Delete ${formatCount(removable.length)}` : 'Delete archived'}
    </GuardedButton>
  );
}
