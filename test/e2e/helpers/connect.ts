import type { Page } from '@playwright/test';
import type { Simulator } from '#simulator/index.ts';
import { callValue } from './call-console.ts';

/**
 * Saves a connection to a gateway and opens its pages.
 * @returns the connection's id
 */
export async function connect(
  page: Page,
  gateway: Pick<Simulator, 'url' | 'accessKeyId' | 'secretKey'>,
  name = 'Rack 1',
): Promise<string> {
  const { id } = await callValue(page, 'connections.save', {
    name,
    endpoint: gateway.url,
    accessKeyId: gateway.accessKeyId,
    secretKey: gateway.secretKey,
    environment: 'lab',
  });
  await openClusterPage(page, id, 'overview');
  return id;
}

/** Goes to a page of a cluster by its address. */
export async function openClusterPage(page: Page, id: string, name: string): Promise<void> {
  await page.evaluate((path) => {
    window.location.hash = path;
  }, `#/c/${id}/${name}`);
}
