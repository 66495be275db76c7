import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataDirectory } from '#core/platform/files/data-directory.ts';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import { ensureBundle } from '../../scripts/lib/bundle.js';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import { inRoot } from '../../scripts/lib/paths.js';

const main: string = inRoot('out', 'main', 'web.js');
const period = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-02-01T00:00:00.000Z',
  groupBy: 'user',
};
const ends: (() => unknown)[] = [];
beforeAll(() => ensureBundle());
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The web shell in a separate process. */
class Shell {
  readonly directory: string;
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  #address = { origin: '', token: '' };

  constructor(directory: string) {
    this.directory = directory;
    this.child = spawn(process.execPath, [main, '--data-dir', directory], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.exited = once(this.child, 'exit');
  }

  static async start(): Promise<Shell> {
    const directory = await mkdtemp(join(tmpdir(), 'ostor-shutdown-'));
    const shell = new Shell(directory);
    ends.push(async () => {
      shell.child.kill('SIGKILL');
      await shell.exited;
      await rm(directory, { recursive: true, force: true });
    });
    if (!shell.child.stdout) throw new Error('No output.');
    const [line] = (await once(createInterface(shell.child.stdout), 'line')) as [string];
    const url = new URL(line);
    const [kind, value = ''] = url.hash.slice(1).split('=');
    shell.#address = { origin: url.origin, token: kind === 'token' ? value : '' };
    if (kind === 'code') {
      const reply = await fetch(`${url.origin}/session`, {
        method: 'POST',
        body: JSON.stringify({ code: value }),
      });
      shell.#address.token = ((await reply.json()) as { token: string }).token;
    }
    return shell;
  }

  async call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
    const { origin, token } = this.#address;
    const reply = await fetch(`${origin}/rpc/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(input),
    });
    const answer = (await reply.json()) as { ok: boolean; value: CallOutput<Name> };
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return answer.value;
  }

  /** Saves a connection to a simulator and fetches its lists. */
  async connect({ url: endpoint, accessKeyId, secretKey }: Simulator): Promise<string> {
    const { id } = await this.call('connections.save', {
      name: 'Lab',
      endpoint,
      accessKeyId,
      secretKey,
      environment: 'lab',
      signature: 'v2',
    } as never);
    await this.call('sync.refresh', { connectionId: id });
    return id;
  }

  /** Asks it to end; its data directory is free afterwards. */
  async end(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exited;
    (await openDataDirectory(this.directory)).release();
  }
}

async function simulated(): Promise<Simulator> {
  const simulator = await startSimulator({ users: 20, buckets: 0, usage: 10 });
  ends.push(() => simulator.stop());
  return simulator;
}

async function reached(simulator: Simulator, method: string, query: RegExp): Promise<void> {
  const found = (): boolean =>
    simulator.log.entries.some((entry) => entry.method === method && query.test(entry.query));
  while (!found()) await pause(5);
}

// what hangs here hangs for ever; they wait side by side
describe.concurrent('SIGTERM ends the console', () => {
  it('while a gateway keeps a write without an answer; the rows stay to be done', async () => {
    const simulator = await simulated();
    const shell = await Shell.start();
    const connectionId = await shell.connect(simulator);
    const { runId } = await shell.call('bulk.preview', {
      connectionId,
      source: { from: 'filter', change: { change: 'setQuota', sizeGb: 5 } },
      readFrom: 'snapshot',
    } as never);
    simulator.faults.add({ kind: 'hang-after', match: { method: 'PUT' } });
    await shell.call('bulk.apply', { connectionId, runId, canary: 'none' } as never);
    await reached(simulator, 'PUT', /ostor-quotas/);
    await shell.end();
    const path = join(shell.directory, 'connections', connectionId, 'archive.sqlite');
    const archive = new DatabaseSync(path);
    const states = archive.prepare('SELECT DISTINCT state FROM bulk_row ORDER BY state').all();
    archive.close();
    expect(states.map(({ state }) => state)).toEqual(['pending', 'sending']);
  });

  it('while the disk keeps the archive busy', async () => {
    const simulator = await simulated();
    const shell = await Shell.start();
    const connectionId = await shell.connect(simulator);
    await shell.call('journal.list', { connectionId, offset: 0, limit: 1 } as never);
    const path = join(shell.directory, 'connections', connectionId, 'archive.sqlite');
    const holder = new DatabaseSync(path, { timeout: 30_000 });
    ends.push(() => holder.close());
    holder.exec('BEGIN IMMEDIATE');
    await shell.call('usage.collect', { connectionId, removeCollected: false } as never);
    await reached(simulator, 'GET', /obj=/);
    await shell.end();
  });

  it.skipIf(process.platform === 'win32')('while an export waits for its disk', async () => {
    const simulator = await simulated();
    const shell = await Shell.start();
    const connectionId = await shell.connect(simulator);
    await shell.call('usage.report', { connectionId, ...period } as never);
    const input = {
      connectionId,
      ...period,
      destination: { to: 'folder', path: shell.directory },
    };
    const { writtenTo } = await shell.call('usage.export', { ...input, format: 'csv' } as never);
    // What is opened for writing now waits for a reader that does not come, as a disk does that hangs.
    execFileSync('mkfifo', [`${writtenTo}.part`]);
    const exporting = shell
      .call('usage.export', { ...input, format: 'csv' } as never)
      .catch(() => undefined);
    await shell.call('tasks.list', {});
    await shell.end();
    await exporting;
  });
});
