import type { Page } from '@playwright/test';
import type { WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { expect, test } from '../fixtures.ts';
import { openBilled, prepareTariff } from '../helpers/billed.ts';
import { callValue } from '../helpers/call-console.ts';
import { openAddress, openClusterPage } from '../helpers/connect.ts';
import {
  dialogsByPage,
  type Known,
  type Opened,
  type Press,
  unopened,
} from '../helpers/every-dialog.ts';
import { stateFaults } from '../helpers/looks.ts';
import { tenants } from '../helpers/save-cluster.ts';

let whmcs: WhmcsSimulator;
test.afterEach(() => whmcs.stop());

// they look the same on every host: once is enough
test('every dialog is whole in both themes, and axe finds nothing', async ({
  openConsole,
  openGateway,
}) => {
  const { gateway, page, id, ...billed } = await openBilled({ openConsole, openGateway });
  whmcs = billed.whmcs;
  const [bucket] = [...gateway.state.buckets.readAll()];
  const known = await prepare(page, id, bucket?.name ?? '');
  const dialogs = dialogsByPage(known);
  expect(unopened(dialogs.flatMap(([_, ...opened]) => opened))).toEqual([]);
  const faults: string[] = [];
  for (const [at, ...opened] of dialogs) {
    if (at === '/settings') await callValue(page, 'customers.backUp', {});
    if (at.startsWith('/')) await openAddress(page, at);
    else await openClusterPage(page, id, at);
    for (const one of opened) faults.push(...(await faultsOf(page, one)));
  }
  expect(faults).toEqual([]);
});

async function press(page: Page, what: Press): Promise<void> {
  if (typeof what === 'object' && 'fill' in what) {
    await page.getByLabel(what.fill).fill(what.with);
  } else if (typeof what === 'object' && 'key' in what) {
    await page.keyboard.press(what.key);
  } else if (typeof what === 'object' && 'tick' in what) {
    await page.getByRole('checkbox', { name: what.tick }).first().check();
  } else {
    const exact = typeof what === 'string';
    const entry = page.getByRole('menuitem', { name: what, exact });
    const button = page.getByRole('button', { name: what, exact }).and(page.locator(':enabled'));
    await entry.or(button).filter({ visible: true }).first().click();
  }
}

async function faultsOf(page: Page, [, name, ...presses]: Opened): Promise<string[]> {
  for (const one of presses) await press(page, one);
  const dialog = page.getByRole('dialog', { name, exact: typeof name === 'string' });
  await dialog.waitFor();
  await expect(dialog.locator('[aria-busy="true"]')).toHaveCount(0);
  const faults = await stateFaults(page, `dialog-${String(name).replaceAll(/[^a-zA-Z]+/g, '-')}`);
  // a list that is open in it takes the first one
  await expect(async () => {
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden', timeout: 1000 });
  }).toPass();
  return faults;
}

/** Makes everything that dialogs are opened on. */
async function prepare(page: Page, connectionId: string, bucket: string): Promise<Known> {
  const of = { connectionId };
  const tariffId = await prepareTariff(page, connectionId);
  const [user] = await tenants(page, connectionId, 'some');
  const userId = user?.userId ?? '';
  const { journalId } = await callValue(page, 'users.disable', { ...of, userId });
  await callValue(page, 'users.enable', { ...of, userId });
  const target = { user: userId };
  await callValue(page, 'accounts.create', { ...of, userId, accountName: 'nightly' });
  const until = new Date(Date.now() + 1e9).toISOString();
  await callValue(page, 'pressure.raise', {
    ...{ ...of, target, change: { sizeGb: '9' }, until, reason: 'Migration' },
  });
  const { planId } = await callValue(page, 'plans.add', {
    ...{ ...of, name: 'Night' },
    change: { operation: 'quotas.set', input: { target, sizeGb: '7' } },
  });
  const { campaignId } = await callValue(page, 'campaigns.start', {
    ...of,
    title: 'Autumn',
    of: {},
  });
  const run = async (change: { change: 'setQuota'; sizeGb: number } | { change: 'disable' }) => {
    const source = { from: 'users' as const, userIds: [userId], change };
    return (await callValue(page, 'bulk.preview', { ...of, source })).runId;
  };
  const done = async (taskId: string) =>
    expect
      .poll(async () => (await callValue(page, 'tasks.get', { taskId })).state)
      .toBe('succeeded');
  const doneRunId = await run({ change: 'setQuota', sizeGb: 2 });
  await done((await callValue(page, 'bulk.apply', { ...of, runId: doneRunId })).taskId);
  await done((await callValue(page, 'inventory.start', of)).taskId);
  await callValue(page, 'connections.save', {
    ...{ name: 'Bench', endpoint: 'http://127.0.0.1:9', accessKeyId: 'AKIDEXAMPLE' },
    ...{ environment: 'lab', askForSecret: true },
  });
  const suggested = async () =>
    (await callValue(page, 'customers.suggestions', {})).rows.filter(({ ambiguous }) => !ambiguous);
  await expect.poll(async () => (await suggested()).length).toBeGreaterThan(2);
  const [first, second] = await suggested();
  const customerId = first?.customerId ?? '';
  for (const one of [first, second]) {
    const mapped = { customerId: one?.customerId ?? '', userId: one?.userId ?? '' };
    await callValue(page, 'customers.map', { ...of, ...mapped });
    await callValue(page, 'customers.setTariff', { customerId: mapped.customerId, tariffId });
  }
  const plan = await callValue(page, 'servicePlans.save', { name: 'Silver', quotaGb: 100 });
  const holder = { ...of, userId: first?.userId ?? '' };
  await callValue(page, 'servicePlans.assign', { id: plan.id, holder });
  const { offboardingId } = await callValue(page, 'offboarding.open', {
    customerId: second?.customerId ?? '',
  });
  const now = new Date();
  const [from, to] = [-1, 0].map((month) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month)).toISOString(),
  );
  await callValue(page, 'statements.issue', { customerId, from: from ?? '', to: to ?? '' });
  return {
    ...{ userId, journalId, bucket, planId, campaignId, doneRunId, customerId, offboardingId },
    ...{ runId: await run({ change: 'disable' }), servicePlanId: plan.id },
  };
}
