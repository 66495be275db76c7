import { afterEach, expect, it } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

let bench: OperationsBench;

afterEach(() => bench.close());

it('tells rows for which nothing is sent apart, and finds rows by their target', async () => {
  bench = await openOperationsBench({ users: 12, buckets: 4 });
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const sort = { by: 'email', descending: false } as const;
  const { rows: users } = await snapshot.ask('users', { offset: 0, limit: 3, sort });
  const [first, second] = users;
  await bench.call('quotas.set', { target: { user: first?.userId ?? '' }, sizeGb: 64 });
  const run = await bench.call('bulk.preview', {
    source: {
      from: 'users',
      userIds: users.map(({ userId }) => userId),
      change: { change: 'setQuota', sizeGb: 64 },
    },
  });
  expect(run).toMatchObject({ total: 3, unchanged: 1, reverses: null });
  const { runId } = run;
  const idsOf = async (more: { writes?: boolean; search?: string }) =>
    (await bench.call('bulk.rows', { runId, ...more })).rows.map(({ target }) => target.id);
  expect(await idsOf({ writes: false })).toEqual([first?.userId]);
  expect(await idsOf({ writes: true })).toEqual(users.slice(1).map(({ userId }) => userId));
  expect(await idsOf({ search: second?.email.toUpperCase() ?? '' })).toEqual([second?.userId]);
});

it('tells of each row the very requests that it then sends', async () => {
  bench = await openOperationsBench({ users: 3, buckets: 4 });
  const change = { change: 'setQuota', sizeGb: 7 } as const;
  const run = await bench.call('bulk.preview', { source: { from: 'filter', change } });
  const { operation, input } = run.rows[1] ?? {};
  if (!operation || !input) throw new Error('The run has no second row.');
  const { requests, commands } = await bench.call('operations.preview', { operation, input });
  expect(commands.s3Curl.join()).toContain('s3_curl PUT');
  const written = requests.filter(({ purpose }) => purpose === 'write');
  const { taskId } = await bench.call('bulk.apply', { runId: run.runId });
  await bench.ended(taskId);
  const sent = bench.simulator.log.acted().map(({ method, query }) => `${method} ${query}`);
  expect(written).toHaveLength(1);
  for (const { method, url } of written) {
    expect(sent).toContain(`${method} ${url.slice(url.indexOf('?') + 1)}`);
  }
});

it('changes all buckets that match, and refuses what buckets have none of', async () => {
  bench = await openOperationsBench({ users: 6, buckets: 30 });
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const sort = { by: 'currentBytes', descending: true } as const;
  const { rows } = await snapshot.ask('buckets', { offset: 0, limit: 30, sort });
  const minBytes = rows[9]?.currentBytes ?? 0;
  const source = { from: 'bucketFilter', filter: { minBytes } } as const;
  const run = await bench.call('bulk.preview', {
    source: { ...source, change: { change: 'setQuota', sizeGb: 64 } },
  });
  expect(run).toMatchObject({ total: 10, title: 'Set quota to 64 GB, buckets' });
  const selected = rows.slice(0, 10).map(({ name }) => name);
  expect(run.rows.map(({ target }) => target.id)).toEqual(selected.toSorted());
  const { taskId } = await bench.call('bulk.apply', { runId: run.runId });
  expect(await bench.ended(taskId)).toMatchObject({ state: 'succeeded', done: 10, failed: 0 });
  expect(
    bench.simulator.log.acted().flatMap(({ acted }) => acted.map(({ target }) => target)),
  ).toHaveLength(10);
  const owner = rows[0]?.ownerId ?? '';
  const plan = await bench.call('plans.make', {
    name: 'One owner',
    source: { from: 'bucketFilter', ownerId: owner, change: { change: 'clearLimits' } },
  });
  expect(plan.changes).toBe(rows.filter(({ ownerId }) => ownerId === owner).length);
  const failure = await bench.failure('bulk.preview', {
    source: { ...source, change: { change: 'disable' } },
  });
  expect(failure).toMatchObject({ code: 'INPUT_INVALID', message: /buckets have none/ });
});

it('changes exactly what a filter between bounds and by owner matches, on all its pages', async () => {
  bench = await openOperationsBench({ users: 12, buckets: 1600 });
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const rows: CallOutput<'buckets.list'>['rows'] = [];
  for (let offset = 0; offset < 1600; offset += 1000) {
    rows.push(...(await bench.call('buckets.list', { offset, limit: 1000 })).rows);
  }
  const part = 'quotas' as const;
  const readAt = Date.now();
  await snapshot.change('save', [
    { part, target: { kind: 'default', id: 'bucket' }, quota: { sizeGb: 100n, type: '' }, readAt },
    ...rows.map(({ name: id }) => ({
      ...{ part, target: { kind: 'bucket' as const, id }, quota: null, readAt },
    })),
  ]);
  const all = rows.map(({ name, ownerEmail, currentBytes }) => {
    return { name, owner: ownerEmail ?? '', used: Number(currentBytes) / (100 * 1e9) };
  });
  const bySize = all.toSorted((left, right) => left.used - right.used);
  const [minUsed, maxUsed] = [bySize[100]?.used ?? 0, bySize[1550]?.used ?? 0];
  const between = all.filter(({ used }) => used >= minUsed && used <= maxUsed);
  // most owners have it in their e-mail, two have not; their buckets are more than a page
  const owner = 's';
  const expected = between.filter((row) => row.owner.includes(owner));
  expect(expected.length).toBeGreaterThan(1000);
  expect(expected.length).toBeLessThan(between.length);
  const { runId, total } = await bench.call('bulk.preview', {
    source: {
      ...{ from: 'bucketFilter', filter: { minUsed, maxUsed, owner } },
      change: { change: 'setQuota', sizeGb: 77 },
    },
  });
  expect(total).toBe(expected.length);
  const { taskId } = await bench.call('bulk.apply', { runId });
  expect(await bench.ended(taskId)).toMatchObject({ state: 'succeeded', failed: 0 });
  const { quotas } = bench.simulator.state;
  const changed = all.filter(({ name }) => quotas.get(`bucket:${name}`) === 77n);
  expect(changed).toEqual(expected);
});

it('revokes selected keys, each once', async () => {
  bench = await openOperationsBench({ users: 12, buckets: 4 });
  const holders = [...bench.simulator.state.users.byId.values()]
    .filter(({ keys, system }) => keys.length > 0 && !system)
    .slice(0, 3);
  // the keys of an account of the first are not those of the first itself
  const { users } = bench.simulator.state;
  const [{ id: userId = '' } = {}] = holders;
  const accountKey = users.newKey(userId, []);
  const [holder] = holders;
  if (holder) users.put({ ...holder, accounts: [{ name: 'backup', keys: [accountKey] }] });
  const keys = [
    ...holders.map(({ id, keys: [key] }) => ({ userId: id, accessKeyId: key ?? '' })),
    { userId, accountName: 'backup', accessKeyId: accountKey },
  ];
  const run = await bench.call('bulk.preview', { source: { from: 'keys', keys } });
  expect(run).toMatchObject({ total: 4, destructive: true, counts: { refused: 0 } });
  const { taskId } = await bench.call('bulk.apply', { runId: run.runId });
  expect(await bench.ended(taskId)).toMatchObject({ state: 'succeeded', done: 4, failed: 0 });
  expect(bench.simulator.log.acted()).toHaveLength(4);
  const { byId } = bench.simulator.state.users;
  const left = holders.flatMap(({ id }) => byId.get(id)?.keys ?? []);
  for (const { accessKeyId } of keys) expect(left).not.toContain(accessKeyId);
});

it('finds own quotas that are not the default', async () => {
  bench = await openOperationsBench({ users: 12, buckets: 4 });
  const grid = () => bench.call('limits.grid', { filter: { quota: 'differs' }, limit: 100 });
  const all = (await bench.call('limits.grid', { limit: 100 })).rows;
  const { taskId } = await bench.call('inventory.start', { requestsPerSecond: 2000 });
  await bench.ended(taskId);
  for (const { id } of all) await bench.call('quotas.clear', { target: { user: id } });
  await bench.call('quotas.set', { target: { default: 'user' }, sizeGb: 100 });
  expect((await grid()).total).toBe(0);
  const [same, other, unlimited] = all.map(({ id }) => id);
  await bench.call('quotas.set', { target: { user: same ?? '' }, sizeGb: 100 });
  await bench.call('quotas.set', { target: { user: other ?? '' }, sizeGb: 5 });
  await bench.call('quotas.set', { target: { user: unlimited ?? '' }, sizeGb: 0 });
  expect((await grid()).rows.map(({ id }) => id).sort()).toEqual([other, unlimited].sort());
});

it('reads all rows again that were sent and not confirmed, and sends none again', async () => {
  bench = await openOperationsBench({ users: 12, buckets: 0 });
  const source = { from: 'filter', change: { change: 'setQuota', sizeGb: 77 } } as const;
  const { runId, rows } = await bench.call('bulk.preview', { source });
  const { faults, log } = bench.simulator;
  const [answered, unanswered, stillDark] = rows.map(({ target }) =>
    encodeURIComponent(target.name),
  );
  // The reading before the write passes, those after it fail.
  const dark = [answered, unanswered, stillDark].map((query = '') =>
    faults.add({
      kind: 'status',
      status: 500,
      match: { method: 'GET', service: 'ostor-quotas', query },
      skip: 1,
    }),
  );
  faults.add({ kind: 'reset-after', match: { method: 'PUT', query: unanswered ?? '' } });
  const { taskId } = await bench.call('bulk.apply', { runId, canary: 'none' });
  await bench.ended(taskId);
  const run = await bench.call('bulk.get', { runId });
  expect(run).toMatchObject({ unconfirmed: 3, counts: { verified: 8, sent: 2, failed: 1 } });
  const sentBefore = log.acted().length;
  dark[0]?.remove();
  dark[1]?.remove();
  const refusedOthers = Promise.withResolvers<void>();
  const match = { method: 'GET', service: 'ostor-quotas' };
  faults.add({ kind: 'latency', until: refusedOthers.promise, match });
  const first = await bench.call('bulk.recheck', { runId });
  expect((await bench.failure('bulk.recheck', { runId })).code).toBe('TASK_BUSY');
  expect((await bench.failure('bulk.resume', { runId, failedOnly: true })).code).toBe('TASK_BUSY');
  refusedOthers.resolve();
  expect(await bench.ended(first.taskId)).toMatchObject({
    state: 'succeeded',
    kind: 'bulk.recheck',
    done: 3,
    total: 3,
    failed: 1,
    result: { read: 2, verified: 2 },
  });
  dark[2]?.remove();
  const second = await bench.call('bulk.recheck', { runId });
  expect(await bench.ended(second.taskId)).toMatchObject({ result: { read: 1, verified: 1 } });
  const after = await bench.call('bulk.get', { runId });
  expect(after).toMatchObject({ unconfirmed: 0, counts: { verified: 11, sent: 0, failed: 0 } });
  expect(log.acted()).toHaveLength(sentBefore);
  expect(await bench.call('journal.verify', {})).toMatchObject({ ok: true });
});

it('waits as long as the gateway asks and sends a row again that was turned away with 429', async () => {
  bench = await openOperationsBench({ users: 4, buckets: 2 });
  const change = { change: 'setQuota', sizeGb: 9 } as const;
  const { runId } = await bench.call('bulk.preview', { source: { from: 'filter', change } });
  const turnedAway = bench.simulator.faults.add({
    kind: 'status',
    status: 429,
    retryAfter: '1',
    match: { method: 'PUT', service: 'ostor-quotas' },
    skip: 1,
    count: 2,
  });
  const started = performance.now();
  const { taskId } = await bench.call('bulk.apply', { runId });
  expect(await bench.ended(taskId)).toMatchObject({ state: 'succeeded', done: 3, failed: 0 });
  expect(turnedAway.hits).toBe(2);
  expect(performance.now() - started).toBeGreaterThanOrEqual(1_990);
  expect((await bench.call('bulk.get', { runId })).counts).toMatchObject({
    verified: 3,
    failed: 0,
  });
  expect(bench.simulator.log.acted('quota.set')).toHaveLength(3);
});
