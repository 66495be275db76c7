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
});
