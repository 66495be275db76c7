import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, type Page } from '@playwright/test';
import type { Simulator } from '#simulator/index.ts';

/**
 * Adds a cluster as an operator does: fills the form, saves and tests, opens it.
 * @returns the connection's id, from the page's address
 */
export async function addCluster(
  page: Page,
  gateway: Pick<Simulator, 'url' | 'accessKeyId' | 'secretKey'>,
  name = 'Rack 1',
): Promise<string> {
  await page.getByRole('link', { name: 'Add a cluster' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Endpoint', { exact: true }).fill(gateway.url);
  await page.getByText('Lab', { exact: true }).last().click();
  await page.getByLabel('Access key id', { exact: true }).fill(gateway.accessKeyId);
  await page.getByLabel('Secret key', { exact: true }).fill(gateway.secretKey);
  await page.getByRole('button', { name: 'Save and test' }).click();
  const test = page.getByRole('region', { name: 'Test of the connection' });
  await expect(test.getByRole('heading', { name: 'The gateway answers' })).toBeVisible();
  await test.getByRole('link', { name: 'Open the cluster' }).click();
  await page.waitForURL(/#\/c\/[a-z0-9-]+\/overview/);
  return /#\/c\/([a-z0-9-]+)\//.exec(page.url())?.[1] ?? '';
}

/** Goes to a page of a cluster by its address, once the console has led to its first page on its own. */
export async function openClusterPage(page: Page, id: string, name: string): Promise<void> {
  await page.waitForURL(/#\/(c|connections)\b/);
  await openAddress(page, `/c/${id}/${name}`);
}

/** Goes to an address of the interface, without a reload, and waits until its page is drawn. */
export async function openAddress(page: Page, address: string): Promise<void> {
  await page.evaluate((path) => {
    window.location.hash = path;
  }, `#${address}`);
  await page.locator(`main[data-path="${address.split('?')[0]}"]`).waitFor();
}

/**
 * A free port that stays free while its server is down: it is below those that the system gives to
 * servers and connections of other tests.
 */
export async function portToKeep(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}
