import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import {
  countNewPlans,
  mergePlans,
  takePlans,
  type WholePlan,
} from '#core/store/archive/merge/merge-plans.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';

const madeAt = 1_760_000_000_000;

function planOf(sizeGb: number): WholePlan {
  const plan = {
    ...{ planId: '', name: `Raise ${sizeGb}`, note: null, createdAt: madeAt, createdBy: 'anna' },
    ...{ changedAt: madeAt, endpoint: 'https://10.0.0.7', connectionName: 'Rack 7' },
    ...{ snapshotAsOf: null, reverses: null, runId: null },
  };
  const change = {
    ...{ operation: 'quotas.set', input: { target: { user: 'aa' }, sizeGb: String(sizeGb) } },
    ...{ target: { kind: 'user', id: 'aa', name: 'anna@example.com' }, before: null, after: {} },
  };
  return { plan, changes: [JSON.stringify(change)] };
}

it('merges the plans of another archive, each once, and again only where it was changed there', () => {
  const own = new DatabaseSync(':memory:');
  migrate(own, archiveMigrations);
  // a copy of another archive is read with big integers
  const copy = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(copy, archiveMigrations);
  takePlans(own, [planOf(1)]);
  takePlans(copy, [planOf(1), planOf(2)]);
  expect([countNewPlans(own, copy), mergePlans(own, copy)]).toEqual([1, 1]);
  expect([countNewPlans(own, copy), mergePlans(own, copy)]).toEqual([0, 0]);
  copy.exec("UPDATE change_plan_row SET change = json_set(change, '$.comment', 'later')");
  expect([countNewPlans(own, copy), mergePlans(own, copy)]).toEqual([2, 2]);
  const names = own.prepare('SELECT name FROM change_plan ORDER BY name').all();
  expect(names.map(({ name }) => name)).toEqual([
    'Raise 1',
    'Raise 1 (from anna)',
    'Raise 2',
    'Raise 2 (from anna)',
  ]);
});

it('takes each plan of a pack once, and reads every plan that is here once for all of them', () => {
  const own = new DatabaseSync(':memory:');
  migrate(own, archiveMigrations);
  const plans = Array.from({ length: 20 }, (_, index) => planOf(index + 1));
  expect(takePlans(own, [...plans, planOf(1)])).toBe(20);
  const prepared = vi.spyOn(own, 'prepare');
  expect(takePlans(own, [...plans, planOf(21)])).toBe(1);
  const rowsRead = prepared.mock.calls.filter(([sql]) => /SELECT change FROM/.test(sql));
  expect(rowsRead).toHaveLength(20);
  own.close();
});
