import { expect, it } from 'vitest';
import { OpenedPlans, writePlan } from '#core/changes/plans/plan-file.ts';

function plan(name: string, changes = 0): string {
  return writePlan({
    name,
    note: null,
    createdAt: '2026-11-21T12:03:20.000Z',
    createdBy: 'planner',
    endpoint: 'https://s3.rack7.example',
    connectionName: 'Rack 7',
    snapshotAsOf: null,
    reverses: null,
    changes: Array.from({ length: changes }, (_, index) => ({
      operation: 'users.disable',
      input: { userId: `${index}` },
      target: { kind: 'user', id: `id${index}`, name: `User-${index}@example.com` },
      before: null,
      after: { state: 'disabled' },
    })),
  });
}

it('yields any page of a plan, with each change’s place in it', () => {
  const opened = new OpenedPlans();
  const { planId } = opened.open(plan('many', 250));
  const page = opened.page(planId, { offset: 200, limit: 100 });
  expect(page.total).toBe(250);
  expect(page.changes.map(({ index }) => index)).toEqual(
    Array.from({ length: 50 }, (_, index) => 200 + index),
  );
  const found = opened.page(planId, { search: ' user-24', offset: 1, limit: 5 });
  expect(found.total).toBe(11);
  expect(found.changes.map(({ index }) => index)).toEqual([240, 241, 242, 243, 244]);
});

it('keeps the three plans opened last', () => {
  const opened = new OpenedPlans();
  const [first, ...others] = ['a', 'b', 'c'].map((name) => opened.open(plan(name)).planId);
  opened.open(plan('a')); // once more: it is the newest now
  opened.open(plan('d'));
  const page = { offset: 0, limit: 1 };
  expect(opened.page(first ?? '', page).total).toBe(0);
  expect(() => opened.page(others[0] ?? '', page)).toThrowError(/no longer open/);
  expect(opened.page(others[1] ?? '', page).total).toBe(0);
});
