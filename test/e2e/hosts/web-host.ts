import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, type Page } from '@playwright/test';
import { collectStderr, endChild } from './child.ts';
import type { ConsoleHost, HostOptions } from './console-host.ts';
import { bundle, nodeProgram } from './programs.ts';

/** Opens the console by its address; a busy machine may take longer for that than a code is valid: then by another. */
async function signIn(
  page: Page,
  console_: { address: string; anotherCode(): Promise<string> },
): Promise<string> {
  const { origin } = new URL(console_.address);
  for (let { address } = console_; ; address = `${origin}/#code=${await console_.anotherCode()}`) {
    await page.goto(address);
    const main = page.locator('main');
    await main.waitFor();
    if ((await main.getAttribute('aria-label')) !== 'Signed out') return address;
    await page.goto('about:blank'); // another fragment alone would load nothing
  }
}

/** The code in the last address of a text; empty where there is none. */
export const codeIn = (text: string): string =>
  [...text.matchAll(/#code=([\w-]+)/g)].at(-1)?.[1] ?? '';

/** Starts the built web shell and opens the address it prints. */
export async function startWebHost(options: HostOptions): Promise<ConsoleHost> {
  const page = await options.newPage();
  const tokenFile = `${options.dataDir}.token`;
  const child = spawn(
    nodeProgram,
    [
      ...[bundle('web.js'), '--port', '0', '--token-file', tokenFile],
      ...['--data-dir', options.dataDir, ...options.switches],
    ],
    { env: { ...process.env, ...options.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stderr = collectStderr(child);
  const printed = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', () => reject(new Error(`The web shell ended: ${stderr()}`)));
  });
  const token = readFileSync(tokenFile, 'utf8').trim();
  const anotherCode = async (): Promise<string> => {
    const before = codeIn(stderr());
    child.kill('SIGUSR2');
    await expect.poll(() => codeIn(stderr())).not.toBe(before);
    return codeIn(stderr());
  };
  const address = await signIn(page, { address: printed, anotherCode });
  return {
    name: 'web',
    page,
    pid: child.pid ?? 0,
    address,
    token,
    anotherCode,
    stderr,
    quit: async () => {
      await page.close();
      return await endChild(child);
    },
  };
}
