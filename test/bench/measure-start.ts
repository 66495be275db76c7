import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { chromiumArguments, chromiumPath } from '#test/e2e/chromium.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const webShell = resolve(import.meta.dirname, '../../out/main/web.js');
/** Until the look over the whole file is done and everything is at rest. */
const settle = 8000;

/** A data directory with one cluster, offline, whose snapshot is the given one. */
export async function prepareData(dataDir: string, snapshotFile: string): Promise<string> {
  const console = await TestConsole.start({ dataDir });
  const { id } = await console.call('connections.save', {
    name: 'Bench',
    endpoint: 'http://127.0.0.1:9',
    accessKeyId: 'bench',
    secretKey: 'bench',
    environment: 'lab',
    proxy: { mode: 'direct' },
  });
  await console.core.close();
  const directory = join(dataDir, 'connections', id);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  copyFileSync(snapshotFile, join(directory, 'snapshot.sqlite'));
  return id;
}

/** Starts the built web shell on a data directory; the address opens it in a browser. */
export async function startShell(dataDir: string): Promise<{ child: ChildProcess; address: URL }> {
  const child = spawn(process.execPath, [webShell, '--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, address: new URL(line) };
}

/** Ends it, and waits until it has. */
export async function endShell(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Milliseconds from the start of the web shell's process until it answers with the first buckets. */
async function timeFirstAnswer(dataDir: string, connectionId: string): Promise<number> {
  const started = performance.now();
  const { child, address } = await startShell(dataDir);
  const code = address.hash.replace('#code=', '');
  const session = { method: 'POST', body: JSON.stringify({ code }) };
  const opened = await fetch(new URL('/session', address), session);
  const { token } = (await opened.json()) as { token: string };
  const reply = await fetch(new URL('/rpc/buckets.list', address), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ connectionId, limit: 100 }),
  });
  const { value } = (await reply.json()) as { value?: { rows: unknown[] } };
  const milliseconds = performance.now() - started;
  await endShell(child);
  if (value?.rows.length !== 100) throw new Error('The web shell answered without rows.');
  return milliseconds;
}

/** The same until Chromium, which runs already, shows them; then the shell's memory at rest, in MiB. */
async function timeFirstRows(dataDir: string, connectionId: string) {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...chromiumArguments],
  });
  try {
    const page = await browser.newPage();
    const started = performance.now();
    const { child, address } = await startShell(dataDir);
    await page.goto(address.href);
    await page.goto(new URL(`/#/c/${connectionId}/buckets`, address).href);
    await page.getByRole('row').nth(10).waitFor();
    const milliseconds = performance.now() - started;
    await pause(settle);
    const memory = residentMiB(child.pid ?? 0);
    await endShell(child);
    return { milliseconds, memory };
  } finally {
    await browser.close();
  }
}

function residentMiB(processId: number): number {
  if (process.platform === 'linux') {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(processId)])) / 1024;
}

/**
 * Times a start with a large snapshot.
 * @returns what the screen shows only where there is a Chromium to show it
 */
export async function measureStart(dataDir: string, snapshotFile: string) {
  const connectionId = await prepareData(dataDir, snapshotFile);
  const answers: number[] = [];
  for (let start = 0; start < 3; start += 1) {
    answers.push(await timeFirstAnswer(dataDir, connectionId));
  }
  const answer = answers.sort((left, right) => left - right)[1] ?? Number.NaN;
  const screen = existsSync(chromiumPath) ? await timeFirstRows(dataDir, connectionId) : null;
  return { answer, screen };
}
