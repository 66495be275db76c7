import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/snapshot/open-snapshot.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const bucketColumns = ['name', 'owner', 'current_bytes', 'peak_bytes', 'created_at', 'last_hour'];
const userColumns = [
  'search',
  'user_id',
  'state',
  'bucket_count',
  'current_bytes',
  'peak_bytes',
  'first_seen',
];

let directory: string;
let database: DatabaseSync;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-plans-'));
  const snapshot = await openSnapshot(directory);
  const buckets = Array.from({ length: 300 }, (_, index) => listedBucket(`bucket-${index}`));
  await snapshot.refresh(feedOf([listedUser('aa00000000000001', 'anna@example.com')], buckets));
  await snapshot.close();
  database = new DatabaseSync(join(directory, 'snapshot.sqlite'), { readOnly: true });
});

afterAll(() => {
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

function planOf(table: string, column: string, direction: string): string {
  const sql = `SELECT id FROM ${table} WHERE substr(?, id, 1) = x'01'
    ORDER BY ${column} ${direction}, id ${direction} LIMIT 100 OFFSET 100`;
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(new Uint8Array(300));
  return steps.map(({ detail }) => String(detail)).join('; ');
}

describe('a page in any order', () => {
  const all = [
    ...bucketColumns.map((column) => ['bucket', column] as const),
    ...userColumns.map((column) => ['user', column] as const),
  ];
  it.each(all)('of %s by %s is read along an index alone, nothing is sorted', (table, column) => {
    for (const direction of ['ASC', 'DESC']) {
      const plan = planOf(table, column, direction);
      expect(plan).toMatch(new RegExp(`^SCAN ${table} USING COVERING INDEX ${table}_by_`));
      expect(plan).not.toContain('TEMP B-TREE');
    }
  });
});
