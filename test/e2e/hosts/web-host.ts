import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { collectStderr, endChild } from './child.ts';
import type { ConsoleHost, HostOptions } from './console-host.ts';
import { bundle, nodeProgram } from './programs.ts';

/** Starts the built web shell and opens the address it prints. */
export async function startWebHost(options: HostOptions): Promise<ConsoleHost> {
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
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', () => reject(new Error(`The web shell ended: ${stderr()}`)));
  });
  const token = readFileSync(tokenFile, 'utf8').trim();
  const page = await options.newPage();
  await page.goto(address);
  return {
    name: 'web',
    page,
    pid: child.pid ?? 0,
    address,
    token,
    stderr,
    quit: async () => {
      await page.close();
      return await endChild(child);
    },
  };
}
