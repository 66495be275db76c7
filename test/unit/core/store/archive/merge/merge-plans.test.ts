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
    ...{ snapshotAsOf: null, reverses: null, runId: null, preparedRunId: null },
  };
  const change = {
    ...{ operation: 'quotas.set', input: { target: { user: 'aa' }, sizeGb: String(sizeGb) } },
    ...{ target: { kind: 'user', id: 'aa', name: 'anna@example.com' }, before: null, after: {} },
  };
  return { plan, changes: [JSON.stringify(change)] };
}

/** An archive; a copy of another one is read with big integers. */
function archive(readBigInts = false): DatabaseSync {
  const database = new DatabaseSync(':memory:', { readBigInts });
  migrate(database, archiveMigrations);
  return database;
}

it('merges the plans of another archive, each once, and again only where it was changed there', () => {
  const [own, copy] = [archive(), archive(true)];
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

/** Notes that every plan was prepared for a run, and how far that is. */
function prepare(database: DatabaseSync, runId: string, state: string): void {
  database
    .prepare(
      `INSERT INTO bulk_run (run_id, created_at, created_by, title, state, source, destructive, warnings)
       VALUES (?, 1, 'anna', 'Plan: Raise', ?, '{}', 0, '[]')`,
    )
    .run(runId, state);
  database.prepare('UPDATE change_plan SET run_id = ?').run(runId);
}

it('a plan that was applied elsewhere does not wait here, where it still says the same', () => {
  const [own, copy] = [archive(), archive(true)];
  takePlans(own, [planOf(1)]);
  takePlans(copy, [planOf(1)]);
  const runHere = () => own.prepare('SELECT run_id FROM change_plan').get()?.run_id ?? null;
  const counted = () => [countNewPlans(own, copy), mergePlans(own, copy)];
  prepare(own, 'tried', 'previewed');
  prepare(copy, 'preview', 'previewed');
  // what was only prepared there waits as before
  expect([counted(), runHere()]).toEqual([[0, 0], 'tried']);
  prepare(copy, 'night', 'finished');
  own.exec("UPDATE change_plan_row SET change = json_set(change, '$.comment', 'later')");
  expect([counted(), runHere()]).toEqual([[0, 0], 'tried']);
  own.exec("UPDATE change_plan_row SET change = json_remove(change, '$.comment')");
  expect([counted(), runHere()]).toEqual([[1, 1], 'night']);
  expect([counted(), runHere()]).toEqual([[0, 0], 'night']);
  // one that was applied here too keeps its own run
  prepare(own, 'own', 'finished');
  expect([counted(), runHere()]).toEqual([[0, 0], 'own']);
  for (const database of [own, copy]) database.close();
});

it('no two plans get one name, however many come with it', () => {
  const own = archive();
  const longest = 'x'.repeat(120);
  const names = ['Raise', 'Raise', 'Raise', 'Raise (from anna)', longest, longest, longest];
  names.forEach((name, index) => {
    const { plan, changes } = planOf(index);
    expect(takePlans(own, [{ plan: { ...plan, name }, changes }])).toBe(1);
  });
  const taken = own.prepare('SELECT name FROM change_plan ORDER BY name').all();
  expect(taken.map(({ name }) => name)).toEqual([
    ...['Raise', 'Raise (from anna)', 'Raise (from anna) 2', 'Raise (from anna) 3'],
    ...[`${'x'.repeat(106)} (from anna) 2`, `${'x'.repeat(108)} (from anna)`, longest],
  ]);
  own.close();
});

it('takes each plan of a pack once, and reads every plan that is here once for all of them', () => {
  const own = archive();
  const plans = Array.from({ length: 20 }, (_, index) => planOf(index + 1));
  expect(takePlans(own, [...plans, planOf(1)])).toBe(20);
  const prepared = vi.spyOn(own, 'prepare');
  expect(takePlans(own, [...plans, planOf(21)])).toBe(1);
  const rowsRead = prepared.mock.calls.filter(([sql]) => /SELECT change FROM/.test(sql));
  expect(rowsRead).toHaveLength(20);
  own.close();
});
