import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openAddress, openClusterPage } from '../helpers/connect.ts';
import { freshness, goTo, listOf } from '../helpers/frame.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

/** Where a file is kept that the page hands over. */
async function saved(
  page: Page,
  folder: (name: string) => string,
  press: () => Promise<void>,
): Promise<string> {
  const begun = page.waitForEvent('download');
  await press();
  const download = await begun;
  const path = folder(download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** Selects a file in the system's file picker. */
async function select(page: Page, path: string, press: () => Promise<void>): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await press();
  await (await asked).setFiles(path);
}

test('a field pack is browsed and planned on another workstation, and its plan is applied at home', async ({
  openConsole,
  openGateway,
}, testInfo) => {
  const folder = (name: string) => testInfo.outputPath(name);
  const gateway = await openGateway({ users: 20, buckets: 30 });
  const { page: home } = await openConsole();
  const id = await saveCluster(home, gateway, { name: 'Rack 7' });
  const [tenant] = await tenants(home, id, 'some');
  if (!tenant) throw new Error('The cluster has no tenant.');
  await openAddress(home, '/connections');
  await home.getByRole('button', { name: 'More for Rack 7' }).click();
  await home.getByRole('menuitem', { name: 'Field pack…' }).click();
  await dialog(home).getByRole('checkbox', { name: 'Include cached cluster data' }).check();
  const pack = await saved(home, folder, () =>
    dialog(home).getByRole('button', { name: 'Save field pack' }).click(),
  );

  gateway.log.clear();
  const { page: away } = await openConsole({ dataDir: folder('away') });
  await away.getByRole('button', { name: 'More for all connections' }).click();
  await away.getByRole('menuitem', { name: 'Open field pack…' }).click();
  await select(away, pack, () => dialog(away).getByLabel('File', { exact: true }).click());
  await dialog(away).getByRole('button', { name: 'Read field pack' }).click();
  await expect(dialog(away)).toContainText('20 users, 30 buckets');
  await dialog(away).getByRole('button', { name: 'Open cluster' }).click();
  await away.waitForURL(/#\/c\/[a-z0-9-]+\/overview/);
  await expect(freshness(away)).toContainText('Offline');
  for (const [label, total] of [
    ['Buckets', 30],
    ['Users', 20],
  ] as const) {
    await goTo(away, label);
    await expect(listOf(away, total)).toBeVisible();
  }
  await away.getByRole('row', { name: tenant.email }).click();
  const panel = away.getByRole('complementary', { name: 'Details of the user' });
  await panel.getByRole('button', { name: 'Disable user' }).click();
  await expect(dialog(away)).toContainText('As last seen');
  await dialog(away).getByLabel('Name of the plan').fill('On the train');
  await dialog(away).getByRole('button', { name: 'Add to plan' }).click();
  await expect(away.getByRole('dialog')).toHaveCount(0);
  // not by the message about it, which does not stay
  const awayId = /#\/c\/([a-z0-9-]+)\//.exec(away.url())?.[1] ?? '';
  const [kept] = await callValue(away, 'plans.list', { connectionId: awayId });
  await openClusterPage(away, awayId, `changes/plans/${kept?.planId}`);
  await expect(away.getByRole('row', { name: tenant.email })).toContainText('Disable user');
  await away.getByRole('button', { name: 'Actions on the plan' }).click();
  const plan = await saved(away, folder, () =>
    away.getByRole('menuitem', { name: 'Export plan' }).click(),
  );
  expect(gateway.log.entries.map(({ query }) => query)).toEqual([]);

  await openClusterPage(home, id, 'changes/plans');
  await select(home, plan, () => home.getByRole('button', { name: 'Import a plan' }).click());
  await expect(home.getByRole('heading', { name: 'On the train' })).toBeVisible();
  await home.getByRole('button', { name: 'Compare with the cluster' }).click();
  await expect(home.getByRole('row', { name: tenant.email })).toContainText('Applies');
  expect(gateway.state.users.byId.get(tenant.userId)?.enabled).toBe(true);
  await home.getByRole('button', { name: 'Preview and apply' }).click();
  await home.getByRole('button', { name: 'Start 1 change' }).click();
  await dialog(home).getByRole('button', { name: 'Start 1 change' }).click();
  await expect(home.getByRole('button', { name: 'Reverse' })).toBeVisible();
  expect(gateway.state.users.byId.get(tenant.userId)?.enabled).toBe(false);
});
