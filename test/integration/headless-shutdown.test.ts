import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDataDirectory } from '#core/platform/files/data-directory.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';

const commands = {
  refresh: programPath(import.meta.url, '../../src/collect/refresh-main.ts'),
  collect: programPath(import.meta.url, '../../src/collect/main.ts'),
};

let simulator: Simulator;
let console_: TestConsole;
let options: string[];

beforeEach(async () => {
  simulator = await startSimulator({ users: 6, buckets: 0, usage: 10 });
  console_ = await TestConsole.start();
  const { dataDir } = console_;
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const { id } = await console_.call('connections.save', {
    name: 'Lab',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
    signature: 'v2',
  });
  await console_.call('sync.refresh', { connectionId: id });
  await console_.core.close();
  const secretFile = join(dataDir, 'secret');
  await writeFile(secretFile, secretKey, { mode: 0o600 });
  options = ['--data-dir', dataDir, '--connection', id, '--secret-file', secretFile];
});

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

it('what a command writes is its owner’s alone, whatever the umask it was started with', async () => {
  const folder = join(console_.dataDir, 'connections', String(options[3]));
  const snapshots = (): string[] => readdirSync(folder).filter((name) => /^snapshot/.test(name));
  for (const name of snapshots()) rmSync(join(folder, name));
  const child = spawn(process.execPath, [commands.refresh, ...options], { stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(snapshots()).not.toEqual([]);
  const modes = snapshots().map((name) => statSync(join(folder, name)).mode & 0o077);
  if (process.platform !== 'win32') expect(new Set(modes)).toEqual(new Set([0]));
});

it('a command whose reader is gone ends with its own status', async () => {
  const hang = simulator.faults.add({ kind: 'hang-before', match: { query: /^ostor-users$/ } });
  const child = spawn(process.execPath, [commands.refresh, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = text(child.stderr);
  const exited = once(child, 'exit');
  await eventually(() => expect(hang.hits).toBeGreaterThan(0));
  child.stdout.destroy();
  child.kill('SIGTERM');
  expect(await exited).toEqual([130, null]);
  expect(await errors).not.toContain('EPIPE');
});

// Its own deadline is 15 s, after which it kills itself: its exit would then be a signal.
it.each([
  ['refresh', /^ostor-users$/],
  ['collect', /obj=/],
] as const)(
  'SIGTERM ends `%s` in order while a gateway never answers',
  async (command, query) => {
    const hang = simulator.faults.add({ kind: 'hang-before', match: { query } });
    const child = spawn(process.execPath, [commands[command], ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(child, 'exit');
    const output = text(child.stdout);
    await eventually(() => expect(hang.hits).toBeGreaterThan(0));
    child.kill('SIGTERM');
    expect(await exited).toEqual([130, null]);
    expect(JSON.parse(await output)).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    (await openDataDirectory(console_.dataDir)).release();
  },
  180_000,
);
