import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const rack = {
  id: 'rack-7',
  name: 'Rack 7',
  endpoint: 'https://127.0.0.1:1/',
  accessKeyId: 'AKIA7',
  environment: 'production' as const,
  readOnly: true,
};
const mine = {
  name: 'Mine',
  endpoint: 'http://10.0.0.1',
  accessKeyId: 'AKIA8',
  environment: 'lab' as const,
};

let folder: string;
let policyFile: string;
let console_: TestConsole;

const write = (policy: object): Promise<void> =>
  writeFile(policyFile, JSON.stringify({ version: 1, organization: 'Example Hosting', ...policy }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostor-console-policy-'));
  policyFile = join(folder, 'policy.json');
});
afterEach(async () => {
  await console_.end();
  await rm(folder, { recursive: true, force: true });
});
const start = async (policy: object): Promise<void> => {
  await write(policy);
  console_ = await TestConsole.start({ policyFile, secretStore: new MemorySecretStore() });
};

describe('connections of a policy', () => {
  it('are there, keep what the operator added, and can not be changed or removed', async () => {
    await start({ connections: [rack] });
    const [listed] = await console_.call('connections.list', {});
    expect(listed).toMatchObject({ id: 'rack-7', readOnly: true, hasCredential: false });
    expect(listed?.managedFields).toContain('readOnly');
    const saved = await console_.call('connections.save', {
      ...rack,
      timeoutSeconds: 9,
      secretKey: 'the-secret-of-rack-7',
    });
    expect(saved).toMatchObject({ hasCredential: true, timeoutSeconds: 9 });
    expect(await console_.reply('connections.save', { ...rack, readOnly: false })).toMatchObject({
      error: {
        code: 'POLICY_FORBIDS',
        message: 'Your administrator sets readOnly of "Rack 7".',
        hint: `Set in ${policyFile}. Ask Example Hosting if you need it.`,
      },
    });
    expect(await console_.reply('connections.remove', { id: 'rack-7' })).toMatchObject({
      error: { code: 'POLICY_FORBIDS' },
    });
    // a policy that changed holds from the next start on, and takes nothing of the operator's away
    await write({ connections: [{ ...rack, name: 'Rack seven' }] });
    await console_.restart();
    expect(await console_.call('connections.list', {})).toEqual([
      expect.objectContaining({ name: 'Rack seven', timeoutSeconds: 9, hasCredential: true }),
    ]);
    const file = await readFile(join(console_.dataDir, 'connections.json'), 'utf8');
    expect(file).not.toContain('managedFields');
    // one that the policy no longer has is the operator's
    await write({});
    await console_.restart();
    await console_.call('connections.remove', { id: 'rack-7' });
  });

  it('give way to a connection of the operator that has the name, and say so', async () => {
    await start({});
    await console_.call('connections.save', { ...mine, name: 'rack 7' });
    await write({ connections: [rack] });
    await console_.restart();
    expect(await console_.call('connections.list', {})).toHaveLength(1);
    const { notices } = await console_.call('app.info', {});
    expect(notices.map(({ message }) => message)).toEqual([
      'The connection "Rack 7" of your administrator was not added: its name is already in use.',
    ]);
  });

  it('keep their guards where the name that the policy gives them is taken', async () => {
    await start({ connections: [{ ...rack, readOnly: false }] });
    await console_.call('connections.save', { ...mine, name: 'Rack eight' });
    await write({ connections: [{ ...rack, name: 'Rack eight', readOnly: true }] });
    await console_.restart();
    const listed = await console_.call('connections.list', {});
    expect(listed.find(({ id }) => id === 'rack-7')).toMatchObject({
      name: 'Rack 7',
      readOnly: true,
    });
    const { notices } = await console_.call('app.info', {});
    expect(notices.map(({ message }) => message).join()).toContain('keeps its name');
  });

  it('take a secret out of the keychain that is to be asked for each time from now on', async () => {
    await write({ connections: [rack] });
    const secretStore = new MemorySecretStore();
    console_ = await TestConsole.start({ policyFile, secretStore });
    await console_.call('connections.save', { ...rack, secretKey: 'kept-until-now' });
    expect((await secretStore.get('rack-7'))?.secret).toBe('kept-until-now');
    await write({ connections: [{ ...rack, askForSecret: true }] });
    await console_.restart();
    expect(await secretStore.get('rack-7')).toBeNull();
    expect(await console_.call('connections.list', {})).toMatchObject([{ hasCredential: false }]);
  });

  it('keep the console from starting where they can not be read', async () => {
    await start({});
    await write({ connections: [{ ...rack, endpoint: 'ftp://nothing' }] });
    const started = TestConsole.start({ policyFile });
    await expect(started).rejects.toMatchObject({ code: 'POLICY_INVALID' });
    await expect(started).rejects.toThrow('connection "rack-7"');
    const proxy = { mode: 'manual', url: 'http://jo:hidden@proxy.example:3128' };
    await write({ connections: [{ ...rack, proxy }] });
    await expect(TestConsole.start({ policyFile })).rejects.toThrow('holds a password');
  });
});

describe('what a policy forbids', () => {
  it('is refused by every call that would do it', async () => {
    await start({});
    const { id } = await console_.call('connections.save', {
      ...mine,
      secretKey: 'mine-and-secret',
    });
    const passphrase = 'correct horse battery';
    const exported = await console_.call('connections.export', { passphrase, withSecrets: true });
    await write({
      settings: {
        plainHttp: 'forbidden',
        revealSecrets: 'forbidden',
        exportSecrets: 'forbidden',
        exportClusters: 'forbidden',
        addConnections: 'forbidden',
      },
    });
    await console_.restart();
    const refused = { ok: false, error: { code: 'POLICY_FORBIDS' } };
    const { content } = exported;
    for (const [call, input] of [
      ['connections.save', { ...mine, id, readOnly: true }],
      ['connections.save', { ...mine, name: 'Another', endpoint: 'https://10.0.0.2' }],
      ['connections.import', { content, passphrase }],
      ['connections.export', { passphrase, withSecrets: true }],
      ['connections.fieldPack', { id, withSeen: true }],
      ['connections.openPack', { contentBase64: 'UEsDBA==' }],
      ['keys.reveal', { connectionId: id, userId: 'a1', accessKeyId: 'AK' }],
      ['sync.refresh', { connectionId: id }],
    ] as const) {
      expect(await console_.reply(call, input), call).toMatchObject(refused);
    }
    const { ok, steps } = await console_.call('connections.test', { id });
    expect([ok, steps[0]?.detail]).toEqual([
      false,
      expect.stringContaining('plain http are turned off by your administrator'),
    ]);
    // what is not forbidden stays
    await console_.call('connections.export', { passphrase, withSecrets: false });
    const { policy } = await console_.call('app.info', {});
    expect(policy).toMatchObject({
      path: policyFile,
      organization: 'Example Hosting',
      forbidden: [
        ...['plainHttp', 'revealSecrets', 'exportSecrets'],
        ...['exportClusters', 'addConnections'],
      ],
    });
  });
});
