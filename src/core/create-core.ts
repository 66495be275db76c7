import type { Dispatch } from './dispatch.ts';
import type { EventBus } from './events.ts';
import type { SecretStore } from './secrets/secret-store.ts';

/** A cluster that runs inside the console: shown while no connection is saved. */
export interface DemoCluster {
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  stop(): Promise<void>;
}

/** What a shell hands core. */
export interface CoreOptions {
  shell: 'desktop' | 'web';
  version: string;
  /** Where connections, snapshots, archive and log lie. Created if missing, mode 0700. */
  dataDir: string;
  /** Starts the demo cluster; called once, at the first need. Core does not know the simulator. */
  startDemo?: () => Promise<DemoCluster>;
  /** Left out: the OS keychain where there is one, else memory. */
  secretStore?: SecretStore;
  /** Yields the proxy for a URL as the system has it (`http://host:port`), or null for direct. */
  systemProxy?: (url: string) => Promise<string | null>;
  /** Check every value against its schema (tests, development). */
  checkOutputs?: boolean;
}

/** The console without a face. */
export interface Core {
  dispatch: Dispatch;
  events: EventBus;
  /** Ends tasks, workers and connections. */
  close(): Promise<void>;
}
