import type { Page } from '@playwright/test';
import type { Simulator } from '#simulator/index.ts';
import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openAddress, openClusterPage } from '../helpers/connect.ts';
import { accessibilityFaults, layoutFaults, lookFaults, stateFaults } from '../helpers/looks.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

// they look the same on every host: once is enough
test('entries of the journal, refused changes, signals, plans and campaigns are whole, and axe finds nothing', async ({
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
  // the Journal before it has buttons of such names too
  await expect(page.getByRole('heading', { level: 2, name: user?.email ?? '' })).toBeVisible();
  await page.getByRole('button', { name: 'Disable user', exact: true }).click();
  await dialog(page)
    .getByRole('button', { name: /Show commands/ })
    .click();
  faults.push(...(await stateFaults(page, 'web/dialog-disable-user')));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Set rate limits' }).first().click();
  await dialog(page).getByRole('row', { name: /^Get/ }).first().getByText('At most').click();
  await dialog(page).getByRole('textbox', { name: 'Get, operations/s' }).fill('250');
  await expect(dialog(page)).toContainText('250 operations/s');
  const match = { method: 'PUT', service: 'ostor-limits' };
  gateway.faults.add({ kind: 'status', status: 403, match });
  await page.setViewportSize({ width: 1024, height: 700 });
  await dialog(page).getByRole('button', { name: 'Set rate limits' }).click();
  const reported = dialog(page).getByRole('alert');
  await expect(reported).toContainText('ACCESS_DENIED');
  await expect(reported).toBeInViewport({ ratio: 1 });
  faults.push(...(await layoutFaults(page, 'web/dialog-set-limits-refused')));

  gateway.faults.clear();
  await callValue(page, 'connections.save', { ...asked, endpoint: gateway.url });
  await page.keyboard.press('Escape');
  await openAddress(page, '/connections');
  const row = page.getByRole('row', { name: /Bench/ });
  await expect(row).toBeVisible();
  await page.getByRole('button', { name: 'Racks' }).click(); // a folder folds
  await expect(row).toHaveCount(0);
  await openAddress(page, `/connections/${id}`);
  await page.getByRole('button', { name: 'Prerequisites on the cluster' }).click();
  await expect(page.getByText('Volume id, for the ostor-s3-admin lines')).toBeVisible();
  faults.push(...(await lookFaults(page, 'web/connection-prerequisites')));

  gateway.stage('quota-over');
  await callValue(page, 'sync.refresh', { connectionId: id });
  const { taskId } = await callValue(page, 'inventory.start', { connectionId: id });
  await expect
    .poll(async () => (await callValue(page, 'tasks.get', { taskId })).state)
    .toBe('succeeded');
  await openClusterPage(page, id, 'overview');
  const overview = page.getByRole('region', { name: 'Signals' });
  await expect(overview.getByRole('button', { name: /^Raise quota/ }).first()).toBeVisible();
  faults.push(...(await lookFaults(page, 'web/overview-signals', ['light'])));
  const target = { user: userId };
  const { planId } = await callValue(page, 'plans.add', {
    ...{ connectionId: id, name: 'Night' },
    change: { operation: 'quotas.set', input: { target, sizeGb: '7' } },
  });
  const { campaignId } = await callValue(page, 'campaigns.start', {
    ...{ connectionId: id, title: 'Autumn', of: {} },
  });
  // the hint of what comes to be under a resting pointer is no part of a page
  await page.mouse.move(0, 0);
  for (const [path, tree] of [
    ['changes/plans', plansTree],
    [`changes/plans/${planId}`, planTree],
    ['campaigns', campaignsTree],
    [`campaigns/${campaignId}`, campaignTree],
  ] as const) {
    await openClusterPage(page, id, path);
    await expect(page.getByRole('main')).toMatchAriaSnapshot(tree);
    for (const fault of await accessibilityFaults(page)) faults.push(`${path}: ${fault}`);
  }
  const [bucket] = [...gateway.state.buckets.readAll()];
  for (const [path, shown] of [
    [`buckets/${bucket?.name}`, bucket?.name ?? ''],
    [`users/${userId}`, user?.email ?? ''],
    ['usage/issued', /issued/i],
  ] as const) {
    await openClusterPage(page, id, path);
    await expect(page.getByRole('main')).toContainText(shown);
    faults.push(...(await stateFaults(page, path.replaceAll('/', '-'))));
  }
  await advanceCampaign({ page, gateway }, { connectionId: id, campaignId });
  await openClusterPage(page, id, `campaigns/${campaignId}`);
  for (const state of ['Failed', 'Generated', 'Handed over', 'Revoked'])
    await expect(page.getByRole('row').filter({ hasText: state }).first()).toBeVisible();
  for (const fault of await accessibilityFaults(page)) faults.push(`campaign run: ${fault}`);
  faults.push(...(await layoutFaults(page, 'campaign-run')));
  await page.setViewportSize({ width: 1280, height: 800 });
  const note = page.getByRole('columnheader', { name: 'Note' });
  const end = await note.evaluate((header) => header.getBoundingClientRect().right);
  const { x = 0 } = (await page.getByRole('columnheader', { name: 'Actions' }).boundingBox()) ?? {};
  expect(end, 'why a key failed is in sight').toBeLessThanOrEqual(x);
  expect(faults).toEqual([]);
});

/** Takes keys of a campaign as far as they go: one each is generated, handed over, revoked, and one failed. */
async function advanceCampaign(
  { page, gateway }: { page: Page; gateway: Simulator },
  of: { connectionId: string; campaignId: string },
): Promise<void> {
  const { rows } = await callValue(page, 'campaigns.keys', { ...of, filter: { state: 'todo' } });
  const [first = 0, second = 0, third = 0, fourth = 0] = rows.map(({ row }) => row);
  const step = async (name: 'generate' | 'revoke', keys: number[]) => {
    const input = { ...of, step: name, rows: keys, typedName: 'Autumn' };
    const { taskId } = await callValue(page, 'campaigns.step', input);
    await expect
      .poll(async () => (await callValue(page, 'tasks.get', { taskId })).endedAt)
      .not.toBeNull();
  };
  await step('generate', [first, second, third]);
  await callValue(page, 'campaigns.mark', { ...of, rows: [second], as: 'handed-over' });
  await callValue(page, 'campaigns.mark', { ...of, rows: [third], as: 'in-use' });
  await step('revoke', [third]);
  gateway.faults.add({ kind: 'status', status: 403, match: { method: 'POST' } });
  await step('generate', [fourth]);
  gateway.faults.clear();
}

// what a screen reader reads of plans and campaigns, at least
const plansTree = `
  - heading "Change plans" [level=1]
  - button "Import a plan"
  - grid "Change plans":
    - row /Plan/
    - rowgroup:
      - row /Night/`;
const planTree = `
  - heading "Night" [level=1]
  - button "Actions on the plan"
  - button "Preview and apply"
  - button "Compare with the cluster"`;
const campaignsTree = `
  - heading "Key campaigns" [level=1]
  - grid "Key campaigns":
    - row /Campaign/
    - rowgroup:
      - row /Autumn/`;
const campaignTree = `
  - heading "Autumn" [level=1]
  - region "The campaign":
    - progressbar "Keys done"
    - button /Generate \\d+ keys?/
    - button "Edit"
    - button "Close campaign"`;

/** A connection in a folder whose secret is asked for each time. */
const asked = {
  name: 'Bench',
  group: 'Racks',
  accessKeyId: 'AKIDEXAMPLE',
  environment: 'lab',
  askForSecret: true,
} as const;
