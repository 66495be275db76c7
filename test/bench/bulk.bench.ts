// 5,000 quota changes at 20 ms gateway latency: previewed, sent, read back and journalled by a bulk
// run, against a loop of the guide's s3_curl, which only sends.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import {
  type OperationsCore,
  openOperationsCore,
} from '#test/integration/operations/operations-core.ts';

/** One result: `target` is the bound in words, null where there is none. */
interface BenchRow {
  name: string;
  value: number;
  unit: string;
  target: string | null;
  ok: boolean;
}

const users = 5000;
/** All but the system user, which changes of all that match leave out. */
const changed = users - 1;
const latencyMs = 20;
const connections = 32;
const loopSample = 60;
/** Unset quotas: read (and the user with it, to tell "not set" from "not there"), write, read back. */
const requestsPerRow = 4;

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

async function startSimulator() {
  const options = ['--users', String(users), '--buckets', '0', '--latency-ms', String(latencyMs)];
  const child = spawn(process.execPath, [join(root, 'src/simulator/main.ts'), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const peer = JSON.parse(line) as { url: string; accessKeyId: string; secretKey: string };
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { ...peer, stop };
}

/** Seconds a bulk run over all users takes, from the word to the last result. */
async function timeBulk(core: OperationsCore): Promise<number> {
  const source = { from: 'filter', change: { change: 'setQuota', sizeGb: 77 } } as const;
  const { runId, total } = await core.call('bulk.preview', { source, readFrom: 'snapshot' });
  const start = performance.now();
  const { taskId } = await core.call('bulk.apply', { runId });
  const { state } = await core.ended(taskId);
  const seconds = (performance.now() - start) / 1000;
  const { counts } = await core.call('bulk.get', { runId });
  if (state !== 'succeeded' || counts.verified !== total || total !== changed) {
    throw new Error(`The run ended ${state} with ${JSON.stringify(counts)}.`);
  }
  return seconds;
}

/** Seconds one change of a quota takes in a loop of the guide's shell function. */
async function timeLoop(
  peer: { url: string; accessKeyId: string; secretKey: string },
  ids: readonly string[],
): Promise<number> {
  const script = `source "$1"; shift; for id in "$@"; do
    s3_curl PUT "$URL/?ostor-quotas&id=$id&quota-size=78" >/dev/null 2>&1; done`;
  const start = performance.now();
  const fixture = join(root, 'test/fixtures/s3-curl.sh');
  await run('bash', ['-c', script, 'bash', fixture, ...ids], {
    env: {
      ...process.env,
      URL: peer.url,
      S3_KEY: peer.accessKeyId,
      S3_SECRET: peer.secretKey,
      no_proxy: '127.0.0.1',
    },
  });
  return (performance.now() - start) / 1000 / ids.length;
}

const simulator = await startSimulator();
const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-bulk-'));
const core = await openOperationsCore({ ...simulator, directory, maxConnections: connections });
try {
  await core.refresh();
  const snapshot = await (await core.clusters.get('lab')).snapshot();
  const { rows } = await snapshot.ask('users', { offset: 0, limit: loopSample });
  const bulk = await timeBulk(core);
  const change = await timeLoop(
    simulator,
    rows.map(({ userId }) => userId),
  );
  const check = await core.call('quotas.get', { target: { user: rows.at(-1)?.userId ?? '' } });
  if (check.sizeGb !== 78) throw new Error('The loop of s3_curl changed nothing.');
  const ideal = (changed * requestsPerRow * latencyMs) / 1000 / connections;
  const loop = change * changed;
  const results: BenchRow[] = [
    { name: `${changed} quota changes, bulk run`, value: bulk, unit: 's', target: null, ok: true },
    {
      name: `${changed} quota changes, loop of s3_curl (from ${loopSample})`,
      value: loop,
      unit: 's',
      target: null,
      ok: true,
    },
    {
      name: 'bulk run against the loop',
      value: loop / bulk,
      unit: 'times',
      target: '>= 10',
      ok: loop / bulk >= 10,
    },
    {
      name: `share of the latency-bound ideal (${connections} connections)`,
      value: ideal / bulk,
      unit: '',
      target: '>= 0.5',
      ok: ideal / bulk >= 0.5,
    },
  ];
  for (const row of results) process.stdout.write(`${JSON.stringify(row)}\n`);
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
} finally {
  await core.close();
  await simulator.stop();
  rmSync(directory, { recursive: true, force: true });
}
