import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { chromiumPath, shortLivedArguments } from '../e2e/chromium.ts';

let profile: string | null = null;
let opening: Promise<BrowserContext> | null = null;

async function open(): Promise<BrowserContext> {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-console-chromium-'));
  profile = folder;
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath,
    args: [...shortLivedArguments, '--remote-debugging-port=0', '--window-size=1360,860'],
    viewport: null,
  });
  // after the driver's own listener, which has killed the browser by then
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return context;
}

/** The browser that the windows are pages of; started for the first. */
export function openChromium(): Promise<BrowserContext> {
  opening ??= open();
  return opening;
}

/** Where a test can attach to the pages, `http://127.0.0.1:PORT`. */
export async function debuggingAddress(): Promise<string> {
  await openChromium();
  const file = await readFile(join(profile ?? '', 'DevToolsActivePort'), 'utf8');
  return `http://127.0.0.1:${file.split('\n')[0]}`;
}
