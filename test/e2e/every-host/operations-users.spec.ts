import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { listOf } from '../helpers/frame.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

/** The row of the list that shows a text. */
const row = (page: Page, text: string) => page.getByRole('row', { name: text });

test('a user is created with its pair shown once, refused while it owns buckets, and removed', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [owner] = await tenants(page, id, 'some');
  const keyboard = await byKeyboard(page);
  await keyboard.run('Create user');
  await expect(dialog(page).getByLabel('E-mail')).toBeFocused();
  await keyboard.type('new.tenant@example.org');
  await keyboard.submit('Create user');
  await expect(dialog(page)).toContainText('New access key of new.tenant@example.org');
  const secret = dialog(page).locator('[data-secret]');
  await expect(secret).toHaveText(/^•+$/);
  await keyboard.press('Escape');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Show secret access key' }));
  await expect(secret).toHaveText(/^[A-Za-z0-9+/=]{20,}$/);
  const shown = (await secret.textContent()) ?? '';
  await keyboard.stored();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await page.content()).not.toContain(shown);
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(stored).not.toContain(shown);
  const entries = await callValue(page, 'journal.export', { connectionId: id, format: 'json' });
  expect(entries.content).toContain('users.create');
  expect(entries.content).not.toContain(shown);

  await keyboard.open(owner?.email ?? '');
  await keyboard.chooseFrom(page.getByRole('button', { name: 'More actions' }), 'Delete user');
  await expect(dialog(page)).toContainText('USER_OWNS_BUCKETS');
  await expect(dialog(page).getByRole('button', { name: 'Delete user' })).toBeDisabled();
  const buckets = dialog(page).getByRole('list', { name: 'Buckets of the user' });
  await keyboard.activate(buckets.getByRole('link').first());
  await expect(page.getByRole('heading', { level: 1, name: 'Bucket' })).toBeVisible();

  await keyboard.open('new.tenant@example.org');
  await keyboard.chooseFrom(page.getByRole('button', { name: 'More actions' }), 'Delete user');
  await expect(dialog(page).getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.confirm('Delete user');
  await expect(page.getByText('No such user')).toBeVisible();
  expect(gateway.state.users.withEmail('new.tenant@example.org')).toBeUndefined();
  expect(gateway.log.acted()).toHaveLength(2);
});

test('a user is disabled in its panel, found in the journal, and enabled by the menu of its row', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  if (!user) throw new Error('The cluster has no tenant.');
  const keyboard = await byKeyboard(page);
  await keyboard.press('/');
  await keyboard.type(user.userId);
  await expect(listOf(page, 1)).toBeVisible();
  await keyboard.toList();
  await keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Details of the user' });
  await expect(panel.getByRole('heading', { name: user.email })).toBeVisible();
  await keyboard.press('F6');
  await keyboard.activate(panel.getByRole('button', { name: 'Disable user' }));
  await expect(dialog(page).getByRole('rowheader', { name: 'State' })).toBeVisible();
  await expect(dialog(page).getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.confirm('Disable user');
  await expect(row(page, user.email)).toContainText('Disabled');
  await expect(row(page, user.email)).toContainText('verified');
  await expect(panel.locator(':focus')).toHaveCount(1);
  expect(gateway.log.acted()).toHaveLength(1);

  await keyboard.press('F6', 'm');
  await keyboard.chooseEntry('Enable user');
  await expect(dialog(page).getByRole('rowheader', { name: 'State' })).toBeVisible();
  await keyboard.confirm('Enable user');
  await expect(row(page, user.email)).toContainText('Enabled');
  await expect(page.getByRole('grid')).toBeFocused();

  await keyboard.press('l');
  await expect(page.getByRole('heading', { level: 1, name: 'Journal' })).toBeVisible();
  const entry = page.getByRole('complementary', { name: 'Details of the entry' });
  await expect(entry).toContainText('Enable user');
  await expect(entry).toContainText('Verified');
  await expect(entry).toContainText(`POST ${gateway.url}/?ostor-users`);
});
