import { expect, journey, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { addCluster, openClusterPage } from '../helpers/connect.ts';
import { freshness, goTo, refresh } from '../helpers/frame.ts';

test('adds a cluster, browses it, and browses it still after a restart without the network', {
  tag: journey,
}, async ({ openConsole, openGateway }) => {
  const gateway = await openGateway({ users: 60, buckets: 150 });
  const first = await openConsole();
  const id = await addCluster(first.page, gateway);
  await refresh(first.page);
  await expect(freshness(first.page)).toContainText('Live');
  await goTo(first.page, 'Users');
  await expect(first.page.getByText('of 60').first()).toBeVisible();
  const secretStore = (await callValue(first.page, 'app.info', {})).secretStore;
  expect(secretStore).toBe('keychain');
  expect(await first.quit()).toBe(0);
  await gateway.stop();

  const { page } = await openConsole();
  await openClusterPage(page, id, 'users');
  await expect(page.getByText('of 60').first()).toBeVisible();
  await refresh(page);
  await expect(freshness(page)).toContainText('Offline');
  await expect(freshness(page)).toContainText('data of');
  for (const [label, total] of [
    ['Users', 60],
    ['Buckets', 150],
  ] as const) {
    await goTo(page, label);
    await expect(page.getByText(`of ${total}`).first()).toBeVisible();
    await expect(freshness(page)).toContainText('Offline');
  }
  await freshness(page).click();
  await expect(page.getByText(/refused|reached/i).first()).toBeVisible();
});
