import { createContext, type ReactNode, useContext } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';

/** A connection as the interface sees it. */
export type Connection = CallOutput<'connections.list'>[number];

const ClusterContext = createContext<Connection | null>(null);

/** Names the cluster that everything below it is about. */
export function ClusterProvider(props: { connection: Connection; children: ReactNode }) {
  return (
    <ClusterContext.Provider value={props.connection}>{props.children}</ClusterContext.Provider>
  );
}

/** The cluster on screen. For pages under `/c/<connectionId>`. */
export function useCluster(): Connection {
  const connection = useContext(ClusterContext);
  if (connection) return connection;
  throw new AppError({
    code: 'INTERNAL',
    message: 'A page about a cluster was opened without one.',
    hint: 'Select a cluster at the top of the left rail.',
  });
}

/** The cluster on screen, or null on pages that are about none (connections, settings). */
export function useClusterIfAny(): Connection | null {
  return useContext(ClusterContext);
}
