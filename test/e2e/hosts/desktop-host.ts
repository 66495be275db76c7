import { type ChildProcess, fork } from 'node:child_process';
import { delimiter } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { inRoot } from '../../../scripts/lib/paths.js';
import type { StandInQuestion } from '../../electron-stand-in/control.ts';
import { collectStderr, endChild } from './child.ts';
import type { ConsoleHost, HostOptions } from './console-host.ts';
import { bundle, nodeProgram } from './programs.ts';

/** The desktop shell under the stand-in, which also answers questions about what has no page. */
export interface DesktopHost extends ConsoleHost {
  ask(question: StandInQuestion, argument?: unknown): Promise<unknown>;
  /** How the shell ended: its exit status, or the signal that ended it; null while it runs. */
  ended(): number | string | null;
}

/** A desktop that shows icons in its tray: the program that the console asks answers so. */
function desktopEnvironment(): Record<string, string> {
  const programs = inRoot('test', 'electron-stand-in', 'bin');
  return { PATH: `${programs}${delimiter}${process.env.PATH}` };
}

let lastQuestion = 0;

function ask(child: ChildProcess, question: StandInQuestion, argument?: unknown): Promise<unknown> {
  lastQuestion += 1;
  const id = lastQuestion;
  return new Promise((resolve, reject) => {
    const onMessage = (message: { id: number; answer?: unknown; error?: string }): void => {
      if (message.id !== id) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      if (message.error === undefined) resolve(message.answer);
      else reject(new Error(message.error));
    };
    const onExit = (): void => reject(new Error('The desktop shell ended.'));
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.send({ id, question, argument });
  });
}

/** The console's own page among those of the browser; waits until it is there. */
async function consolePage(context: BrowserContext): Promise<Page> {
  const isOurs = (page: Page): boolean => page.url().startsWith('http://console.app.localhost/');
  for (;;) {
    const page = context.pages().find(isOurs);
    if (page) return page;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts the built desktop shell on Chromium and attaches to its window's page. */
export async function startDesktopHost(options: HostOptions): Promise<DesktopHost> {
  const launcher = inRoot('test', 'electron-stand-in', 'launch.ts');
  const switches = ['--data-dir', options.dataDir, ...options.switches];
  const child = fork(launcher, [bundle('index.js'), ...switches], {
    execPath: nodeProgram,
    execArgv: [],
    env: { ...process.env, ...desktopEnvironment(), ...options.environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stderr = collectStderr(child);
  const address = await ask(child, 'debuggingAddress').catch((error: Error) => {
    throw new Error(`${error.message} ${stderr()}`);
  });
  const browser = await chromium.connectOverCDP(String(address));
  const context = browser.contexts()[0];
  if (!context) throw new Error('The stand-in has no browser context.');
  const page = await consolePage(context);
  await page.setViewportSize({ width: 1360, height: 860 });
  await page.waitForLoadState();
  return {
    name: 'desktop',
    page,
    pid: child.pid ?? 0,
    stderr,
    ask: (question, argument) => ask(child, question, argument),
    ended: () => child.exitCode ?? child.signalCode,
    quit: async () => {
      await browser.close();
      return await endChild(child);
    },
  };
}
