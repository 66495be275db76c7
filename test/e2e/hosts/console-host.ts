import type { Page } from '@playwright/test';

/** Where the console runs: the web shell, the built desktop shell on Chromium, or Electron itself. */
export type HostName = 'web' | 'desktop' | 'electron';

/** What a host is started with. */
export interface HostOptions {
  dataDir: string;
  /** The shell's own arguments besides its data folder. */
  switches: readonly string[];
  /** Added to the environment of the console's process. */
  environment: Readonly<Record<string, string>>;
  /** Makes a page in the suite's own browser, for the host that has none. */
  newPage: () => Promise<Page>;
}

/** A running console with its page open. */
export interface ConsoleHost {
  name: HostName;
  page: Page;
  /** Process id of the shell. */
  pid: number;
  /** Web shell: the address it printed, whose code its page has used. */
  address?: string;
  /** Web shell: asks for the code of another sign-in, as an operator does. */
  anotherCode?(): Promise<string>;
  /** Web shell: its token for scripts. */
  token?: string;
  /** What the shell wrote to standard error so far. */
  stderr(): string;
  /** Ends the console as an operator does; yields its exit status. */
  quit(): Promise<number | null>;
}
