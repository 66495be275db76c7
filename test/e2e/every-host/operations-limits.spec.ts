import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import type { Keyboard } from '../helpers/keyboard.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

const section = (page: Page) => page.getByRole('region', { name: 'Quota and limits' });

/** Sets a quota from the open detail: a size, 0 GB, and not set. */
async function quotaThroughAll(page: Page, keyboard: Keyboard): Promise<void> {
  await keyboard.press('e');
  await expect(dialog(page).getByLabel('Quota in GB')).toBeFocused();
  await keyboard.type('750');
  await expect(dialog(page).getByRole('row', { name: /^Quota/ })).toContainText('750 GB');
  await keyboard.submit('Set quota');
  await expect(section(page)).toContainText('750 GB');

  const choice = dialog(page).getByRole('radiogroup', { name: 'Quota' });
  await keyboard.press('e');
  await keyboard.select(choice, '0 GB');
  await expect(dialog(page).getByRole('row', { name: /^Quota/ })).toContainText('0 GB');
  await keyboard.confirm('Set quota');
  await expect(section(page)).toContainText('0 GB');

  await keyboard.press('e');
  await keyboard.select(choice, 'Not set');
  await keyboard.confirm('Clear quota');
  await expect(section(page)).toContainText('not set');
}

/** Sets one rate limit from the open detail, and takes all of them away. */
async function limitsThroughAll(page: Page, keyboard: Keyboard): Promise<void> {
  const button = page.getByRole('button', { name: 'Set rate limits' }).first();
  await keyboard.activate(button);
  const get = dialog(page).getByRole('radiogroup', { name: 'Get: unlimited or limited' });
  await keyboard.select(get, 'At most');
  await keyboard.fill(dialog(page).getByRole('textbox', { name: 'Get, operations/s' }), '250.5');
  await expect(dialog(page)).toContainText('250.5 operations/s');
  await keyboard.submit('Set rate limits');
  await expect(section(page)).toContainText('250.5 operations/s');
  await keyboard.activate(button);
  await keyboard.select(dialog(page).getByRole('radiogroup', { name: 'Rate limits' }), 'Not set');
  await keyboard.confirm('Clear rate limits');
  await expect(section(page)).toContainText('Nothing limits the rate of requests.');
}

test('quotas and rate limits of a user, of a bucket, and both defaults are set and taken away', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  const { rows } = await callValue(page, 'buckets.list', { connectionId: id });
  const keyboard = await byKeyboard(page);
  const targets = [
    ['user', user?.email ?? '', '5000'],
    ['bucket', rows[0]?.name ?? '', '90'],
  ] as const;
  for (const [of, name, size] of targets) {
    await keyboard.open(name);
    await keyboard.run(`Set default quota of every ${of}`);
    await expect(dialog(page).getByLabel('Quota in GB')).toBeFocused();
    await keyboard.type(size);
    await keyboard.submit('Set quota');
    const words = size === '90' ? '90' : '5,000';
    await expect(section(page)).toContainText(new RegExp(`Default of every ${of}:\\s?${words} GB`));
    expect(gateway.state.quotas.get(`default:${of}`)).toBe(BigInt(size));
    await quotaThroughAll(page, keyboard);
    await limitsThroughAll(page, keyboard);
    await keyboard.activate(section(page).getByRole('button', { name: 'Edit default' }));
    await keyboard.select(dialog(page).getByRole('radiogroup', { name: 'Quota' }), 'Not set');
    await keyboard.confirm('Clear quota');
    expect(gateway.state.quotas.get(`default:${of}`)).toBeUndefined();
  }
});

test('a full bucket is refused, an empty one removed, with the owner’s key where it must be', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 40 });
  gateway.variants.systemUserDeletesBuckets = false;
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { open: 'buckets' });
  const filter = { size: 'filled' } as const;
  const { rows } = await callValue(page, 'buckets.list', { connectionId: id, filter });
  const [full] = rows;
  const bucket = rows.find(({ ownerId }) => gateway.state.users.byId.get(ownerId)?.enabled);
  const keyboard = await byKeyboard(page);
  await keyboard.run(`Delete bucket ${full?.name}`);
  await expect(dialog(page)).toContainText('BUCKET_NOT_EMPTY');
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  gateway.state.buckets.resize(bucket?.name ?? '', 0n, bucket?.lastHour ?? 0);
  await keyboard.open(bucket?.name ?? '');
  await keyboard.chooseFrom(page.getByRole('button', { name: 'More actions' }), 'Delete bucket');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Delete bucket' }));
  await expect(dialog(page)).toContainText('ACCESS_DENIED');
  await keyboard.activate(dialog(page).getByRole('button', { name: /owner’s own key/ }));
  await expect(dialog(page)).toContainText('signed with the own key of the owner');
  await keyboard.confirm('Delete bucket');
  await expect(page.getByText('No such bucket')).toBeVisible();
});
