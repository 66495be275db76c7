import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
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
  expect(run.warnings).toContainEqual(expect.stringMatching(/^2 system users skipped/));
  const asked = await bench.call('bulk.preview', {
    source: { ...source, filter: { system: true }, change: { change: 'setQuota', sizeGb: 5 } },
  });
  expect(asked.rows.map(({ target }) => target.id)).toContain(other.id);
});

it('a change from what was last seen asks for kinds that no list said, and names no system user', async () => {
  const other = await openOperationsBench({ users: 8, buckets: 0 });
  try {
    const source = { from: 'filter', change: { change: 'disable' } } as const;
    const run = await other.call('bulk.preview', { source, readFrom: 'snapshot' });
    expect(run.total).toBe(7);
    const plan = await other.call('plans.make', { name: 'All', source });
    expect(plan).toMatchObject({ changes: 7 });
    expect(plan.warnings).toContainEqual(expect.stringMatching(/^1 system user skipped/));
  } finally {
    await other.close();
  }
});

it('offline, possible system users are skipped in all that match, with the reason', async () => {
  const other = await openOperationsBench({ users: 8, buckets: 0 });
  try {
    other.simulator.faults.add({ kind: 'reset-before' });
    const source = { from: 'filter', change: { change: 'disable' } } as const;
    const reason = expect.stringMatching(/8 users skipped: nothing read so far says/);
    const noPlan = await other.failure('plans.make', { name: 'All', source });
    expect(noPlan.message).toEqual(reason);
    const noRun = await other.failure('bulk.preview', { source, readFrom: 'snapshot' });
    expect(noRun.message).toEqual(reason);
    const snapshot = await other.clusters.get('lab').then((cluster) => cluster.snapshot());
    const { rows } = await snapshot.ask('users', { offset: 0, limit: 8 });
    const named = { from: 'users', userIds: rows.map(({ userId }) => userId) } as const;
    const change = { change: 'setQuota', sizeGb: 5 } as const;
    const plans = { name: 'Named', source: { ...named, change } };
    const allRefused = await other.failure('plans.make', plans);
    expect(allRefused.message).toMatch(/^There is nothing to plan\. Nothing read so far says of 8/);
    other.simulator.faults.clear();
    const plan = await other.call('plans.make', plans);
    expect(plan).toMatchObject({ changes: 8 });
    expect(plan.warnings).toContainEqual(
      expect.stringMatching(/^The targets include 1 system user/),
    );
    const checked = await other.call('plans.check', { content: plan.content });
    expect(checked.warnings).toContainEqual(
      expect.stringMatching(/^The targets include 1 system user: \S+@/),
    );
  } finally {
    await other.close();
  }
});

type Source = CallInput<'bulk.preview'>['source'];

const table = (column: string, cells: string[]): Source => ({
  from: 'csv',
  text: `${column},quota_gb\n${cells.map((cell) => `${cell},5`).join('\n')}`,
});

const sources: Record<string, (ids: string[], emails: string[]) => Source> = {
  'ids that were selected': (userIds) => ({
    from: 'users',
    userIds,
    change: { change: 'setQuota', sizeGb: 5 },
  }),
  'a table of ids': (ids) => table('id', ids),
  'a table of e-mails': (_ids, emails) => table('email', emails),
};

it.each(Object.entries(sources))(
  'offline, of %s those who may be system users are refused, row by row; the others stay',
  async (_how, sourceOf) => {
    const other = await openOperationsBench({ users: 8, buckets: 0 });
    try {
      const snapshot = await other.clusters.get('lab').then((cluster) => cluster.snapshot());
      const { rows: users } = await snapshot.ask('users', { offset: 0, limit: 8 });
      const source = sourceOf(
        users.map(({ userId }) => userId),
        users.map(({ email }) => email),
      );
      // One user whose kind is known, read while the gateway could be reached.
      const known = users[3]?.userId ?? '';
      await other.call('users.get', { userId: known });
      other.simulator.faults.add({ kind: 'reset-before' });
      const run = await other.call('bulk.preview', { source, readFrom: 'snapshot' });
      expect(run.total).toBe(8);
      const pending = run.rows.filter(({ state }) => state === 'pending');
      expect(pending.map(({ target }) => target.id)).toEqual([known]);
      const refused = run.rows.filter(({ state }) => state === 'refused');
      expect(refused).toHaveLength(7);
      for (const { error } of refused) {
        expect(error?.message).toMatch(/^Nothing read so far says whether this is a system user/);
      }
      const plan = await other.call('plans.make', { name: 'Named', source });
      expect(plan).toMatchObject({ changes: 1 });
      expect(plan.warnings).toContainEqual(expect.stringMatching(/^7 targets were skipped/));
      other.simulator.faults.clear();
      const online = await other.call('bulk.preview', { source, readFrom: 'snapshot' });
      expect(online.rows.every(({ state }) => state === 'pending')).toBe(true);
      expect(online.warnings).toContainEqual(
        expect.stringMatching(/^The targets include 1 system user: \S+@/),
      );
    } finally {
      await other.close();
    }
  },
);

it('a user that no list named is asked for: a system user is named, one that is gone refused', async () => {
  const other = await openOperationsBench({ users: 8, buckets: 0 });
  try {
    const added = { enabled: true, keys: [], accounts: [] };
    const late = { ...added, id: 'aaaa0000000000aa', email: 'late@example.net', system: true };
    const tenant = { ...added, id: 'aaaa0000000000bb', email: 'new@example.net', system: false };
    const { users } = other.simulator.state;
    for (const user of [late, tenant]) users.put(user);
    const gone = 'aaaa0000000000cc';
    const userIds = [late.id, tenant.id, gone];
    const source = { from: 'users', userIds, change: { change: 'setQuota', sizeGb: 5 } } as const;
    const fault = other.simulator.faults.add({ kind: 'reset-before' });
    const offline = await other.call('bulk.preview', { source, readFrom: 'snapshot' });
    expect(offline.rows.map(({ state }) => state)).toEqual(['refused', 'refused', 'refused']);
    fault.remove();
    for (const readFrom of ['snapshot', 'gateway'] as const) {
      const run = await other.call('bulk.preview', { source, readFrom });
      expect(run.rows.map(({ state }) => state)).toEqual(['pending', 'pending', 'refused']);
      expect(run.rows[2]?.error).toMatchObject({ code: 'NOT_FOUND' });
      expect(run.warnings).toContainEqual('The targets include 1 system user: late@example.net.');
    }
  } finally {
    await other.close();
  }
});
