import type { CallOutput } from '#shared/contract/index.ts';
import { fakeRunRow } from './fake-bulk.ts';
import { fakeAsOf } from './fake-cluster.ts';

type KeptPlan = CallOutput<'plans.list'>[number];
type PlanRow = CallOutput<'plans.rows'>['rows'][number];

/** A plan of two changes that is kept for the fake cluster, with fields replaced as given. */
export function fakePlan(update: Partial<KeptPlan> = {}): KeptPlan {
  return {
    planId: 'plan-1',
    name: 'Night',
    note: null,
    createdAt: fakeAsOf,
    createdBy: 'operator',
    changedAt: fakeAsOf,
    endpoint: 'https://s3.rack7.example:8443',
    connectionName: 'Rack 7',
    sameCluster: true,
    snapshotAsOf: fakeAsOf,
    changes: 2,
    tenants: 2,
    destructive: false,
    reverses: null,
    runId: null,
    run: null,
    left: 2,
    comparison: null,
    compareDueSince: null,
    ...update,
  };
}

/** Row number `row` of that plan. */
export function fakePlanRow(row: number, update: Partial<PlanRow> = {}): PlanRow {
  return { ...fakeRunRow(row), rowId: row + 10, comment: null, ...update };
}
