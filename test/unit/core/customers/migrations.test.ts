import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionMethods } from '#core/customers/store/billing-connections.ts';
import { issuedUserReaders } from '#core/customers/store/issued-users.ts';
import { customerReaders } from '#core/customers/store/list-customers.ts';
import { customerMigrations } from '#core/customers/store/migrations/index.ts';
import { openCustomerDatabase } from '#core/customers/store/open-customers.ts';
import { compressRaw, rawEncoding } from '#core/store/archive/file/encodings.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/database.ts';

/** What a file holds, by the version that brought its tables. A new migration adds its rows here. */
const rows: Record<number, string> = {
  1: `
    INSERT INTO billing_connection VALUES ('billing-1', 'Billing', '{"id":"billing-1"}', NULL),
      ('table-1', 'Table', '{"id":"table-1"}', 'id,name');
    INSERT INTO billing (billing_id, as_of) VALUES ('billing-1', 1764000000000);
    INSERT INTO customer (customer_id, billing_id, external_id, name, company, email, email_key, owner_email,
        owner_key, status, currency, words, gone, round)
      VALUES (7, 'billing-1', '12', 'Bob', 'Exämple', 'B@x.example', 'b@x.example', NULL, NULL, 'Active', 'EUR',
        'bob', 0, 5), (8, 'billing-1', '13', 'Eve', '', 'e@x.example', 'e@x.example', 'o@x.example',
        'o@x.example', 'Closed', NULL, 'eve', 1, 4);
    INSERT INTO service (service_id, billing_id, external_id, customer_id, product_id, product_name, status,
        username, next_due_date, recurring_amount, suspension_reason, custom_fields, gone, round) VALUES (41, 'billing-1', '20000', 7, '11', 'Bronze', 'Active', NULL, '2026-12-01', '5.00',
      NULL, '[]', 0, 5);
    INSERT INTO product VALUES ('billing-1', '11', 'Bronze', 'Storage', 0);
    INSERT INTO mapping (mapping_id, customer_id, service_id, connection_id, user_id, mapped_by, mapped_at,
        unmapped_by, unmapped_at) VALUES (1, 7, 41, 'rack', 'aa', 'ada', 1, NULL, NULL), (2, 7, NULL, 'rack', 'bb', 'ada', 1,
      'bob', 2);
    INSERT INTO cluster VALUES ('rack', '2026-11-01T00:00:00.000Z');
    INSERT INTO cluster_user VALUES ('rack', 'aa', 'b@x.example', 'b@x.example', 'enabled', 0, '36893488147419103232');`,
  2: `
    UPDATE customer SET tariff_id = 'standard' WHERE customer_id = 7;
    INSERT INTO record VALUES (1, 1, 'ada', 'customers.map', 'done', 7, NULL, '{}');
    INSERT INTO issued_source VALUES ('d1', 'plain', x'00ff');
    INSERT INTO issued_statement VALUES (1, 's1', 'i1', 'C-2026-0001', 7, NULL, 'd', '{}', 'd1', 'ada', 1, 'plain',
      x'7b7d', '{}');
    INSERT INTO invoice VALUES (1, 'billing-1', 's1', 'OC-1', '9', 'created', NULL, NULL, 2, '12.50', 1, 'ada');
    INSERT INTO plan_version VALUES ('p1', 1, '{"name":"Gold","productIds":[]}', 1, 'ada');
    INSERT INTO plan_retired VALUES ('p1', 2);
    INSERT INTO plan_holder (holder, plan_id, connection_id, user_id, service_id) VALUES ('service 41', 'p1', NULL, NULL, 41);
    INSERT INTO plan_drift (connection_id, user_id, what, since) VALUES ('rack', 'aa', 'quotaGb', 1);`,
  3: `
    INSERT INTO onboarding (place, onboarding_id, title, source, created_at, created_by, state, write_back)
      VALUES (1, 'o1', 'Onboard 1', 'orders', 1, 'ada', 'done', NULL);
    INSERT INTO onboarding_row VALUES ('o1', 1, '{}', 'done', 'aa', 'aaKEY1', NULL, NULL);
    INSERT INTO written_back VALUES (7, 41, 'rack', 'aa', 'note', 'written');`,
  4: `
    INSERT INTO setting VALUES ('provider', '{"name":"Example"}');
    INSERT INTO plan_exception VALUES ('rack', 'aa', 'migration', 9, 1, 'ada');`,
  5: `
    INSERT INTO offboarding VALUES (1, 'f1', 7, 41, '[]', 'running', 1, 'ada', '[]');`,
  6: `
    INSERT INTO accepted_line VALUES (7, 'rack', 'aa', 'stored', 1, 2, '5', 'one sample', 'ada', 1);`,
  7: `
    INSERT INTO billable_item VALUES ('billing-1', 's1', 1, 'Storage', '1250', 'sent', '7', NULL, 1, 'ada');`,
  8: `
    INSERT INTO billing VALUES ('billing-2', 1764000000000, 'whmcs https://billing.example');`,
  9: `
    INSERT INTO temporary_raise VALUES ('r1', 'rack', 'user', 'aa', 'a@x.example', 'quota', 'move', 9, 1, 'ada', '{}',
      '{}', '{}', 1, NULL, NULL, NULL, NULL);`,
  10: `
    INSERT INTO plan_product VALUES ('p1', 1, '11', 'billing-1');`,
  11: `
    INSERT INTO issued_user VALUES ('rack', 'aa', 's1', 1, 2);`,
  12: `
    INSERT INTO mapping VALUES (3, 8, NULL, 'rack', 'bb', 'ada', 3, NULL, NULL, 490000);
    INSERT INTO issued_user VALUES ('rack', 'bb', 's1', 1, 2), ('rack', 'bb', 's1', 3, 4);`,
  13: `
    UPDATE customer SET name_order = 'bob' WHERE customer_id = 7;`,
  14: `
    UPDATE service SET registered_on = '2026-10-17' WHERE service_id = 41;`,
  15: `
    UPDATE onboarding SET asked = '{"input":{},"services":null}' WHERE onboarding_id = 'o1';`,
  16: `
    UPDATE plan_holder SET assigned_at = 5, assigned_by = 'ada' WHERE plan_id = 'p1';`,
  17: `
    UPDATE plan_drift SET matched_at = 1 WHERE user_id = 'aa';`,
  18: `
    INSERT INTO not_billed VALUES ('rack', 'bb', 'monitoring', 1, 'ada');`,
  19: `
    UPDATE customer SET details_asked_at = 1 WHERE customer_id = 7;`,
  20: `
    INSERT INTO journal_entry (sequence, body, previous, hash) VALUES (1, '{}', '', 'h');`,
};

const tablesOf = (database: DatabaseSync): string[] =>
  database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map(({ name }) => String(name));

/** Every row of every table, by the columns it had. */
function contentOf(database: DatabaseSync): Map<string, { columns: string; content: unknown[] }> {
  return new Map(
    tablesOf(database).map((table) => {
      const columns = database
        .prepare(`SELECT name FROM pragma_table_info('${table}')`)
        .all()
        .map(({ name }) => String(name))
        .join(', ');
      return [
        table,
        { columns, content: database.prepare(`SELECT ${columns} FROM ${table}`).all() },
      ];
    }),
  );
}

describe('the file of customers', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ostor-customers-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it.each(customerMigrations.slice(0, -1).map(({ version, name }) => [version, name] as const))(
    'of version %i (%s) is brought up to date with everything in it, after a backup',
    (version) => {
      const path = join(directory, 'customers.sqlite');
      const earlier = new DatabaseSync(path);
      migrate(earlier, customerMigrations, version);
      for (let part = 1; part <= version; part += 1) earlier.exec(rows[part] ?? '');
      const before = contentOf(earlier);
      for (const [table, { content }] of before) {
        expect([table, content.length]).not.toEqual([table, 0]);
      }
      earlier.close();

      const database = openCustomerDatabase(path);
      expect(databaseVersion(database)).toBe(customerMigrations.length);
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
      for (const [table, { columns, content }] of before) {
        expect(database.prepare(`SELECT ${columns} FROM ${table}`).all()).toEqual(content);
      }
      database.close();
      const [copy = ''] = readdirSync(join(directory, 'customers-backups'));
      const backup = new DatabaseSync(join(directory, 'customers-backups', copy), {
        readOnly: true,
      });
      expect(databaseVersion(backup)).toBe(version);
      expect(contentOf(backup)).toEqual(before);
      backup.close();
    },
  );

  it('gives products of plans to the billing connections that list them', () => {
    const path = join(directory, 'customers.sqlite');
    const earlier = new DatabaseSync(path);
    migrate(earlier, customerMigrations, 9);
    earlier.exec(`${rows[1]}
      INSERT INTO product VALUES ('table-1', '11', 'Bronze', 'Storage', 0);
      INSERT INTO plan_version VALUES ('p1', 1, '{"name":"Gold","productIds":["11","77"]}', 1, 'ada');`);
    earlier.close();
    const database = openCustomerDatabase(path);
    const kept = database.prepare('SELECT * FROM plan_product ORDER BY product_id, billing_id');
    const of = { plan_id: 'p1', version: 1 };
    expect(kept.all().map((row) => ({ ...row }))).toEqual([
      { ...of, product_id: '11', billing_id: 'billing-1' },
      { ...of, product_id: '11', billing_id: 'table-1' },
      { ...of, product_id: '77', billing_id: null },
    ]);
    // what no connection listed becomes the only one's
    connectionMethods(database).removeConnection({ billingId: 'table-1', address: 'file Table' });
    const connection = {
      id: 'billing-1',
      name: 'Billing',
      kind: 'whmcs' as const,
      readOnly: false,
    };
    connectionMethods(database).saveConnection({
      connection: { ...connection, secretStore: null, hasAccessKey: false },
    });
    expect(kept.all().at(-1)).toMatchObject({ product_id: '77', billing_id: 'billing-1' });
    database.close();
  });

  it('notes which users the statements issued before have', () => {
    const path = join(directory, 'customers.sqlite');
    const earlier = new DatabaseSync(path);
    migrate(earlier, customerMigrations, 10);
    earlier.exec(`${rows[1]} ${rows[2]}`);
    const users = [{ connectionId: 'rack', userId: 'aa' }, { userId: 'of no cluster' }];
    const period = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
    const hourOf = (month: number): number => Date.UTC(2026, month, 1) / 3_600_000;
    const body = compressRaw(new TextEncoder().encode(JSON.stringify({ ...period, users })));
    earlier
      .prepare(
        `INSERT INTO issued_statement VALUES (2, 's2', 'i2', 'C-2026-0002', 7, NULL, 'd', '{}', 'd1',
           'ada', 1, ?, ?, '{}')`,
      )
      .run(rawEncoding, body);
    earlier.close();
    const database = openCustomerDatabase(path);
    const user = { connectionId: 'rack', userId: 'aa', fromHour: 0, toHour: 1_000_000 };
    const { issuedElsewhere } = issuedUserReaders(database);
    const found = issuedElsewhere({ customerId: '8', users: [user] });
    expect(found).toMatchObject([
      { number: 'C-2026-0002', fromHour: hourOf(9), toHour: hourOf(10) },
    ]);
    database.close();
  });

  it('sorts the customers of before by their names, as people do', () => {
    const path = join(directory, 'customers.sqlite');
    const earlier = new DatabaseSync(path);
    migrate(earlier, customerMigrations, 12);
    earlier.exec(String(rows[1]));
    const rename = earlier.prepare(
      'UPDATE customer SET name = ?, company = ? WHERE customer_id = ?',
    );
    rename.run('Customer 10', 'Ändert', 7);
    rename.run('Customer 9', 'Bleibt', 8);
    earlier.close();
    const database = openCustomerDatabase(path);
    const { listCustomers } = customerReaders(database);
    const idsBy = (by: 'name' | 'company', descending: boolean): string[] =>
      listCustomers({ offset: 0, limit: 9, sort: { by, descending } }).rows.map(
        ({ customerId }) => customerId,
      );
    expect(idsBy('name', false)).toEqual(['8', '7']);
    expect(idsBy('name', true)).toEqual(['7', '8']);
    expect(idsBy('company', false)).toEqual(['7', '8']);
    database.close();
  });

  it('has rows of every version in this test', () => {
    expect(Object.keys(rows)).toHaveLength(customerMigrations.length);
  });
});
