import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { expect, journey, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { saveCluster } from '../helpers/save-cluster.ts';

let whmcs: WhmcsSimulator;

test.afterEach(() => whmcs.stop());

test('customers come from WHMCS, get their users, and these are managed on the customer’s page', {
  tag: journey,
}, async ({ openConsole, openGateway, byKeyboard }) => {
  const gateway = await openGateway({ users: 20, buckets: 40 });
  const tenants = [...gateway.state.users.byId.values()].filter(({ system }) => !system);
  whmcs = await startWhmcsSimulator({ clients: 40, emails: tenants.map(({ email }) => email) });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await openClusterPage(page, id, 'customers');
  const keyboard = await byKeyboard(page);

  await keyboard.activate(page.getByRole('link', { name: 'Add a billing system' }));
  await keyboard.fill(page.getByLabel('Name'), 'Billing');
  await keyboard.fill(page.getByLabel('Address'), whmcs.url);
  await keyboard.fill(page.getByLabel('Identifier'), whmcs.identifier);
  await keyboard.fill(page.getByLabel('Secret', { exact: true }), 'wrong');
  await keyboard.activate(page.getByRole('button', { name: 'Save, test and read customers' }));
  await expect(page.getByText('WHMCS refused the secret.')).toBeVisible();
  await keyboard.fill(page.getByLabel('Secret', { exact: true }), whmcs.secret);
  await keyboard.activate(page.getByRole('button', { name: 'Save, test and read customers' }));
  await expect(page.getByText('The role allows every action needed.')).toBeVisible();

  await keyboard.press('g', 'p');
  await expect(page.getByText('of 40')).toBeVisible();
  await keyboard.activate(page.getByRole('link', { name: 'Compare with clusters' }));
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
  const disabled = gateway.state.users.byId.get(userId)?.enabled === false;
  const verb = disabled ? 'Enable user' : 'Disable user';
  await keyboard.activate(page.getByRole('button', { name: verb }));
  await keyboard.confirm(verb);
  expect(gateway.state.users.byId.get(userId)?.enabled).toBe(disabled);

  // a user that nobody pays for gets its customer
  await openClusterPage(page, id, 'customers/checks');
  const unpaid = page.getByRole('region', { name: 'Users nobody pays for' });
  const email = (await callValue(page, 'customers.unpaid', {})).rows[0]?.email ?? '';
  await unpaid.getByRole('button', { name: `Map ${email} to` }).focus();
  await keyboard.press('Enter');
  await keyboard.fill(page.getByRole('combobox', { name: 'Customer' }), email);
  await page.getByRole('option', { name: email }).first().waitFor();
  await keyboard.press('ArrowDown', 'Enter');
  await keyboard.activate(page.getByRole('button', { name: 'Map user' }));
  await expect(unpaid.getByRole('link', { name: email })).toHaveCount(0);

  // three customers from a table
  const text = 'email\nuno@new.example\ndue@new.example\ntre@new.example\nnot an e-mail';
  await openClusterPage(page, id, 'customers/onboarding');
  const sources = page.getByRole('radiogroup', { name: 'Whom to onboard' });
  await keyboard.choose(sources, 'From a table (CSV)');
  await keyboard.fill(page.getByLabel('Table', { exact: true }), text);
  await keyboard.activate(page.getByRole('button', { name: 'Preview' }));
  await expect(page.getByText('"not an e-mail" is not an e-mail address.')).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Create 3 users' }));
  await expect(page.getByText('Finished')).toBeVisible();
  const users = [...gateway.state.users.byId.values()];
  expect(users.filter(({ email }) => email.endsWith('@new.example'))).toHaveLength(3);
  await keyboard.activate(page.getByRole('button', { name: 'Handover sheet of uno@new.example' }));
  await expect(page.getByText('YOUR-SECRET-KEY').first()).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Include secret' }));
  await expect(page.getByRole('button', { name: 'Save sheet with secret' })).toBeVisible();
});
