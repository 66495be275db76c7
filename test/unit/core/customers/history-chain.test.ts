import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerMethods } from '#core/customers/store/customer-methods.ts';
import { CustomerStore } from '#core/customers/store/customer-store.ts';
import { verifyHistory } from '#core/customers/store/history/history-chain.ts';
import { customerMigrations } from '#core/customers/store/migrations/index.ts';
import { openCustomerDatabase } from '#core/customers/store/open-customers.ts';
import { inTransaction, migrate } from '#core/store/sqlite/database.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostor-history-'));
  path = join(folder, 'customers.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rows = `
  INSERT OR IGNORE INTO customer (customer_id, billing_id, external_id, name, company, email,
    email_key, status, words, round) VALUES (1, 'b', '7', 'Ada', '', 'a', 'a', 'Active', '', 1);
  INSERT INTO record (at, operator, action, result, customer_id, details)
    VALUES (5, 'ada', 'statements.issue', 'done', 1, '{"statement":"C-2026-0001"}');
  INSERT INTO issued_source VALUES ('5eed', 'zstd', x'0102');
  INSERT INTO issued_statement VALUES (1, 's', 'i', 'C-2026-0001', 1, NULL, 'd', '{}', '5eed', 'ada', 6,
    'zstd', x'0304', '{"total":"100"}');
  INSERT INTO plan_version VALUES ('gold', 1, '{"name":"Gold"}', 7, 'ada');`;

/** What one row of each table adds. */
const addedRows = 4;

/** Opens the file as the console does, with a row in each table that the chain covers. */
function fill(): void {
  const database = openCustomerDatabase(path);
  inTransaction(database, () => database.exec(rows));
  database.close();
}

/** Does as somebody would who has the file and no console: past its triggers. */
function tamper(sql: string): void {
  const database = new DatabaseSync(path);
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(sql);
  database.close();
}

function verify() {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return verifyHistory(database, path);
  } finally {
    database.close();
  }
}

describe('the chain over the history of customers', () => {
  it('vouches for every record, issued statement, source and version of a plan', () => {
    fill();
    expect(verify()).toMatchObject({ entries: addedRows, acts: 1, sealed: false, problems: [] });
  });

  it('begins with the rows of before it, which stay as they are, in their order', () => {
    const old = new DatabaseSync(path);
    migrate(old, customerMigrations, 19);
    old.exec(rows);
    old.exec(`INSERT INTO record (at, operator, action, result, details)
      VALUES (9, 'bob', 'customers.map', 'done', '{}')`);
    const read = (database: DatabaseSync) =>
      ['record', 'issued_source', 'issued_statement', 'plan_version'].map((table) =>
        database.prepare(`SELECT * FROM ${table}`).all(),
      );
    const before = read(old);
    old.close();
    const database = openCustomerDatabase(path);
    expect(read(database)).toEqual(before);
    const chained = database
      .prepare('SELECT journal_id FROM journal_entry ORDER BY sequence')
      .all();
    expect(chained.map(({ journal_id: id }) => id)).toEqual([
      ...[
        'record 1',
        'record 2',
        'issued_source 5eed',
        'issued_statement s',
        'plan_version gold 1',
      ],
    ]);
    database.close();
    expect(verify()).toMatchObject({ entries: addedRows + 1, problems: [] });
    tamper("UPDATE record SET operator = 'eve' WHERE record_id = 2");
    expect(verify().problems).toEqual([
      {
        ...{ kind: 'changed', sequence: 2 },
        detail: 'Record 2 (customers.map, by bob) is not what was written.',
      },
    ]);
  });

  const tampered: readonly [what: string, sql: string, kind: string, detail: string][] = [
    [
      'the total of an issued statement',
      `UPDATE issued_statement SET summary = '{"total":"1"}'`,
      ...(['changed', 'Statement C-2026-0001 is not what was written.'] as const),
    ],
    [
      'the lines of an issued statement',
      "UPDATE issued_statement SET body = x'ff'",
      ...(['changed', 'Statement C-2026-0001 is not what was written.'] as const),
    ],
    [
      'the sources of a statement',
      "UPDATE issued_source SET body = x'ff'",
      ...(['changed', 'Sources 5eed of statements is not what was written.'] as const),
    ],
    [
      'a version of a plan',
      "UPDATE plan_version SET body = '{}'",
      ...(['changed', 'Version 1 of plan gold is not what was written.'] as const),
    ],
    [
      'a record, taken away',
      'DELETE FROM record',
      ...(['missing', 'Record 1 (statements.issue, by ada) is missing.'] as const),
    ],
    [
      'a record, added',
      "INSERT INTO record (at, operator, action, result, details) VALUES (1, 'eve', 'x', 'done', '{}')",
      ...([
        'forged',
        'Record 2 (x, by eve) was added by something else than the console.',
      ] as const),
    ],
    [
      'an entry of the chain',
      "UPDATE journal_entry SET body = replace(body, 'Statement C', 'Statement D')",
      ...(['changed', 'The entry is not what was written.'] as const),
    ],
  ];

  it.each(tampered)('names what was tampered with: %s', (_what, sql, kind, detail) => {
    fill();
    tamper(sql);
    const { problems } = verify();
    expect(problems).toContainEqual({ kind, sequence: expect.any(Number), detail });
    // and still after the console has written more
    const database = openCustomerDatabase(path);
    const { addRecord } = customerMethods(database, path);
    addRecord({ operator: 'ada', action: 'customers.map', result: 'done', details: {} });
    database.close();
    expect(verify().problems).toContainEqual({ kind, sequence: expect.any(Number), detail });
  });

  it('misses what was cut off at its end, with the entries that vouched for it, for ever', () => {
    fill();
    tamper(`DELETE FROM plan_version; DELETE FROM journal_entry WHERE sequence = 4;
      UPDATE journal_head SET entries = 3, hash = (SELECT hash FROM journal_entry WHERE sequence = 3)`);
    expect(verify().problems).toMatchObject([{ kind: 'truncated', sequence: 4 }]);
    openCustomerDatabase(path).close();
    expect(verify().problems).toMatchObject([
      { kind: 'truncated', detail: expect.stringContaining('1 entry is missing at the end') },
    ]);
  });

  it('has nothing of a transaction that failed, and what was added without one with the next', () => {
    const database = openCustomerDatabase(path);
    const failing = () =>
      inTransaction(database, () => {
        database.exec(rows);
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(verify()).toMatchObject({ entries: 0, acts: 0, problems: [] });
    database.exec(rows);
    customerMethods(database, path).addRecord({
      ...{ operator: 'ada', action: 'customers.map', result: 'done', details: {} },
    });
    expect(verify()).toMatchObject({ entries: addedRows + 1, acts: 2, problems: [] });
    database.close();
  });

  it('has every record at once, also of what is one step: a tariff that is set, a user that is unmapped', async () => {
    fill();
    const store = new CustomerStore(path);
    const doing = { customerId: '1', operator: 'ada' };
    await store.ask('map', { ...doing, connectionId: 'c', userId: 'u', at: 8 });
    await store.ask('setTariff', { ...doing, tariffId: null });
    expect(await store.ask('verifyHistory', null)).toMatchObject({ problems: [] });
    await store.ask('unmap', { ...doing, connectionId: 'c', userId: 'u', at: 9 });
    await store.close();
    expect(verify()).toMatchObject({ acts: 4, problems: [] });
  });

  it('says of a restored backup that it took the place of what was there, and is whole', async () => {
    const store = new CustomerStore(path);
    const record = {
      operator: 'ada',
      action: 'customers.map',
      result: 'done' as const,
      details: {},
    };
    await store.ask('addRecord', record);
    const { fileName } = await store.ask('backUp');
    // farther than what the restore itself adds reaches
    for (let count = 0; count < 6; count += 1) await store.ask('addRecord', record);
    await store.restore(fileName);
    expect(await store.ask('verifyHistory', null)).toMatchObject({ acts: 1, problems: [] });
    await store.ask('addRecord', record);
    await store.ask('addRecord', record);
    expect(await store.ask('verifyHistory', null)).toMatchObject({ acts: 3, problems: [] });
    await store.close();
  });
});
