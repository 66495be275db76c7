import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { foundIn, foundUnder } from '#test/fakes/files-under.ts';
import { chromiumPath, shortLivedArguments } from '../chromium.ts';
import { expect, test } from '../fixtures.ts';
import { callConsole, callValue } from '../helpers/call-console.ts';
import { addCluster, openClusterPage } from '../helpers/connect.ts';
import { consoleHeap, heapEnvironment, pageHeap } from '../helpers/heaps.ts';
import { dialog, tenants } from '../helpers/save-cluster.ts';
import { nodeProgram } from '../hosts/programs.ts';
import { codeIn, startWebHost } from '../hosts/web-host.ts';

/** A browser with a profile on the disk, as an operator has it: not the suite's own. */
function openBrowser(profile: string): Promise<BrowserContext> {
  const whole = '/usr/bin/chromium';
  return chromium.launchPersistentContext(profile, {
    executablePath: existsSync(whole) ? whole : chromiumPath,
    args: [...shortLivedArguments],
    viewport: { width: 1360, height: 860 },
  });
}

const ends: (() => Promise<unknown>)[] = [];
test.afterEach(async () => {
  for (const end of ends.splice(0)) await end().catch(() => undefined);
});

/** Makes a key and looks at its secret, as an operator does. */
async function generateAndReveal(page: Page, email: string, keys: () => readonly string[]) {
  await page.getByRole('button', { name: `Generate key for ${email}`, exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Generate access key' }).click();
  const show = dialog(page).getByRole('button', { name: 'Show secret access key' });
  await show.click();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const [first = ''] = keys();
  await page.getByRole('button', { name: `Reveal secret of ${first}` }).click();
  await dialog(page).getByRole('button', { name: 'Reveal secret' }).click();
  await show.click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

const entered = {
  'token of the webhook': 'not-a-real-webhook-token-7f3a',
  passphrase: 'not a real passphrase of connections',
};

/** What else a day has that knows a secret or gathers what is known: digest, export, anchor, field pack. */
async function restOfTheDay(page: Page, connectionId: string): Promise<void> {
  await callValue(page, 'signals.setDigest', {
    ...{
      kind: 'webhook',
      url: 'https://127.0.0.1:9/hook',
      secret: entered['token of the webhook'],
    },
  });
  // nobody listens there: the refusal and the log must not tell the token either
  expect((await callConsole(page, 'signals.sendDigest', {})).ok).toBe(false);
  await callValue(page, 'signals.list', { filter: {}, offset: 0, limit: 10 });
  await callValue(page, 'connections.export', {
    ...{ passphrase: entered.passphrase, withSecrets: true },
  });
  await callValue(page, 'journal.anchor', { connectionId });
  expect(await callValue(page, 'journal.verify', { connectionId })).toMatchObject({ ok: true });
  await callValue(page, 'connections.fieldPack', { id: connectionId });
  await callConsole(page, 'app.checkForUpdates', {});
  await callValue(page, 'app.secure', {});
}

/** The key of the journal, as the keychain has it. */
function journalKey(connectionId: string, environment: Readonly<Record<string, string>>): string {
  const ask = `require('keytar').getPassword('Ostor Console', 'journal-key:${connectionId}')`;
  const env = { ...process.env, ...environment };
  const kept = execFileSync(nodeProgram, ['-e', `${ask}.then((it) => console.log(it))`], { env });
  return Buffer.from(kept.toString().trim(), 'base64').toString();
}

test('a working day leaves no secret on the disk, in the browser profile or in a heap', async ({
  openGateway,
  dataDir,
  keyring,
}) => {
  const own = await mkdtemp(join(tmpdir(), 'ostor-secrets-'));
  const [profile, heaps] = [join(own, 'profile'), join(own, 'heaps')];
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const context = await openBrowser(profile);
  const host = await startWebHost({
    dataDir,
    switches: ['--no-demo'],
    environment: { ...keyring.environment, ...heapEnvironment(heaps) },
    newPage: async () => context.pages()[0] ?? (await context.newPage()),
  });
  ends.push(
    () => context.close(),
    () => host.quit(),
  );
  const { page } = host;
  const tokens: string[] = [];
  page.on('response', async (response) => {
    if (!response.url().endsWith('/session') || !response.ok()) return;
    const reply = (await response.json().catch(() => ({}))) as { token?: string };
    if (reply.token) tokens.push(reply.token);
  });

  const id = await addCluster(page, gateway);
  await callValue(page, 'sync.refresh', { connectionId: id });
  const held = (userId: string) => gateway.state.users.byId.get(userId);
  const users = await tenants(page, id, 'some');
  const user = users.find(({ userId }) => held(userId)?.keys.length === 1);
  if (!user) throw new Error('No tenant has one key.');
  const keys = () => held(user.userId)?.keys ?? [];
  await openClusterPage(page, id, 'users');
  await page.getByRole('link', { name: user.email }).first().click();
  await generateAndReveal(page, user.email, keys);
  const tenant = Object.fromEntries(
    keys().map((key, index) => [`tenant's secret ${index}`, gateway.state.users.secretOf(key)]),
  );
  const system = { "system user's secret": gateway.secretKey };

  await restOfTheDay(page, id);
  const kept = () => journalKey(id, keyring.environment);
  // a busy keychain may have answered late: the key is kept once it does
  await expect.poll(kept).toMatch(/^[0-9a-f]{64}$/);
  const key = { "journal's key": kept() };
  await page.reload();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: user.email })).toBeVisible();
  const heap = await pageHeap(page);
  const inPage = { ...tenant, ...system, ...key, ...entered };
  expect(foundIn('heap of the page', heap, inPage)).toEqual([]);
  expect(foundIn('page', heap, { email: user.email })).toEqual(['email: page']);
  const inCore = await consoleHeap(host, heaps);
  expect(foundIn('heap of the console', inCore, tenant)).toEqual([]);
  // It signs with the system user's: the hunt sees it there, and there alone.
  expect(foundIn('console', inCore, system)).toHaveLength(1);

  const cookies = await context.cookies(`${new URL(page.url()).origin}/session`);
  expect(cookies).toMatchObject([
    { httpOnly: true, sameSite: 'Strict', path: '/session', expires: -1 },
  ]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You signed out of the console.')).toBeVisible();
  expect(await context.cookies(`${new URL(page.url()).origin}/session`)).toEqual([]);
  await page.reload();
  await expect(page.getByLabel('New address')).toBeVisible();
  const second = await host.anotherCode?.();
  await page.getByLabel('New address').fill(`http://127.0.0.1:1/#code=${second}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();

  const [cookie] = await context.cookies(`${new URL(page.url()).origin}/session`);
  await context.close();
  const stderr = host.stderr();
  expect(await host.quit()).toBe(0);
  const secrets = { ...tenant, ...system, ...key, ...entered, "scripts' token": host.token ?? '' };
  expect(tokens.length).toBeGreaterThan(0);
  const opening = {
    ...Object.fromEntries(tokens.map((token, index) => [`token ${index}`, token])),
    cookie: cookie?.value ?? '',
  };
  expect(foundUnder(dataDir, { ...secrets, ...opening })).toEqual([]);
  expect(foundUnder(profile, { ...secrets, ...opening })).toEqual([]);
  expect(foundIn('standard error', Buffer.from(stderr), { ...secrets, ...opening })).toEqual([]);
  // The hunt finds what is there: the browser keeps the address, whose code was spent.
  const spent = codeIn(host.address ?? '');
  expect(foundUnder(profile, { code: spent }).length).toBeGreaterThan(0);
  await rm(own, { recursive: true, force: true, maxRetries: 5 });
});
