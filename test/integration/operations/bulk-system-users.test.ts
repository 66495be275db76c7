import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

let bench: OperationsBench;

beforeAll(async () => {
  bench = await openOperationsBench({ users: 8, buckets: 0 });
});
afterAll(() => bench.close());

it('all that match leaves every system user out, also where the list has no flags', async () => {
  const { users } = bench.simulator.state;
  const [first] = (
    await bench.clusters
      .get('lab')
      .then((cluster) => cluster.snapshot())
      .then((snapshot) => snapshot.ask('users', { filter: { system: false }, offset: 0, limit: 1 }))
  ).rows;
  const other = users.byId.get(first?.userId ?? '');
  if (!other) throw new Error('The simulator has no tenant.');
  users.put({ ...other, system: true });
  await bench.refresh();
  const source = { from: 'filter', change: { change: 'disable' } } as const;
  const run = await bench.call('bulk.preview', { source });
  expect(run.total).toBe(6);
  expect(run.rows.map(({ target }) => target.id)).not.toContain(other.id);
  expect(run.warnings).toContainEqual(expect.stringMatching(/^2 system users left out/));
  const asked = await bench.call('bulk.preview', {
    source: { ...source, filter: { system: true }, change: { change: 'setQuota', sizeGb: 5 } },
  });
  expect(asked.rows.map(({ target }) => target.id)).toContain(other.id);
});
