import type { Page } from '@playwright/test';
import type { CallInput } from '#shared/contract/index.ts';
import type { WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { expect, test } from '../fixtures.ts';
import { billedGateway, billedMonth, prepareTariff, startWhmcsOf } from '../helpers/billed.ts';
import { callConsole, callValue } from '../helpers/call-console.ts';
import { openAddress, openClusterPage } from '../helpers/connect.ts';
import { freshness, refresh } from '../helpers/frame.ts';
import { stateFaults } from '../helpers/looks.ts';
import { dialog, saveCluster } from '../helpers/save-cluster.ts';

let whmcs: WhmcsSimulator;
test.afterEach(() => whmcs.stop());

/** Looks at states one after the other, and keeps what is wrong with them. */
function looker(page: Page, connectionId: string) {
  const faults: string[] = [];
  const look = async (name: string): Promise<void> => {
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    faults.push(...(await stateFaults(page, `customers-${name}`)));
  };
  /** @param shows a text of the state, once it is drawn */
  const lookAt = async (path: string, shows: string | RegExp, name: string): Promise<void> => {
    await openClusterPage(page, connectionId, `customers${path}`);
    await expect(page.getByText(shows).first()).toBeVisible();
    await look(name);
  };
  return { faults, look, lookAt };
}

test('customers never read, billed for a month, leaving, and with all systems down: every page and dialog is whole', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ ...billedGateway, users: 5, buckets: 8 });
  whmcs = await startWhmcsOf(gateway, 6, 3);
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const { faults, look, lookAt } = looker(page, id);
  await lookAt('', 'No customers yet', 'none');
  await lookAt(`/statements?${billedMonth}`, 'No statement', 'none-statements');
  await lookAt(`/invoices?${billedMonth}`, 'No draft', 'none-invoices');
  await lookAt('/plans', 'No service plan', 'none-plans');
  await lookAt('/drift', 'No service plan yet', 'none-drift');
  await lookAt('/onboarding', 'From a table', 'none-onboarding');

  await openAddress(page, '/connections/billing/new');
  await look('billing-new');
  await page.getByText('Table of customers').click();
  await look('billing-file');
  const { url, identifier, secret } = whmcs;
  const system = { kind: 'whmcs' as const, name: 'Billing', url, identifier, readOnly: false };
  const saved = await callValue(page, 'billing.save', { ...system, secret: 'wrong' });
  await openAddress(page, `/connections/billing/${saved.id}`);
  const save = page.getByRole('button', { name: 'Save, test and read customers' });
  await save.click();
  await expect(page.getByText('WHMCS refused the secret.')).toBeVisible();
  await look('billing-refused');
  await lookAt('', 'No customers read yet', 'unread');
  await lookAt('/checks', 'Not compared yet', 'unread-checks');
  await lookAt('/onboarding', 'Services without a user', 'unread-onboarding');

  await callValue(page, 'billing.save', { ...system, id: saved.id, secret, readOnly: true });
  await openAddress(page, `/connections/billing/${saved.id}`);
  await save.click();
  await expect(page.getByText(/6 customers and \d+ services read/)).toBeVisible();
  await look('billing-read-only');
  await lookAt('/onboarding', 'Services without a user (', 'onboarding');
  await page.getByText(/^Pending orders/).click();
  await look('onboarding-orders');
  await page.getByText(/^Services without a user/).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('button', { name: /^Create \d/ }).waitFor();
  await look('onboarding-preview');
  await callValue(page, 'billing.save', { ...system, id: saved.id, environment: 'production' });

  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const suggested = async () =>
    (await callValue(page, 'customers.suggestions', {})).rows.filter(({ ambiguous }) => !ambiguous);
  await expect.poll(async () => (await suggested()).length).toBeGreaterThan(3);
  await lookAt('/checks', 'Users that belong to a customer by e-mail', 'checks');
  const [first, second, third, fourth] = await suggested();
  // more than a network can do: the line is held back
  const beyond = 2n ** 60n;
  gateway.state.usage.adjust((_, items) =>
    items.map((item) =>
      item.userId === third?.userId
        ? { ...item, counters: { ...item.counters, downloaded: beyond } }
        : item,
    ),
  );
  const tariffId = await prepareTariff(page, id);
  const mapped = [first, second, third].flatMap((one) => one ?? []);
  for (const { customerId, userId } of mapped) {
    await callValue(page, 'customers.map', { customerId, connectionId: id, userId });
    await callValue(page, 'customers.setTariff', { customerId, tariffId });
  }
  const customerId = mapped[0]?.customerId ?? '';

  await openClusterPage(page, id, `customers/statements?${billedMonth}`);
  await press('Issue month');
  const issue = dialog(page).getByRole('button', { name: /^Issue \d+ statements?$/ });
  await expect(issue).toBeEnabled();
  await look('issue-month');
  await issue.click();
  const count = 2;
  const words = `${count} statements issued, 1 waiting, of 3 customers.`;
  await expect(page.getByText(words)).toBeVisible();
  await page.getByRole('button', { name: 'C-', exact: false }).first().click();
  await expect(page.getByText('Unchanged since issued.')).toBeVisible();
  await look('statement');
  await lookAt(
    `/statements?${billedMonth}&make=${customerId}`,
    'Issued already, as',
    'make-statement',
  );
  await page.keyboard.press('Escape');
  await lookAt(
    `/statements?${billedMonth}&make=${third?.customerId}`,
    /^Accept \d+ lines? held back/,
    'make-statement-held',
  );
  await page.keyboard.press('Escape');
  const thisMonth = `month=${new Date().toISOString().slice(0, 7)}`;
  await lookAt(`/statements?${thisMonth}`, 'has not ended yet', 'statements-early');

  await openClusterPage(page, id, `customers/invoices?${billedMonth}`);
  await press(`Draft ${count} invoices`);
  const draft = dialog(page).getByRole('button', { name: `Draft ${count} invoices` });
  await expect(draft).toBeDisabled();
  await look('draft-invoices-locked');
  await dialog(page).getByRole('button', { name: 'Unlock for 15 min' }).click();
  await expect(draft).toBeEnabled();
  const refused = { kind: 'error', message: 'Client is closed', action: 'CreateInvoice' } as const;
  whmcs.faults.add({ ...refused, count: 1 });
  await draft.click();
  await expect(page.getByText(refused.message).first()).toBeVisible();
  await look('invoices-failed');
  await press('Draft 1 invoice');
  await dialog(page).getByRole('button', { name: 'Draft 1 invoice' }).click();
  const drafts = page.getByRole('table', { name: 'Draft invoices' });
  await expect(drafts.getByText('Drafted')).toHaveCount(count);
  expect(whmcs.state.invoices.size).toBe(count);
  await look('invoices');
  await openClusterPage(page, id, 'customers/history');
  await press('Verify');
  await expect(page.getByText('History intact.')).toBeVisible();
  await look('history');

  const { id: planId } = await callValue(page, 'servicePlans.save', {
    name: 'Silver',
    quotaGb: 100,
  });
  const holder = { connectionId: id, userId: second?.userId ?? '' };
  await callValue(page, 'servicePlans.assign', { id: planId, holder });
  const { taskId } = await callValue(page, 'inventory.start', { connectionId: id });
  await expect
    .poll(async () => (await callValue(page, 'tasks.get', { taskId })).state)
    .toBe('succeeded');
  await lookAt('', / of 6/, 'list');
  await lookAt(`/${customerId}`, 'S3 users', 'customer');
  await lookAt('/plans', 'Silver', 'plans');
  await lookAt('/drift', 'the plan says', 'drift');
  await correct();

  /** A statement that has a user more, is corrected, and of which that user is taken back. */
  async function correct(): Promise<void> {
    const statementOf = async () => {
      const { rows } = await callValue(page, 'statements.issued', { customerId });
      return `/statements?open=${rows.find(({ correctedBy }) => correctedBy === null)?.statementId}`;
    };
    const user = { customerId, connectionId: id, userId: fourth?.userId ?? '' };
    await callValue(page, 'customers.map', user);
    await lookAt(await statementOf(), 'Changed since issued', 'statement-changed');
    await press('Issue correction');
    await look('correction');
    await dialog(page).getByRole('button', { name: 'Issue correction' }).click();
    await expect(dialog(page)).toHaveCount(0);
    await callValue(page, 'customers.unmap', user);
    await lookAt(await statementOf(), 'no longer belongs', 'statement-corrected');
    await press(/^Take back /);
    await expect(dialog(page).getByText('becomes')).toBeVisible();
    await look('take-back');
    await page.keyboard.press('Escape');
  }

  const { offboardingId } = await callValue(page, 'offboarding.open', { customerId });
  const path = `/offboarding/${offboardingId}`;
  const users = mapped.slice(0, 1).map(({ userId }) => userId);
  await lookAt(path, 'Buckets the owner must empty', 'cancellation');
  await finish(page, offboardingId, 'disable', 'collect');
  const last = { offboardingId, step: 'statement', acceptDraft: true } as const;
  await callValue(page, 'offboarding.run', last);
  await finish(page, offboardingId, 'statement', 'empty');
  await lookAt(path, 'Check buckets', 'cancellation-buckets');
  await press('Check buckets');
  await look('cancellation-step');
  await page.keyboard.press('Escape');
  for (const { name, ownerId } of [...gateway.state.buckets.readAll()]) {
    if (users.includes(ownerId)) gateway.state.buckets.remove(name);
  }
  await finish(page, offboardingId, 'empty', 'delete');
  await lookAt(path, 'Finished', 'cancellation-finished');
  await lookAt(`/${customerId}`, 'Cancelled here', 'customer-cancelled');

  whmcs.faults.add({ kind: 'html-503' });
  gateway.faults.add({ kind: 'reset-before' });
  await refresh(page);
  await expect(freshness(page)).toContainText('Offline');
  await callConsole(page, 'billing.refresh', { id: saved.id });
  await lookAt('', / of 6/, 'down');
  await lookAt('/checks', 'Users nobody pays for', 'down-checks');
  await lookAt('/onboarding', 'Services without a user', 'down-onboarding');
  await openAddress(page, '/connections');
  await look('down-connections');
  expect(faults).toEqual([]);
});

type Step = CallInput<'offboarding.run'>['step'];

/** Does the steps of a cancellation, or tries them, one after the other. */
async function finish(page: Page, offboardingId: string, ...steps: Step[]): Promise<void> {
  const stateOf = async (step: Step) =>
    (await callValue(page, 'offboarding.get', { offboardingId })).steps.find(
      (one) => one.step === step,
    )?.state;
  for (const step of steps) {
    if (!/^(running|done)$/.test((await stateOf(step)) ?? '')) {
      await callValue(page, 'offboarding.run', { offboardingId, step });
    }
    await expect.poll(() => stateOf(step)).toMatch(/^(done|waiting|failed)$/);
  }
}
