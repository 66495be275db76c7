import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, journey, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { collectStatistics, saveTariff } from '../helpers/collect.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { freshness, goTo, refresh } from '../helpers/frame.ts';
import { lookFaults } from '../helpers/looks.ts';
import { saveCluster } from '../helpers/save-cluster.ts';

const cluster = { users: 20, buckets: 40, usage: 200, usageGapEvery: 25, usageItems: 8 };

/** Goes to a part of Usage by its tab. */
async function openPart(page: Page, part: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Parts of Usage' })
    .getByRole('link', { name: part })
    .click();
}

test('collects, names who used most, and leads from the cluster to the raw object', {
  tag: journey,
}, async ({ openConsole, openGateway }) => {
  const gateway = await openGateway(cluster);
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await goTo(page, 'Usage');
  await expect(page.getByText('S3_GW_COLLECT_STAT=1')).toBeVisible();
  await page.getByRole('button', { name: 'Collect now' }).click();

  const short = page.getByRole('region', { name: 'In short' });
  await expect(short).toContainText('used most in');
  await expect(short).toContainText('Not complete');
  const { from, to } = await callValue(page, 'archive.status', { connectionId: id });
  const { rows } = await callValue(page, 'usage.report', {
    connectionId: id,
    from: from ?? '',
    to: to ?? '',
    groupBy: 'user',
    sort: { by: 'traffic', descending: true },
    offset: 0,
    limit: 1,
  });
  await expect(short).toContainText(rows[0]?.email || 'no user');

  const users = page.getByRole('grid', { name: 'Usage by user' });
  await expect(users.getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading "Usage" [level=1]
    - navigation "Parts of Usage":
      - link "Traffic"
      - link "Coverage"
    - radiogroup "Which clock days and months follow":
      - radio "Local" [checked]
    - 'button "Period: All that is collected"'
    - region "In short":
      - paragraph:
        - text: /used most in/
      - paragraph:
        - link "See what is missing"
      - term: In
      - term: Out
    - figure "Traffic over time"
    - region "Broken down":
      - radiogroup "Broken down by":
        - radio "Users" [checked]
      - grid "Usage by user":
        - row:
          - columnheader "User"
          - columnheader "Traffic"
  `);
  await users.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'What is shown' })).toContainText(
    rows[0]?.email ?? '',
  );
  await page.getByRole('grid', { name: 'Usage by bucket' }).getByRole('row').nth(1).click();
  await page
    .getByRole('grid', { name: /objects behind these figures/ })
    .getByRole('row')
    .nth(1)
    .click();
  const panel = page.getByRole('complementary', { name: 'Details of the statistics object' });
  await panel.getByText('Raw', { exact: true }).click();
  await expect(panel).toContainText('"fmt_version"');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await page.goBack();
  await expect(panel).toBeVisible();
});

test('removes from the gateway what is archived, and nothing else', async ({
  openConsole,
  openGateway,
}) => {
  // Seen from half a day ago every period is over: none may still grow.
  const gateway = await openGateway({ ...cluster, now: Date.now() - 12 * 3_600_000 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await callValue(page, 'usage.collect', { connectionId: id });
  await openClusterPage(page, id, 'usage/gateway');
  await expect(page.getByText('200 statistics objects')).toBeVisible();
  await expect(page.getByText('all are archived.')).toBeVisible();
  await page.getByRole('button', { name: 'Delete archived' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete 200 objects' }).click();
  await expect(page.getByText('No statistics objects on the gateway')).toBeVisible();
  const deleted = gateway.log.entries.filter(({ method }) => method === 'DELETE');
  expect(deleted).toHaveLength(200);
});

test('a statement of a period with gaps is a draft, in its file’s name too', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway(cluster);
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await collectStatistics(page, id);
  await saveTariff(page, id);
  await openClusterPage(page, id, 'usage/statements?period=last-7-days');
  await expect(page.getByText('Draft, not final')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export draft' }).click();
  await expect(page.getByText(/It can’t be final yet/)).toBeVisible();
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^statement-.*-draft\.csv$/);
  expect(await readFile(await file.path(), 'utf8')).toContain('downloaded');
});

test('says of each state what it is, empty, partly covered and offline', async ({
  openConsole,
  openGateway,
  hostName,
}) => {
  const gateway = await openGateway(cluster);
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { open: 'usage' });
  const faults: string[] = [];
  const look = async (name: string) => {
    // it looks the same on every host: once is enough
    if (hostName === 'web') faults.push(...(await lookFaults(page, name)));
  };
  await expect(page.getByText('No statistics collected yet')).toBeVisible();
  await look('web/usage-empty');

  await collectStatistics(page, id);
  await openClusterPage(page, id, 'usage/coverage');
  await expect(page.getByRole('grid', { name: 'Gaps' })).toContainText('Missing');
  await page.getByRole('group', { name: /^Coverage of/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('p[aria-live]')).toContainText('·');
  await look('web/usage-partly-covered');

  await gateway.stop();
  await refresh(page);
  await expect(freshness(page)).toContainText('Offline');
  await openPart(page, 'Traffic');
  await expect(page.getByRole('region', { name: 'In short' })).toContainText('used most in');
  await expect(page.getByRole('button', { name: 'Collect', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await look('web/usage-offline');
  await openPart(page, 'Pending on gateway');
  await expect(page.getByText('200 statistics objects')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete archived' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  expect(faults).toEqual([]);
});
