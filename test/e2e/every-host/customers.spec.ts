import type { Page } from '@playwright/test';
import type { WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { foundIn, foundUnder } from '#test/fakes/files-under.ts';
import { expect, journey, test } from '../fixtures.ts';
import { billedGateway, openBilled, startWhmcsOf } from '../helpers/billed.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { changeUser, createAndRemoveUser } from '../helpers/customer-users.ts';
import { listOf } from '../helpers/frame.ts';
import type { Keyboard } from '../helpers/keyboard.ts';
import { stateFaults } from '../helpers/looks.ts';
import { dialog, saveCluster } from '../helpers/save-cluster.ts';
import { tryInVain, writeNote } from '../helpers/whmcs-failures.ts';

let whmcs: WhmcsSimulator;

test.afterEach(() => whmcs.stop());

test('customers come from WHMCS, get their users, and these are managed on the customer’s page', {
  tag: journey,
}, async ({ openConsole, openGateway, byKeyboard }) => {
  const gateway = await openGateway(billedGateway);
  // more than a page of them, and two of one e-mail
  const clients = 260;
  whmcs = await startWhmcsOf(gateway, clients);
  const [fifth, sixth] = [whmcs.state.clients.get(5), whmcs.state.clients.get(6)];
  if (fifth && sixth) sixth.email = fifth.email;
  const { page, dataDir, stderr } = await openConsole();
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
  await tryInVain({ page, keyboard }, whmcs);
  // rows move from page to page while they are read, and none is missed or there twice
  whmcs.variants.shiftRows = true;
  await keyboard.activate(page.getByRole('button', { name: 'Save, test and read customers' }));
  await expect(page.getByText('locked against changes: no other was tried.')).toBeVisible();
  await expect(page.getByText(/^\d+ customers and \d+ services read/)).toBeVisible();
  whmcs.variants.shiftRows = false;
  const listed = (await callValue(page, 'customers.list', { limit: 1000 })).rows;
  const ids = listed.map(({ externalId }) => Number(externalId));
  expect(new Set(ids).size).toBe(ids.length);
  // what came in meanwhile has ids below
  expect(ids.filter((external) => external > 0)).toHaveLength(clients);

  await keyboard.go('p', 'Customers');
  await expect(listOf(page, ids.length)).toBeVisible();
  await keyboard.activate(page.getByRole('link', { name: 'Mismatches' }));
  const byEmail = page.getByRole('region', { name: 'Users that belong to a customer by e-mail' });
  const doubled = byEmail.getByRole('row', { name: `${fifth?.email}` });
  await expect(doubled).toContainText(['Ambiguous', 'Ambiguous']);
  const client = whmcs.state.clients.get(3);
  const name = client?.companyname ?? '';
  await keyboard.activate(page.getByRole('button', { name: `Map ${client?.email} to ${name}` }));
  await expect(page.getByRole('button', { name: `Map ${client?.email} to` })).toHaveCount(0);

  const { rows } = await callValue(page, 'customers.list', { search: client?.email ?? '' });
  const [customer] = rows;
  expect(customer?.users).toHaveLength(1);
  await openClusterPage(page, id, `customers/${customer?.customerId}`);
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading "Customer" [level=1]
    - region "Customer, content":
      - article:
        - heading "${name}" [level=2]
        - button "Create user"
        - button "More actions"
        - region "Services":
          - table:
            - rowgroup:
              - row:
                - columnheader "Product"
                - columnheader "Next due"
        - region "S3 users":
          - button "${client?.email}" [expanded]
        - region "Customer history"
  `);
  const userId = customer?.users[0]?.userId ?? '';
  const hands = { page, keyboard, gateway };
  await changeUser(hands, { userId, email: client?.email ?? '' });
  await writeNote(hands, whmcs, `${client?.email}`);
  await createAndRemoveUser(hands, { name, userId });
  // all passwords of services, which came with each of them, begin alike
  const [{ password } = { password: '' }] = whmcs.state.services.values();
  const secrets = { passwords: password.slice(0, 'not-kept-'.length), secret: whmcs.secret };
  expect(secrets.passwords).toBe('not-kept-');
  expect(foundUnder(dataDir, secrets)).toEqual([]);
  expect(foundIn('what the console printed', Buffer.from(stderr()), secrets)).toEqual([]);
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
  await keyboard.select(sources, 'From a table (CSV)');
  await keyboard.fill(page.getByLabel('Table', { exact: true }), text);
  await keyboard.activate(page.getByRole('button', { name: 'Preview' }));
  await expect(page.getByText('"not an e-mail" is not an e-mail address.')).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Create 3 users' }));
  await expect(page.getByText('Finished').first()).toBeVisible();
  const faults = await stateFaults(page, 'onboarding-run');
  const users = [...gateway.state.users.byId.values()];
  expect(users.filter(({ email }) => email.endsWith('@new.example'))).toHaveLength(3);
  await keyboard.activate(page.getByRole('button', { name: 'Handover sheet of uno@new.example' }));
  await expect(page.getByText('YOUR-SECRET-KEY').first()).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Include secret' }));
  await expect(page.getByRole('button', { name: 'Save sheet with secret' })).toBeVisible();
  faults.push(...(await stateFaults(page, 'onboarding-handover')));
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
  faults.push(...(await stateFaults(page, 'plan-run')));
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
  const faults = await stateFaults(page, 'write-again');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Write to WHMCS' }));
  await expect(again).toHaveCount(0);
  return faults;
}
