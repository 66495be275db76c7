import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { saveCluster, tenants } from '../helpers/save-cluster.ts';
import type { DesktopHost } from '../hosts/desktop-host.ts';

/** The console's page that is not among those before. */
async function openedPage(host: DesktopHost, before: readonly Page[]): Promise<Page> {
  let found: Page | undefined;
  const look = async (): Promise<boolean> => {
    for (const page of host.page.context().pages()) {
      // what a page itself opened has no bridge; it is closed meanwhile
      const bridge = page.evaluate(() => typeof window.ostorConsole).catch(() => '');
      if (!before.includes(page) && (await bridge) === 'object') found = page;
    }
    return found !== undefined;
  };
  await expect.poll(look).toBe(true);
  return found as Page;
}

/** Chooses "Open in new window" in the menu of a row. */
async function openRow(page: Page, name: string): Promise<void> {
  await page.getByRole('row', { name }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Open in new window' }).click();
}

/** Keeps what the page receives of core from here on. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const reported: string[] = [];
    Reflect.set(window, 'reported', reported);
    window.ostorConsole?.subscribe((event) => void reported.push((event as { name: string }).name));
  });
}

const reportedTo = (page: Page): Promise<string[]> =>
  page.evaluate(() => Reflect.get(window, 'reported'));

/** Asks for a test of the connection that the gateway holds up; the answer is kept in the page. */
async function ask(page: Page, id: string): Promise<void> {
  await page.evaluate((connection) => {
    const reply = window.ostorConsole?.call('connections.test', { id: connection }, 7_000_001);
    Reflect.set(window, 'reply', reply);
  }, id);
}

const replyTo = (page: Page): Promise<{ ok: boolean; error?: { code: string } }> =>
  page.evaluate(() => Reflect.get(window, 'reply'));

test('a row opens in a window of its own: as guarded, answered by itself, closed alone, the last into the tray', async ({
  openConsole,
  openGateway,
  dataDir,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 12 });
  const last = { x: 1780, y: 940, width: 1360, height: 860 };
  await writeFile(join(dataDir, 'window.json'), JSON.stringify({ ...last, maximized: false }));
  const host = (await openConsole()) as unknown as DesktopHost;
  const first = host.page;
  const id = await saveCluster(first, gateway);
  const [user] = await tenants(first, id, 'some');
  const { email = '', userId = '' } = user ?? {};
  await openRow(first, email);
  const second = await openedPage(host, [first]);

  await test.step('it shows the page of the row; the first stays where it was', async () => {
    await expect(second.getByRole('heading', { level: 2, name: email })).toBeVisible();
    expect(new URL(second.url()).hash).toContain(`/users/${userId}`);
    expect(new URL(first.url()).hash).not.toContain(userId);
    await expect.poll(() => first.context().pages()).toEqual([first, second]);
  });

  await test.step('it is where it can be seen: not past the edge of the display', async () => {
    const { width, height } = last;
    expect(await host.ask('places')).toEqual([last, { width, height }]);
  });

  await test.step('it has the same bridge and guards, and a menu at the pointer', async () => {
    const reach = await second.evaluate(() => [
      ...['require', 'process'].map((name) => typeof Reflect.get(window, name)),
      Object.keys(window.ostorConsole ?? {}).join(),
    ]);
    expect(reach).toEqual(['undefined', 'undefined', 'call,cancel,subscribe,onFile,clipboard']);
    const refused = second.waitForEvent('requestfailed', (one) => one.url().endsWith('/elsewhere'));
    await second.evaluate(() => {
      window.open('http://127.0.0.1:1/popup');
      window.location.href = 'http://127.0.0.1:1/elsewhere';
    });
    await refused;
    await expect.poll(() => first.context().pages()).toEqual([first, second]);
    await expect(second.getByRole('heading', { level: 2, name: email })).toBeVisible();
    expect(await host.ask('openedOutside')).toEqual([]);
    await second.getByRole('heading', { level: 2, name: email }).click({ button: 'right' });
    await expect
      .poll(() => host.ask('poppedUp'))
      .toContainEqual(['Back', 'Forward', 'separator', 'selectAll']);
  });

  await test.step('what happens is reported to both; a call is answered, and cancelled, for its own alone', async () => {
    await listen(first);
    await listen(second);
    const answered = Promise.withResolvers<void>();
    gateway.faults.add({ kind: 'latency', until: answered.promise });
    // pages number their calls from the same start
    await ask(first, id);
    await ask(second, id);
    await second.evaluate(() => window.ostorConsole?.cancel(7_000_001));
    expect(await replyTo(second)).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    answered.resolve();
    expect(await replyTo(first)).toMatchObject({ ok: true });
    await callValue(second, 'sync.refresh', { connectionId: id });
    for (const page of [first, second]) {
      await expect.poll(() => reportedTo(page)).toEqual(expect.arrayContaining(['data.changed']));
    }
  });

  await test.step('it closes alone: the first continues', async () => {
    await second.close();
    await expect.poll(() => host.ask('windows')).toEqual([{ visible: true, minimized: false }]);
    await expect(first.getByRole('row', { name: email })).toBeVisible();
    expect(await callValue(first, 'users.get', { connectionId: id, userId })).toMatchObject({
      email,
    });
    expect(await host.ask('trayToolTips')).toEqual([]);
  });

  await test.step('all closed at once, with work to come: the console stays in the tray', async () => {
    await callValue(first, 'usage.setSchedule', { connectionId: id, everyMinutes: 60 });
    await host.ask('chooseFromMenu', 'New Window');
    await openedPage(host, [first]);
    await host.ask('closeWindows');
    await expect
      .poll(() => host.ask('trayToolTips'))
      .toEqual(['Ostor Console: collects the usage of Rack 1 on schedule']);
    expect(await host.ask('windows')).toEqual([]);
    await host.ask('clickTray');
    await expect.poll(() => host.ask('windows')).toHaveLength(1);
    expect(await host.ask('trayToolTips')).toEqual([]);
  });
  expect(await host.quit()).toBe(0);
});
