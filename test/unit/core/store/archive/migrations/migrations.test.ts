import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { readAcceptedGaps } from '#core/store/archive/queries/coverage.ts';
import { issuedStatementReaders } from '#core/store/archive/queries/issued-statements.ts';
import { type GroupBy, reportReaders } from '#core/store/archive/queries/report.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/database.ts';

describe('journal', () => {
  it('adds an empty journal to an archive of the version before, and keeps what is there', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, archiveMigrations, 2);
    database.exec("INSERT INTO setting VALUES ('kept', '1')");
    migrate(database, archiveMigrations, 3);
    expect(databaseVersion(database)).toBe(3);
    expect(database.prepare('SELECT * FROM setting').get()).toEqual({ name: 'kept', value: '1' });
    expect(database.prepare('SELECT entries, hash FROM journal_head').get()).toEqual({
      entries: 0,
      hash: '',
    });
    const body = JSON.stringify({ journalId: 'j1', kind: 'intent', target: { id: 'aa' } });
    database
      .prepare('INSERT INTO journal_entry (sequence, body, previous, hash) VALUES (1, ?, ?, ?)')
      .run(body, '', 'h');
    expect(database.prepare('SELECT journal_id, kind, target_id FROM journal_entry').get()).toEqual(
      {
        journal_id: 'j1',
        kind: 'intent',
        target_id: 'aa',
      },
    );
  });
});

describe('bulk runs', () => {
  it('adds bulk runs to an archive of the version before; rows go with their run', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('PRAGMA foreign_keys = ON');
    migrate(database, archiveMigrations, 3);
    migrate(database, archiveMigrations, 4);
    expect(databaseVersion(database)).toBe(4);
    database.exec(`
    INSERT INTO bulk_run VALUES ('r1', 1, 'ada', NULL, 'Set quota', 'previewed', 'gateway', 0, NULL, '[]', NULL, NULL);
    INSERT INTO bulk_row VALUES ('r1', 1, NULL, 'quotas.set', '{}', 'user', 'aa', 'a@b', '{}', '{}', 1, 1, 2, 'pending', 0, NULL, NULL, NULL);`);
    expect(() =>
      database.exec(
        "INSERT INTO bulk_row SELECT 'r2', row, line, operation, input, target_kind, target_id, target_name, before, after, before_known, writes, readings, state, attempts, error, journal_id, request_id FROM bulk_row",
      ),
    ).toThrow(/FOREIGN KEY/);
    database.exec("DELETE FROM bulk_run WHERE run_id = 'r1'");
    expect(database.prepare('SELECT count(*) AS n FROM bulk_row').get()).toEqual({ n: 0 });
  });
});

describe('prepared runs', () => {
  it('parts the run that was previewed for a plan from one that was started', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, archiveMigrations, 14);
    for (const [id, state] of Object.entries({ r1: 'previewed', r2: 'finished' })) {
      database.exec(`
        INSERT INTO bulk_run (run_id, created_at, created_by, title, state, source, destructive, warnings)
          VALUES ('${id}', 1, 'ada', 'Plan', '${state}', 'gateway', 0, '[]');
        INSERT INTO change_plan (plan_id, name, created_at, created_by, changed_at, endpoint,
          connection_name, run_id) VALUES ('of-${id}', 'Plan', 1, 'ada', 1, 'e', 'c', '${id}')`);
    }
    migrate(database, archiveMigrations, 15);
    expect(
      database.prepare('SELECT run_id, prepared_run_id FROM change_plan ORDER BY plan_id').all(),
    ).toEqual([
      { run_id: null, prepared_run_id: 'r1' },
      { run_id: 'r2', prepared_run_id: null },
    ]);
  });
});

describe('reasons of rows', () => {
  it('adds a place for why a row is done, and leaves the rows that are there as they were', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, archiveMigrations, 15);
    database.exec(`
      INSERT INTO bulk_run (run_id, created_at, created_by, title, state, source, destructive, warnings)
        VALUES ('r1', 1, 'ada', 'Set quota', 'finished', 'gateway', 0, '[]');
      INSERT INTO bulk_row VALUES ('r1', 1, 4, 'quotas.set', '{}', 'user', 'aa', 'a@b', '{"quota":"1"}', '{}', 1, 1, 2, 'verified', 1, NULL, 'j1', 'q1');`);
    const before = database.prepare('SELECT * FROM bulk_row').get();
    migrate(database, archiveMigrations, 16);
    expect(databaseVersion(database)).toBe(16);
    expect(database.prepare('SELECT * FROM bulk_row').get()).toEqual({ ...before, reason: null });
  });
});

describe('quicker roll ups', () => {
  it('keeps every sum, also where one passes 64 bits, and adds totals', () => {
    const database = new DatabaseSync(':memory:', { readBigInts: true });
    migrate(database, archiveMigrations, 4);
    const huge = 2n ** 63n - 1n;
    database.exec(`
    INSERT INTO subject VALUES (1, 'a', 0, 'u1', ''), (2, 'b', 0, 'u2', '');
    INSERT INTO usage_hour VALUES
      (48, 1, 0, 1, 0, 0, 0, ${huge}, 5), (48, 2, 0, 2, 0, 0, 0, ${huge}, 6), (49, 1, 0, 4, 0, 0, 0, 1, 7);
    INSERT INTO usage_day VALUES
      (2, 1, 0, 5, 0, 0, 0, ${huge}, 12), (2, 1, 1, 0, 0, 0, 0, 1, 0), (2, 2, 0, 2, 0, 0, 0, ${huge}, 6);
  `);
    migrate(database, archiveMigrations);
    const { reportGroups } = reportReaders(database);
    const report = (groupBy: GroupBy) =>
      reportGroups({ fromHour: 48, toHour: 72, groupBy, filter: {} }).map(
        ({ userId, slot, put, uploaded }) => [userId ?? slot, put, uploaded],
      );
    expect(report('user')).toEqual([
      ['u1', 5n, huge + 1n],
      ['u2', 2n, huge],
    ]);
    expect(report('day')).toEqual([[2, 7n, 2n * huge + 1n]]);
    expect(report('hour')).toEqual([
      [48, 3n, 2n * huge],
      [49, 4n, 1n],
    ]);
  });
});

describe('accepted gaps', () => {
  it('adds decisions about silent hours to an archive of the version before, and keeps what is there', () => {
    const database = new DatabaseSync(':memory:', { readBigInts: true });
    migrate(database, archiveMigrations, 5);
    database.exec(`
    INSERT INTO usage_object VALUES
      (1, 's3-usage-65-2026-10-01T00:00:00.000Z-1800', '65', 1790812800, 1800, 1800, 'digest', 10,
       1, 0, 0, 1, 0, 1790820000000, NULL)`);
    migrate(database, archiveMigrations, 6);
    expect(databaseVersion(database)).toBe(6);
    expect(database.prepare('SELECT count(*) AS n FROM usage_object').get()).toEqual({ n: 1n });
    expect(database.prepare('SELECT * FROM accepted_gap').all()).toEqual([]);
    expect(() =>
      database.exec(
        `INSERT INTO accepted_gap (service, from_hour, to_hour, reason, operator, accepted_at)
       VALUES ('65', 7, 7, 'no hour at all', 'ada', 1)`,
      ),
    ).toThrow(/CHECK/);
  });
});

describe('issued statements', () => {
  it('adds the register to an archive of the version before, keeps what is there, and refuses changes', () => {
    const database = new DatabaseSync(':memory:', { readBigInts: true });
    migrate(database, archiveMigrations, 6);
    database.exec(`
    INSERT INTO tariff VALUES ('standard', 1, '{}', 1790820000000);
    INSERT INTO size_refresh VALUES (1790820000000, 1, 1, 10);
  `);
    migrate(database, archiveMigrations, 7);
    expect(databaseVersion(database)).toBe(7);
    expect(database.prepare('SELECT count(*) AS n FROM tariff').get()).toEqual({ n: 1n });
    expect(database.prepare('SELECT count(*) AS n FROM size_refresh').get()).toEqual({ n: 1n });
    const readers = issuedStatementReaders(database);
    expect(readers.listIssued({ offset: 0, limit: 10 })).toEqual({ total: 0, rows: [] });
    database.exec(`
    INSERT INTO issued_sources VALUES ('d', 'zstd', x'00');
    INSERT INTO issued_statement VALUES (1, 'id', 'identity', 'S-2026-0001', NULL, 'digest', '{}',
      'final', 'standard', 1, 'Standard', 10, 20, 1, '7440', 'EUR', 2, 'd', 'l', 'ada', 1, 'zstd', x'00')`);
    for (const change of [
      "UPDATE issued_statement SET total = '12440'",
      'DELETE FROM issued_statement',
      "UPDATE issued_sources SET body = x'01'",
      'DELETE FROM issued_sources',
    ]) {
      expect(() => database.exec(change)).toThrow(/append-only/);
    }
  });
});

describe('merged journals', () => {
  it('adds room for other journals, in which no entry is changed or removed', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, archiveMigrations, 7);
    database.exec("INSERT INTO setting VALUES ('kept', '1')");
    migrate(database, archiveMigrations, 8);
    expect(database.prepare('SELECT name FROM setting').all()).toEqual([{ name: 'kept' }]);
    database.exec(`
    INSERT INTO merged_journal VALUES ('a', 'archive.sqlite', 1);
    INSERT INTO merged_journal_entry (chain, sequence, body, previous, hash)
      VALUES ('a', 1, '{"kind":"intent","at":5}', '', 'b');
  `);
    expect(database.prepare('SELECT kind, at FROM merged_journal_entry').all()).toEqual([
      { kind: 'intent', at: 5 },
    ]);
    expect(() => database.exec("UPDATE merged_journal_entry SET body = '{}'")).toThrow(
      'append-only',
    );
    expect(() => database.exec('DELETE FROM merged_journal_entry')).toThrow('append-only');
  });
});

describe('service statements', () => {
  it('keeps decisions about single gaps, and takes statements about services next to them', () => {
    const database = new DatabaseSync(':memory:', { readBigInts: true });
    migrate(database, archiveMigrations, 8);
    database.exec(
      `INSERT INTO accepted_gap (service, from_hour, to_hour, reason, operator, accepted_at)
     VALUES ('65', 7, 9, 'down', 'ada', 1)`,
    );
    migrate(database, archiveMigrations, 9);
    expect(readAcceptedGaps(database, 0, 1_000_000)).toMatchObject([
      { kind: 'gap', serviceId: '65', fromHour: 7, toHour: 9, reason: 'down', wroteAt: null },
    ]);
  });
});

describe('key campaigns', () => {
  it('adds campaigns to an archive of the version before; keys belong to one', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('PRAGMA foreign_keys = ON');
    migrate(database, archiveMigrations, 10);
    database.exec("INSERT INTO setting VALUES ('kept', '1')");
    migrate(database, archiveMigrations, 11);
    expect(databaseVersion(database)).toBe(11);
    expect(database.prepare('SELECT value FROM setting').get()).toEqual({ value: '1' });
    database.exec(`
      INSERT INTO key_campaign VALUES ('c1', 1, 'ada', 'Autumn', '', 'rotate', NULL);
      INSERT INTO key_campaign_key VALUES
        ('c1', 1, 'aa', 'a@b', '', 'aaK1', 1, NULL, NULL, 'todo', NULL, NULL, 1, 'ada');`);
    expect(() => database.exec("UPDATE key_campaign_key SET campaign_id = 'c2'")).toThrow(
      /FOREIGN KEY/,
    );
  });

  it('dates campaigns by what is known, and keeps what was skipped while it was unclear unclear', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, archiveMigrations, 12);
    const rowOf = (row: number, newKey: string, before: string, state: string): string =>
      `('c1', ${row}, 'u${row}', 'a@b', '', 'K1', 1, ${newKey}, ${before}, '${state}', NULL, NULL, 9, 'ada')`;
    database.exec(`
      INSERT INTO key_campaign VALUES ('c1', 5, 'ada', 'Autumn', '', 'rotate', NULL),
        ('c2', 5, 'ada', 'Spring', '', 'rotate', 7);
      INSERT INTO key_campaign_key VALUES ${rowOf(1, 'NULL', "'[]'", 'generating')},
        ${rowOf(2, "'K2'", "'[]'", 'revoking')}, ${rowOf(3, 'NULL', "'[]'", 'skipped')},
        ${rowOf(4, 'NULL', 'NULL', 'skipped')}, ${rowOf(5, 'NULL', 'NULL', 'todo')};`);
    migrate(database, archiveMigrations, 13);
    const all = (sql: string) =>
      database
        .prepare(sql)
        .all()
        .map((row) => Object.values(row)[0]);
    expect(all('SELECT changed_at FROM key_campaign ORDER BY campaign_id')).toEqual([5, 7]);
    const since = 'SELECT unclear_since FROM key_campaign_key ORDER BY row';
    expect(all(since)).toEqual([9, 9, 5, null, null]);
  });
});

describe('change plans', () => {
  it('adds plans to an archive of the version before; a deleted plan takes its rows along', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('PRAGMA foreign_keys = ON');
    migrate(database, archiveMigrations, 11);
    database.exec("INSERT INTO setting VALUES ('kept', '1')");
    migrate(database, archiveMigrations, 12);
    expect(databaseVersion(database)).toBe(12);
    expect(database.prepare('SELECT value FROM setting').get()).toEqual({ value: '1' });
    database.exec(`
      INSERT INTO change_plan VALUES
        ('p1', 'Night', NULL, 1, 'ada', 1, 'https://s3', 'Rack', NULL, NULL, NULL);
      INSERT INTO change_plan_row VALUES ('p1', 1, 1, '{}');
      DELETE FROM change_plan;`);
    expect(database.prepare('SELECT count(*) AS n FROM change_plan_row').get()).toEqual({ n: 0 });
  });
});

describe('reveals by time', () => {
  it('indexes the reveals there are, alone, and is what a look at a week reads', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, archiveMigrations, 13);
    const insert = database.prepare(
      'INSERT INTO journal_entry (sequence, body, previous, hash) VALUES (?, ?, ?, ?)',
    );
    const bodies = ['keys.reveal', 'quotas.set'].map((operation, index) =>
      JSON.stringify({ journalId: `j${index}`, kind: 'intent', at: 5, operation }),
    );
    bodies.forEach((body, index) => {
      insert.run(index + 1, body, index === 0 ? '' : `h${index}`, `h${index + 1}`);
    });
    migrate(database, archiveMigrations, 14);
    const recent = "FROM journal_entry WHERE operation = 'keys.reveal' AND at >= 4";
    const counted = database.prepare(`SELECT count(*) AS n, min(body) AS body ${recent}`).get();
    expect(counted).toEqual({ n: 1, body: bodies[0] });
    const [plan] = database.prepare(`EXPLAIN QUERY PLAN SELECT body ${recent}`).all();
    expect(String(plan?.detail)).toContain('journal_reveals (at>?)');
  });
});
