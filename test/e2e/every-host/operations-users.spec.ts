import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { confirm, dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

/** Presses Tab until what has the focus is a button of that name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const active = document.activeElement;
      return active?.getAttribute('aria-label') ?? active?.textContent ?? '';
    });
    if (focused.trim() === name) return;
  }
  throw new Error(`Tab does not lead to "${name}".`);
}

test('a user is disabled by keyboard alone, verified and journalled, and enabled from the palette', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  if (!user) throw new Error('The cluster has no tenant.');
  await expect(page.getByText('of 12').first()).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type(user.userId);
  await expect(page.getByText('1–1 of 1', { exact: true })).toBeVisible();
  await tabTo(page, 'Choose all rows');
  await page.getByRole('grid').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: user.email })).toBeVisible();
  await tabTo(page, 'Disable user');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('rowheader', { name: 'State' })).toBeVisible();
  await expect(dialog(page).getByRole('button', { name: 'Cancel' })).toBeFocused();
  await tabTo(page, 'Disable user');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Disable user: verified')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Enable user' })).toBeVisible();
  await expect(page.getByRole('row', { name: user.email })).toContainText('Disabled');
  await expect(page.getByRole('row', { name: user.email })).toContainText('verified');
  await expect
    .poll(() => page.evaluate(() => document.activeElement === document.body))
    .toBe(false);
  expect(gateway.log.acted()).toHaveLength(1);
  await page.getByRole('link', { name: 'Journal entry' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Journal' })).toBeVisible();
  const entry = page.getByRole('complementary', { name: 'Details of the entry' });
  await expect(entry).toContainText('Verified');
  await expect(entry).toContainText(`POST ${gateway.url}/?ostor-users`);

  await page.keyboard.press('ControlOrMeta+k');
  await page.getByLabel('Search everything').fill(`enable user ${user.email}`);
  await page.getByText(`Enable user ${user.email}`).click();
  await expect(dialog(page).getByRole('rowheader', { name: 'State' })).toBeVisible();
  await confirm(page, 'Enable user');
});

test('a user is made with its pair shown once, enabled, refused while it owns buckets, removed', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await page.getByRole('button', { name: 'Create user' }).click();
  await dialog(page).getByLabel('E-mail').fill('new.tenant@example.org');
  await confirm(page, 'Create user');
  await expect(dialog(page)).toContainText('New access key of new.tenant@example.org');
  const secret = dialog(page).locator('[data-secret]');
  await expect(secret).toHaveText(/^•+$/);
  await page.keyboard.press('Escape');
  await dialog(page).getByRole('button', { name: 'Show secret access key' }).click();
  await expect(secret).toHaveText(/^[A-Za-z0-9+/=]{20,}$/);
  const shown = (await secret.textContent()) ?? '';
  await dialog(page).getByRole('button', { name: 'I have stored it' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await page.content()).not.toContain(shown);
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(stored).not.toContain(shown);
  const entries = await callValue(page, 'journal.export', { connectionId: id, format: 'json' });
  expect(entries.content).toContain('users.create');
  expect(entries.content).not.toContain(shown);

  const [owner] = await tenants(page, id, 'some');
  await openClusterPage(page, id, `users/${owner?.userId}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Remove user' }).click();
  await expect(dialog(page)).toContainText('USER_OWNS_BUCKETS');
  await expect(dialog(page).getByRole('button', { name: 'Remove user' })).toBeDisabled();
  await dialog(page)
    .getByRole('list', { name: 'Buckets of the user' })
    .getByRole('link')
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1, name: 'Bucket' })).toBeVisible();

  const made = gateway.state.users.withEmail('new.tenant@example.org');
  await openClusterPage(page, id, `users/${made?.id}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Remove user' }).click();
  await expect(dialog(page)).toContainText('removed');
  await confirm(page, 'Remove user');
  await expect(page.getByText('No such user')).toBeVisible();
});
