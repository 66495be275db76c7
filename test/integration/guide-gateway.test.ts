import { afterEach, describe, expect, it } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { type ProfileName, type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let bench: TestConsole;
let connectionId: string;

afterEach(async () => {
  await bench.end();
  await simulator.stop();
});

async function start(profile: ProfileName): Promise<void> {
  simulator = await startSimulator({
    users: 12,
    buckets: 40,
    duplicateEmails: 1,
    usage: 8,
    profile,
  });
  bench = await TestConsole.start();
  const { accessKeyId, secretKey, url: endpoint } = simulator;
  const saved = await bench.call('connections.save', {
    name: 'Guide',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
    signature: 'auto',
  });
  connectionId = saved.id;
}

async function refreshed(): Promise<void> {
  await bench.call('sync.refresh', { connectionId });
}

async function steps(): Promise<CallOutput<'connections.test'>['steps']> {
  return (await bench.call('connections.test', { id: connectionId })).steps;
}

async function saved() {
  const all = await bench.call('connections.list', {});
  return all.find(({ id }) => id === connectionId);
}

/** Two users of one e-mail, and one whose e-mail is its own. */
function people() {
  const all = [...simulator.state.users.byId.values()].filter(({ system }) => !system);
  const groups = [...Map.groupBy(all, ({ email }) => email).values()];
  const [first, second] = groups.find(({ length }) => length > 1) ?? [];
  const [alone] = groups.find(({ length }) => length === 1) ?? [];
  if (!first || !second || !alone) throw new Error('The simulator has such users.');
  return { first, second, alone };
}

const writes = () => simulator.log.entries.filter(({ method }) => method !== 'GET');

describe.each(['guide', 'guide-wide'] as const)('a gateway of the profile %s', (profile) => {
  it('is found to take the e-mail alone, which stays with the connection', async () => {
    await start(profile);
    expect((await steps()).find(({ name }) => name === 'selector')).toMatchObject({
      name: 'selector',
      state: 'passed',
      detail: expect.stringMatching(
        profile === 'guide'
          ? /^Selector accepted: emailAddress\. id is refused \(status 400\)/
          : /^Selector accepted: emailAddress\. id is ignored/,
      ),
    });
    await expect.poll(saved).toMatchObject({ detectedSelectors: ['emailAddress'] });
    await bench.restart();
    await refreshed();
    simulator.log.clear();
    const { first } = people();
    await bench.reply('quotas.set', { connectionId, target: { user: first.id }, sizeGb: 1 });
    expect(simulator.log.entries.some(({ query }) => query.includes('&id='))).toBe(false);
  });

  it('shows keys, and changes each user by its e-mail', async () => {
    await start(profile);
    await refreshed();
    const { alone } = people();
    const userId = alone.id;
    const user = await bench.call('users.get', { connectionId, userId });
    expect(user).toMatchObject({ source: 'gateway' });
    expect(user.keys.map(({ accessKeyId }) => accessKeyId)).toEqual(alone.keys);
    const disabled = await bench.call('users.disable', { connectionId, userId });
    expect(disabled).toMatchObject({ verified: true, state: 'disabled' });
    const target = { user: userId };
    const limits = { opsGet: 5 };
    expect(await bench.call('limits.set', { connectionId, target, limits })).toMatchObject({
      verified: true,
    });
    expect(await bench.call('limits.get', { connectionId, target })).toMatchObject({ limits });
    for (const { query } of writes()) {
      expect(query).toContain(`emailAddress=${encodeURIComponent(alone.email)}`);
    }
  });

  it('lets a user without buckets be removed, however long its list of buckets is', async () => {
    await start(profile);
    await refreshed();
    const { userId } = await bench.call('users.create', { connectionId, email: 'new@example.com' });
    const removed = await bench.call('users.remove', { connectionId, userId });
    expect(removed).toMatchObject({ verified: true });
    expect(simulator.state.users.byId.get(userId)).toBeUndefined();
  });

  it('refuses what could reach another user, with the line that can name it', async () => {
    await start(profile);
    await refreshed();
    const { first, second } = people();
    for (const { id: userId, email } of [first, second]) {
      const target = { user: userId };
      for (const [call, input, line] of [
        ['users.disable', { userId }, 'disable-user'],
        ['users.remove', { userId }, 'delete-user'],
        ['keys.generate', { userId }, 'gen-access-key'],
        ['accounts.create', { userId, accountName: 'sync' }, 'create-account -n sync'],
        ['limits.set', { target, limits: { opsGet: 5 } }, 'set-limits'],
        ['quotas.set', { target, sizeGb: 5 }, 'set-quotas'],
        ['quotas.get', { target }, 'query-quotas'],
      ] as const) {
        const reply = await bench.reply(call, { connectionId, ...input });
        expect([call, reply]).toMatchObject([
          call,
          {
            ok: false,
            error: {
              code: 'TARGET_AMBIGUOUS',
              message: expect.stringContaining(email),
              hint: expect.stringContaining(`\`ostor-s3-admin ${line} -i ${userId}`),
            },
          },
        ]);
      }
      const preview = { operation: 'users.disable', input: { userId } };
      const reply = await bench.reply('operations.preview', { connectionId, ...preview });
      expect(reply).toMatchObject({ ok: false, error: { code: 'TARGET_AMBIGUOUS' } });
    }
    expect(writes()).toEqual([]);
  });

  it('says in the line itself where the guide does not know -i for a command', async () => {
    await start(profile);
    await refreshed();
    const { first } = people();
    const target = { user: first.id };
    for (const [call, input, command] of [
      ['limits.set', { target, limits: { opsGet: 5 } }, 'set-limits'],
      ['limits.get', { target }, 'query-limits'],
      ['limits.clear', { target }, 'rm-limits'],
      ['accounts.create', { userId: first.id, accountName: 'sync' }, 'create-account'],
    ] as const) {
      const reply = await bench.reply(call, { connectionId, ...input });
      const hint = reply.ok ? '' : reply.error.hint;
      expect([call, hint]).toEqual([
        call,
        expect.stringContaining(`# the guide documents -e alone for ${command}`),
      ]);
    }
    for (const [call, input] of [
      ['quotas.get', { target }],
      ['users.disable', { userId: first.id }],
    ] as const) {
      const reply = await bench.reply(call, { connectionId, ...input });
      const hint = reply.ok ? '' : reply.error.hint;
      expect(hint).toContain(`-i ${first.id}`);
      expect(hint).not.toContain('#');
    }
  });

  it('changes nobody whose e-mail has become another user’s since the list was read', async () => {
    await start(profile);
    await refreshed();
    const { alone } = people();
    const { users } = simulator.state;
    users.remove(alone);
    users.put({ ...alone, id: users.newId(), keys: [], accounts: [] });
    const userId = alone.id;
    const target = { user: userId };
    for (const [call, input] of [
      ['users.disable', { userId }],
      ['users.remove', { userId }],
      ['keys.generate', { userId }],
      ['limits.set', { target, limits: { opsGet: 5 } }],
      ['quotas.set', { target, sizeGb: 5 }],
      ['quotas.get', { target }],
    ] as const) {
      const reply = await bench.reply(call, { connectionId, ...input });
      expect([call, reply]).toMatchObject([call, { ok: false, error: { code: 'NOT_FOUND' } }]);
    }
    expect(writes()).toEqual([]);
  });

  it('gives all its statistics objects, though it knows no pages', async () => {
    await start(profile);
    const page = await bench.call('usage.objects', { connectionId, offset: 0, limit: 100 });
    expect(page.total).toBe(8);
  });
});

it('a gateway that takes V4 alone and denies the rest without a reason is recognised', async () => {
  await start('guide-v4');
  const tested = await steps();
  expect(tested.map(({ name, ok }) => [name, ok])).toEqual(tested.map(({ name }) => [name, true]));
  expect(tested.find(({ name }) => name === 'signature')?.detail).toBe(
    'The gateway accepts Signature V4.',
  );
  await expect.poll(saved).toMatchObject({ detectedSignature: 'v4' });
});

it('a key without rights is reported with every form that was tried', async () => {
  await start('tolerant');
  const { alone } = people();
  const [accessKeyId = ''] = alone.keys;
  const secretKey = simulator.state.users.secretOf(accessKeyId);
  const connection = { ...(await saved()), accessKeyId, secretKey } as never;
  await bench.call('connections.save', connection);
  const rights = (await steps()).find(({ name }) => name === 'rights');
  expect(rights).toMatchObject({
    ok: false,
    detail: expect.stringContaining(
      '(V2: 403 AccessDenied; V2 with unsigned payload: 403 AccessDenied; V4: 403 AccessDenied)',
    ),
  });
});

it('a gateway that takes ids has users of one e-mail named by id, in every line alike', async () => {
  await start('tolerant');
  expect((await steps()).find(({ name }) => name === 'selector')?.detail).toMatch(
    /^Selector accepted: emailAddress, id\./,
  );
  await refreshed();
  const { first, alone } = people();
  const input = { target: { user: first.id }, limits: { opsGet: 5 } };
  const operation = 'limits.set';
  const { commands } = await bench.call('operations.preview', { connectionId, operation, input });
  expect(commands.s3Curl).toEqual([expect.stringContaining(`&id=${first.id}&`)]);
  expect(commands.ostorS3Admin).toEqual([expect.stringContaining(` -i ${first.id} `)]);
  await bench.call('limits.set', { connectionId, ...input });
  await bench.call('users.disable', { connectionId, userId: alone.id });
  const sent = writes().map(({ query }) => query);
  expect(sent[0]).toContain(`&id=${first.id}`);
  expect(sent[1]).toContain('&emailAddress=');
});

it('says why the keys of the second user of an e-mail can not be read, and stays online', async () => {
  await start('guide');
  await refreshed();
  const { first, second, alone } = people();
  const answers = await Promise.all(
    [first, second].map(({ id }) => bench.call('users.get', { connectionId, userId: id })),
  );
  const unreadable = answers.filter(({ keysUnreadable }) => keysUnreadable);
  expect(unreadable).toHaveLength(1);
  expect(unreadable[0]).toMatchObject({
    source: 'snapshot',
    keysAsOf: null,
    keysUnreadable: {
      code: 'TARGET_AMBIGUOUS',
      hint: expect.stringContaining(`query-user-info -i ${unreadable[0]?.userId}`),
    },
  });
  expect(await bench.call('sync.status', { connectionId })).toMatchObject({ state: 'online' });
  const own = await bench.call('users.get', { connectionId, userId: alone.id });
  expect(own.keysUnreadable).toBeUndefined();
});
