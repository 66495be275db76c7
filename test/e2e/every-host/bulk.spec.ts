import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

const rows = (page: Page) => page.getByRole('grid').getByRole('row');
const figure = (page: Page, name: string) =>
  page.getByText(name, { exact: true }).first().locator('xpath=following-sibling::div[1]');

/** The preview of a change of chosen rows, by keyboard alone from the list on. */
async function chooseByKeyboard(page: Page, count: number): Promise<void> {
  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press(' ');
  for (let more = 1; more < count; more += 1) {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
  }
}

test('sets the quota of chosen users by keyboard: preview, canary, result, journal, and back', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 20, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await chooseByKeyboard(page, 5);
  await expect(page.getByText('5 users chosen')).toBeVisible();
  await page.getByRole('button', { name: 'Change', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Set quota' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await dialog(page).getByLabel('Quota in GB').fill('98765');
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'Set quota to 98765 GB, users' })).toBeVisible();
  await expect(rows(page).nth(1)).toContainText('98,765 GB');
  const written = () => gateway.log.acted();
  expect(written()).toHaveLength(0);
  await page.getByRole('button', { name: 'Start 5 changes' }).click();
  await dialog(page)
    .getByLabel(/wait until I say so/)
    .check();
  await dialog(page)
    .getByLabel(/Ticket/)
    .fill('OPS-12');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The first rows are done and verified')).toBeVisible();
  expect(written()).toHaveLength(3);
  await page.getByRole('button', { name: 'Go on with the rest' }).click();
  await expect(page.getByText('Finished').first()).toBeVisible();
  await expect(figure(page, 'Done and verified')).toHaveText('5');
  expect(written()).toHaveLength(5);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  const file = await (await download).path();
  expect((await readFile(file, 'utf8')).match(/Verified/g)).toHaveLength(5);

  await page.getByRole('link', { name: 'Journal of this run' }).click();
  await expect(page.getByText('of 5').first()).toBeVisible();
  await expect(rows(page).nth(1)).toContainText('98,765');

  await page.goBack();
  await page.getByRole('button', { name: 'Reverse' }).click();
  await dialog(page).getByRole('button', { name: 'Preview 5 changes' }).click();
  await expect(page.getByRole('heading', { name: /^Reverse: Set quota/ })).toBeVisible();
  await page.getByRole('button', { name: 'Start 5 changes' }).click();
  await dialog(page).getByRole('button', { name: 'Start 5 changes' }).click();
  await expect(figure(page, 'Done and verified')).toHaveText('5');
  const [first] = await tenants(page, id, 'some');
  const target = { user: first?.userId ?? '' };
  const quota = await callValue(page, 'quotas.get', { connectionId: id, target });
  expect(quota.sizeGb).not.toBe(98_765);
});

test('a table names its errors by line and column; failed rows are retried alone', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 20, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { open: 'changes/new' });
  const users = (await tenants(page, id, 'some')).slice(0, 4);
  const table = page.getByRole('textbox', { name: 'Table' });
  const lines = users.map(({ userId }) => `${userId},4321`);
  await table.fill(
    ['id,quota_gb', ...lines, 'ffffffffffffffff,1', `${users[0]?.userId},x`].join('\n'),
  );
  await expect(page.getByRole('button', { name: 'Line 6 id' })).toBeVisible();
  await expect(page.getByText(/knows no user "ffffffffffffffff"/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Line 7 quota_gb' })).toBeVisible();
  await expect(page.getByText(/stands in line 2 already/)).toBeVisible();
  await table.fill(['id,quota_gb', ...lines].join('\n'));
  await page.getByRole('button', { name: 'Preview 4 changes' }).click();
  await expect(page.getByRole('heading', { name: 'Changes from a table' })).toBeVisible();

  const fault = gateway.faults.add({
    kind: 'status',
    status: 403,
    skip: 3,
    match: { service: 'ostor-quotas', method: 'PUT' },
  });
  await page.getByRole('button', { name: 'Start 4 changes' }).click();
  await dialog(page).getByRole('button', { name: 'Start 4 changes' }).click();
  await expect(figure(page, 'Failed')).toHaveText('1');
  await expect(figure(page, 'Done and verified')).toHaveText('3');
  await figure(page, 'Failed').getByRole('link').click();
  await expect(page.getByText('1–1 of 1')).toBeVisible();
  await rows(page).nth(1).click();
  const panel = page.getByRole('complementary', { name: 'Details of the row' });
  await expect(panel.getByRole('alert')).toContainText('request id');
  await page.keyboard.press('Escape');
  fault.remove();
  await page.getByRole('button', { name: 'Retry 1 failed row' }).click();
  await dialog(page).getByRole('button', { name: 'Retry 1 failed row' }).click();
  await expect(figure(page, 'Done and verified')).toHaveText('4');
  await expect(figure(page, 'Failed')).toHaveText('0');
});

test('a plan made offline is opened, checked for drift row by row, and applied', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 20, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await callValue(page, 'sweep.start', { connectionId: id, requestsPerSecond: 2000 });
  await expect(async () => {
    const { usersKnown, users } = await callValue(page, 'sweep.status', { connectionId: id });
    expect(usersKnown).toBe(users);
  }).toPass();
  const outage = gateway.faults.add({ kind: 'reset-before' });
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Data: / })).toContainText('Offline');
  await chooseByKeyboard(page, 4);
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Set quota' }).click();
  await dialog(page).getByLabel('Quota in GB').fill('5555');
  await expect(dialog(page).getByRole('button', { name: 'Preview 4 changes' })).toBeDisabled();
  await dialog(page).getByRole('button', { name: 'Save as a plan' }).click();
  await dialog(page).getByLabel('Name of the plan').fill('Night raise');
  const download = page.waitForEvent('download');
  await dialog(page).getByRole('button', { name: 'Save plan' }).click();
  const file = await (await download).path();
  outage.remove();

  const planned = (
    JSON.parse(await readFile(file, 'utf8')) as { changes: { target: { id: string } }[] }
  ).changes;
  const target = { user: planned[1]?.target.id ?? '' };
  await callValue(page, 'quotas.set', { connectionId: id, target, sizeGb: 11 });
  await openClusterPage(page, id, 'changes/plan');
  await page.getByLabel('Open a plan file').setInputFiles({
    name: 'night.json',
    mimeType: 'application/json',
    buffer: await readFile(file),
  });
  await expect(page.getByRole('heading', { name: 'Night raise' })).toBeVisible();
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Data: / })).toContainText('Live');
  await page.getByRole('button', { name: 'Compare with the cluster' }).click();
  await expect(page.getByText('changed since: 1')).toBeVisible();
  await expect(rows(page).nth(2)).toContainText('Changed since');
  await page.getByRole('button', { name: 'Start 3 changes' }).click();
  await dialog(page).getByRole('button', { name: 'Start 3 changes' }).click();
  await expect(figure(page, 'Done and verified')).toHaveText('3');
  await expect(page.getByRole('button', { name: 'Reverse' })).toBeVisible();
});

test('production is locked, and wants its name typed for what destroys', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 20, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { environment: 'production' });
  const users = await tenants(page, id, 'some');
  const source = {
    from: 'users',
    userIds: users.slice(0, 3).map(({ userId }) => userId),
    change: { change: 'disable' },
  } as const;
  const { runId } = await callValue(page, 'bulk.preview', { connectionId: id, source });
  await openClusterPage(page, id, `changes/run/${runId}`);
  await expect(page.getByText('It touches')).toBeVisible();
  const start = page.getByRole('button', { name: /^Start \d changes?$/ });
  await start.click();
  const send = dialog(page).getByRole('button', { name: /^Start \d changes?$/ });
  await expect(send).toBeDisabled();
  await dialog(page)
    .getByRole('button', { name: /^Unlock for/ })
    .click();
  await dialog(page)
    .getByLabel(/to confirm on production/)
    .fill('Rack 1');
  await send.click();
  await expect(page.getByText('Finished').first()).toBeVisible();
  await expect(figure(page, 'Done and verified')).not.toHaveText('0');
});
