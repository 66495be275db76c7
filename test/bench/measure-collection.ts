import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createGateway } from '#core/gateway/create-gateway.ts';
import { openArchive } from '#core/store/archive/archive.ts';
import { collectUsage } from '#core/usage/collect/collector.ts';

const root = resolve(import.meta.dirname, '../..');
const objects = 2000;
const latencyMs = 20;
const maxConnections = 32;
/** Objects the loop fetches: each takes as long as the others, and all of them would take minutes. */
const loopObjects = 60;
const runs = 9;

interface Peer {
  url: string;
  accessKeyId: string;
  secretKey: string;
}

async function startPeer(): Promise<{ peer: Peer; child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'src/simulator/main.ts'),
      ...['--usage', String(objects), '--latency-ms', String(latencyMs)],
      ...['--now', String(Date.UTC(2026, 9, 20))],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { peer: JSON.parse(line) as Peer, child };
}

/** Milliseconds that a collection into a new archive takes, to the last commit. */
async function collect(peer: Peer, folder: string): Promise<number> {
  const archive = await openArchive(join(folder, `archive-${Math.random()}`));
  const gateway = createGateway({
    endpoint: peer.url,
    accessKeyId: peer.accessKeyId,
    secretKey: peer.secretKey,
    signature: 'v2',
    proxy: null,
    maxConnections,
  });
  try {
    const { collected, failed, milliseconds } = await collectUsage({
      gateway,
      archive,
      maxConnections,
      removeCollected: false,
      controls: {
        signal: new AbortController().signal,
        checkpoint: async () => undefined,
        progress: () => undefined,
      },
    });
    if (collected !== objects || failed !== 0) throw new Error(`collected ${collected}`);
    return milliseconds;
  } finally {
    await gateway.close();
    await archive.close();
  }
}

/** Milliseconds an object that the guide's shell function takes, one after the other. */
async function loop(peer: Peer, folder: string): Promise<number> {
  const gateway = createGateway({
    endpoint: peer.url,
    accessKeyId: peer.accessKeyId,
    secretKey: peer.secretKey,
    signature: 'v2',
    proxy: null,
    maxConnections: 1,
  });
  const { names } = await gateway.listUsageObjects();
  await gateway.close();
  const list = join(folder, 'names');
  writeFileSync(list, `${names.slice(0, loopObjects).join('\n')}\n`);
  const script = `source "$1"; while read -r name; do
    s3_curl GET "$2/?ostor-usage&obj=$name" >> "$3.out" 2>/dev/null || exit 1
  done < "$3"`;
  const fixture = join(root, 'test/fixtures/s3-curl.sh');
  const begin = performance.now();
  execFileSync('bash', ['-c', script, 'bash', fixture, peer.url, list], {
    env: {
      ...process.env,
      S3_KEY: peer.accessKeyId,
      S3_SECRET: peer.secretKey,
      no_proxy: '127.0.0.1',
    },
  });
  return (performance.now() - begin) / loopObjects;
}

/** Collection of 2,000 objects at 20 ms and 32 connections. Times in milliseconds, medians. */
export async function measureCollection(): Promise<{
  milliseconds: number;
  ofIdeal: number;
  timesLoop: number;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
  const { peer, child } = await startPeer();
  try {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) times.push(await collect(peer, folder));
    const milliseconds = times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
    const ideal = (objects * latencyMs) / maxConnections;
    const timesLoop = ((await loop(peer, folder)) * objects) / milliseconds;
    return { milliseconds, ofIdeal: ideal / milliseconds, timesLoop };
  } finally {
    child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}
