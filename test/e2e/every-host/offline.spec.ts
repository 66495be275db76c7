import { expect, journey, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { addCluster, openClusterPage, portToKeep } from '../helpers/connect.ts';
import { freshness, goTo, listOf, refresh, wasRead } from '../helpers/frame.ts';
import { dialog, tenants } from '../helpers/save-cluster.ts';

test('a cluster is browsed and its changes are planned without the network, then applied and reversed', {
  tag: journey,
}, async ({ openConsole, openGateway, byKeyboard, hostName }) => {
  const population = { users: 60, buckets: 150, port: await portToKeep() };
  const gateway = await openGateway(population);
  const started = await openConsole();
  const id = await addCluster(started.page, gateway);
  await refresh(started.page);
  await expect(freshness(started.page)).toContainText(wasRead);
  await goTo(started.page, 'Users');
  await expect(listOf(started.page, 60)).toBeVisible();
  const [first, second] = await tenants(started.page, id, 'some');
  if (!first || !second) throw new Error('The cluster has no two tenants.');
  const target = { user: second.userId };
  await callValue(started.page, 'quotas.get', { connectionId: id, target });
  const secretStore = (await callValue(started.page, 'app.info', {})).secretStore;
  expect(secretStore).toBe('keychain');
  expect(await started.quit()).toBe(0);
  await gateway.stop();

  const { page } = await openConsole();
  await openClusterPage(page, id, 'users');
  await expect(listOf(page, 60)).toBeVisible();
  await refresh(page);
  await expect(freshness(page)).toContainText('Offline');
  await expect(freshness(page)).toContainText('data of');
  for (const [label, total] of [
    ['Users', 60],
    ['Buckets', 150],
  ] as const) {
    await goTo(page, label);
    await expect(listOf(page, total)).toBeVisible();
    await expect(freshness(page)).toContainText('Offline');
  }
  await freshness(page).click();
  await expect(page.getByText(/refused|reached/i).first()).toBeVisible();
  await page.keyboard.press('Escape');

  const keyboard = await byKeyboard(page);
  const addToPlan = async () => {
    await expect(dialog(page)).toContainText('As last seen');
    await keyboard.activate(dialog(page).getByRole('button', { name: 'Add to plan' }));
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  await keyboard.open(first.email);
  await keyboard.run(`Disable user ${first.email}`);
  await addToPlan();
  await keyboard.open(second.email);
  await keyboard.run(`Set quota of user ${second.email}`);
  await keyboard.fill(dialog(page).getByLabel('Quota in GB'), '700');
  await addToPlan();

  const again = await openGateway(population);
  await callValue(page, 'quotas.set', { connectionId: id, target, sizeGb: 11 });
  await keyboard.press('r');
  await expect(page.getByText('1 still applies, 1 drifted.')).toBeVisible();
  await keyboard.activate(page.getByRole('link', { name: 'Compare and apply' }));
  // the page of the user before has rows that name it too
  await expect(page.getByRole('heading', { level: 1, name: /^Changes of/ })).toBeVisible();
  await expect(page.getByRole('row', { name: first.email })).toContainText('Applies');
  await expect(page.getByRole('row', { name: second.email })).toContainText('Drifted');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading /^Changes of/ [level=1]
    - button "Actions on the plan"
    - term: Compared
    - definition:
      - text: /1 still applies, 1 drifted/
    - button "Preview and apply"
    - grid "Changes of the plan":
      - rowgroup:
        - row:
          - gridcell "${first.email}"
          - gridcell "State Enabled becomes Disabled":
            - img "becomes"
          - gridcell "Applies"
        - row:
          - gridcell "${second.email}"
          - gridcell /becomes 700 GB/
          - gridcell "Drifted"
  `);
  await keyboard.activate(page.getByRole('button', { name: 'Preview and apply' }));
  await keyboard.activate(page.getByRole('button', { name: 'Start 1 change' }));
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Start 1 change' }));
  await expect(page.getByRole('button', { name: 'Reverse' })).toBeVisible();
  expect(again.state.users.byId.get(first.userId)?.enabled).toBe(false);

  // the rest has nothing of the host in it: once is enough
  if (hostName !== 'web') return;
  await keyboard.go('j', 'Journal');
  await expect(page.getByRole('row', { name: /Plan: Changes of/ })).toContainText('1 verified');
  await keyboard.toList();
  await keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Details of the entry' });
  await keyboard.press('F6');
  await keyboard.activate(panel.getByRole('link', { name: `Disable user: ${first.email}` }));
  await keyboard.activate(panel.getByRole('button', { name: 'Reverse' }));
  await expect(dialog(page)).toContainText('Reverses “Disable user”');
  await keyboard.confirm('Enable user');
  expect(again.state.users.byId.get(first.userId)?.enabled).toBe(true);
});
