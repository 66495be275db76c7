import type { Page } from '@playwright/test';
import { expect, journey, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { listOf } from '../helpers/frame.ts';
import type { Keyboard } from '../helpers/keyboard.ts';
import { layoutFaults } from '../helpers/looks.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

/** Raises a quota that was reached by the fix of its signal, and snoozes another signal with a reason. */
async function workSignals(page: Page, keyboard: Keyboard, user: string): Promise<void> {
  await keyboard.run('All clusters');
  const signals = page.getByRole('list', { name: 'Signals of all clusters' });
  const reached = signals
    .getByRole('listitem')
    .filter({ hasText: `Quota reached or near: ${user}` });
  await expect(reached).toContainText('of 1 GB.');
  await keyboard.activate(reached.getByRole('button', { name: `Raise quota: ${user}` }));
  await expect(dialog(page).getByLabel('Quota in GB')).not.toHaveValue('1');
  await keyboard.submit('Set quota');
  await expect(reached).toHaveCount(0);
  const other = signals.getByRole('button', { name: /^Snooze / }).first();
  const name = (await other.getAttribute('aria-label')) ?? '';
  // which signal is the first may change
  const snooze = signals.getByRole('button', { name, exact: true });
  await keyboard.activate(snooze);
  await expect(dialog(page).getByLabel('Reason')).toBeFocused();
  await keyboard.type('Known');
  await keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(snooze).toHaveCount(0);
}

test('the inventory fills the grid, which is filtered; the board raises for now; a signal is fixed', {
  tag: journey,
}, async ({ openConsole, openGateway, byKeyboard }) => {
  const gateway = await openGateway({ users: 30, buckets: 40 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  const name = user?.email ?? '';
  const keyboard = await byKeyboard(page);
  await keyboard.go('l', 'Limits & quotas');
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row.getByText('not read').first()).toBeAttached();
  await keyboard.activate(page.getByRole('button', { name: 'Load keys and limits' }));
  await keyboard.fill(dialog(page).getByLabel(/Rate \(requests/), '1000');
  await keyboard.activate(dialog(page).getByLabel(/Also the 40 buckets/), 'Space');
  await keyboard.press('Enter');
  await expect(page.getByText(/Read: all 30 users, all 40 buckets/)).toBeVisible();
  await expect(row.getByText('not read')).toHaveCount(0);

  const target = { user: user?.userId ?? '' };
  await callValue(page, 'quotas.set', { connectionId: id, target, sizeGb: 0 });
  await expect(row).toContainText('0 GB');
  await keyboard.filter('0 GB');
  await expect(row).toBeVisible();
  await expect(page.getByText('Quota: 0 GB')).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Clear' }));

  await keyboard.activate(page.getByRole('button', { name: 'Edit default' }).first());
  await keyboard.fill(dialog(page).getByLabel('Quota in GB'), '12345');
  await keyboard.submit('Set quota');
  await expect(page.getByText('12,345 GB').first()).toBeVisible();

  await keyboard.select(page.getByRole('radiogroup').first(), 'Buckets');
  await expect(listOf(page, 40)).toBeVisible();
  await page.reload();
  await expect(listOf(page, 40)).toBeVisible();

  // the board: raised until a day, and put back by its prepared change
  await keyboard.run('Pressure');
  await expect(page.getByRole('heading', { level: 1, name: 'Pressure' })).toBeVisible();
  await keyboard.press('/');
  await keyboard.type(name);
  await expect(listOf(page, 1)).toBeVisible();
  await keyboard.toList();
  await keyboard.press('m');
  await keyboard.chooseEntry('Raise quota until a day');
  await keyboard.fill(dialog(page).getByLabel('Quota in GB'), '7777');
  await keyboard.fill(dialog(page).getByLabel(/^Reason(?! \()/), 'Migration');
  await keyboard.submit('Set quota');
  await expect(row).toContainText('7,777 GB');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading "Pressure" [level=1]
    - textbox "Search e-mail or user id": ${name}
    - radiogroup "Pressure of":
      - radio "Users" [checked]
    - region "Keys and limits"
    - grid "Pressure":
      - row:
        - columnheader "Quota"
        - columnheader "Raised until"
      - rowgroup:
        - row:
          - gridcell "Select this row":
            - checkbox "Select this row"
          - gridcell "${name}"
          - gridcell "7,777 GB own"
          - gridcell:
            - time
          - gridcell:
            - button "Actions on ${name}"
  `);
  const [raise] = await callValue(page, 'pressure.raises', { connectionId: id });
  expect(raise).toMatchObject({ reason: 'Migration', before: { quota: '0' } });
  expect(await layoutFaults(page, 'pressure-raised')).toEqual([]);
  await keyboard.toList();
  await keyboard.press('m');
  await keyboard.chooseEntry('Put back or keep');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Put back' }));
  await keyboard.confirm('Set quota');
  await expect(row).not.toContainText('7,777 GB');
  expect(await callValue(page, 'pressure.raises', { connectionId: id })).toEqual([]);

  const users = await tenants(page, id, 'some');
  const full = users.find(({ currentBytes }) => Number(currentBytes) > 2e9);
  const over = { user: full?.userId ?? '' };
  await callValue(page, 'quotas.set', { connectionId: id, target: over, sizeGb: 1 });
  await workSignals(page, keyboard, full?.email ?? '');
});
