// The heap of the page after an hour of use, compressed into some minutes: pages switched, lists scrolled
// and searched, details opened, dialogs and the palette used, lists refreshed. Once garbage is collected.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startSimulator } from '#simulator/index.ts';
import { chromiumArguments, chromiumPath } from '#test/e2e/chromium.ts';
import { callValue } from '#test/e2e/helpers/call-console.ts';
import { heapOf } from './interface/frame-meter.ts';
import { endShell, startShell } from './measure-start.ts';
import { atMost, type BenchRow, known, report } from './report.ts';

/** Somebody who works switches pages about three times a minute. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 24);
const mostHeap = 150;
const lists = ['users', 'buckets', 'keys', 'limits', 'pressure', 'journal'];
const others = [
  ...['overview', 'usage', 'usage/coverage', 'usage/storage', 'usage/tariffs'],
  ...['customers', 'customers/checks', 'campaigns', 'changes/plans'],
];
const customers = 2000;

async function scroll(page: Page): Promise<void> {
  const grid = page.getByRole('grid').first();
  for (const share of [0.2, 0.7, 1, 0.1]) {
    await grid.evaluate((element, part) => {
      element.scrollTop = (element.scrollHeight - element.clientHeight) * part;
    }, share);
    await page.getByRole('row').nth(2).waitFor();
  }
}

const settled = (page: Page) =>
  page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));

/** The list is asked once typing pauses: the address tells when it was. */
async function search(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox').first();
  for (const typed of [text, '']) {
    await field.fill(typed);
    await page.waitForFunction(
      (sought) => (/[?&]q=([^&]*)/.exec(location.hash)?.[1] ?? '') === sought,
      typed,
    );
    await settled(page);
  }
}

/** Opens a row by its name: elsewhere in it are links. */
async function openRow(page: Page, index: number): Promise<void> {
  await page.getByRole('row').nth(index).getByRole('gridcell').nth(1).click();
  await page.getByRole('complementary').first().waitFor();
}

/** Resolves once keys and limits are read. */
async function keysRead(page: Page, taskId: string): Promise<void> {
  for (;;) {
    const { state } = await callValue(page, 'tasks.get', { taskId });
    if (state !== 'running') return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const allClusters = (home: string): string => home.replace(/#.*/, '#/morning');

/** Has something on every page that an hour goes through: customers, a campaign, a plan. */
async function fill(page: Page, connectionId: string): Promise<void> {
  const lines = Array.from({ length: customers }, (_, n) => `${n},Name ${n},it@${n}.example`);
  const csv = ['customer id,name,e-mail', ...lines].join('\n');
  const { id } = await callValue(page, 'billing.save', { name: 'Table', kind: 'file', csv });
  await callValue(page, 'billing.refresh', { id });
  const of = { filter: { holder: 'user' as const } };
  const { rows: users } = await callValue(page, 'users.list', { connectionId, limit: 500 });
  const userIds = users.map(({ userId }) => userId);
  const change = { change: 'setQuota', sizeGb: '5000' } as const;
  const source = { from: 'users', userIds, change } as const;
  await callValue(page, 'plans.add', { connectionId, name: 'Night', source });
  await callValue(page, 'campaigns.start', { connectionId, title: 'Autumn', kind: 'rotate', of });
}

/** One round: every page once, as an operator goes round in about two and a half minutes. */
async function workARound(page: Page, home: string, round: number): Promise<void> {
  const addresses = [...lists, ...others].map((path) => [path, `${home}/${path}`] as const);
  for (const [path, address] of [...addresses, ['morning', allClusters(home)] as const]) {
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await settled(page);
    if (path !== 'users' && path !== 'buckets') continue;
    await scroll(page);
    await search(page, ['media', 'backup', 'log', 'a'][round % 4] ?? 'a');
    await openRow(page, 1 + (round % 5));
  }
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search everything').fill(`raw-${round}`);
  await page.keyboard.press('Escape');
  await page.goto(`${home}/overview`);
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await page.getByRole('button', { name: /^Data: Live/ }).waitFor();
}

const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
const simulator = await startSimulator({
  ...{ users: 5000, buckets: 20_000, quotas: true, usage: 600, usageServices: 2 },
});
const rows: BenchRow[] = [];
try {
  const dataDir = join(directory, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const { child, address } = await startShell(dataDir);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...chromiumArguments],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    await page.goto(address.href);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    const { id: connectionId } = await callValue(page, 'connections.save', {
      ...{ name: 'Bench', endpoint, accessKeyId, secretKey, environment: 'lab' },
    });
    await callValue(page, 'sync.refresh', { connectionId });
    await callValue(page, 'usage.collect', { connectionId });
    const inventory = { connectionId, requestsPerSecond: 1000 };
    const { taskId } = await callValue(page, 'inventory.start', inventory);
    await keysRead(page, taskId);
    await fill(page, connectionId);
    const home = new URL(`/#/c/${connectionId}`, address).href;
    await workARound(page, home, 0);
    const first = await heapOf(page);
    const started = performance.now();
    for (let round = 1; round <= rounds; round += 1) {
      await workARound(page, home, round);
      if (round === Math.ceil(rounds / 2)) {
        rows.push(known('heap of the page halfway', await heapOf(page), 'MB'));
      }
    }
    rows.unshift(known('heap of the page after one round', first, 'MB'));
    rows.push(
      known('pages opened', (rounds + 1) * (lists.length + others.length + 2), ''),
      known('took', (performance.now() - started) / 1000, 's'),
      atMost('heap of the page after an hour of use', await heapOf(page), 'MB', mostHeap),
    );
  } finally {
    await browser.close();
    await endShell(child);
  }
} finally {
  await simulator.stop();
  rmSync(directory, { recursive: true, force: true });
}
report(rows);
