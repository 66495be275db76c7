import { expect, journey, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { freshness, goTo, listOf, wasRead } from '../helpers/frame.ts';

test('opens on the demo cluster, marked so, with the way to add a cluster', {
  tag: journey,
}, async ({ openConsole }) => {
  const { page, dataDir } = await openConsole({ demo: true });
  await expect(page.getByRole('region', { name: 'Demo cluster' })).toBeVisible();
  await expect(page.getByText('Add a cluster').first()).toBeVisible();
  await expect(freshness(page)).toContainText(wasRead);
  await expect(page.locator('body')).toMatchAriaSnapshot(`
    - navigation "Pages":
      - button /^Demo cluster/
      - link "Overview"
      - link "Users"
      - link "All clusters"
      - link "Connections"
    - main:
      - region "Demo cluster":
        - link "Add a cluster"
      - heading "Overview" [level=1]
      - link "240"
      - region "Signals":
        - heading "Signals" [level=2]
  `);
  await goTo(page, 'Users');
  await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible();
  await expect(listOf(page, 240)).toBeVisible();
  const info = await callValue(page, 'app.info', {});
  expect(info.dataDir).toBe(dataDir);
});

test('has its page back after a reload', async ({ openConsole }) => {
  const { page } = await openConsole({ demo: true });
  await goTo(page, 'Buckets');
  await expect(listOf(page, 900)).toBeVisible();
  const address = page.url();
  expect(address).not.toContain('token');
  await page.reload();
  await expect(listOf(page, 900)).toBeVisible();
  expect(page.url()).toBe(address);
});
