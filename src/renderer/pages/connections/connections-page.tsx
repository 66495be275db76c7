import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { travelsInClear } from '#shared/plain-http.ts';
import { clusterPath, connectionPath, newConnectionPath } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { EnvironmentBadge, PlainHttpBadge } from '../../kit/components/environment-badge.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { endpointHost } from '../../kit/components/format.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import frame from '../../kit/frame.module.css';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { BillingSystems } from './billing-systems.tsx';
import { saveFieldPack, TestDialog } from './connection-test.tsx';
import classes from './connections.module.css';
import { ConnectionsMenu } from './move-connections.tsx';
import { OrphanedArchives } from './orphaned-archives.tsx';
import { KeychainBanner, SecretState } from './secret-state.tsx';

/** The saved connections: where each leads, whether its secret is at hand, how it stands. */
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
      <div className={frame.scroll}>
        {query.error && (
          <div className={classes.state}>
            <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
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

function ConnectionTable({ connections }: { connections: readonly Connection[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Cluster</th>
          <th>Environment</th>
          <th>Access key id</th>
          <th>Secret key</th>
          <th>State</th>
          <th>
            <span className="oc-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {connections.map((connection) => (
          <ConnectionRow key={connection.id} connection={connection} />
        ))}
      </tbody>
    </table>
  );
}

function ConnectionRow({ connection }: { connection: Connection }) {
  return (
    <tr>
      <td>
        <Link to={clusterPath(connection.id, 'overview')} className={classes.clusterLink}>
          {connection.name}
        </Link>
        <div className="oc-caption">{endpointHost(connection.endpoint)}</div>
        {travelsInClear(connection.endpoint) && <PlainHttpBadge />}
      </td>
      <td>
        <EnvironmentBadge environment={connection.environment} />
        {connection.readOnly && <div className="oc-caption">Read-only</div>}
      </td>
      <td>
        <span className="oc-mono">{connection.accessKeyId}</span>
      </td>
      <td>
        <SecretState connection={connection} />
      </td>
      <td>
        <ClusterState connectionId={connection.id} />
      </td>
      <td className={classes.actions}>
        <RowActions connection={connection} />
      </td>
    </tr>
  );
}

function ClusterState({ connectionId }: { connectionId: string }) {
  const status = useCall('sync.status', { connectionId }).data;
  if (!status) return null;
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

function RowActions({ connection }: { connection: Connection }) {
  const call = useConsole();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'remove' | 'test' | null>(null);
  return (
    <div className={classes.rowActions}>
      <Button variant="default" size="compact-sm" onClick={() => setDialog('test')}>
        Test
      </Button>
      {connection.demo ? (
        <span className={classes.noMenu} />
      ) : (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={26} aria-label={`More for ${connection.name}`}>
              <IconDots size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => navigate(connectionPath(connection.id))}>Edit</Menu.Item>
            <Menu.Item
              onClick={() => navigate(newConnectionPath, { state: { copyOf: connection.id } })}
            >
              Duplicate
            </Menu.Item>
            <Menu.Item onClick={() => void saveFieldPack(call, connection.id)}>
              Field pack for support…
            </Menu.Item>
            <Menu.Item
              color="var(--oc-bad)"
              disabled={connection.managedFields !== undefined}
              onClick={() => setDialog('remove')}
            >
              Remove
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog === 'test' && <TestDialog connection={connection} onClose={() => setDialog(null)} />}
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
