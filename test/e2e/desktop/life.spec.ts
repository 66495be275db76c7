import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openToOthers } from '#test/fakes/open-to-others.ts';
import { inRoot } from '../../../scripts/lib/paths.js';
import { expect, test } from '../fixtures.ts';
import { addCluster } from '../helpers/connect.ts';
import type { DesktopHost } from '../hosts/desktop-host.ts';
import { bundle, nodeProgram } from '../hosts/programs.ts';

/** Starts the shell once more on a folder, as a click on its icon or on a plan does. */
function startAgain(dataDir: string, ...files: readonly string[]): ChildProcess {
  const launcher = inRoot('test', 'electron-stand-in', 'launch.ts');
  return spawn(nodeProgram, [launcher, bundle('index.js'), '--data-dir', dataDir, ...files], {
    stdio: 'ignore',
    cwd: dataDir,
  });
}

test('is one instance for a data folder: a second start ends at once, its change plan is opened', async ({
  openConsole,
}) => {
  // a plan is opened for a cluster
  const { dataDir, page } = await openConsole({ demo: true });
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  await writeFile(join(dataDir, 'night.ostorplan'), 'not a plan');
  const ended = once(startAgain(dataDir, 'night.ostorplan'), 'exit');
  // the message does not stay: it is looked for first
  await expect(page.getByText('The plan could not be opened')).toBeVisible();
  const [status] = (await ended) as [number | null];
  expect(status).toBe(0);
});

test('has a menu and a keychain, keeps its zoom and where its window stood, and secures itself', async ({
  openConsole,
}) => {
  const console_ = (await openConsole()) as DesktopHost & { dataDir: string };
  const labels = (await console_.ask('menuLabels')) as string[];
  expect(labels).toEqual(expect.arrayContaining(['File', 'editMenu', 'View', 'Go', 'windowMenu']));
  expect(await console_.ask('zoom', 'in')).toBe(0.5);
  // through a utility process: the packaged program does not run as Node
  const info = await console_.page.evaluate(() => window.ostorConsole?.call('app.info', {}));
  expect(info).toMatchObject({ ok: true, value: { secretStore: 'keychain' } });
  expect(await console_.ask('services')).toContain('Ostor Console Keychain');
  // what the page receives from here on
  await console_.page.evaluate(() => {
    const reported: unknown[] = [];
    Reflect.set(window, 'reported', reported);
    window.ostorConsole?.subscribe((event) => void reported.push(event));
  });
  await console_.ask('lockScreen');
  await expect
    .poll(() => console_.page.evaluate(() => Reflect.get(window, 'reported')))
    .toContainEqual({ name: 'app.secured', payload: {} });
  expect(await console_.quit()).toBe(0);
  expect(openToOthers(console_.dataDir)).toEqual([]);
  expect(JSON.parse(await readFile(join(console_.dataDir, 'desktop.json'), 'utf8'))).toMatchObject({
    zoomLevel: 0.5,
  });
  const kept = JSON.parse(await readFile(join(console_.dataDir, 'window.json'), 'utf8'));
  expect(kept).toMatchObject({ width: 1360, height: 860, maximized: false });
});

test('continues with its work when the window is closed, and says so in the tray', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 50, buckets: 50 });
  const host = (await openConsole()) as DesktopHost & { dataDir: string };
  await addCluster(host.page, gateway);
  const answered = Promise.withResolvers<void>();
  gateway.faults.add({ kind: 'latency', until: answered.promise });
  await host.page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(host.page.getByRole('button', { name: /^Data: Refreshing/ })).toBeVisible();
  await host.page.close();
  await expect.poll(() => host.ask('trayToolTips')).toEqual(['Ostor Console: work is under way']);
  answered.resolve();
  // the work ended, nobody came back: the console ends on its own
  await expect.poll(() => host.ended()).toBe(0);
  expect(await host.quit()).toBe(0);
});

test('where the compositor never announces a drawn window and there is no tray, it shows it, minimises it and asks before it quits', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 50, buckets: 50 });
  const environment = { STAND_IN_READY_TO_SHOW: 'never', STAND_IN_TRAY: 'false' };
  const host = (await openConsole({ environment })) as unknown as DesktopHost;
  await expect.poll(() => host.ask('windows')).toEqual([{ visible: true, minimized: false }]);
  await addCluster(host.page, gateway);
  gateway.latencyMs = 60_000;
  await host.page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(host.page.getByRole('button', { name: /^Data: Refreshing/ })).toBeVisible();
  await host.ask('closeWindow');
  await expect.poll(() => host.ask('windows')).toEqual([{ visible: true, minimized: true }]);
  // said once, however often it is closed
  await host.ask('closeWindow');
  await expect
    .poll(() => host.ask('notifications'))
    .toEqual([
      expect.objectContaining({ title: 'Ostor Console keeps running in a minimised window' }),
    ]);
  expect(await host.ask('trayToolTips')).toEqual([]);

  await host.ask('requestQuit');
  await expect.poll(() => host.ask('dialogs')).toEqual(['Quit while work is in progress?']);
  await host.ask('answerDialog', 2);
  await expect(host.page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  await host.ask('requestQuit');
  await expect.poll(() => host.ask('dialogs')).toEqual(['Quit while work is in progress?']);
  await host.ask('answerDialog', 1).catch(() => undefined);
  await expect.poll(() => host.ended()).toBe(0);
});
