import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { startSimulator } from '#simulator/index.ts';
import { ProxyServer } from '#test/fakes/proxy-server.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const entered = {
  name: 'Räck 12 / Halle B',
  endpoint: 'https://127.0.0.1:1/',
  accessKeyId: 'AKIDEXAMPLE',
  secretKey: 'the secret of rack 12',
  environment: 'production',
  proxy: { mode: 'direct' },
} as const;

describe('connections.*', () => {
  let subject: TestConsole;
  let reported: string[];

  beforeEach(async () => {
    subject = await TestConsole.start();
    reported = [];
    subject.core.events.subscribe(({ name }) => reported.push(name));
  });

  afterEach(() => subject.end());

  it('saves a connection, and answers with everything but the secret', async () => {
    const saved = await subject.call('connections.save', entered);
    expect(saved).toMatchObject({
      id: expect.stringMatching(/^rack-12-halle-b-[0-9a-f]{8}$/),
      name: 'Räck 12 / Halle B',
      endpoint: 'https://127.0.0.1:1',
      readOnly: false,
      signature: 'auto',
      maxConnections: 8,
      hasCredential: true,
      credentialStore: 'memory',
      demo: false,
    });
    expect(saved).not.toHaveProperty('secretInKeychain');
    const replies = [
      saved,
      await subject.call('connections.list', {}),
      await subject.reply('connections.test', { id: saved.id }),
      await subject.reply('sync.refresh', { connectionId: saved.id }),
      await subject.call('sync.status', { connectionId: saved.id }),
      await subject.call('tasks.list', {}),
      await subject.call('app.info', {}),
    ];
    expect(JSON.stringify(replies)).not.toContain(entered.secretKey);
    expect(reported).toContain('connections.changed');
  });

  it('keeps the password of a proxy with the secrets, and goes through that proxy', async () => {
    const [simulator, proxy] = [
      await startSimulator({ users: 2 }),
      await ProxyServer.start('op:se same'),
    ];
    try {
      const { accessKeyId, secretKey, url: endpoint } = simulator;
      const saved = await subject.call('connections.save', {
        ...entered,
        endpoint,
        accessKeyId,
        secretKey,
        proxy: { mode: 'manual', url: proxy.url.replace('//', '//op:se%20same@') },
      });
      const shown = { mode: 'manual', url: proxy.url, username: 'op', hasPassword: true };
      expect(saved.proxy).toEqual(shown);
      const { hasPassword: _has, ...kept } = shown;
      const again = await subject.call('connections.save', {
        ...entered,
        endpoint,
        accessKeyId,
        id: saved.id,
        secretKey: undefined,
        proxy: { ...kept, mode: 'manual' },
      });
      expect(again.proxy).toEqual(shown);
      const test = await subject.call('connections.test', { id: saved.id });
      expect(test.steps.find(({ name }) => name === 'connect')?.detail).toContain(proxy.url);
      expect(test.ok).toBe(true);
      expect(proxy.seen).toContainEqual(expect.stringContaining(`GET ${endpoint}/`));
      const stored = await readFile(join(subject.dataDir, 'connections.json'), 'utf8');
      expect(JSON.stringify([saved, again, test]) + stored).not.toMatch(/se.{0,3}same/);
    } finally {
      await Promise.all([simulator.stop(), proxy.stop()]);
    }
  });

  it('forgets the password of a proxy with the proxy', async () => {
    const secretStore = new MemorySecretStore();
    const own = await TestConsole.start({ secretStore });
    const proxy = { mode: 'manual', url: 'http://op:pw@proxy:3128' } as const;
    const { id } = await own.call('connections.save', { ...entered, proxy });
    await own.call('connections.save', { ...entered, id, proxy: { mode: 'direct' } });
    const again = { mode: 'manual', url: 'http://proxy:3128', username: 'op' } as const;
    const saved = await own.call('connections.save', { ...entered, id, proxy: again });
    expect(saved.proxy).toEqual(again);
    expect(await secretStore.get(`proxy-${id}`)).toBeNull();
    await own.end();
  });

  it('keeps a secret for the session alone where that is selected, and asks for it after a restart', async () => {
    const { id } = await subject.call('connections.save', { ...entered, sessionOnlySecret: true });
    const { secretKey: _secret, ...kept } = { ...entered, id };
    expect(
      await subject.call('connections.save', { ...kept, sessionOnlySecret: true }),
    ).toMatchObject({ hasCredential: true, credentialStore: 'memory', sessionOnlySecret: true });
    await subject.restart();
    const [connection] = await subject.call('connections.list', {});
    expect(connection).toMatchObject({ hasCredential: false, sessionOnlySecret: true });
  });

  it('keeps guards and fields over changes and restarts', async () => {
    const { id } = await subject.call('connections.save', { ...entered, readOnly: true });
    const fields = {
      ...entered,
      id,
      readOnly: true,
      region: 'eu-1',
      maxConnections: 3,
      timeoutSeconds: 5,
    };
    const { secretKey: _secret, ...withoutSecret } = fields;
    await subject.call('connections.save', withoutSecret);
    await subject.restart();
    const [connection] = await subject.call('connections.list', {});
    expect(connection).toMatchObject({
      id,
      readOnly: true,
      environment: 'production',
      region: 'eu-1',
      maxConnections: 3,
      timeoutSeconds: 5,
      hasCredential: true,
    });
  });

  it('refuses what is not there, the demo, and a name that is taken', async () => {
    const unknown = { ...entered, id: 'not-there' };
    await expect(subject.call('connections.save', unknown)).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
    await expect(
      subject.call('connections.save', { ...entered, id: 'demo' }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await subject.call('connections.save', entered);
    await expect(subject.call('connections.save', entered)).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    for (const name of ['connections.remove', 'connections.test', 'connections.unlock'] as const) {
      await expect(subject.call(name, { id: 'not-there' })).rejects.toMatchObject({
        code: 'CONNECTION_NOT_FOUND',
      });
    }
    expect(await subject.call('connections.list', {})).toHaveLength(1);
  });

  it('names the step at which a test ends', async () => {
    const { id } = await subject.call('connections.save', entered);
    const { ok, steps } = await subject.call('connections.test', { id });
    expect(ok).toBe(false);
    expect(steps.filter((step) => step.ok).map(({ name }) => name)).toEqual(['endpoint', 'name']);
    const { detail, hint } = steps.find(({ name }) => name === 'connect') ?? {};
    expect(`${detail} ${hint}`).toMatch(/\w+\. \w+/);
  });

  it('says in the test that the secret is missing, instead of asking with none', async () => {
    const { secretKey: _secret, ...withoutSecret } = entered;
    const { id, hasCredential } = await subject.call('connections.save', withoutSecret);
    expect(hasCredential).toBe(false);
    const { ok, steps } = await subject.call('connections.test', { id });
    expect(ok).toBe(false);
    const signature = steps.find(({ name }) => name === 'signature');
    expect(signature?.detail).toContain('No secret key is stored');
  });

  it('unlocks for some minutes, locks again, and starts locked', async () => {
    const { id } = await subject.call('connections.save', entered);
    const before = Date.now();
    const { unlockedUntil } = await subject.call('connections.unlock', { id, minutes: 15 });
    expect(Date.parse(unlockedUntil ?? '')).toBeGreaterThanOrEqual(before + 15 * 60_000);
    expect(await subject.call('connections.lock', { id })).not.toHaveProperty('unlockedUntil');
    await subject.call('connections.unlock', { id, minutes: 15 });
    await subject.restart();
    const [connection] = await subject.call('connections.list', {});
    expect(connection).not.toHaveProperty('unlockedUntil');
  });

  it('puts on record who unlocked and locked a production cluster', async () => {
    const { id } = await subject.call('connections.save', entered);
    await subject.call('connections.lock', { id }); // locked already: nothing to record
    const { unlockedUntil = '' } = await subject.call('connections.unlock', { id, minutes: 15 });
    await subject.call('connections.lock', { id });
    const { rows } = await subject.call('journal.list', { connectionId: id });
    const until = `unlocked until ${unlockedUntil.slice(0, 16).replace('T', ' ')}`;
    const target = { kind: 'connection', id, name: entered.name };
    expect(rows).toMatchObject([
      {
        operation: 'connections.lock',
        title: 'Lock production cluster',
        before: { writing: expect.stringContaining(until) },
        after: { writing: 'locked' },
        result: 'done',
        requests: [],
        target,
      },
      {
        operation: 'connections.unlock',
        title: 'Unlock production cluster',
        before: { writing: 'locked' },
        after: { writing: expect.stringContaining(until) },
        result: 'done',
        target,
      },
    ]);
    expect(reported).toContain('data.changed');
    const verified = await subject.call('journal.verify', { connectionId: id });
    expect(verified).toMatchObject({ ok: true, entries: 4 });
    const { id: lab } = await subject.call('connections.save', {
      ...entered,
      name: 'Lab',
      environment: 'lab',
    });
    await subject.call('connections.unlock', { id: lab });
    expect((await subject.call('journal.list', { connectionId: lab })).total).toBe(0);
  });

  it('puts on record who changed what guards a cluster, and what of it failed', async () => {
    const { id } = await subject.call('connections.save', { ...entered, readOnly: true });
    await subject.call('connections.save', { ...entered, name: 'Rack 13' });
    const { secretKey: _secret, ...fields } = { ...entered, id };
    await subject.call('connections.save', { ...fields, readOnly: true }); // both stay
    await subject.call('connections.save', { ...fields, environment: 'lab' });
    const taken = { ...fields, name: 'Rack 13', environment: 'staging' } as const;
    await expect(subject.call('connections.save', taken)).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    const { rows } = await subject.call('journal.list', { connectionId: id });
    expect(rows).toMatchObject([
      { after: { environment: 'staging' }, result: 'refused', error: { code: 'ALREADY_EXISTS' } },
      {
        operation: 'connections.save',
        title: 'Change guards',
        target: { kind: 'connection', id, name: entered.name },
        before: { environment: 'production', readOnly: 'yes' },
        after: { environment: 'lab', readOnly: 'no' },
        result: 'done',
      },
    ]);
    const [connection] = await subject.call('connections.list', {});
    expect(connection).toMatchObject({ environment: 'lab', readOnly: false });
  });

  it('removes the snapshot and the secret, and keeps the archive', async () => {
    const { id } = await subject.call('connections.save', entered);
    await subject.call('users.list', { connectionId: id });
    const directory = join(subject.dataDir, 'connections', id);
    expect(await readdir(directory)).toContain('snapshot.sqlite');
    await subject.call('journal.list', { connectionId: id });
    expect(await readdir(directory)).toContain('archive.sqlite');

    await subject.call('connections.remove', { id });

    expect(existsSync(directory)).toBe(false);
    const kept = await readdir(join(subject.dataDir, 'archive-of-removed', id));
    expect(kept).toContain('archive.sqlite');
    expect(kept.filter((name) => name.startsWith('snapshot'))).toEqual([]);
    const { notices } = await subject.call('app.info', {});
    expect(notices).toMatchObject([{ hint: expect.stringContaining('archive-of-removed') }]);
    expect(await subject.call('connections.list', {})).toEqual([]);
    await expect(subject.call('users.list', { connectionId: id })).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
  });

  it('tells of a snapshot that had to be set aside', async () => {
    const { id, name } = await subject.call('connections.save', entered);
    const directory = join(subject.dataDir, 'connections', id);
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(directory, 'snapshot.sqlite'),
      'no database at all, but long enough '.repeat(40),
    );
    expect((await subject.call('users.list', { connectionId: id })).asOf).toBeNull();
    const { notices } = await subject.call('app.info', {});
    expect(notices).toMatchObject([
      { severity: 'warning', message: expect.stringContaining(name) },
    ]);
    expect(notices[0]?.message).toContain('damaged');
  });

  it('forgets columns, views and dismissed hints of a connection that is removed, and of no other', async () => {
    const { id } = await subject.call('connections.save', entered);
    const layout = { order: [], widths: {}, visible: {} };
    const view = { id: 'a', name: 'Full', page: 'users', query: '', table: 'users', layout };
    const kept = {
      'views/everywhere': { ...view, connectionId: null },
      [`columns/${id}2/users`]: layout,
    };
    await subject.call('preferences.set', {
      changes: {
        ...kept,
        'views/a': { ...view, connectionId: id },
        [`columns/${id}/users`]: layout,
        [`firstStepsDismissed/${id}`]: true,
      },
    });
    await subject.call('connections.remove', { id });
    expect(await subject.call('preferences.get', {})).toEqual(kept);
  });

  it('leaves nothing of a connection without an archive', async () => {
    const { id } = await subject.call('connections.save', entered);
    const directory = join(subject.dataDir, 'connections', id);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'snapshot.sqlite'), '');
    await subject.call('connections.remove', { id });
    expect(existsSync(directory)).toBe(false);
    expect(existsSync(join(subject.dataDir, 'archive-of-removed'))).toBe(false);
  });
});
