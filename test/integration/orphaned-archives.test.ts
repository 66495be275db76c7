import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console_: TestConsole;
let fields: { name: string; endpoint: string; accessKeyId: string; environment: 'lab' };
let id: string;

beforeEach(async () => {
  simulator = await startSimulator({ usage: 20, now: Date.UTC(2026, 9, 20) });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  fields = { name: 'Rack 1', endpoint, accessKeyId, environment: 'lab' };
  id = (await console_.call('connections.save', { ...fields, secretKey })).id;
  const { taskId } = await console_.call('usage.collect', { connectionId: id });
  await taskEnd(console_, taskId);
});

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

async function loseConnections(): Promise<void> {
  await console_.restart();
  rmSync(join(console_.dataDir, 'connections.json'));
  await console_.restart();
}

it('finds the archive of a lost connection and saves the connection again', async () => {
  await loseConnections();
  expect(await console_.call('connections.list', {})).toEqual([]);
  const { notices } = await console_.call('app.info', {});
  expect(notices.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('Archives without a connection were found: Rack 1'),
  );
  expect(await console_.call('connections.orphans', {})).toMatchObject([
    { id, objects: 20, connection: { name: 'Rack 1', endpoint: fields.endpoint } },
  ]);
  expect(await console_.call('connections.recover', { id })).toMatchObject({ id, ...fields });
  expect(await console_.call('connections.orphans', {})).toEqual([]);
  expect(await console_.call('archive.status', { connectionId: id })).toMatchObject({
    state: 'sound',
    objects: 20,
  });
});

it('keeps a copy of a connection in its folder, without its secret', async () => {
  const copy = readFileSync(join(console_.dataDir, 'connections', id, 'connection.json'), 'utf8');
  expect(JSON.parse(copy)).toMatchObject({ id, name: 'Rack 1' });
  expect(copy).not.toContain(simulator.secretKey);
});

it('takes up a folder without such a copy under its own id, and no other id', async () => {
  await console_.restart();
  rmSync(join(console_.dataDir, 'connections.json'));
  rmSync(join(console_.dataDir, 'connections', id, 'connection.json'));
  await console_.restart();
  expect(await console_.call('connections.orphans', {})).toMatchObject([{ id, connection: null }]);
  await expect(console_.call('connections.recover', { id })).rejects.toMatchObject({
    code: 'CONNECTION_NOT_FOUND',
  });
  await expect(
    console_.call('connections.save', { ...fields, id: 'unknown' }),
  ).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  expect(await console_.call('connections.save', { ...fields, id })).toMatchObject({ id });
  expect(await console_.call('archive.status', { connectionId: id })).toMatchObject({
    objects: 20,
  });
});

it('keeps the backups of a removed connection whose archive is missing', async () => {
  const { fileName } = await console_.call('archive.backup', { connectionId: id });
  await console_.restart();
  rmSync(join(console_.dataDir, 'connections', id, 'archive.sqlite'));
  await console_.call('connections.remove', { id });
  const kept = join(console_.dataDir, 'archive-of-removed', id, 'archive-backups', fileName);
  expect(existsSync(kept)).toBe(true);
});
