import { expect, type Locator, type Page } from '@playwright/test';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import type { Simulator } from '#simulator/index.ts';
import { callValue } from './call-console.ts';
import { openClusterPage } from './connect.ts';
import { freshness, wasRead } from './frame.ts';

/** A user as the list has it. */
export type ListedUser = CallOutput<'users.list'>['rows'][number];

/**
 * Saves a cluster by the console's own call, reads its lists, and opens one of its pages.
 * @param options what differs from a lab cluster that takes writes
 * @returns the connection's id
 */
export async function saveCluster(
  page: Page,
  gateway: Pick<Simulator, 'url' | 'accessKeyId' | 'secretKey'>,
  options: Partial<
    Pick<CallInput<'connections.save'>, 'name' | 'environment' | 'readOnly' | 'timeoutSeconds'>
  > & {
    open?: string;
  } = {},
): Promise<string> {
  const { open = 'users', ...rest } = options;
  await page.waitForURL(/#\/(c|connections)\b/); // the console has started
  const { id } = await callValue(page, 'connections.save', {
    name: 'Rack 1',
    endpoint: gateway.url,
    accessKeyId: gateway.accessKeyId,
    secretKey: gateway.secretKey,
    environment: 'lab',
    signature: 'auto',
    ...rest,
  });
  await callValue(page, 'sync.refresh', { connectionId: id });
  await openClusterPage(page, id, open);
  await expect(freshness(page)).toContainText(wasRead);
  return id;
}

/** Some tenants of a cluster: with buckets, or without. */
export async function tenants(
  page: Page,
  connectionId: string,
  buckets: 'none' | 'some',
): Promise<ListedUser[]> {
  const filter = { system: false, buckets } as const;
  const input = { connectionId, filter, offset: 0, limit: 10 };
  return (await callValue(page, 'users.list', input)).rows;
}

/** The dialog that is open. */
export function dialog(page: Page): Locator {
  return page.getByRole('dialog').last();
}
