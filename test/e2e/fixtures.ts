import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type Simulator, type SimulatorOptions, startSimulator } from '#simulator/index.ts';
import { Keyboard, watchForMessages, watchForPointers } from './helpers/keyboard.ts';
import type { ConsoleHost, HostName, HostOptions } from './hosts/console-host.ts';
import { startDesktopHost } from './hosts/desktop-host.ts';
import { startElectronHost } from './hosts/electron-host.ts';
import { startWebHost } from './hosts/web-host.ts';
import { type Keyring, startKeyring } from './keyring.ts';

const starters: Record<HostName, (options: HostOptions) => Promise<ConsoleHost>> = {
  web: startWebHost,
  desktop: startDesktopHost,
  electron: startElectronHost,
};

/** The tag of an area's one journey, which runs on every host; other specs run on the web shell alone. */
export const journey = '@journey';

/** A running console and where its data is. */
interface OpenConsole extends ConsoleHost {
  dataDir: string;
}

/** What a test is given. */
export interface TestFixtures {
  /** A folder for a console's data, removed after the test. */
  dataDir: string;
  /**
   * Starts the console of this project's host with a page on it; ended after the test. Without
   * `dataDir` it starts on the test's own, so that a second start finds what the first kept. The demo
   * cluster is there for those who ask for it: starting it takes longer than most tests do.
   */
  openConsole(options?: {
    dataDir?: string;
    demo?: boolean;
    /** Added to the environment of the console's process. */
    environment?: Readonly<Record<string, string>>;
  }): Promise<OpenConsole>;
  /** Starts a separate gateway for the test; ended after it. */
  openGateway(options?: SimulatorOptions): Promise<Simulator>;
  /**
   * From here on the page is worked by keyboard alone: the test fails if a pointer touches it, or
   * text comes into a field without keys.
   */
  byKeyboard(page: Page): Promise<Keyboard>;
}

interface WorkerFixtures {
  hostName: HostName;
  keyring: Keyring;
}

/** The suite's `test`: consoles on the project's host, gateways, folders. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  hostName: ['web', { option: true, scope: 'worker' }],
  keyring: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads a fixture's needs from this pattern
    async ({}, use) => {
      const keyring = await startKeyring();
      await use(keyring);
      keyring.close();
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads a fixture's needs from this pattern
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ostor-console-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  },
  openConsole: async ({ hostName, keyring, dataDir, context }, use, testInfo) => {
    const opened: ConsoleHost[] = [];
    await use(async (options = {}) => {
      const folder = options.dataDir ?? dataDir;
      const host = await starters[hostName]({
        dataDir: folder,
        switches: options.demo ? [] : ['--no-demo'],
        environment: { ...keyring.environment, ...options.environment },
        newPage: () => context.newPage(),
      });
      opened.push(host);
      return { ...host, dataDir: folder };
    });
    for (const host of opened) {
      await host.quit();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach(`${host.name} stderr`, { body: host.stderr() });
      }
    }
  },
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads a fixture's needs from this pattern
  openGateway: async ({}, use) => {
    const opened: Simulator[] = [];
    await use(async (options) => {
      const simulator = await startSimulator(options);
      opened.push(simulator);
      return simulator;
    });
    for (const simulator of opened) await simulator.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads a fixture's needs from this pattern
  byKeyboard: async ({}, use) => {
    const watched: (readonly string[])[] = [];
    await use(async (page) => {
      watched.push(await watchForPointers(page));
      await watchForMessages(page);
      return new Keyboard(page);
    });
    expect(watched.flat(), 'what was done without the keyboard').toEqual([]);
  },
});

/** Playwright's assertions, under the suite's own roof. */
export { expect } from '@playwright/test';
