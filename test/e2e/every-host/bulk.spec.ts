import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, journey, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { freshness, listOf, wasRead } from '../helpers/frame.ts';
import type { Keyboard } from '../helpers/keyboard.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

const rows = (page: Page) => page.getByRole('grid').getByRole('row');
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
const figure = (page: Page, name: string) =>
  page.getByText(name, { exact: true }).first().locator('xpath=following-sibling::div[1]');

/** Chooses the rows after the first and opens the dialog that sets their quota. */
async function setQuotaOf(page: Page, keyboard: Keyboard, count: number, size: string) {
  await keyboard.toList();
  await keyboard.press('Home');
  for (let selected = 0; selected < count; selected += 1)
    await keyboard.press('ArrowDown', 'Space');
  await expect(page.getByText(`${count} users selected`)).toBeVisible();
  await keyboard.chooseFrom(button(page, 'Change'), 'Set quota');
  await expect(dialog(page).getByLabel('Quota in GB')).toBeFocused();
  await keyboard.type(size);
}

/** Sets a previewed run to work as it is. */
async function start(page: Page, keyboard: Keyboard, verb: string): Promise<void> {
  await keyboard.activate(button(page, verb));
  await keyboard.activate(dialog(page).getByRole('button', { name: verb }));
}

/** Finds a full quota on the page about all clusters, puts it off, brings it back, and raises the quota. */
async function signalThroughAll(page: Page, keyboard: Keyboard, name: string): Promise<void> {
  await keyboard.go('a', 'All clusters');
  const signals = page.getByRole('region', { name: 'Signals' });
  const shown = signals.getByRole('radiogroup', { name: 'Which signals' });
  await expect(signals.getByRole('list')).toMatchAriaSnapshot(`
    - list "Signals of all clusters":
      - listitem:
        - text: /Quota reached or near/
        - link "${name}"
        - 'button "Raise quota: ${name}"'
        - 'button "Snooze Quota reached or near: ${name}"'
  `);
  await keyboard.activate(signals.getByRole('button', { name: /^Snooze Quota/ }));
  await expect(dialog(page).getByLabel('Reason')).toBeFocused();
  await keyboard.type('More disks are ordered');
  await keyboard.select(dialog(page).getByRole('radiogroup', { name: 'For how long' }), '30 days');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Snooze signal' }));
  await expect(signals.getByRole('radio', { name: 'Snoozed 1' })).toBeAttached();
  await expect(signals.getByRole('link', { name })).toHaveCount(0);
  await keyboard.select(shown, 'Snoozed 1');
  await expect(signals).toContainText(/Snoozed until .*: More disks are ordered/);
  await keyboard.activate(signals.getByRole('button', { name: /^End snooze/ }));
  await keyboard.activate(dialog(page).getByRole('button', { name: 'End snooze' }));
  await keyboard.select(shown, /^All \d+$/);
  await keyboard.activate(signals.getByRole('button', { name: /^Raise quota/ }));
  await expect(dialog(page).getByLabel('Quota in GB')).not.toHaveValue('1');
  await keyboard.confirm('Set quota');
  await expect(signals.getByRole('button', { name: /^Raise quota/ })).toHaveCount(0);
}

test('sets the quota of selected users: preview, canary, result, journal, and back', {
  tag: journey,
}, async ({ openConsole, openGateway, byKeyboard, hostName }) => {
  const gateway = await openGateway({ users: 20, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const keyboard = await byKeyboard(page);
  await setQuotaOf(page, keyboard, 5, '98765');
  await expect(button(page, 'Preview 5 changes')).toBeEnabled();
  await keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'Set quota to 98765 GB, users' })).toBeVisible();
  await expect(rows(page).nth(1)).toContainText('98,765 GB');
  const written = () => gateway.log.acted();
  expect(written()).toHaveLength(0);
  await keyboard.activate(button(page, 'Start 5 changes'));
  await keyboard.select(dialog(page).getByRole('radiogroup'), /Pause for my approval/);
  await keyboard.fill(dialog(page).getByLabel(/Ticket/), 'OPS-12');
  await keyboard.press('Enter');
  await expect(page.getByText('The first rows are done and verified')).toBeVisible();
  expect(written()).toHaveLength(3);
  await keyboard.activate(button(page, 'Resume with the rest'));
  await expect(page.getByText('Finished').first()).toBeVisible();
  await expect(figure(page, 'Done and verified')).toHaveText('5');
  expect(written()).toHaveLength(5);

  const download = page.waitForEvent('download');
  await keyboard.activate(button(page, 'Export as CSV'));
  const file = await (await download).path();
  expect((await readFile(file, 'utf8')).match(/Verified/g)).toHaveLength(5);

  await keyboard.activate(page.getByRole('link', { name: 'Journal of this run' }));
  await expect(page.getByRole('heading', { level: 1, name: 'Journal' })).toBeVisible();
  await expect(listOf(page, 5)).toBeVisible();
  await expect(rows(page).nth(1)).toContainText('98,765');

  // the rest has nothing of the host in it: once is enough
  if (hostName !== 'web') return;
  await page.goBack();
  await keyboard.activate(button(page, 'Reverse'));
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Preview 5 changes' }));
  await expect(page.getByRole('heading', { name: /^Reverse: Set quota/ })).toBeVisible();
  await start(page, keyboard, 'Start 5 changes');
  await expect(figure(page, 'Done and verified')).toHaveText('5');
  const [first] = await tenants(page, id, 'some');
  const target = { user: first?.userId ?? '' };
  const quota = await callValue(page, 'quotas.get', { connectionId: id, target });
  expect(quota.sizeGb).not.toBe(98_765);

  const users = await tenants(page, id, 'some');
  const full = users.find(({ currentBytes }) => Number(currentBytes) > 2e9);
  const over = { user: full?.userId ?? '' };
  await callValue(page, 'quotas.set', { connectionId: id, target: over, sizeGb: 1 });
  await signalThroughAll(page, keyboard, full?.email ?? '');
});

test('a table names its errors by line and column; failed rows are retried alone', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 20, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const users = (await tenants(page, id, 'some')).slice(0, 4);
  const keyboard = await byKeyboard(page);
  await keyboard.run('Change many users from a table');
  const table = page.getByRole('textbox', { name: 'Table' });
  const lines = users.map(({ userId }) => `${userId},4321`);
  await keyboard.tabTo(table);
  await keyboard.type(
    ['id,quota_gb', ...lines, 'ffffffffffffffff,1', `${users[0]?.userId},x`].join('\n'),
  );
  await expect(button(page, 'Line 6 id')).toBeVisible();
  await expect(page.getByText(/knows no user "ffffffffffffffff"/)).toBeVisible();
  await expect(button(page, 'Line 7 quota_gb')).toBeVisible();
  await expect(page.getByText(/duplicates line 2/)).toBeVisible();
  // An error leads to its line; what is wrong goes, line by line.
  await keyboard.activate(button(page, 'Line 7 quota_gb'));
  await expect(table).toBeFocused();
  await keyboard.press('Backspace', 'Backspace', 'Shift+Home', 'Backspace', 'Backspace');
  await expect(table).toHaveValue(['id,quota_gb', ...lines].join('\n'));
  await keyboard.activate(button(page, 'Preview 4 changes'));
  await expect(page.getByRole('heading', { name: 'Changes from a table' })).toBeVisible();

  const fault = gateway.faults.add({
    kind: 'status',
    status: 403,
    skip: 3,
    match: { service: 'ostor-quotas', method: 'PUT' },
  });
  await start(page, keyboard, 'Start 4 changes');
  await expect(figure(page, 'Failed')).toHaveText('1');
  await expect(figure(page, 'Done and verified')).toHaveText('3');
  await keyboard.activate(figure(page, 'Failed').getByRole('link'));
  await expect(listOf(page, 1)).toBeVisible();
  await keyboard.toList();
  await keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Details of the row' });
  await expect(panel.getByRole('alert')).toContainText('ACCESS_DENIED · status 403 · request id');
  await keyboard.press('Escape');
  fault.remove();
  await start(page, keyboard, 'Retry 1 failed row');
  await expect(figure(page, 'Done and verified')).toHaveText('4');
  await expect(figure(page, 'Failed')).toHaveText('0');
});

test('a plan made offline is opened, checked for drift row by row, and applied', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 20, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await callValue(page, 'inventory.start', { connectionId: id, requestsPerSecond: 2000 });
  await expect(async () => {
    const { usersKnown, users } = await callValue(page, 'inventory.status', { connectionId: id });
    expect(usersKnown).toBe(users);
  }).toPass();
  const keyboard = await byKeyboard(page);
  const outage = gateway.faults.add({ kind: 'reset-before' });
  await keyboard.press('r');
  await expect(freshness(page)).toContainText('Offline');
  await setQuotaOf(page, keyboard, 4, '5555');
  await expect(button(page, 'Preview 4 changes')).toBeDisabled();
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Save as a plan' }));
  await expect(dialog(page).getByLabel('Name of the plan')).toBeFocused();
  await keyboard.type('Night raise');
  const download = page.waitForEvent('download');
  await keyboard.press('Enter');
  const file = await (await download).path();
  outage.remove();

  const planned = (
    JSON.parse(await readFile(file, 'utf8')) as { changes: { target: { id: string } }[] }
  ).changes;
  const target = { user: planned[1]?.target.id ?? '' };
  await callValue(page, 'quotas.set', { connectionId: id, target, sizeGb: 11 });
  await keyboard.run('Open a change plan');
  const chooser = page.waitForEvent('filechooser');
  await keyboard.activate(button(page, 'Open a plan file'));
  await (await chooser).setFiles({
    name: 'night.json',
    mimeType: 'application/json',
    buffer: await readFile(file),
  });
  await expect(page.getByRole('heading', { name: 'Night raise' })).toBeVisible();
  await keyboard.press('r');
  await expect(freshness(page)).toContainText(wasRead);
  await keyboard.activate(button(page, 'Compare with the cluster'));
  await expect(page.getByText('changed since: 1')).toBeVisible();
  await expect(rows(page).nth(2)).toContainText('Changed since');
  await start(page, keyboard, 'Start 3 changes');
  await expect(figure(page, 'Done and verified')).toHaveText('3');
  await expect(button(page, 'Reverse')).toBeVisible();
});

test('production is locked, and wants its name typed for what destroys', async ({
  openConsole,
  openGateway,
  byKeyboard,
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
  await callValue(page, 'bulk.preview', { connectionId: id, source });
  const keyboard = await byKeyboard(page);
  await keyboard.go('m', 'Bulk changes');
  await expect(rows(page)).toHaveCount(2);
  await keyboard.toList();
  await keyboard.press('Enter');
  await expect(page.getByText('Affects')).toBeVisible();
  await keyboard.activate(button(page, /^Start \d changes?$/));
  const send = dialog(page).getByRole('button', { name: /^Start \d changes?$/ });
  await expect(send).toBeDisabled();
  await keyboard.activate(dialog(page).getByRole('button', { name: /^Unlock for/ }));
  const name = dialog(page).getByLabel(/to confirm on production/);
  await expect(dialog(page)).not.toContainText('locked against changes');
  await keyboard.fill(name, 'Rack 1');
  await keyboard.activate(send);
  await expect(page.getByText('Finished').first()).toBeVisible();
  await expect(figure(page, 'Done and verified')).not.toHaveText('0');
});
