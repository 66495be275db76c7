import type { Core } from '#core/core.ts';
import type { Transport } from '#renderer/kit/rpc/transport/transport.ts';

/** One shell joined to a core, with the interface's own transport on the other end. */
export interface TransportPeer {
  /** As the interface uses it. */
  transport: Transport;
  /** The same, of a page or program that may not call. */
  stranger: Transport;
  /** Makes the caller of a call that is under way go away. */
  leave(): void;
  close(): Promise<void>;
}

/** Joins a core to a transport. */
export type JoinTransport = (core: Pick<Core, 'dispatch' | 'events'>) => Promise<TransportPeer>;
