import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from '../../../scripts/lib/paths.js';
import { expect, test } from '../fixtures.ts';
import { addCluster } from '../helpers/connect.ts';
import type { DesktopHost } from '../hosts/desktop-host.ts';
import { bundle, nodeProgram } from '../hosts/programs.ts';

test('is one instance for a data folder: a second start ends at once', async ({ openConsole }) => {
  const { dataDir, page } = await openConsole();
  const second = spawn(
    nodeProgram,
    [inRoot('test', 'electron-stand-in', 'launch.ts'), bundle('index.js'), '--data-dir', dataDir],
    { stdio: 'ignore' },
  );
  const [status] = (await once(second, 'exit')) as [number | null];
  expect(status).toBe(0);
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
});

test('has a menu, and keeps where its window stood', async ({ openConsole }) => {
  const console_ = (await openConsole()) as DesktopHost & { dataDir: string };
  const labels = (await console_.ask('menuLabels')) as string[];
  expect(labels).toEqual(expect.arrayContaining(['File', 'editMenu', 'View', 'windowMenu']));
  expect(await console_.quit()).toBe(0);
  const kept = JSON.parse(await readFile(join(console_.dataDir, 'window.json'), 'utf8'));
  expect(kept).toMatchObject({ width: 1360, height: 860, maximized: false });
});

test('goes on with its work when the window is closed, and says so in the tray', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 50, buckets: 50 });
  const host = (await openConsole()) as DesktopHost & { dataDir: string };
  await addCluster(host.page, gateway);
  gateway.latencyMs = 4_000;
  await host.page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(host.page.getByRole('button', { name: /^Data: Refreshing/ })).toBeVisible();
  await host.page.close();
  await expect.poll(() => host.ask('trayToolTips')).toEqual(['Ostor Console: work is under way']);
  gateway.latencyMs = 0;
  // the work ended, nobody came back: the console ends by itself
  await expect.poll(() => host.exited()).toBe(true);
  expect(await host.quit()).toBe(0);
});
