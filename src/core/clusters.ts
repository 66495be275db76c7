import type { CallOutput } from '#shared/contract/index.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Snapshot } from './snapshot/snapshot.ts';

/** A connection as it was saved, without its secret. */
export type SavedConnection = CallOutput<'connections.list'>[number];

/** One cluster at work: what a handler needs of the connection its call names. */
export interface Cluster {
  readonly connection: SavedConnection;
  /** Opened at first use; kept until the connection is changed, removed or core closes. */
  snapshot(): Promise<Snapshot>;
  /** Rejects with `CREDENTIAL_MISSING` where no secret is at hand. */
  gateway(): Promise<Gateway>;
}

/** Finds the cluster of a connection. */
export interface Clusters {
  /** Throws `CONNECTION_NOT_FOUND`. */
  get(connectionId: string): Promise<Cluster>;
  /** Where files of this connection lie: snapshot, archive. Created if missing. */
  directory(connectionId: string): Promise<string>;
}
