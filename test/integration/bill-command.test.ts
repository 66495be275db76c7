import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';

const program = programPath(import.meta.url, '../../src/collect/bill-main.ts');

let simulator: Simulator;
let whmcs: WhmcsSimulator;
let console_: TestConsole;
let common: string[];

beforeAll(async () => {
  simulator = await startSimulator({ users: 2, buckets: 0 });
  const users = [...simulator.state.users.byId.values()].filter(({ system }) => !system);
  whmcs = await startWhmcsSimulator({ clients: 1, emails: users.map(({ email }) => email) });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const { id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', endpoint, accessKeyId, secretKey, environment: 'lab' },
  });
  await console_.call('sync.refresh', { connectionId });
  const { url, identifier, secret } = whmcs;
  const { id } = await console_.call('billing.save', {
    ...{ name: 'Billing', kind: 'whmcs', url, identifier, secret },
  });
  await console_.call('billing.refresh', { id });
  const { rows } = await console_.call('customers.suggestions', { limit: 10 });
  const [customer] = rows;
  if (!customer) throw new Error('no customer to map');
  // it has a user and no tariff: its statement is refused
  const { customerId, userId } = customer;
  await console_.call('customers.map', { customerId, connectionId, userId });
  await console_.call('billing.save', {
    ...{ name: 'Empty', kind: 'whmcs', url, identifier, secret },
  });
  await console_.core.close();
  const secretFile = join(console_.dataDir, 'secret');
  await writeFile(secretFile, secretKey, { mode: 0o600 });
  common = ['--data-dir', console_.dataDir, '--secret-file', secretFile];
});

afterAll(async () => {
  await console_.end();
  await whmcs.stop();
  await simulator.stop();
});

async function bill(connection: string, period: string) {
  const child = spawn(
    process.execPath,
    [program, ...common, '--connection', connection, '--period', period],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const output = text(child.stdout);
  const [status] = await once(child, 'exit');
  const lines = (await output).trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  return { status, report: JSON.parse(lines[0] ?? '') };
}

it('exits with 0 where every customer has its statement', async () => {
  const { status, report } = await bill('Empty', '2026-10');
  expect(report).toEqual({
    ...{ ok: true, connection: 'Empty', customers: 0, issued: 0, refused: [], files: 0 },
    withoutUser: 0,
    period: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
    invoices: null,
  });
  expect(status).toBe(0);
});

it('exits with 2 and names the customers whose statements were refused', async () => {
  const { status, report } = await bill('Billing', '2026-10');
  expect(report).toMatchObject({ ok: false, customers: 1, issued: 0 });
  expect(report.refused).toHaveLength(1);
  expect(report.refused[0].error).toMatchObject({ message: expect.stringContaining('tariff') });
  expect(status).toBe(2);
});

it('exits with 1 where it could not begin', async () => {
  const wrong = await bill('Billing', 'October');
  expect(wrong).toMatchObject({ status: 1, report: { error: { code: 'INPUT_INVALID' } } });
  const unknown = await bill('Nowhere', '2026-10');
  expect(unknown).toMatchObject({ status: 1, report: { error: { code: 'CONNECTION_NOT_FOUND' } } });
});
