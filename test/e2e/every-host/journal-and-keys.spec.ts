import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

test('the sweep fills the Keys page, which narrows it to what matters', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { open: 'keys' });
  await expect(page.getByText('No keys known yet')).toBeVisible();
  await page.getByRole('button', { name: 'Read all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Read all' }).click();
  await expect(page.getByText('Known of all 12 users')).toBeVisible({ timeout: 20_000 });
  const { total } = await callValue(page, 'keys.list', { connectionId: id });
  await expect(page.getByText(`of ${total}`).first()).toBeVisible();
  const both = await callValue(page, 'keys.list', {
    connectionId: id,
    filter: { bothSlots: true },
  });
  await openClusterPage(page, id, 'keys?slots=both');
  await expect(page.getByText(`of ${both.total}`).first()).toBeVisible();
});

test('the journal is narrowed, exported and verified; dialogs and entries are whole', async ({
  openConsole,
  openGateway,
  hostName,
}) => {
  test.setTimeout(120_000);
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user, other] = await tenants(page, id, 'some');
  const userId = user?.userId ?? '';
  for (const name of ['users.disable', 'users.enable'] as const) {
    await callValue(page, name, { connectionId: id, userId, ticket: 'T-42' });
  }
  await callValue(page, 'quotas.set', {
    connectionId: id,
    target: { user: other?.userId ?? '' },
    sizeGb: 12,
  });
  await openClusterPage(page, id, 'journal');
  await expect(page.getByText('of 3').first()).toBeVisible();
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText('The chain is whole.')).toBeVisible();
  await openClusterPage(page, id, `journal?target=${userId}&q=T-42`);
  await expect(page.getByText('of 2').first()).toBeVisible();
  await page.getByRole('row', { name: /Enable user/ }).click();
  await expect(page.getByRole('complementary')).toContainText('Requests that write');

  const faults: string[] = [];
  const look = async (what: string, { checked }: { checked: boolean }) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const size of [
        { width: 1024, height: 700 },
        { width: 1600, height: 1000 },
      ]) {
        await page.setViewportSize(size);
        const name = `${what}-${colorScheme}-${size.width}x${size.height}.png`;
        await page.screenshot({ path: `test-results/screenshots/${hostName}/${name}` });
      }
      if (!checked) continue;
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      faults.push(...violations.map((found) => `${what} ${colorScheme}: ${found.id}`));
    }
  };
  await look('journal-entry', { checked: true });
  await openClusterPage(page, id, `users/${userId}`);
  await page.getByRole('button', { name: 'Disable user' }).click();
  await dialog(page)
    .getByRole('button', { name: /Show commands/ })
    .click();
  await look('dialog-disable-user', { checked: true });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Set rate limits' }).first().click();
  await dialog(page).getByRole('row', { name: /^Get/ }).first().getByText('At most').click();
  await dialog(page).getByRole('textbox', { name: 'Get, operations/s' }).fill('250');
  await expect(dialog(page)).toContainText('250 operations/s');
  await look('dialog-set-limits', { checked: false });
  expect(faults).toEqual([]);
});
