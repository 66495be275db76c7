import type { Locator, Page } from '@playwright/test';
import type { Simulator } from '#simulator/index.ts';
import type { WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { expect, journey, test } from '../fixtures.ts';
import { billedGateway, openBilled, startWhmcsOf } from '../helpers/billed.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { listOf } from '../helpers/frame.ts';
import type { Keyboard } from '../helpers/keyboard.ts';
import { lookFaults } from '../helpers/looks.ts';
import { dialog, saveCluster } from '../helpers/save-cluster.ts';

let whmcs: WhmcsSimulator;

test.afterEach(() => whmcs.stop());

test('customers come from WHMCS, get their users, and these are managed on the customer’s page', {
  tag: journey,
}, async ({ openConsole, openGateway, byKeyboard }) => {
  const gateway = await openGateway(billedGateway);
  whmcs = await startWhmcsOf(gateway);
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await openClusterPage(page, id, 'customers');
  const keyboard = await byKeyboard(page);

  await keyboard.activate(page.getByRole('link', { name: 'Add a billing system' }));
  await keyboard.fill(page.getByLabel('Name', { exact: true }), 'Billing');
  await keyboard.fill(page.getByLabel('Address'), whmcs.url);
  await keyboard.fill(page.getByLabel('Identifier'), whmcs.identifier);
  await keyboard.fill(page.getByLabel('Secret', { exact: true }), 'wrong');
  await keyboard.activate(page.getByRole('button', { name: 'Save, test and read customers' }));
  await expect(page.getByText('WHMCS refused the secret.')).toBeVisible();
  await keyboard.fill(page.getByLabel('Secret', { exact: true }), whmcs.secret);
  await keyboard.activate(page.getByRole('button', { name: 'Save, test and read customers' }));
  await expect(page.getByText('The role allows every action needed.')).toBeVisible();

  await keyboard.go('p', 'Customers');
  await expect(listOf(page, 40)).toBeVisible();
  await keyboard.activate(page.getByRole('link', { name: 'Mismatches' }));
  const client = whmcs.state.clients.get(3);
  const name = client?.companyname ?? '';
  await keyboard.activate(page.getByRole('button', { name: `Map ${client?.email} to ${name}` }));
  await expect(page.getByRole('button', { name: `Map ${client?.email} to` })).toHaveCount(0);

  const { rows } = await callValue(page, 'customers.list', { search: client?.email ?? '' });
  const [customer] = rows;
  expect(customer?.users).toHaveLength(1);
  await openClusterPage(page, id, `customers/${customer?.customerId}`);
  await expect(page.getByRole('heading', { name })).toBeVisible();
  const userId = customer?.users[0]?.userId ?? '';
  const hands = { page, keyboard, gateway };
  await changeUser(hands, { userId, email: client?.email ?? '' });
  await createAndRemoveUser(hands, { name, userId });
});

// what follows has nothing of the host in it: the web shell alone is enough

test('users without a customer get one, customers from a table get users, and drift from a plan ends', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const { gateway, page, id, ...billed } = await openBilled({ openConsole, openGateway });
  whmcs = billed.whmcs;
  const keyboard = await byKeyboard(page);
  // a user that nobody pays for gets its customer
  await openClusterPage(page, id, 'customers/checks');
  const unpaid = page.getByRole('region', { name: 'Users nobody pays for' });
  const email = (await callValue(page, 'customers.unpaid', {})).rows[0]?.email ?? '';
  await unpaid.getByRole('button', { name: `Map to customer… ${email}` }).focus();
  await keyboard.press('Enter');
  await keyboard.fill(page.getByRole('combobox', { name: 'Customer' }), email);
  // the arrow takes the first one: it is of the search once it is this
  await expect(page.getByRole('option').first()).toContainText(email);
  await keyboard.press('ArrowDown', 'Enter');
  await keyboard.activate(page.getByRole('button', { name: 'Map user' }));
  await expect(unpaid.getByRole('link', { name: email })).toHaveCount(0);

  // three customers from a table
  await callValue(page, 'servicePlans.save', { name: 'Silver', quotaGb: 100 });
  const emails = ['uno@new.example', 'due@new.example', 'tre@new.example', 'not an e-mail'];
  const lines = emails.map((email, index) => `${email},${31 + index},Silver`);
  const text = ['email,client id,plan', ...lines].join('\n');
  await openClusterPage(page, id, 'customers/onboarding');
  const sources = page.getByRole('radiogroup', { name: 'Whom to onboard' });
  await keyboard.choose(sources, 'From a table (CSV)');
  await keyboard.fill(page.getByLabel('Table', { exact: true }), text);
  await keyboard.activate(page.getByRole('button', { name: 'Preview' }));
  await expect(page.getByText('"not an e-mail" is not an e-mail address.')).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Create 3 users' }));
  await expect(page.getByText('Finished').first()).toBeVisible();
  const faults = await lookFaults(page, 'onboarding-run', ['light']);
  const users = [...gateway.state.users.byId.values()];
  expect(users.filter(({ email }) => email.endsWith('@new.example'))).toHaveLength(3);
  await keyboard.activate(page.getByRole('button', { name: 'Handover sheet of uno@new.example' }));
  await expect(page.getByText('YOUR-SECRET-KEY').first()).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Include secret' }));
  await expect(page.getByRole('button', { name: 'Save sheet with secret' })).toBeVisible();
  faults.push(...(await lookFaults(page, 'onboarding-handover', ['light'])));
  await keyboard.press('Escape');
  faults.push(...(await writeAgainFaults({ page, keyboard }, id)));

  // one user moves to another plan: what differs is found, and brought into line by a previewed run
  await openClusterPage(page, id, 'customers/plans');
  await keyboard.activate(page.getByRole('button', { name: 'Create plan' }));
  await keyboard.fill(dialog(page).getByRole('textbox', { name: 'Name', exact: true }), 'Gold');
  await keyboard.fill(page.getByLabel('Quota, GB'), '500');
  await keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Plan Gold' })).toBeVisible();
  const uno = users.find(({ email }) => email === 'uno@new.example')?.id ?? '';
  await keyboard.activate(page.getByRole('button', { name: 'Assign to user' }));
  await keyboard.fill(dialog(page).getByRole('combobox', { name: 'User' }), 'uno@new');
  await expect(page.getByRole('option').first()).toContainText('uno@new.example');
  await keyboard.press('ArrowDown', 'Enter');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Assign plan' }));
  const gold = page.getByRole('complementary', { name: 'Plan Gold' });
  await expect(gold.getByRole('link', { name: 'uno@new.example' })).toBeVisible();
  await keyboard.activate(page.getByRole('link', { name: 'Plan drift' }));
  await expect(page.getByText('Quota: 100 GB, the plan says 500 GB')).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Preview changes of' }));
  await keyboard.activate(page.getByRole('button', { name: 'Start 1 change' }));
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Start 1 change' }));
  await expect.poll(() => gateway.state.quotas.get(`user:${uno}`)).toBe(500n);
  await expect(page.getByText('Finished').first()).toBeVisible();
  faults.push(...(await lookFaults(page, 'plan-run', ['light'])));
  expect(faults).toEqual([]);
});

/** What is wrong with the dialog that writes to WHMCS again what it refused. */
async function writeAgainFaults(
  { page, keyboard }: { page: Page; keyboard: Keyboard },
  connectionId: string,
): Promise<string[]> {
  whmcs.faults.add({ kind: 'error', message: 'Refused', action: 'AddClientNote' });
  const text = 'email,client id,plan\nquattro@new.example,35,Silver';
  const source = { from: 'csv' as const, text };
  const { onboardingId } = await callValue(page, 'onboarding.prepare', { source, connectionId });
  await callValue(page, 'onboarding.start', { onboardingId, writeBack: { note: true } });
  await openClusterPage(page, connectionId, `customers/onboarding/${onboardingId}`);
  const again = page.getByRole('button', { name: 'Write to WHMCS again: quattro@new.example' });
  await keyboard.activate(again);
  await expect(dialog(page)).toContainText('Refused');
  whmcs.faults.clear();
  const faults = await lookFaults(page, 'write-again');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Write to WHMCS' }));
  await expect(again).toHaveCount(0);
  return faults;
}

interface Hands {
  page: Page;
  keyboard: Keyboard;
  gateway: Simulator;
}

/** Confirms what a dialog asks; the focus is back on the page then. */
async function confirm({ page, keyboard }: Hands, verb: string): Promise<void> {
  await keyboard.confirm(verb);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('article :focus')).toHaveCount(1);
}

/** Query, disable, enable, a key generated and revoked, limits read, set and deleted: one user, in place. */
async function changeUser(hands: Hands, of: { userId: string; email: string }): Promise<void> {
  const { page, keyboard, gateway } = hands;
  const { userId, email } = of;
  const held = () => gateway.state.users.byId.get(userId);
  const detail = page.getByRole('article').last();
  await expect(detail).toContainText(userId);
  const keys = detail.getByRole('region', { name: 'Keys' });
  await expect(keys).toContainText(held()?.keys[0] ?? 'This user has no access key');
  const isOn = held()?.enabled ?? true;
  for (const enables of [!isOn, isOn]) {
    const verb = enables ? 'Enable user' : 'Disable user';
    await keyboard.activate(detail.getByRole('button', { name: verb }));
    await confirm(hands, verb);
    expect(held()?.enabled).toBe(enables);
    // the customer's list of users says so too
    await expect(page.getByText(enables ? 'Enabled' : 'Disabled', { exact: true })).toHaveCount(2);
  }

  const revoke = async (key = '') => {
    const actions = keys.getByRole('button', { name: `Actions on key ${key}` });
    await keyboard.chooseFrom(actions, 'Revoke access key');
    await confirm(hands, 'Revoke access key');
    expect(held()?.keys).not.toContain(key);
  };
  const before = held()?.keys ?? [];
  if (before.length === 2) await revoke(before[1]);
  const generate = keys.getByRole('button', { name: `Generate key for ${email}` });
  await keyboard.activate(generate);
  await keyboard.confirm('Generate access key');
  await keyboard.stored();
  await expect(generate).toBeFocused();
  const made = held()?.keys.find((key) => !before.includes(key));
  await revoke(made);

  const limits = detail.getByRole('region', { name: 'Quota and limits', exact: true });
  await changeLimits(hands, limits);
  const toggle = detail.getByRole('button', { name: /^Quota and limits of / }).first();
  await keyboard.activate(toggle);
  const label = (await toggle.getAttribute('aria-label')) ?? '';
  await changeLimits(hands, detail.getByRole('region', { name: label, exact: true }));
  await discardObject(hands, page.getByRole('region', { name: 'Statistics objects' }));
}

/** Rate limits of a user or bucket: set, read and cleared. */
async function changeLimits(hands: Hands, limits: Locator): Promise<void> {
  const { page, keyboard } = hands;
  const edit = limits.getByRole('button', { name: 'Set rate limits' });
  await keyboard.activate(edit);
  const get = dialog(page).getByRole('radiogroup', { name: 'Get: unlimited or limited' });
  await keyboard.choose(get, 'At most');
  await keyboard.fill(dialog(page).getByRole('textbox', { name: 'Get, operations/s' }), '250');
  await keyboard.submit('Set rate limits');
  await expect(limits).toContainText('250 operations/s');
  await expect(edit).toBeFocused();
  await keyboard.press('Enter');
  await keyboard.choose(dialog(page).getByRole('radiogroup', { name: 'Rate limits' }), 'Not set');
  await confirm(hands, 'Clear rate limits');
  await expect(limits).toContainText('Nothing limits the rate of requests.');
}

/** Statistics objects: listed, the oldest one read and deleted. */
async function discardObject({ page, keyboard, gateway }: Hands, section: Locator): Promise<void> {
  await keyboard.activate(section.getByRole('button', { name: 'List statistics objects' }));
  const oldest = section.getByRole('button', { name: /^s3-usage-/ }).first();
  await expect(oldest).toBeVisible();
  const name = (await oldest.textContent()) ?? '';
  await keyboard.activate(oldest);
  await expect(section.getByText('Only on the gateway')).toBeVisible();
  await keyboard.activate(section.getByRole('button', { name: `Discard ${name}` }));
  const field = dialog(page).getByRole('textbox');
  await expect(field).toBeFocused();
  await keyboard.type(name);
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Discard 1 object' }));
  await expect(section.getByRole('button', { name, exact: true })).toHaveCount(0);
  expect(gateway.state.usage.names()).not.toContain(name);
}

/** A second user of the customer: created there, mapped, looked at, deleted, and unmapped. */
async function createAndRemoveUser(
  hands: Hands,
  of: { name: string; userId: string },
): Promise<void> {
  const { page, keyboard, gateway } = hands;
  const email = 'second@new.example';
  const create = page.getByRole('button', { name: 'Create user' });
  await keyboard.activate(create);
  await keyboard.fill(dialog(page).getByLabel('E-mail'), email);
  await keyboard.submit('Create user');
  await expect(dialog(page)).toContainText(`Mapped to ${of.name}.`);
  await keyboard.stored();
  await expect(create).toBeFocused();
  const made = () => gateway.state.users.withEmail(email);
  await keyboard.activate(page.getByRole('button', { name: email, exact: true }));
  const detail = page.getByRole('article').filter({ hasNot: page.getByRole('article') });
  const second = detail.filter({ hasText: made()?.id ?? '' });
  await expect(second).toContainText('1 of 2');
  await keyboard.chooseFrom(second.getByRole('button', { name: 'More actions' }), 'Delete user');
  await keyboard.confirm('Delete user');
  await expect(page.getByText('Not on the cluster any more')).toBeVisible();
  expect(made()).toBeUndefined();
  expect(gateway.state.users.byId.get(of.userId)).toBeDefined();
  const unmap = page.getByRole('button', { name: `Unmap ${email}` });
  await keyboard.activate(unmap);
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Unmap user' }));
  await expect(unmap).toHaveCount(0);
}
