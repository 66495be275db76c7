import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { foundUnder } from '#test/fakes/files-under.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';
import type { BulkOrder } from './bulk-until-killed.ts';

const mostRounds = 24;

/**
 * Where a run is killed: when a write has arrived, which the gateway carries out and nobody hears of;
 * when its answer is there and it is read back; or before anything is sent.
 */
type KillPoint = 'sent' | 'answered' | 'before';
const points: readonly KillPoint[] = ['sent', 'answered', 'before'];

/** Kills at the point; returns whether the run came so far. */
async function runUntil(point: KillPoint, simulator: Simulator, order: BulkOrder) {
  const child = fork(programPath(import.meta.url, './bulk-until-killed.ts'), {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'ostor-compiled'), ...process.env },
  });
  const exited = once(child, 'exit');
  const { log } = simulator;
  let hasSent = false;
  let killed = false;
  const kill = (): void => {
    killed ||= child.kill('SIGKILL');
  };
  log.add = (request) => {
    const isWrite = request.method === 'PUT' || request.method === 'POST';
    if (point === 'before' || (point === 'answered' && hasSent)) kill();
    if (point === 'sent' && isWrite) kill();
    hasSent ||= isWrite;
    return Object.getPrototypeOf(log).add.call(log, request);
  };
  try {
    await once(child, 'message');
    child.send(order);
    await exited;
    return { killed };
  } finally {
    log.add = Object.getPrototypeOf(log).add;
  }
}

it('a table that creates users, accounts and keys makes each once, however often it is killed', async () => {
  const simulator = await startSimulator({ users: 6, buckets: 0 });
  const { users } = simulator.state;
  const [first, second] = [...users.byId.values()].filter(({ system }) => !system);
  const before = new Set([...users.byId.values()].flatMap(({ keys }) => keys));
  const text = [
    'email,create_user,create_account,generate_key',
    'new.one@example.net,yes,,',
    'new.two@example.net,yes,,',
    `${first?.email},,backup,yes`,
    `${second?.email},,archive,`,
  ].join('\n');
  let console_ = await TestConsole.start();
  const { dataDir } = console_;
  try {
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    const gateway = { endpoint, accessKeyId, secretKey };
    const { id } = await console_.call('connections.save', {
      ...{ name: 'Rack 1', environment: 'lab', ...gateway },
    });
    await console_.call('sync.refresh', { connectionId: id });
    const source = { from: 'csv' as const, text };
    const { runId, counts } = await console_.call('bulk.preview', { connectionId: id, source });
    expect(counts).toMatchObject({ pending: 5 });
    await console_.core.close();

    const order = { dataDir, runId, connection: { id, ...gateway } };
    const kills = { sent: 0, answered: 0, before: 0 };
    for (let round = 0; round < mostRounds; round += 1) {
      const point = points[round % points.length] ?? 'sent';
      const { killed } = await runUntil(point, simulator, order);
      if (!killed) break;
      kills[point] += 1;
    }
    process.stdout.write(`killed ${JSON.stringify(kills)}\n`);
    expect(kills.sent + kills.answered).toBeGreaterThanOrEqual(4);

    const { log } = simulator;
    const made = (kind: string) => log.acted(kind).length;
    expect([made('user.created'), made('account.created'), made('key.generated')]).toEqual([
      2, 2, 1,
    ]);
    const emails = [...users.byId.values()].map(({ email }) => email);
    expect(new Set(emails).size).toBe(emails.length);

    console_ = await TestConsole.start({ dataDir });
    await console_.call('connections.save', {
      ...{ id, name: 'Rack 1', environment: 'lab', ...gateway },
    });
    const connectionId = id;
    expect(await console_.call('bulk.get', { connectionId, runId })).toMatchObject({
      ...{ state: 'finished', counts: { verified: 5 } },
    });
    // every key that was made is found by its row, and its secret can still be shown
    const { rows } = await console_.call('bulk.rows', { connectionId, runId, limit: 100 });
    const found: string[] = [];
    for (const { journalId } of rows) {
      if (journalId === null) throw new Error('A row without an entry.');
      const { madePair } = await console_.call('operations.recheck', { connectionId, journalId });
      if (!madePair) throw new Error('A row whose key is not found.');
      const pair = await console_.call('keys.reveal', { connectionId, ...madePair });
      expect(pair.secretAccessKey).toBe(users.secretOf(madePair.accessKeyId));
      found.push(madePair.accessKeyId);
    }
    const all = [...users.byId.values()].flatMap(({ keys, accounts }) => [
      ...keys,
      ...accounts.flatMap((account) => account.keys),
    ]);
    expect(found.sort()).toEqual(all.filter((key) => !before.has(key)).sort());
    await console_.core.close();
    const secrets = all.map((key) => users.secretOf(key));
    expect(foundUnder(dataDir, secrets)).toEqual([]);
  } finally {
    await console_.end();
    await simulator.stop();
  }
});
