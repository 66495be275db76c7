import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CustomerStore } from '#core/customers/store/customer-store.ts';
import { customerMigrations } from '#core/customers/store/migrations/index.ts';
import { openCustomerDatabase } from '#core/customers/store/open-customers.ts';
import type { StoredBilling } from '#core/customers/store/stored-billing.ts';
import { migrate } from '#core/store/sqlite/database.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostor-customers-'));
  path = join(folder, 'customers.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const backups = () => readdirSync(join(folder, 'customers-backups'));

it('is backed up once a day, and named rather than made again where it is lost', () => {
  openCustomerDatabase(path).close();
  openCustomerDatabase(path).close();
  openCustomerDatabase(path).close();
  expect(backups()).toHaveLength(1);
  for (const name of readdirSync(folder)) {
    if (name.startsWith('customers.sqlite')) rmSync(join(folder, name));
  }
  expect(() => openCustomerDatabase(path)).toThrow(/it is not where it was/);
  expect(readdirSync(folder)).toEqual(['customers-backups']);
});

it('that was lost is no store without customers', async () => {
  const store = new CustomerStore(path);
  expect(await store.ask('listConnections', null)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  openCustomerDatabase(path).close();
  openCustomerDatabase(path).close();
  await store.close();
  for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
  expect(store.isUnused).toBe(false);
  await expect(store.ask('listConnections', null)).rejects.toMatchObject({
    ...{ code: 'ARCHIVE_DAMAGED', message: expect.stringContaining('it is not where it was') },
  });
});

it('keeps the alarm of a pin that was noted while its connection was saved, as long as the pin stays', async () => {
  const store = new CustomerStore(path);
  const pinned = 'AA:BB';
  const connection = (fingerprint256: string): StoredBilling => ({
    ...{ id: 'b', name: 'WHMCS', kind: 'whmcs', readOnly: false, secretStore: null },
    ...{ hasAccessKey: false, tls: { fingerprint256 } },
  });
  const settings = async () => (await store.ask('listConnections', null))[0]?.settings;
  await store.ask('saveConnection', { connection: connection(pinned) });
  const pinAlarm = { pinned, shown: 'CC:DD', at: '2026-11-01T00:00:00.000Z' };
  await store.ask('notePinAlarm', { billingId: 'b', pinned, pinAlarm, record: null });
  await store.ask('saveConnection', { connection: connection(pinned) });
  expect(await settings()).toEqual({ ...connection(pinned), pinAlarm });
  await store.ask('saveConnection', { connection: connection('CC:DD') });
  expect(await settings()).toEqual(connection('CC:DD'));
  await store.close();
});

it('of the first version keeps its mappings, after a backup', () => {
  const old = new DatabaseSync(path);
  migrate(old, customerMigrations, 1);
  old.exec(`INSERT INTO customer (billing_id, external_id, name, company, email, email_key, status,
      words, round) VALUES ('b', '7', 'Ada', '', 'a@b.example', 'a@b.example', 'Active', '', 1);
    INSERT INTO mapping (customer_id, connection_id, user_id, mapped_by, mapped_at)
      VALUES (1, 'c', 'ab', 'ada', 1)`);
  old.close();
  const database = openCustomerDatabase(path);
  expect(database.prepare('SELECT user_id FROM mapping').all()).toEqual([{ user_id: 'ab' }]);
  database.exec(`INSERT INTO record (at, operator, action, result, details)
    VALUES (1, 'ada', 'x', 'done', '{}')`);
  expect(() => database.exec('DELETE FROM record')).toThrow(/append-only/);
  expect(() => database.exec("UPDATE record SET action = 'y'")).toThrow(/append-only/);
  database.close();
  expect(backups()).toHaveLength(1);
});
