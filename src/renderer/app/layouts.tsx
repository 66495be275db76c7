import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Navigate, Outlet, useParams } from 'react-router';
import { clusterPath, connectionsPath } from '../kit/addresses.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import { CallError } from '../kit/components/error-panel.tsx';
import { useKeptPreferences } from '../kit/kept-preferences.ts';
import { useCall } from '../kit/rpc/use-call.ts';
import { usePreferences } from '../kit/stores/preferences.ts';
import { useDelayed } from '../kit/timers.ts';
import { useFormerAutoRefresh, useRefreshOnArrival } from '../kit/use-sync.ts';
import { Frame } from './frame.tsx';
import classes from './layouts.module.css';

function useConnections() {
  const lastId = usePreferences((preferences) => preferences.lastConnectionId);
  const query = useCall('connections.list', {});
  const connections = query.data ?? [];
  const last =
    connections.find(({ id }) => id === lastId) ??
    connections.find(({ demo }) => !demo) ??
    connections[0];
  return { query, connections, last: last ?? null };
}

type ConnectionsQuery = ReturnType<typeof useConnections>['query'];

function Waiting({ query }: { query: ConnectionsQuery }) {
  const slow = useDelayed(query.isPending, 400);
  return (
    <div className={classes.whole}>
      {query.error ? (
        <CallError call={query} />
      ) : (
        slow && <Loader size="sm" aria-label="The console is starting" />
      )}
    </div>
  );
}

/** Around every page: none is drawn before the operator's preferences are here. */
export function WithPreferences() {
  return useKeptPreferences() ? <Outlet /> : null;
}

/** The address without a page: leads to the cluster that was on screen last. */
export function Start() {
  const { query, last } = useConnections();
  if (!query.data) return <Waiting query={query} />;
  return <Navigate to={last ? clusterPath(last.id, 'overview') : connectionsPath} replace />;
}

/** Frame around the pages of one cluster. An address of a cluster that is gone leads to the start. */
export function ClusterShell() {
  const { connectionId } = useParams();
  const { query, connections } = useConnections();
  if (!query.data) return <Waiting query={query} />;
  const current = connections.find(({ id }) => id === connectionId);
  if (!current) return <Unlisted key={connectionId} query={query} />;
  return (
    <>
      <Arrival key={current.id} connection={current} />
      <Frame key={`frame-${current.id}`} connections={connections} current={current} onCluster />
    </>
  );
}

/** A cluster that was just added may be newer than the list: that is read again before it is called gone. */
function Unlisted({ query }: { query: ConnectionsQuery }) {
  // taken at each render: only a change of what was taken from a query renders this again
  const { refetch, isFetching, error } = query;
  const [isNew, setIsNew] = useState(true);
  useEffect(() => void refetch().then(() => setIsNew(false)), [refetch]);
  if (isNew || isFetching || error) return <Waiting query={query} />;
  return <Navigate to="/" replace />;
}

function Arrival({ connection }: { connection: Connection }) {
  const set = usePreferences((preferences) => preferences.set);
  useEffect(() => {
    const { recentConnectionIds: recent } = usePreferences.getState();
    const others = recent.filter((id) => id !== connection.id);
    set({
      lastConnectionId: connection.id,
      recentConnectionIds: [connection.id, ...others].slice(0, 10),
    });
  }, [connection.id, set]);
  useRefreshOnArrival(connection);
  useFormerAutoRefresh(connection);
  return null;
}

/** Frame around Connections and Settings; the rail leads to the cluster that was on screen last. */
export function ConsoleShell() {
  const { query, connections, last } = useConnections();
  if (!query.data) return <Waiting query={query} />;
  return <Frame connections={connections} current={last} onCluster={false} />;
}
