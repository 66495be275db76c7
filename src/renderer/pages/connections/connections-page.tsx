import { ActionIcon, Anchor, Button, Menu, TextInput, UnstyledButton } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronRight,
  IconDots,
  IconPlugConnected,
  IconPlus,
  IconStar,
  IconStarFilled,
} from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { compareNames } from '#shared/collation-key.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import { clusterPath, connectionPath, newConnectionPath } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { QuietButton, SmallButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { EnvironmentBadge, PlainHttpBadge } from '../../kit/components/environment-badge.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { byFolder, clustersFor } from '../../kit/components/find-clusters.ts';
import { endpointHost } from '../../kit/components/format.ts';
import { useMenuEntries } from '../../kit/components/menu-entries.tsx';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall, useCalls } from '../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { BillingSystems } from './billing-systems.tsx';
import { TestDialog } from './connection-test.tsx';
import { saveInput, valuesOf } from './connection-values.ts';
import classes from './connections.module.css';
import { FieldPackDialog } from './field-pack-dialog.tsx';
import { ConnectionsMenu } from './move-connections.tsx';
import { OrphanedArchives } from './orphaned-archives.tsx';
import { KeychainBanner, SecretState } from './secret-state.tsx';

/** The saved connections: endpoint, whether the secret is available, and state. */
export function ConnectionsPage() {
  const query = useCall('connections.list', {});
  const connections = query.data ?? [];
  return (
    <>
      <PageBar
        title="Connections"
        count={connections.filter(({ demo }) => !demo).length || null}
        primaryAction={
          <>
            <ConnectionsMenu count={connections.filter(({ demo }) => !demo).length} />
            <Button component={Link} to={newConnectionPath} leftSection={<IconPlus size={15} />}>
              Add a cluster
            </Button>
          </>
        }
      />
      <div className="oc-scroll">
        {query.error && (
          <div className="oc-state">
            <CallError call={query} />
          </div>
        )}
        {connections.some(({ demo }) => !demo) && <KeychainBanner />}
        <OrphanedArchives />
        {query.data?.length === 0 && <NoConnections />}
        {connections.length > 0 && <ConnectionTable connections={connections} />}
        {query.data && <BillingSystems />}
      </div>
    </>
  );
}

function NoConnections() {
  return (
    <EmptyState
      icon={IconPlugConnected}
      title="No connection yet"
      action={
        <Button component={Link} to={newConnectionPath}>
          Add a cluster
        </Button>
      }
    >
      A connection holds the gateway’s address and the access key of its system user.
    </EmptyState>
  );
}

const columns = [
  ['name', 'Cluster'],
  ['environment', 'Environment'],
  ['accessKeyId', 'Access key id'],
  ['secret', 'Secret key'],
  ['state', 'State'],
] as const;

interface Order {
  by: (typeof columns)[number][0];
  descending: boolean;
}

/** From this many connections on they are searched. */
const manyConnections = 6;

function ConnectionTable({ connections }: { connections: readonly Connection[] }) {
  const [words, setWords] = useState('');
  const [order, setOrder] = useState<Order | null>(null);
  const states = useStates(connections);
  const found = sorted(clustersFor(words, connections), order, states);
  const folders = byFolder(found);
  const direction = order?.descending ? 'descending' : 'ascending';
  return (
    <>
      {connections.length >= manyConnections && (
        <div className={classes.toolbar}>
          <TextInput
            aria-label="Search name, address or folder"
            placeholder="Search name, address or folder"
            {...typed(words, setWords)}
            spellCheck={false}
          />
          <span className="oc-caption" role="status">
            {found.length} of {connections.length}
          </span>
        </div>
      )}
      <table className={`${classes.table} oc-stacks`}>
        <thead>
          <tr>
            {columns.map(([by, label]) => (
              <th key={by} aria-sort={order?.by === by ? direction : 'none'}>
                <UnstyledButton
                  className={classes.sort ?? ''}
                  onClick={() =>
                    setOrder({ by, descending: order?.by === by && !order.descending })
                  }
                >
                  {label}
                  {order?.by === by && (order.descending ? ' ↓' : ' ↑')}
                </UnstyledButton>
              </th>
            ))}
            <th>
              <span className="oc-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        {folders.map(([folder, members]) => (
          <Folder key={folder} name={folder} connections={members} alone={folders.length === 1} />
        ))}
      </table>
      {found.length === 0 && (
        <p className="oc-state">
          No connection matches “{words}”.{' '}
          <Anchor component="button" type="button" inherit onClick={() => setWords('')}>
            Clear
          </Anchor>
        </p>
      )}
    </>
  );
}

type States = ReadonlyMap<string, CallOutput<'sync.status'>['state']>;

/** The state of each cluster, by connection. */
function useStates(connections: readonly Connection[]): States {
  const inputs = connections.map(({ id: connectionId }) => ({ connectionId }));
  const statuses = useCalls('sync.status', inputs);
  return new Map(connections.map(({ id }, index) => [id, statuses[index]?.state ?? 'never']));
}

/** States and secrets, most urgent first. */
const stateOrder = ['offline', 'failing', 'never', 'online'];
const secretOrder = ['none', 'memory', 'keychain'];

function sorted(
  connections: readonly Connection[],
  order: Order | null,
  states: States,
): readonly Connection[] {
  if (!order) return connections;
  const { by, descending } = order;
  const key = (connection: Connection): string => {
    if (by === 'state') return String(stateOrder.indexOf(states.get(connection.id) ?? 'never'));
    if (by !== 'secret') return connection[by];
    return String(secretOrder.indexOf(connection.credentialStore ?? 'none'));
  };
  const ordered = connections.toSorted((a, b) => compareNames(key(a), key(b)));
  return descending ? ordered.toReversed() : ordered;
}

function Folder(props: { name: string; connections: readonly Connection[]; alone: boolean }) {
  const { name, connections, alone } = props;
  const [open, setOpen] = useState(true);
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <tbody>
      {!(alone && name === '') && (
        <tr className={classes.folder}>
          <th colSpan={6} scope="rowgroup">
            <UnstyledButton aria-expanded={open} onClick={() => setOpen(!open)}>
              <Icon size={13} aria-hidden /> {name || 'No folder'}{' '}
              <span className="oc-dimmed">{connections.length}</span>
            </UnstyledButton>
          </th>
        </tr>
      )}
      {open &&
        connections.map((connection) => (
          <ConnectionRow key={connection.id} connection={connection} />
        ))}
    </tbody>
  );
}

function Favourite({ connection }: { connection: Connection }) {
  const call = useConsole();
  const { running, run } = useAction(showFailure);
  const { favourite = false, name } = connection;
  const toggle = () =>
    run(() => {
      const values = { ...valuesOf(connection), favourite: !favourite };
      return call('connections.save', saveInput(values, connection.id));
    });
  const Icon = favourite ? IconStarFilled : IconStar;
  return (
    <ActionIcon
      size={24}
      aria-label={`Favourite: ${name}`}
      aria-pressed={favourite}
      disabled={running}
      onClick={() => void toggle()}
    >
      <Icon size={13} />
    </ActionIcon>
  );
}

function ConnectionRow({ connection }: { connection: Connection }) {
  return (
    <tr>
      <td>
        <Link to={clusterPath(connection.id, 'overview')} className={classes.clusterLink}>
          {connection.name}
        </Link>
        {!connection.demo && <Favourite connection={connection} />}
        <div className="oc-caption">{endpointHost(connection.endpoint)}</div>
        {travelsInClear(connection.endpoint) && <PlainHttpBadge />}
      </td>
      <td data-label="Environment">
        <EnvironmentBadge environment={connection.environment} />
        {connection.readOnly && <div className="oc-caption">Read-only</div>}
      </td>
      <td data-label="Access key id">
        <span className="oc-mono">{connection.accessKeyId}</span>
      </td>
      <td data-label="Secret key">
        <SecretState connection={connection} />
      </td>
      <td data-label="State">
        <ClusterState connection={connection} />
      </td>
      <td className={classes.actions}>
        <RowActions connection={connection} />
      </td>
    </tr>
  );
}

function ClusterState({ connection: { id: connectionId, fieldPack } }: { connection: Connection }) {
  const status = useCall('sync.status', { connectionId }).data;
  if (!status) return null;
  if (fieldPack && fieldPack.asOf === status.asOf) {
    return (
      <>
        <StateBadge tone="idle">From a field pack</StateBadge>
        <div className="oc-caption">
          {fieldPack.computer}: <Time value={fieldPack.asOf} as="age" />
        </div>
      </>
    );
  }
  return (
    <>
      {status.state === 'online' && <StateBadge tone="good">Online</StateBadge>}
      {status.state === 'failing' && <StateBadge tone="warning">Gateway errors</StateBadge>}
      {status.state === 'offline' && <StateBadge tone="bad">Offline</StateBadge>}
      {status.state === 'never' && <StateBadge tone="idle">Not asked yet</StateBadge>}
      <div className="oc-caption">
        {status.asOf === null ? (
          'no data'
        ) : (
          <>
            data: <Time value={status.asOf} as="age" />
          </>
        )}
      </div>
    </>
  );
}

/** Removes the demo from the list, where there are saved connections. */
function CloseDemo({ id }: { id: string }) {
  const call = useConsole();
  const saved = useCall('connections.list', {}).data?.some(({ demo }) => !demo) ?? false;
  if (!saved) return <span className={classes.noMenu} />;
  return (
    <ActionButton look={QuietButton} work={() => call('connections.remove', { id })}>
      Close
    </ActionButton>
  );
}

function MoreMenu(props: { connection: Connection; onPack(): void; onRemove(): void }) {
  const { id, name, managedFields } = props.connection;
  const navigate = useNavigate();
  const items = useMenuEntries([
    {
      ...{ label: 'Edit', verb: `Edit connection ${name}` },
      start: () => navigate(connectionPath(id)),
    },
    {
      ...{ label: 'Duplicate', verb: `Duplicate connection ${name}` },
      start: () => navigate(newConnectionPath, { state: { copyOf: id } }),
    },
    { label: 'Field pack…', verb: `Field pack of ${name}`, start: props.onPack },
    {
      ...{ label: 'Remove', verb: `Remove connection ${name}`, destructive: true },
      reason: managedFields === undefined ? null : 'It is set by the administrator.',
      start: props.onRemove,
    },
  ]);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={26} aria-label={`More for ${name}`}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{items}</Menu.Dropdown>
    </Menu>
  );
}

function RowActions({ connection }: { connection: Connection }) {
  const call = useConsole();
  const [dialog, setDialog] = useState<'remove' | 'test' | 'pack' | null>(null);
  return (
    <div className={classes.rowActions}>
      <SmallButton onClick={() => setDialog('test')}>Test</SmallButton>
      {connection.demo ? (
        <CloseDemo id={connection.id} />
      ) : (
        <MoreMenu
          connection={connection}
          onPack={() => setDialog('pack')}
          onRemove={() => setDialog('remove')}
        />
      )}
      {dialog === 'test' && <TestDialog connection={connection} onClose={() => setDialog(null)} />}
      {dialog === 'pack' && (
        <FieldPackDialog connectionId={connection.id} onClose={() => setDialog(null)} />
      )}
      {dialog === 'remove' && (
        <ConfirmDialog
          verb="Remove connection"
          destructive
          onConfirm={() => call('connections.remove', { id: connection.id })}
          onClose={() => setDialog(null)}
        >
          <p className="oc-flush">
            <b>{connection.name}</b> and its secret key are forgotten, with what was last seen of
            the cluster. Nothing changes on the cluster itself.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
