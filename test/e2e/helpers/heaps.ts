import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { ConsoleHost } from '../hosts/console-host.ts';

/** The page's heap after a collection of garbage, as the developer tools save it. */
export async function pageHeap(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const parts: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return Buffer.from(parts.join(''));
}

/** Environment in which a console writes its heap to a folder when it is asked to. */
export function heapEnvironment(folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  return { NODE_OPTIONS: `--heapsnapshot-signal=SIGWINCH --diagnostic-dir=${folder}` };
}

/** The heap of the console's own process after a collection of garbage. */
export async function consoleHeap(host: ConsoleHost, folder: string): Promise<Buffer> {
  process.kill(host.pid, 'SIGWINCH');
  let content = '';
  await expect
    .poll(() => {
      const [name] = existsSync(folder) ? readdirSync(folder) : [];
      content = name === undefined ? '' : readFileSync(join(folder, name), 'utf8');
      return content.trimEnd().endsWith(']}');
    })
    .toBe(true);
  return Buffer.from(content);
}
