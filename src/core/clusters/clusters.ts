import type { CallOutput } from '#shared/contract/index.ts';
import type { Gateway } from '../gateway/model/gateway.ts';
import type { Snapshot } from '../store/snapshot/snapshot.ts';

/** A connection as it was saved, without its secret. */
export type SavedConnection = Omit<CallOutput<'connections.list'>[number], 'hold'>;

/** One cluster at work: what a handler needs of the connection its call names. */
export interface Cluster {
  /** As it is now: guards (`readOnly`, `environment`, `unlockedUntil`) included. */
  readonly connection: SavedConnection;
  /** Opened at first use; kept until the connection is removed or core closes. */
  snapshot(): Promise<Snapshot>;
  /**
   * Opened at first use; kept until the connection is changed, removed or core closes.
   * Rejects with `CREDENTIAL_MISSING` where no secret is available.
   */
  gateway(): Promise<Gateway>;
}

/** Called before the files of a connection are moved or its demo ends: close what is open there. */
export type ReleaseListener = (connectionId: string) => Promise<void>;

export interface Clusters {
  /** Throws `CONNECTION_NOT_FOUND`. */
  get(connectionId: string): Promise<Cluster>;
  /** Where files of this connection are: snapshot, archive. Created if missing. */
  directory(connectionId: string): Promise<string>;
  /** Whoever keeps a file of {@link directory} open says how to let go of it. */
  onRelease(listener: ReleaseListener): void;
}
