import type { Page } from '@playwright/test';
import type { Simulator } from '#simulator/index.ts';
import { expect, journey, test } from '../fixtures.ts';
import type { Keyboard } from '../helpers/keyboard.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

/** Who holds the keys: a user itself, or one of its accounts. */
interface Holder {
  /** As the button that generates a key names it. */
  name: string;
  /** Access key ids as the gateway has them. */
  keys(): readonly string[];
}

const detail = (page: Page, title: string) => page.getByRole('region', { name: title });

/** From one key to two, a secret seen, one given up for a new one, the older of both revoked. */
async function throughAll(
  { page, keyboard, gateway }: { page: Page; keyboard: Keyboard; gateway: Simulator },
  { name, keys }: Holder,
): Promise<void> {
  const generate = page.getByRole('button', { name: `Generate key for ${name}`, exact: true });
  await keyboard.activate(generate);
  await expect(dialog(page)).toContainText('a new key; the gateway assigns its id');
  await keyboard.confirm('Generate access key');
  await keyboard.stored();
  // the third is refused before it is sent
  await expect(generate).toHaveAttribute('aria-disabled', 'true');
  const [first = ''] = keys();
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - region /^(Keys|Accounts)$/:
      - button "Generate key for ${name}" [disabled]
      - button "Reveal secret of ${first}"
      - button "Actions on key ${first}"
      - button "Reveal secret of ${keys()[1]}"
      - button "Actions on key ${keys()[1]}"
  `);

  await keyboard.activate(page.getByRole('button', { name: `Reveal secret of ${first}` }));
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Reveal secret' }));
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Show secret access key' }));
  await expect(dialog(page)).toContainText(gateway.state.users.secretOf(first));
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  const actions = page.getByRole('button', { name: `Actions on key ${first}` });
  await keyboard.chooseFrom(actions, 'Rotate access key');
  await expect(dialog(page)).toContainText('Maximum of two keys reached');
  await keyboard.select(dialog(page).getByRole('radiogroup'), first);
  await expect(dialog(page)).toContainText('is revoked before the new one exists');
  await keyboard.confirm('Rotate access key');
  await keyboard.stored();
  // second step: the old key, once the new one is in use
  await expect(dialog(page)).toContainText('Second step of the rotation');
  expect(keys()).toHaveLength(2);
  expect(keys()).not.toContain(first);
  await expect(dialog(page).getByRole('checkbox')).toBeFocused();
  await keyboard.press('Space');
  await keyboard.confirm('Revoke access key');
  await expect(generate).not.toHaveAttribute('aria-disabled', 'true');
  expect(keys()).toHaveLength(1);
}

test('keys of a user and of its account are generated, revealed, rotated, revoked; accounts come and go', {
  tag: journey,
}, async ({ openConsole, openGateway, byKeyboard, hostName }) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const users = await tenants(page, id, 'some');
  const held = (userId: string) => gateway.state.users.byId.get(userId);
  const user = users.find(({ userId }) => held(userId)?.keys.length === 1);
  if (!user) throw new Error('No tenant has one key.');
  const { userId, email } = user;
  const keyboard = await byKeyboard(page);
  const hands = { page, keyboard, gateway };
  await keyboard.open(email);
  await expect(detail(page, 'Keys')).toContainText('1 of 2');
  await throughAll(hands, { name: email, keys: () => held(userId)?.keys ?? [] });
  // the rest has nothing of the host in it: once is enough
  if (hostName !== 'web') return;

  const accounts = detail(page, 'Accounts');
  const account = () => held(userId)?.accounts.find(({ name }) => name === 'nightly backup');
  await keyboard.activate(accounts.getByRole('button', { name: 'Create account' }));
  await expect(dialog(page).getByLabel('Name of the account')).toBeFocused();
  await keyboard.type('nightly backup');
  await keyboard.submit('Create account');
  await keyboard.stored();
  await expect(accounts).toContainText('nightly backup');
  await throughAll(hands, {
    name: `nightly backup of ${email}`,
    keys: () => account()?.keys ?? [],
  });

  const [last = ''] = account()?.keys ?? [];
  const actions = accounts.getByRole('button', { name: `Actions on key ${last}` });
  await keyboard.chooseFrom(actions, 'Revoke access key');
  await keyboard.confirm('Revoke access key');
  await expect(accounts).not.toContainText(last);
  const menu = accounts.getByRole('button', { name: 'Actions on account nightly backup' });
  await keyboard.chooseFrom(menu, 'Delete account');
  await keyboard.confirm('Delete account');
  await expect(accounts).not.toContainText('nightly backup');
  expect(account()).toBeUndefined();
});
