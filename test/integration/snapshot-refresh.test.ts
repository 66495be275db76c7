import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { type Fault, type Simulator, startSimulator, type Variants } from '#simulator/index.ts';
import { filesUnder, foundUnder } from '#test/fakes/files-under.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console: TestConsole;
let connectionId: string;
let standard: Variants;

async function everything() {
  const [users, buckets, overview] = await Promise.all([
    console.call('users.list', { connectionId, limit: 1000 }),
    console.call('buckets.list', { connectionId, limit: 1000 }),
    console.call('sync.overview', { connectionId }),
  ]);
  return { users, buckets, overview };
}

beforeAll(async () => {
  simulator = await startSimulator({ users: 120, buckets: 400, seed: 11 });
  standard = { ...simulator.variants };
  console = await TestConsole.start();
  const connection = await console.call('connections.save', {
    name: 'Rack 7',
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    environment: 'lab',
    proxy: { mode: 'direct' },
  });
  connectionId = connection.id;
});

afterAll(async () => {
  await console.end();
  await simulator.stop();
});

beforeEach(async () => {
  Object.assign(simulator.variants, standard);
  simulator.faults.clear();
  await console.call('sync.refresh', { connectionId });
});

type UserRow = CallOutput<'users.list'>['rows'][number];

describe('a refresh', () => {
  it.each<[string, Partial<Variants>]>([
    ['a bare array of users', { userList: 'array' }],
    ['users under "users"', { userList: 'users' }],
    ['numbers as text', { numbers: 'strings' }],
    ['one body of known length', { transfer: 'length' }],
  ])('shows the same of a gateway that sends %s', async (_what, variants) => {
    const before = await everything();
    Object.assign(simulator.variants, variants);
    const { asOf, ...counts } = await console.call('sync.refresh', { connectionId });
    expect(counts).toEqual({ users: before.users.total, buckets: before.buckets.total });
    const after = await everything();
    const withoutFlags = ({ flags: _flags, flagsUnknown: _unknown, ...row }: UserRow) => row;
    expect(after.users.rows.map(withoutFlags)).toEqual(before.users.rows.map(withoutFlags));
    expect(after.buckets).toEqual({ ...before.buckets, asOf });
    expect(after.overview).toEqual({ ...before.overview, asOf });
  });

  it('keeps no secret of a gateway that lists them', async () => {
    Object.assign(simulator.variants, { userList: 'array-with-secrets' });
    await console.call('sync.refresh', { connectionId });
    const { rows } = await console.call('users.list', { connectionId, limit: 20 });
    const keyIds: string[] = [];
    for (const { userId } of rows) {
      const { keys, accounts } = await console.call('users.get', { connectionId, userId });
      const held = [...keys, ...accounts.flatMap((account) => account.keys)];
      keyIds.push(...held.map(({ accessKeyId }) => accessKeyId));
    }
    const secrets = keyIds.map((id) => simulator.state.users.secretOf(id));
    expect(secrets.length).toBeGreaterThan(20);
    await console.core.close();
    const snapshot = join('connections', connectionId, 'snapshot.sqlite');
    const files = [...filesUnder(console.dataDir)];
    const { bytes } = files.find(({ path }) => path.endsWith(snapshot)) ?? {};
    expect(keyIds.filter((id) => !bytes?.includes(id))).toEqual([]);
    expect(foundUnder(console.dataDir, secrets)).toEqual([]);
    await console.restart();
  });

  it.each<[string, Fault, string, state?: 'failing']>([
    ['breaks off', { kind: 'truncated-json' }, 'ANSWER_TRUNCATED'],
    ['is a web page', { kind: 'html' }, 'ANSWER_NOT_JSON'],
    ['is another product’s', { kind: 'foreign-json' }, 'ANSWER_FOREIGN'],
    ['holds an error', { kind: 'error-in-success' }, 'ANSWER_ERROR_IN_SUCCESS', 'failing'],
    ['leads elsewhere', { kind: 'redirect', location: 'https://panel.example.com/' }, 'REDIRECTED'],
    ['is cut with its connection', { kind: 'cut-body' }, 'ANSWER_TRUNCATED'],
    [
      'is refused for the clock',
      { kind: 'skewed-clock', ms: 3_600_000 },
      'CLOCK_SKEWED',
      'failing',
    ],
  ])('leaves the old snapshot when the answer %s', async (_what, fault, code, state) => {
    const before = await everything();
    for (const service of ['ostor-users', 'ostor-buckets']) {
      simulator.faults.clear();
      simulator.faults.add({ ...fault, match: { service } });
      const failed = await console.reply('sync.refresh', { connectionId });
      expect(failed).toMatchObject({ ok: false, error: { code } });
      expect(await everything()).toEqual(before);
      const status = await console.call('sync.status', { connectionId });
      expect(status).toMatchObject({
        state: state ?? 'offline',
        asOf: before.users.asOf,
        error: { code },
      });
    }
  });
});

describe('a damaged snapshot', () => {
  it('is set aside with a notice and fetched again automatically', async () => {
    const before = await everything();
    await console.core.close();
    truncateSync(join(console.dataDir, 'connections', connectionId, 'snapshot.sqlite'), 30_000);
    await console.restart();
    const total = async () => (await console.call('users.list', { connectionId })).total;
    await expect.poll(total).toBe(before.users.total);
    const { notices }: CallOutput<'app.info'> = await console.call('app.info', {});
    expect(notices).toMatchObject([
      { severity: 'warning', message: expect.stringMatching(/Rack 7.*damaged/) },
    ]);
  });
});
