import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, journey, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { listOf } from '../helpers/frame.ts';
import type { Keyboard } from '../helpers/keyboard.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

/** Keeps what is on screen as a view, comes back to it by palette and rail, renames and removes it. */
async function workSavedView(page: Page, keyboard: Keyboard): Promise<void> {
  const views = page.getByRole('button', { name: 'Views', exact: true });
  const narrowed = listOf(page, 2);
  const inRail = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name, exact: true });
  const leave = () => keyboard.go('b', 'Buckets');
  await keyboard.chooseFrom(views, 'Save this view');
  await expect(dialog(page).getByLabel('Name')).toBeFocused();
  await keyboard.type('Of the ticket');
  await keyboard.press('Enter');
  await expect(inRail('Of the ticket')).toBeVisible();
  await leave();
  await keyboard.run('Of the ticket');
  await expect(narrowed).toBeVisible();
  await expect(inRail('Of the ticket')).toHaveAttribute('aria-current', 'true');
  await keyboard.chooseFrom(views, 'Rename “Of the ticket”');
  await expect(dialog(page).getByLabel('Name')).toBeFocused();
  await keyboard.fill(dialog(page).getByLabel('Name'), 'Ticket 42');
  await keyboard.press('Enter');
  await expect(inRail('Ticket 42')).toBeVisible();
  await leave();
  await keyboard.activate(inRail('Ticket 42'));
  await expect(narrowed).toBeVisible();
  await keyboard.chooseFrom(views, 'Remove “Ticket 42”');
  await expect(inRail('Ticket 42')).toHaveCount(0);
  await expect(narrowed).toBeVisible();
}

test('the inventory fills the Keys page, which narrows it and acts on each key, or on many in a campaign', {
  tag: journey,
}, async ({ openConsole, openGateway, byKeyboard }) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const keyboard = await byKeyboard(page);
  await keyboard.go('k', 'Keys');
  await expect(page.getByText('No keys known yet')).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Load keys and limits' }));
  await keyboard.activate(
    page.getByRole('dialog').getByRole('button', { name: 'Load keys and limits' }),
  );
  await expect(page.getByText('Read: all 12 users')).toBeVisible();
  const { total } = await callValue(page, 'keys.list', { connectionId: id });
  await expect(listOf(page, total)).toBeVisible();
  const filter = { bothSlots: true };
  const both = await callValue(page, 'keys.list', { connectionId: id, filter });
  await keyboard.filter('Two keys');
  await expect(listOf(page, both.total)).toBeVisible();
  await keyboard.toList();
  await keyboard.press('Shift+F10');
  await keyboard.chooseEntry('Rotate access key');
  await expect(dialog(page)).toContainText('Maximum of two keys reached');
  await keyboard.press('Escape');
  await expect(page.getByRole('grid')).toBeFocused();
  await keyboard.press('m');
  await keyboard.chooseEntry('Revoke access key');
  await keyboard.confirm('Revoke access key');
  await expect(listOf(page, both.total - 2)).toBeVisible();

  // a campaign over all keys: what has a free slot gets a second key
  await keyboard.activate(page.getByRole('button', { name: 'Clear' }));
  await keyboard.activate(page.getByRole('button', { name: 'Start key campaign' }));
  await keyboard.fill(dialog(page).getByLabel('Title'), 'Autumn');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Autumn' })).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: /^Generate \d+ keys$/ }));
  await keyboard.activate(dialog(page).getByRole('button', { name: /^Generate \d+ keys$/ }));
  await keyboard.filter('Generated');
  await expect(page.getByRole('row').filter({ hasText: 'Generated' }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Generate/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading "Autumn" [level=1]
    - 'button "Remove filter State: generated"'
    - region "The campaign":
      - progressbar "Keys done"
      - button "Generate keys" [disabled]
      - button "Revoke old keys" [disabled]
      - button "Close campaign"
    - grid "Autumn":
      - row:
        - columnheader "Owner"
        - columnheader "State"
        - columnheader "New key"
      - rowgroup:
        - row:
          - gridcell "Generated"
          - gridcell:
            - button "Copy access key id"
  `);
  await keyboard.toList();
  await keyboard.press('m');
  await keyboard.chooseEntry('Mark as in use');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Mark as in use' }));
  await keyboard.activate(page.getByRole('button', { name: 'Revoke 1 old key' }));
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Revoke 1 old key' }));
  await expect(page.getByRole('button', { name: 'Revoke old keys' })).toBeVisible();
  await expect(dialog(page)).toHaveCount(0);
  await keyboard.go('y', 'Key campaigns');
  await expect(page.getByRole('row').filter({ hasText: 'Autumn' })).toContainText('of');
});

test('the journal is narrowed, verified, exported, and kept as a view', { tag: journey }, async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user, other] = await tenants(page, id, 'some');
  const userId = user?.userId ?? '';
  for (const name of ['users.disable', 'users.enable'] as const) {
    await callValue(page, name, { connectionId: id, userId, ticket: 'T-42' });
  }
  const target = { user: other?.userId ?? '' };
  await callValue(page, 'quotas.set', { connectionId: id, target, sizeGb: 12 });
  const keyboard = await byKeyboard(page);
  await keyboard.go('j', 'Journal');
  await expect(listOf(page, 3)).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Verify' }));
  await expect(page.getByText('Journal intact.')).toBeVisible();
  await keyboard.press('/');
  await keyboard.type('T-42');
  await expect(listOf(page, 2)).toBeVisible();
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading "Journal" [level=1]
    - switch "All clusters"
    - button "Verify"
    - textbox "Search target, ticket or request id": T-42
    - grid "Journal":
      - row:
        - columnheader "Operation"
        - columnheader "Result"
      - rowgroup:
        - row:
          - gridcell "Enable user"
          - gridcell "${user?.email}"
          - 'gridcell "State: disabled → enabled"'
          - gridcell "Verified"
          - gridcell "T-42"
        - row:
          - gridcell "Disable user"
  `);
  const download = page.waitForEvent('download');
  await keyboard.chooseFrom(page.getByRole('button', { name: 'Export', exact: true }), 'As CSV');
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file.match(/T-42/g)).toHaveLength(2);
  await workSavedView(page, keyboard);
  await keyboard.toList();
  await keyboard.press('Enter');
  await expect(page.getByRole('complementary')).toContainText('Requests that write');
});
