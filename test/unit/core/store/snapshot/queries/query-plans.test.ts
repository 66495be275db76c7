import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { feedOf, listedUser } from '#test/fakes/gateway-lists.ts';

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
  const users = Array.from({ length: 300 }, (_, index) =>
    listedUser(`aa${index}`, `${index}@b.de`),
  );
  await snapshot.refresh(feedOf(users, []));
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
  it.each(userColumns)(
    'of users by %s is read along an index alone, nothing is sorted',
    (column) => {
      for (const direction of ['ASC', 'DESC']) {
        const plan = planOf('user', column, direction);
        expect(plan).toMatch(/^SCAN user USING COVERING INDEX user_by_/);
        expect(plan).not.toContain('TEMP B-TREE');
      }
    },
  );
});
