// The list of 500,000 buckets in Chromium: frame times by wheel, by jumps and while typing a search,
// against a bare list of the same rows and columns in the same browser; empty rows; the page's heap.
// BENCH_SECONDS sets how long each way is measured a round, of which there are two.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { chromiumArguments, chromiumPath } from '#test/e2e/chromium.ts';
import { openBareList } from './interface/bare-list.ts';
import { type Frames, heapOf } from './interface/frame-meter.ts';
import { frameAt, measureWay, ways } from './interface/measure-scrolling.ts';
import { writeLists } from './lists-data.ts';
import { feedOf } from './measure-refresh.ts';
import { endShell, prepareData, startShell } from './measure-start.ts';
import { atMost, type BenchRow, known, report } from './report.ts';

const size = { users: 100_000, buckets: 500_000 };
const seconds = Number(process.env.BENCH_SECONDS ?? 12);
const rounds = 2;
const mostHeap = 150;

async function fillSnapshot(directory: string): Promise<string> {
  const files = await writeLists(directory, size);
  const snapshot = await openSnapshot(join(directory, 'snapshot'));
  await snapshot.refresh(feedOf(files));
  await snapshot.close();
  return join(directory, 'snapshot', 'snapshot.sqlite');
}

async function openConsole(browser: Browser, address: URL, connectionId: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await page.goto(address.href);
  await page.goto(new URL(`/#/c/${connectionId}/buckets`, address).href);
  await page.getByRole('row').nth(10).waitFor();
  return page;
}

/** The words of the rows on screen, for the bare list. */
function rowsOnScreen(page: Page): Promise<string[][]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[role="row"]')]
      .map((row) => [...row.querySelectorAll('[role="gridcell"]')].slice(1))
      .filter((cells) => cells.length > 0)
      .map((cells) => cells.map((cell) => cell.textContent)),
  );
}

function together(measured: readonly Frames[]): Frames {
  return {
    times: measured.flatMap(({ times }) => times),
    blankRows: measured.reduce((sum, { blankRows }) => sum + blankRows, 0),
    blankFrames: Math.max(...measured.map(({ blankFrames }) => blankFrames)),
  };
}

/** Both lists moved one way in turn, so that what else the machine does meets both. */
async function compare(console: Page, bare: Page, name: string): Promise<BenchRow[]> {
  const way = ways[name];
  if (!way) throw new Error(`There is no way "${name}".`);
  const measured: { console: Frames; bare: Frames }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push({
      bare: await measureWay(bare, way, seconds * 1000),
      console: await measureWay(console, way, seconds * 1000),
    });
  }
  const ours = together(measured.map((pair) => pair.console));
  const least = together(measured.map((pair) => pair.bare));
  const median = frameAt(ours.times, 0.5);
  const p99 = frameAt(ours.times, 0.99);
  return [
    known(`frames ${name}, median`, median, 'ms'),
    known(`frames ${name}, p99`, p99, 'ms'),
    known(`frames of the bare list ${name}, p99`, frameAt(least.times, 0.99), 'ms'),
    atMost(`median ${name}, of the bare list's`, median / frameAt(least.times, 0.5), 'times', 1.2),
    atMost(`p99 ${name}, of the bare list's`, p99 / frameAt(least.times, 0.99), 'times', 2),
    known(`empty rows ${name}, a frame`, ours.blankRows / ours.times.length, 'rows'),
    atMost(`frames on end with an empty row ${name}`, ours.blankFrames, 'frames', 1),
  ];
}

const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
const rows: BenchRow[] = [];
try {
  const snapshotFile = await fillSnapshot(directory);
  const dataDir = join(directory, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const connectionId = await prepareData(dataDir, snapshotFile);
  const { child, address } = await startShell(dataDir);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...chromiumArguments],
  });
  try {
    const console = await openConsole(browser, address, connectionId);
    const bare = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    await openBareList(bare, await rowsOnScreen(console), size.buckets);
    const started = performance.now();
    for (const name of Object.keys(ways)) rows.push(...(await compare(console, bare, name)));
    const minutes = (performance.now() - started) / 60_000;
    const heap = await heapOf(console);
    rows.push(atMost(`heap of the page after ${minutes.toFixed(1)} min`, heap, 'MB', mostHeap));
  } finally {
    await browser.close();
    await endShell(child);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
report(rows);
