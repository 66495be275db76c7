// Takes the README's pictures of the demo cluster into docs/pictures. Run after the interface changed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inRoot, nodePath } from './lib/paths.js';
import { command, setUp } from './lib/setup.js';

/** Pages by the name of their picture. */
const pages = {
  overview: 'Overview',
  users: 'Users',
  limits: 'Limits & quotas',
  usage: 'Usage',
  customers: 'Customers',
};

const size = { width: 1280, height: 760 };

/** Waits until nothing is in progress, and closes what tells that work has ended. */
async function clearTasks(page) {
  const tray = page.getByRole('region', { name: 'Tasks' });
  while ((await tray.getByRole('progressbar').count()) > 0) await page.waitForTimeout(200);
  const close = tray.getByRole('button', { name: /^Dismiss/ });
  while ((await close.count()) > 0) await close.first().click();
}

async function takePictures(address, folder) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  });
  const page = await browser.newPage({ viewport: size, locale: 'en-GB', timezoneId: 'UTC' });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(address);
  const rail = page.getByRole('navigation', { name: 'Pages' });
  const live = page.getByRole('button', { name: /^Data: Live/ });
  await live.waitFor();
  // what pages would begin while pictures are taken is done before
  await rail.getByText('Limits & quotas', { exact: true }).click();
  await page
    .getByRole('progressbar', { name: /^Progress of/ })
    .first()
    .waitFor();
  await clearTasks(page);
  for (const [name, label] of Object.entries(pages)) {
    await rail.getByText(label, { exact: true }).click();
    await page.getByRole('heading', { level: 1, name: label }).waitFor();
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
    await live.waitFor();
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  }
  await browser.close();
}

await command(async () => {
  await setUp({ bundle: true });
  const folder = inRoot('docs', 'pictures');
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(tmpdir(), 'ostor-console-pictures-'));
  const shell = spawn(nodePath(), [inRoot('out', 'main', 'web.js'), '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [address] = await once(createInterface({ input: shell.stdout }), 'line');
    await takePictures(address, folder);
    return 0;
  } finally {
    const ended = once(shell, 'exit');
    shell.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
