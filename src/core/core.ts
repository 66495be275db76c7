import type { DemoCluster } from './clusters/demo/demo-host.ts';
import type { IdleLimits } from './clusters/idle-clusters.ts';
import type { ForkKeychain } from './clusters/secrets/keychain-process.ts';
import type { SecretStore } from './clusters/secrets/secret-store.ts';
import type { ClosePatience } from './platform/close-in-order.ts';
import type { Dispatch } from './platform/dispatch.ts';
import type { EventBus } from './platform/events.ts';
import type { Policy } from './platform/policy.ts';
import type { Updater } from './platform/updates/updates.ts';

/** What a shell hands to the console when it starts it. */
export interface CoreOptions {
  shell: 'desktop' | 'web';
  version: string;
  /** Where connections, snapshots, archive and log are kept. Created if missing, mode 0700. */
  dataDir: string;
  /** Starts the demo cluster, when there is no connection to show. Core does not know the simulator. */
  startDemo?: () => Promise<DemoCluster>;
  /** Omitted: where the administrator's policy of this system is. */
  policyFile?: string;
  /** Omitted: the OS keychain where there is one, else memory. */
  secretStore?: SecretStore;
  /** Starts the keychain's process where the shell's program can't run as Node. */
  forkKeychain?: ForkKeychain;
  /** Yields the proxy for a URL as the system has it (`http://host:port`), or null for direct. */
  systemProxy?: (url: string) => Promise<string | null>;
  /** Omitted: the shell does not update itself. */
  updater?: Updater;
  /** Runs next to a console on the same data directory instead of refusing to: a short-lived command. */
  sharesDataDir?: boolean;
  /** When clusters that are not in use are closed. */
  idle?: IdleLimits;
  /** How long ending may take; omitted: 12 s. */
  closePatience?: ClosePatience;
  /** Check every value against its schema (tests, development). */
  checkOutputs?: boolean;
}

export interface Core {
  dispatch: Dispatch;
  /** What the administrator of this machine set; null where there is no policy. */
  policy: Policy | null;
  events: EventBus;
  /**
   * Ends tasks, workers and connections; the lock of the data directory goes last. It takes 12 s at
   * the most: what hangs by then is left to the end of the process, and `ClosedLate` is thrown.
   */
  close(): Promise<void>;
}
