import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { selfSignedCertificate } from '#simulator/certificates.ts';
import { startSimulator } from '#simulator/index.ts';
import { foundUnder } from '#test/fakes/files-under.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const entered = {
  name: 'Räck 12 / Halle B',
  endpoint: 'https://127.0.0.1:1/',
  accessKeyId: 'AKIDEXAMPLE',
  secretKey: 'the secret of rack 12',
  environment: 'production',
  proxy: { mode: 'direct' },
} as const;

describe('secrets and certificates of connections', () => {
  let subject: TestConsole;

  beforeEach(async () => {
    subject = await TestConsole.start();
  });
  afterEach(() => subject.end());

  it('tests a connection as it is entered, and keeps nothing of it', async () => {
    const simulator = await startSimulator({ users: 2 });
    try {
      const { accessKeyId, secretKey, url: endpoint } = simulator;
      const draft = { ...entered, endpoint, accessKeyId, secretKey };
      expect(await subject.call('connections.test', { entered: draft })).toMatchObject({
        ok: true,
      });
      expect((await subject.call('connections.list', {})).filter(({ demo }) => !demo)).toEqual([]);
      const saved = await subject.call('connections.save', { ...entered, secretKey });
      // changed, with the stored secret
      const { secretKey: _secret, ...changed } = { ...draft, id: saved.id };
      expect(await subject.call('connections.test', { entered: changed })).toMatchObject({
        ok: true,
      });
      const [kept] = await subject.call('connections.list', {});
      expect(kept).toMatchObject({ endpoint: saved.endpoint, accessKeyId: entered.accessKeyId });
      expect(kept?.detectedSignature).toBeUndefined();
      const wrong = { ...draft, secretKey: 'a secret that is only tried' };
      const failed = await subject.call('connections.test', { entered: wrong });
      expect(failed.steps.find(({ ok }) => !ok)?.name).toBe('signature');
      expect(JSON.stringify(failed)).not.toContain(wrong.secretKey);
      await subject.core.close();
      expect(foundUnder(subject.dataDir, [wrong.secretKey, secretKey])).toEqual([]);
    } finally {
      await simulator.stop();
    }
  });

  it('tests either a saved connection or an entered one', async () => {
    await expect(subject.call('connections.test', {})).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('asks for a secret each time by choice: it is stored nowhere, and goes when the cluster is idle', async () => {
    const secretStore = new MemorySecretStore();
    const own = await TestConsole.start({ secretStore, idle: { after: 1 } });
    const { secretKey, ...kept } = { ...entered, askForSecret: true };
    const { id } = await own.call('connections.save', kept);
    const entering = await own.call('connections.enterSecret', {
      id,
      secretKey: ` ${secretKey}\u200b`,
    });
    expect(entering).toMatchObject({ hasCredential: true, credentialStore: 'memory' });
    await own.reply('sync.refresh', { connectionId: id });
    const hasCredential = async () => (await own.call('connections.list', {}))[0]?.hasCredential;
    await expect.poll(hasCredential).toBe(false);
    expect(await secretStore.get(id)).toBeNull();
    await own.end();
  });

  it('is secured: unlocks end and asked secrets go, but not where a change is in progress', async () => {
    const simulator = await startSimulator({ users: 2 });
    const { accessKeyId, secretKey, url: endpoint } = simulator;
    const save = (name: string) =>
      subject.call('connections.save', { ...entered, endpoint, accessKeyId, secretKey, name });
    const [left, reading, busy] = [await save('Left'), await save('Reading'), await save('Busy')];
    const { secretKey: _secret, ...asked } = { ...entered, name: 'Asked', askForSecret: true };
    const { id } = await subject.call('connections.save', asked);
    await subject.call('connections.enterSecret', { id, secretKey });
    for (const one of [left, reading, busy]) {
      await subject.call('connections.unlock', { id: one.id, minutes: 15 });
    }
    simulator.faults.add({ kind: 'hang-before', match: { service: 'ostor-users' } });
    const refreshing = subject.reply('sync.refresh', { connectionId: reading.id });
    await expect
      .poll(async () => (await subject.call('tasks.list', {})).map(({ state }) => state))
      .toContain('running');
    simulator.faults.add({ kind: 'hang-before', match: { method: 'PUT' } });
    const changing = subject.reply('quotas.set', {
      ...{ connectionId: busy.id, target: { default: 'user' }, sizeGb: 1 },
    });
    await expect.poll(() => simulator.log.entries.map(({ method }) => method)).toContain('PUT');
    const secured: string[] = [];
    subject.core.events.subscribe(({ name }) => void secured.push(name));

    expect(await subject.call('app.secure', {})).toEqual({ locked: 2, inProgress: 1 });
    expect(secured).toContain('app.secured');
    const now = await subject.call('connections.list', {});
    const state = (one: string) => now.find(({ name }) => name === one);
    expect(state('Left')?.unlockedUntil).toBeUndefined();
    expect(state('Reading')?.unlockedUntil).toBeUndefined();
    expect(state('Busy')?.unlockedUntil).toBeDefined();
    expect(state('Asked')?.hasCredential).toBe(false);
    const { rows } = await subject.call('journal.list', {
      ...{ connectionId: left.id, offset: 0, limit: 1 },
    });
    expect(rows[0]).toMatchObject({ operation: 'connections.lock' });
    for (const { taskId } of await subject.call('tasks.list', {})) {
      await subject.reply('tasks.cancel', { taskId });
    }
    await refreshing;
    await simulator.stop();
    await changing;
    // What was held up is made up for.
    expect(await subject.call('app.secure', {})).toEqual({ locked: 1, inProgress: 0 });
  });

  it('is secured also where the file of customers is damaged', async () => {
    const { id } = await subject.call('connections.save', entered);
    await subject.restart(() => writeFile(join(subject.dataDir, 'customers.sqlite'), 'damaged'));
    await expect(subject.call('billing.list', {})).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
    });
    await subject.call('connections.unlock', { id, minutes: 15 });
    expect(await subject.call('app.secure', {})).toEqual({ locked: 1, inProgress: 0 });
    const connections = await subject.call('connections.list', {});
    expect(connections.find((one) => one.id === id)).not.toHaveProperty('unlockedUntil');
  });

  it('takes the secret of a vanished entry alone, freed of invisible characters', async () => {
    const simulator = await startSimulator({ users: 2 });
    const { accessKeyId, secretKey, url: endpoint } = simulator;
    const { secretKey: _secret, ...kept } = { ...entered, endpoint, accessKeyId };
    const saved = await subject.call('connections.save', kept);
    expect(saved.hasCredential).toBe(false);
    const { id } = saved;
    const pasted = `\ufeff${secretKey}\u200b\n`;
    const after = await subject.call('connections.enterSecret', { id, secretKey: pasted });
    expect(after).toEqual({
      ...saved,
      hasCredential: true,
      credentialStore: 'memory',
      hold: after.hold,
    });
    expect(await subject.call('connections.test', { id })).toMatchObject({ ok: true });
    await simulator.stop();
  });

  it('a changed pin turns changes off until somebody decides, and is on record', async () => {
    const [certificate, other] = [await selfSignedCertificate(), await selfSignedCertificate()];
    const simulator = await startSimulator({ users: 2, tls: other });
    const { accessKeyId, secretKey, url: endpoint } = simulator;
    const input = { ...entered, environment: 'lab', endpoint, accessKeyId, secretKey } as const;
    const pin = (of: { fingerprint256: string }) => ({
      tls: { fingerprint256: of.fingerprint256 },
    });
    const { id } = await subject.call('connections.save', { ...input, ...pin(certificate) });
    const state = async () => (await subject.call('connections.list', {}))[0];
    // any request sees it, not the test alone
    const refused = await subject.reply('sync.refresh', { connectionId: id });
    expect(refused).toMatchObject({ error: { code: 'CERTIFICATE_PIN_MISMATCH' } });
    const alarm = { pinned: certificate.fingerprint256, shown: other.fingerprint256 };
    await expect.poll(async () => (await state())?.pinAlarm).toMatchObject(alarm);
    expect((await state())?.hold).toMatchObject({ code: 'CERTIFICATE_PIN_MISMATCH' });
    const write = { connectionId: id, email: 'new@example.com' };
    expect(await subject.reply('users.create', write)).toMatchObject({ ok: false });
    await subject.restart();
    expect((await state())?.pinAlarm).toMatchObject(alarm);
    const operations = async () => {
      const { rows } = await subject.call('journal.list', {
        connectionId: id,
        offset: 0,
        limit: 50,
      });
      return rows.map(({ operation, after }) => [operation, after.certificate]);
    };
    await expect.poll(operations).toContainEqual(['connections.pinAlarm', other.fingerprint256]);
    // saving with the same pin is no decision; another pin is
    await subject.call('connections.save', { ...input, id, ...pin(certificate) });
    expect((await state())?.pinAlarm).toMatchObject(alarm);
    await subject.call('connections.save', { ...input, id, ...pin(other) });
    expect(await state()).not.toHaveProperty('pinAlarm');
    expect(await subject.call('connections.test', { id })).toMatchObject({ ok: true });
    expect((await state())?.hold).toBeNull();
    expect(await operations()).toContainEqual(['connections.save', other.fingerprint256]);
    await simulator.stop();
  });
});
