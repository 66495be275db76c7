import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeychainSecretStore } from '#core/clusters/secrets/keychain-secret-store.ts';
import { MemorySecretStore, type SecretStore } from '#core/clusters/secrets/secret-store.ts';
import { readCounts, writeRecord } from '#core/store/archive/file/archive-record.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { FakeKeychain } from '#test/fakes/fake-keychain.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { FileSecretStore } from '../../src/collect/file-secret-store.ts';

let simulator: Simulator;
let keychain: FakeKeychain;
let console_: TestConsole;
let connectionId: string;
let secretKey: string;

beforeEach(async () => {
  simulator = await startSimulator({ users: 3, buckets: 0 });
  keychain = new FakeKeychain();
  console_ = await TestConsole.start({ secretStore: new KeychainSecretStore(keychain) });
  const { url: endpoint, accessKeyId } = simulator;
  secretKey = simulator.secretKey;
  const entered = { name: 'Rack 1', endpoint, accessKeyId, secretKey, environment: 'lab' } as const;
  connectionId = (await console_.call('connections.save', entered)).id;
  for (const sizeGb of [1, 2, 3]) await setQuota(sizeGb);
});
afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

const setQuota = (sizeGb: number) =>
  console_.call('quotas.set', { connectionId, target: { default: 'user' }, sizeGb });

/** The secret from a file, as headless commands take it; the rest from the keychain. */
const ofFile = () =>
  new FileSecretStore(
    secretKey,
    (entry) => entry === connectionId,
    new KeychainSecretStore(keychain),
  );

const keyEntry = () => `Ostor Console/journal-key:${connectionId}`;
const folder = () => join(console_.dataDir, 'connections', connectionId);

/** Another console on the same data, which asks the keychain again. */
async function startAgain(
  secretStore: SecretStore = new KeychainSecretStore(keychain),
  sharesDataDir = false,
): Promise<void> {
  await console_.core.close();
  const { dataDir } = console_;
  console_ = await TestConsole.start({ dataDir, secretStore, sharesDataDir });
}

async function own() {
  const { rows } = await console_.call('journal.list', { connectionId, offset: 0, limit: 50 });
  return rows.filter(({ operation }) => /^journal\.(key|mismatch)$/.test(operation));
}

/** Which journal it is, as anchors say it. */
const identity = async () =>
  (
    JSON.parse((await console_.call('journal.anchor', { connectionId })).content) as {
      journal: string;
    }
  ).journal;

const verify = () => console_.call('journal.verify', { connectionId });

/** Cuts the journal after its second record, and makes every file agree with it. */
function cutAndForge(): void {
  const path = join(folder(), 'archive.sqlite');
  const database = new DatabaseSync(path);
  for (const { name } of database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .all()) {
    database.exec(`DROP TRIGGER "${name}"`);
  }
  database.exec(`DELETE FROM journal_entry WHERE sequence > 2;
    UPDATE journal_head SET (entries, hash) =
      (SELECT sequence, hash FROM journal_entry ORDER BY sequence DESC LIMIT 1)`);
  const counts = readCounts(database);
  database.close();
  writeRecord(path, counts);
  const file = join(folder(), 'journal-head.json');
  const { sealed } = JSON.parse(readFileSync(file, 'utf8')) as { sealed: object[] };
  const { entries, hash } = counts;
  const forged = sealed.map((one) => ({ ...one, entries, hash }));
  writeFileSync(file, JSON.stringify({ entries, hash, sealed: forged }));
}

it('a cut by someone who can write files but not the keychain is seen, open or closed', async () => {
  expect(keychain.entries.get(keyEntry())).toBeDefined();
  expect(await verify()).toMatchObject({ ok: true, sealed: true });
  cutAndForge();
  await setQuota(4);
  expect(await own()).toMatchObject([{ operation: 'journal.mismatch' }]);

  await console_.core.close();
  cutAndForge();
  await startAgain();
  // Nothing is written: it is opened and read.
  expect(await own()).toMatchObject([
    { operation: 'journal.mismatch', after: { journal: expect.stringContaining('forged') } },
  ]);
  expect(await verify()).toMatchObject({ ok: false, sealed: true });
});

it('a key missing from the keychain is reported, and is no forgery', async () => {
  keychain.entries.delete(keyEntry());
  await startAgain();
  expect(await own()).toMatchObject([
    { operation: 'journal.key', title: 'Key of the journal is no longer in the keychain' },
  ]);
  expect(await verify()).toMatchObject({ ok: true, sealed: true });
});

it('headless commands use the same key, with a secret from a file too, and make none', async () => {
  await startAgain(ofFile(), true);
  await setQuota(4);
  expect(await verify()).toMatchObject({ sealed: true });
  await startAgain();
  expect(await own()).toEqual([]);

  const key = keychain.entries.get(keyEntry());
  keychain.entries.delete(keyEntry());
  await startAgain(ofFile(), true);
  await setQuota(5);
  expect(keychain.entries.has(keyEntry())).toBe(false);
  expect(await verify()).toMatchObject({ sealed: false });
  keychain.entries.set(keyEntry(), String(key));
  await startAgain();
  expect(await own()).toMatchObject([{ title: 'Records that were not sealed yet' }]);
});

it('a restore is sealed too, and hides no forged head', async () => {
  const { fileName } = await console_.call('archive.backup', { connectionId });
  await setQuota(4);
  await console_.call('archive.restore', { connectionId, fileName });
  await startAgain();
  expect(await own()).toEqual([]);
  expect(await verify()).toMatchObject({ ok: true, sealed: true });

  await console_.core.close();
  cutAndForge();
  await startAgain();
  await console_.call('archive.restore', { connectionId, fileName });
  // The backup is of before the cut: it says what the replaced journal had found.
  expect(await own()).toMatchObject([{ title: 'Findings of the journal that was replaced' }]);
  expect(await verify()).toMatchObject({ ok: false, sealed: true });
});

it.each(['missing', 'empty', 'damaged'] as const)(
  'a new archive in the place of one that is %s is the same journal, and no finding',
  async (what) => {
    const before = await identity();
    await console_.core.close();
    const file = join(folder(), 'archive.sqlite');
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
    if (what === 'missing') rmSync(file);
    else writeFileSync(file, what === 'empty' ? '' : 'not a database'.repeat(1_000));
    await startAgain();
    await console_.call('archive.decide', { connectionId, decision: 'begin-new' });
    await setQuota(4);
    await startAgain();
    await setQuota(5);
    expect(await own()).toEqual([]);
    expect(await verify()).toMatchObject({ ok: true, sealed: true });
    expect(await identity()).toBe(before);
  },
);

it('a new archive that begins while no keychain answers is the same journal to the key', async () => {
  const before = await identity();
  await console_.core.close();
  for (const ending of ['', '-wal', '-shm']) {
    rmSync(join(folder(), `archive.sqlite${ending}`), { force: true });
  }
  const memory = new MemorySecretStore();
  await memory.set(connectionId, secretKey);
  await startAgain(memory);
  await console_.call('archive.decide', { connectionId, decision: 'begin-new' });
  await startAgain();
  await setQuota(4);
  expect((await own()).map(({ operation }) => operation)).not.toContain('journal.mismatch');
  expect(await verify()).toMatchObject({ ok: true, sealed: true });
  expect(await identity()).toBe(before);
});

it('a new key counts as used only once the head is sealed with it', async () => {
  const kept = () => Buffer.from(String(keychain.entries.get(keyEntry())), 'base64').toString();
  await console_.core.close();
  keychain.entries.delete(keyEntry());
  const file = join(folder(), 'archive.sqlite');
  const whole = readFileSync(file);
  writeFileSync(file, Buffer.from(whole).fill(0x5a, 8192, 16_384));
  await startAgain();
  await console_.call('archive.openReadOnly', { connectionId });
  expect(kept()).toMatch(/^new:/);

  await console_.core.close();
  writeFileSync(file, whole);
  await startAgain();
  expect(await own()).toMatchObject([{ operation: 'journal.key' }]);
  expect(kept()).toMatch(/^[0-9a-f]{64}$/);
});

it('an anchor is sealed with the key; one that was changed since is refused, and nothing recorded', async () => {
  const { content } = await console_.call('journal.anchor', { connectionId });
  const check = (text: string) =>
    console_.reply('journal.checkAnchor', { connectionId, content: text });
  expect(await check(content)).toMatchObject({
    value: { holds: true, detail: expect.stringMatching(/as they were anchored\.$/) },
  });
  const anchor = JSON.parse(content) as Record<string, unknown>;
  const forged = JSON.stringify({ ...anchor, hash: '0'.repeat(64) });
  expect(await check(forged)).toMatchObject({
    error: { code: 'FILE_INVALID', message: expect.stringContaining('its own seal') },
  });
  expect(await own()).toEqual([]);
});

it('the key of a removed connection goes with it', async () => {
  await console_.call('connections.remove', { id: connectionId });
  expect(keychain.entries.has(keyEntry())).toBe(false);
});

it('the history of customers has a key too: its end that was cut and forged is seen', async () => {
  const setNotBilled = (reason: string) =>
    console_.call('customers.setNotBilled', {
      ...{ connectionId, userId: '0000000000000001', reason },
    });
  for (const reason of ['monitoring', 'tests', 'own']) await setNotBilled(reason);
  const entries = () => [...keychain.entries.keys()].filter((name) => name.includes(':customers:'));
  expect(entries()).toHaveLength(1);
  const check = () => console_.call('customers.verifyJournal', {});
  expect(await check()).toMatchObject({ ok: true, acts: 3, sealed: true });
  await console_.core.close();
  const database = new DatabaseSync(join(console_.dataDir, 'customers.sqlite'));
  for (const name of ['record_is_not_removed', 'journal_is_not_shortened']) {
    database.exec(`DROP TRIGGER ${name}`);
  }
  database.exec(`DELETE FROM record WHERE record_id = 3; DELETE FROM journal_entry WHERE sequence = 3;
    UPDATE journal_head SET (entries, hash) =
      (SELECT sequence, hash FROM journal_entry ORDER BY sequence DESC LIMIT 1)`);
  const head = { ...database.prepare('SELECT entries, hash FROM journal_head').get() };
  database.close();
  const file = join(console_.dataDir, 'customers-journal-head.json');
  const { sealed } = JSON.parse(readFileSync(file, 'utf8')) as { sealed: object[] };
  const forged = sealed.map((one) => ({ ...one, ...head }));
  writeFileSync(file, JSON.stringify({ ...head, sealed: forged }));
  await startAgain();
  const { ok, problems } = await check();
  expect([ok, problems.map(({ kind }) => kind)]).toEqual([false, ['forged']]);
});

it('histories of two data folders have keys of their own in one keychain', async () => {
  const secretStore = new KeychainSecretStore(keychain);
  const other = await TestConsole.start({ secretStore });
  try {
    for (const one of [console_, other]) {
      const { id } = await one.call('billing.save', {
        name: 'Table',
        kind: 'file',
        csv: 'email\nada@tenant.example',
      });
      await one.call('billing.refresh', { id });
      const [customer] = (await one.call('customers.list', {})).rows;
      const customerId = customer?.customerId ?? '';
      await one.call('customers.setTariff', { customerId, tariffId: null });
      expect(await one.call('customers.verifyJournal', {})).toMatchObject({
        ok: true,
        sealed: true,
      });
    }
  } finally {
    await other.end();
  }
});
