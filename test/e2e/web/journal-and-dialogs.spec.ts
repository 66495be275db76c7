import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { layoutFaults, lookFaults } from '../helpers/looks.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

// they look the same on every host: once is enough
test('entries of the journal and dialogs of operations are whole, and axe finds nothing', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  const userId = user?.userId ?? '';
  const { journalId } = await callValue(page, 'users.disable', { connectionId: id, userId });
  await callValue(page, 'users.enable', { connectionId: id, userId });
  await openClusterPage(page, id, `journal?open=${journalId}`);
  await expect(page.getByRole('complementary')).toContainText('Requests that write');
  const faults = await lookFaults(page, 'web/journal-entry');

  await openClusterPage(page, id, `users/${userId}`);
  await page.getByRole('button', { name: 'Disable user' }).click();
  await dialog(page)
    .getByRole('button', { name: /Show commands/ })
    .click();
  faults.push(...(await lookFaults(page, 'web/dialog-disable-user')));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Set rate limits' }).first().click();
  await dialog(page).getByRole('row', { name: /^Get/ }).first().getByText('At most').click();
  await dialog(page).getByRole('textbox', { name: 'Get, operations/s' }).fill('250');
  await expect(dialog(page)).toContainText('250 operations/s');
  const match = { method: 'PUT', service: 'ostor-limits' };
  gateway.faults.add({ kind: 'status', status: 403, match });
  await page.setViewportSize({ width: 1024, height: 700 });
  await dialog(page).getByRole('button', { name: 'Set rate limits' }).click();
  const told = dialog(page).getByRole('alert');
  await expect(told).toContainText('ACCESS_DENIED');
  await expect(told).toBeInViewport({ ratio: 1 });
  faults.push(...(await layoutFaults(page, 'web/dialog-set-limits-refused')));
  expect(faults).toEqual([]);
});
