import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { UserLists } from '#core/store/snapshot/queries/user-lists.ts';
import { defineTexts } from '#core/store/sqlite/database.ts';
import { userSortKey } from '#shared/contract/users.ts';
import { feedOf, listedUser } from '#test/fakes/gateway-lists.ts';

/** A database that keeps what it is asked for. */
class WatchedDatabase extends DatabaseSync {
  asked: string[] = [];

  override prepare(sql: string): StatementSync {
    this.asked.push(sql);
    return super.prepare(sql);
  }

  /** How the last page of ids was found. */
  planOfPage(): string {
    const sql = this.asked.findLast((each) => /^SELECT id FROM user .*ORDER BY/s.test(each));
    const steps = super.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    return steps.map(({ detail }) => String(detail)).join('; ');
  }
}

describe('a page of users in any order', () => {
  let directory: string;
  let database: WatchedDatabase;
  let users: UserLists;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ostor-plans-'));
    const snapshot = await openSnapshot(directory);
    const listed = Array.from({ length: 300 }, (_, index) =>
      listedUser(`aa${index}`, `${index}@b.de`),
    );
    await snapshot.refresh(feedOf(listed, []));
    await snapshot.close();
    database = new WatchedDatabase(join(directory, 'snapshot.sqlite'), { readOnly: true });
    defineTexts(database);
    users = new UserLists(database);
  });

  afterAll(() => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const stored = ['email', 'userId', 'state', 'bucketCount', 'currentBytes'] as const;

  it.each(stored)(
    'by %s is read along an index, all or those that match; nothing is sorted',
    (by) => {
      for (const descending of [false, true]) {
        for (const narrowed of [
          {},
          { search: '1' },
          { search: '1', filter: { state: 'enabled' } },
        ]) {
          database.asked = [];
          const page = { ...narrowed, sort: { by, descending }, offset: 20, limit: 20 };
          expect(users.list(page as Parameters<UserLists['list']>[0]).rows).toHaveLength(20);
          expect(database.planOfPage()).toMatch(/^SCAN user USING (COVERING )?INDEX user_by_\w+$/);
        }
      }
    },
  );

  it.each(userSortKey.options.filter((by) => !stored.some((column) => column === by)))(
    'by %s is read from an order that is made once, not sorted page by page',
    (by) => {
      for (const descending of [false, true]) {
        const page = { sort: { by, descending }, offset: 20, limit: 20 };
        database.asked = [];
        expect(users.list(page).rows).toHaveLength(20);
        const sorts = () => database.asked.filter((sql) => /ORDER BY value/.test(sql)).length;
        expect(sorts()).toBe(1);
        expect(users.list({ ...page, offset: 40 }).rows).toHaveLength(20);
        expect(sorts()).toBe(1);
      }
    },
  );
});
