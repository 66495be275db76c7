import type { Locator, Page } from '@playwright/test';
import type { Simulator } from '#simulator/index.ts';
import { expect } from '../fixtures.ts';
import type { Keyboard } from './keyboard.ts';
import { dialog } from './save-cluster.ts';

export interface Hands {
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
export async function changeUser(
  hands: Hands,
  of: { userId: string; email: string },
): Promise<void> {
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
    // the gateway acts and its answer is lost: it is read back
    gateway.faults.add({ kind: 'reset-after', match: { method: 'POST' }, count: 1 });
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
  await keyboard.select(get, 'At most');
  await keyboard.fill(dialog(page).getByRole('textbox', { name: 'Get, operations/s' }), '250');
  await keyboard.fill(dialog(page).getByRole('textbox', { name: 'Bandwidth out, kbs/s' }), '800');
  await keyboard.submit('Set rate limits');
  await expect(limits).toContainText('250 operations/s');
  await expect(limits).toContainText('800 kbs/s');
  await expect(edit).toBeFocused();
  await keyboard.press('Enter');
  await keyboard.select(dialog(page).getByRole('radiogroup', { name: 'Rate limits' }), 'Not set');
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
export async function createAndRemoveUser(
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
  await expect(page.getByText('No longer on the cluster')).toBeVisible();
  expect(made()).toBeUndefined();
  expect(gateway.state.users.byId.get(of.userId)).toBeDefined();
  const unmap = page.getByRole('button', { name: `Unmap ${email}` });
  await keyboard.activate(unmap);
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Unmap user' }));
  await expect(unmap).toHaveCount(0);
}
