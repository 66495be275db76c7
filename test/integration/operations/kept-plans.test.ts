import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';
import { type OperationsCore, openOperationsCore } from './operations-core.ts';

let bench: OperationsBench;
let userIds: string[];

beforeEach(async () => {
  bench = await openOperationsBench({ users: 12, buckets: 12 });
  const { taskId } = await bench.call('inventory.start', { requestsPerSecond: 2000 });
  await bench.ended(taskId);
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const asked = { filter: { system: false }, offset: 0, limit: 5 } as const;
  userIds = (await snapshot.ask('users', asked)).rows
    .filter(({ state }) => state === 'enabled')
    .map(({ userId }) => userId);
  bench.simulator.log.clear();
});
afterEach(() => bench.close());

const [first, second, third] = [0, 1, 2].map((index) => () => userIds[index] ?? '') as [
  () => string,
  () => string,
  () => string,
];

const disable = (userId: string) => ({ operation: 'users.disable', input: { userId } }) as const;
const quota = (userId: string, sizeGb: number) =>
  ({
    operation: 'quotas.set',
    input: { target: { user: userId }, sizeGb: String(sizeGb) },
  }) as const;

/** A plan that disables the first user, and gives the second and the third a quota. */
async function planOfThree(): Promise<CallOutput<'plans.add'>> {
  const { planId } = await bench.call('plans.add', { name: 'Night', change: disable(first()) });
  await bench.call('plans.add', { planId, change: quota(second(), 700), comment: 'Agreed.' });
  return bench.call('plans.add', { planId, change: quota(third(), 800) });
}

const rowsOf = async (planId: string, core: OperationsCore = bench) =>
  (await core.call('plans.rows', { planId })).rows;

describe('a kept plan', () => {
  it('takes changes without asking the gateway, and is there after the console was killed', async () => {
    const { planId, changes, tenants, destructive } = await planOfThree();
    expect({ changes, tenants, destructive }).toEqual({
      changes: 3,
      tenants: 3,
      destructive: true,
    });
    expect(bench.simulator.log.entries).toHaveLength(0);
    const rows = await rowsOf(planId);
    expect(rows.map(({ row, operation, comment }) => [row, operation, comment])).toEqual([
      [1, 'users.disable', null],
      [2, 'quotas.set', 'Agreed.'],
      [3, 'quotas.set', null],
    ]);
    const { url, accessKeyId, secretKey } = bench.simulator;
    // nothing of the first one is closed: its memory is lost as by a kill
    const again = await openOperationsCore({
      ...{ url, accessKeyId, secretKey },
      directory: bench.directory,
    });
    try {
      expect(await again.call('plans.list', {})).toMatchObject([{ planId, name: 'Night' }]);
      expect(await rowsOf(planId, again)).toEqual(rows);
    } finally {
      await again.close();
    }
  });

  it('is edited: values, comments, order, rows, name; a later value takes the place of an earlier', async () => {
    const { planId } = await planOfThree();
    const added = await bench.call('plans.add', { planId, change: quota(second(), 900) });
    expect(added).toMatchObject({ changes: 3, added: 1, replaced: 1 });
    const last = (await rowsOf(planId))[2];
    expect(last?.fields).toMatchObject([{ field: 'quota', after: '900' }]);
    const rowId = last?.rowId ?? 0;
    const limits = (rates: object) => ({
      operation: 'limits.set' as const,
      input: { target: { user: second() }, limits: rates },
    });
    // what a later change says nothing of stays planned
    const rates = await bench.call('plans.add', { planId, change: limits({ opsGet: 700 }) });
    expect(await bench.call('plans.add', { planId, change: limits({ opsPut: 50 }) })).toMatchObject(
      { changes: 4, replaced: 1 },
    );
    const both = limits({ opsGet: 10, opsPut: 5 });
    expect(await bench.call('plans.add', { planId, change: both })).toMatchObject({
      ...{ changes: 4, replaced: 1 },
    });
    const [, , , rate] = await rowsOf(planId);
    expect(rates.changes).toBe(4);
    await bench.call('plans.removeRows', { planId, rowIds: [rate?.rowId ?? 0] });
    await bench.call('plans.editRow', { planId, rowId, change: quota(second(), 950), place: 1 });
    await bench.call('plans.editRow', { planId, rowId, comment: 'By mail.' });
    expect((await rowsOf(planId))[0]).toMatchObject({
      ...{ rowId, row: 1, comment: 'By mail.' },
      fields: [{ after: '950' }],
    });
    const other = { planId, rowId, change: quota(third(), 1) };
    expect((await bench.failure('plans.editRow', other)).code).toBe('INPUT_INVALID');
    await bench.call('plans.removeRows', { planId, rowIds: [rowId] });
    expect((await rowsOf(planId)).map(({ row }) => row)).toEqual([1, 2]);
    const edited = await bench.call('plans.edit', { planId, name: 'Day', note: 'Ask first.' });
    expect(edited).toMatchObject({ name: 'Day', note: 'Ask first.', changes: 2 });
    const found = await bench.call('plans.rows', { planId, search: third() });
    expect(found).toMatchObject({ total: 1, rows: [{ target: { id: third() } }] });
    await bench.call('plans.delete', { planId });
    expect(await bench.call('plans.list', {})).toEqual([]);
    expect((await bench.failure('plans.rows', { planId })).code).toBe('NOT_FOUND');
    expect(bench.simulator.log.entries).toHaveLength(0);
  });

  it('takes nothing that is certain to be refused', async () => {
    const { systemUser } = bench.simulator.state;
    const own = await bench.failure('plans.add', { name: 'Own', change: disable(systemUser.id) });
    expect(own.code).toBe('SELF_LOCKOUT_REFUSED');
    expect(await bench.call('plans.list', {})).toEqual([]);
  });

  it('plans the steps of one target so that none makes the next drift', async () => {
    const target = { user: first() };
    const step = (operation: 'limits.set' | 'limits.clear', limits?: object) =>
      ({ operation, input: { target, ...(limits ? { limits } : {}) } }) as const;
    const { planId } = await bench.call('plans.add', {
      ...{ name: 'Steps', change: step('limits.set', { opsGet: 700 }), comment: 'Agreed.' },
    });
    const raised = await bench.call('plans.add', {
      planId,
      change: step('limits.set', { opsPut: 50 }),
    });
    expect(raised).toMatchObject({ changes: 1, replaced: 1 });
    const [rates] = await rowsOf(planId);
    expect(rates?.comment).toBe('Agreed.');
    expect(rates?.fields).toMatchObject([
      ...[
        { field: 'opsDefault' },
        { field: 'opsGet', after: '700' },
        { field: 'opsPut', after: '50' },
      ],
      ...[{ field: 'opsList' }, { field: 'opsDelete' }, { field: 'bandwidthOut' }],
    ]);
    await bench.call('plans.add', { planId, change: step('limits.clear') });
    await bench.call('plans.add', { planId, change: step('limits.set', { opsList: 9 }) });
    for (const sizeGb of [700, 900]) {
      await bench.call('plans.add', { planId, change: quota(first(), sizeGb) });
    }
    const user = await bench.call('users.get', { userId: second() });
    for (const { accessKeyId } of user.keys) {
      await bench.call('plans.add', {
        planId,
        change: { operation: 'keys.revoke', input: { userId: second(), accessKeyId } },
      });
    }
    expect(user.keys.length).toBeGreaterThan(1);
    // a step that is taken away, or goes before another, leaves that one another state to start from
    const steps = async () =>
      (await rowsOf(planId)).filter(({ operation }) => operation === 'keys.revoke');
    const keysIn = async () =>
      (await steps()).map(({ fields }) => fields.find(({ field }) => field === 'keys')?.before);
    const [early, late] = await steps();
    const all = user.keys.map(({ accessKeyId }) => accessKeyId);
    const place = early?.row ?? 0;
    await bench.call('plans.editRow', { planId, rowId: late?.rowId ?? 0, place });
    expect((await steps()).slice(0, 2).map(({ rowId }) => rowId)).toEqual([
      late?.rowId,
      early?.rowId,
    ]);
    expect((await keysIn()).slice(0, 2)).toEqual([
      all.join(', '),
      all.filter((_, index) => index !== 1).join(', '),
    ]);
    await bench.call('plans.removeRows', { planId, rowIds: [late?.rowId ?? 0] });
    expect((await keysIn())[0]).toBe(all.join(', '));
    const again = { userId: second(), accessKeyId: all[1] ?? '' };
    await bench.call('plans.add', { planId, change: { operation: 'keys.revoke', input: again } });
    const planned = 2 + user.keys.length;
    const compared = await bench.call('plans.compare', { planId });
    expect(compared.comparison).toMatchObject({ applies: planned, drifted: 0, refused: 0 });
    const run = await bench.call('plans.check', { planId });
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId });
    await bench.ended(taskId);
    const ended = await bench.call('bulk.get', { runId: run.runId });
    expect(ended.counts).toMatchObject({ verified: planned });
    const limits = await bench.call('limits.get', { target });
    expect(limits.limits).toMatchObject({ opsGet: 0, opsPut: 0, opsList: 9 });
  });

  it('counts a change such as +10 % from what the plan sets already', async () => {
    const [one, other] = [first(), second()];
    await bench.call('quotas.set', { target: { user: one }, sizeGb: 100 });
    await bench.call('limits.set', { target: { user: other }, limits: { opsGet: 100 } });
    await bench.call('limits.get', { target: { user: other } });
    const add = (planId: string | undefined, userIds: string[], change: object) =>
      bench.call('plans.add', {
        ...(planId === undefined ? { name: 'Steps' } : { planId }),
        source: { from: 'users', userIds, change } as never,
      });
    const more = { change: 'adjustQuota', by: '+10 GB' };
    const { planId } = await add(undefined, [one], more);
    const again = await add(planId, [one], more);
    expect(again).toMatchObject({ changes: 1, replaced: 1 });
    const valuesOf = async (userId: string, field: string) =>
      (await rowsOf(planId))
        .filter(({ target }) => target.id === userId)
        .map(({ fields }) => {
          const found = fields.find((entry) => entry.field === field);
          return [found?.before, found?.after];
        });
    expect(await valuesOf(one, 'quota')).toEqual([['100', '120']]);
    const faster = { change: 'adjustLimits', by: { opsGet: '+50 %' } };
    await add(planId, [other], faster);
    await add(planId, [other], faster);
    expect(await valuesOf(other, 'opsGet')).toEqual([['100', '225']]);
    // what the plan takes away leaves nothing to count from
    await add(planId, [one], { change: 'clearQuota' });
    await expect(add(planId, [one], more)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const compared = await bench.call('plans.compare', { planId });
    expect(compared.comparison).toMatchObject({ applies: 2, drifted: 0, refused: 0 });
  });

  it('leaves later steps as planned where their target has changed since, to be compared again', async () => {
    const userId = second();
    const { keys } = await bench.call('users.get', { userId });
    const [first, last] = keys.map(({ accessKeyId }) => accessKeyId);
    const revoke = (accessKeyId = '') =>
      ({ operation: 'keys.revoke', input: { userId, accessKeyId } }) as const;
    const { planId } = await bench.call('plans.add', { name: 'Keys', change: revoke(first) });
    await bench.call('plans.add', { planId, change: revoke(last) });
    const compared = await bench.call('plans.compare', { planId });
    expect(compared.comparison).toMatchObject({ applies: 2, drifted: 0 });
    await bench.call('keys.revoke', revoke(first).input);
    const { accessKeyId: other } = await bench.call('keys.generate', { userId });
    const [{ rowId = 0 } = {}] = await rowsOf(planId);
    const left = await bench.call('plans.removeRows', { planId, rowIds: [rowId] });
    expect(left.comparison).toMatchObject({ applies: 0, drifted: 0 });
    // nobody has planned it on the key that came meanwhile
    const [step, ...more] = await rowsOf(planId);
    expect([step?.standing, more]).toEqual([undefined, []]);
    expect(step?.fields.find(({ field }) => field === 'keys')?.before).toBe(last);
    const again = await bench.call('plans.compare', { planId });
    expect(again.comparison).toMatchObject({ applies: 0, drifted: 1 });
    const [drifted] = await rowsOf(planId);
    expect(drifted?.error?.details?.differences).toMatchObject([{ found: `${last}, ${other}` }]);
  });

  it('says what still applies and what drifted, applies it as a run, and the run goes back', async () => {
    const { planId } = await planOfThree();
    await bench.call('quotas.set', { target: { user: second() }, sizeGb: '11' });
    const { comparison } = await bench.call('plans.compare', { planId });
    expect(comparison).toMatchObject({ applies: 2, drifted: 1, done: 0, refused: 0 });
    const drifted = (await rowsOf(planId)).find(({ standing }) => standing === 'drifted');
    expect(drifted?.error?.details?.differences).toMatchObject([{ field: 'quota', found: '11' }]);
    expect(bench.simulator.log.acted()).toHaveLength(1);

    const rowId = drifted?.rowId ?? 0;
    await bench.call('plans.editRow', { planId, rowId, acceptDrift: true });
    const [accepted] = await bench.call('plans.list', {});
    expect(accepted?.comparison).toMatchObject({ applies: 3, drifted: 0 });
    const run = await bench.call('plans.check', { planId });
    expect(run).toMatchObject({ title: 'Plan: Night', total: 3, drifted: 0 });
    expect((await bench.call('plans.list', {}))[0]?.runId).toBeNull();
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId });
    await bench.ended(taskId);
    const [applied] = await bench.call('plans.list', {});
    expect(applied).toMatchObject({ runId: run.runId, comparison: null, left: 0 });
    expect(applied?.run).toMatchObject({ state: 'finished', counts: { verified: 3 } });
    expect((await rowsOf(planId)).map(({ standing }) => standing)).toEqual(Array(3).fill('done'));
    const { users } = bench.simulator.state;
    expect(users.byId.get(first())?.enabled).toBe(false);

    const { total, rows } = await bench.call('journal.list', { folded: true });
    expect(total).toBe(2);
    expect(rows[0]?.run).toEqual({
      ...{ title: 'Plan: Night', entries: 3, results: { verified: 3 } },
    });
    const entries = await bench.call('journal.list', { filter: { runId: run.runId } });
    const entry = entries.rows.find(({ operation }) => operation === 'users.disable');
    expect(entry?.inverse).toEqual({
      ...{ operation: 'users.enable', title: 'Enable user', input: { userId: first() } },
    });
    const back = await bench.call('users.enable', { userId: first() });
    expect(back).toMatchObject({ verified: true, reversible: true });
    expect(users.byId.get(first())?.enabled).toBe(true);
    const again = await bench.call('plans.compare', { planId });
    expect(again.comparison).toMatchObject({ applies: 1, done: 2 });
  });

  it('says which changes its run has not made, by what they are, wherever they were moved', async () => {
    const { planId } = await planOfThree();
    await bench.call('quotas.set', { target: { user: second() }, sizeGb: '11' });
    const run = await bench.call('plans.check', { planId });
    await bench.ended((await bench.call('bulk.apply', { runId: run.runId })).taskId);
    const of = async () => (await bench.call('plans.list', {}))[0];
    const applied = { left: 1, run: { counts: { verified: 2, refused: 1 } } };
    expect(await of()).toMatchObject(applied);
    const rest = await bench.call('plans.check', { planId });
    expect(await of()).toMatchObject({ ...applied, runId: run.runId });
    await bench.ended((await bench.call('bulk.apply', { runId: rest.runId })).taskId);
    expect(await of()).toMatchObject({
      left: 1,
      runId: rest.runId,
      run: { counts: { unchanged: 2 } },
    });
    const rows = await rowsOf(planId);
    const rowId = rows.at(-1)?.rowId ?? 0;
    await bench.call('plans.editRow', { planId, rowId, place: 1 });
    await bench.call('plans.edit', { planId, name: 'Morning' });
    expect(await of()).toMatchObject({ left: 1, name: 'Morning' });
    const change = { operation: 'users.disable', input: { userId: second() } } as const;
    await bench.call('plans.add', { planId, change });
    expect(await of()).toMatchObject({ left: 2, changes: 4 });
  });

  it('is not compared where it was edited meanwhile', async () => {
    const { planId } = await planOfThree();
    await bench.call('quotas.set', { target: { user: second() }, sizeGb: '11' });
    const { rowId = 0 } = (await rowsOf(planId))[1] ?? {};
    const edited = Promise.withResolvers<void>();
    const { faults } = bench.simulator;
    faults.add({ kind: 'latency', ms: 0, until: edited.promise, match: {} });
    const compared = bench.call('plans.compare', { planId });
    await bench.call('plans.editRow', { planId, rowId, change: quota(second(), 950) });
    edited.resolve();
    expect((await compared).comparison).toMatchObject({ applies: 2, drifted: 0 });
    const accept = { planId, rowId, acceptDrift: true };
    expect((await bench.failure('plans.editRow', accept)).code).toBe('CONFLICT');
    expect((await rowsOf(planId))[1]?.fields).toMatchObject([{ after: '950' }]);
  });

  it('travels as a file with its comments, and comes back as it was', async () => {
    const { planId } = await planOfThree();
    const { content, fileName } = await bench.call('plans.export', { planId });
    expect(fileName).toMatch(/^change-plan-night-\d{8}\.ostorplan$/);
    expect(JSON.parse(content).version).toBe(2);
    const copy = await bench.call('plans.import', { content });
    expect(copy.planId).not.toBe(planId);
    const withoutIds = async (id: string) =>
      (await rowsOf(id)).map(({ rowId: _rowId, ...row }) => row);
    expect(await withoutIds(copy.planId)).toEqual(await withoutIds(planId));
    const changed = content.replace('Agreed.', 'Changed.');
    expect((await bench.failure('plans.import', { content: changed })).code).toBe('PLAN_INVALID');
    const { planId: bare } = await bench.call('plans.add', {
      name: 'Bare',
      change: disable(first()),
    });
    const plain = await bench.call('plans.export', { planId: bare });
    expect(JSON.parse(plain.content).version).toBe(1);
  });
});

describe('a preview as last seen', () => {
  it('asks the gateway nothing, and says where what is there was never read', async () => {
    await bench.close();
    bench = await openOperationsBench({ users: 12, buckets: 12 });
    const snapshot = await (await bench.clusters.get('lab')).snapshot();
    const { rows } = await snapshot.ask('buckets', { offset: 0, limit: 1 });
    const bucket = rows[0]?.name ?? '';
    const readAfter = Date.now();
    await bench.call('quotas.get', { target: { user: first() } });
    bench.simulator.log.clear();
    const known = await bench.call('operations.preview', {
      ...quota(first(), 5),
      readFrom: 'snapshot',
    });
    expect(known).toMatchObject({ source: 'snapshot', fields: [{ after: '5', changed: true }] });
    // when the quota was read, not when the lists were
    expect(Date.parse(known.asOf)).toBeGreaterThanOrEqual(readAfter);
    expect(known.beforeKnown).toBeUndefined();
    const unread = await bench.call('operations.preview', {
      ...{ operation: 'quotas.set', input: { target: { bucket }, sizeGb: '5' } },
      readFrom: 'snapshot',
    });
    expect(unread).toMatchObject({ source: 'snapshot', beforeKnown: false, unchanged: false });
    expect(bench.simulator.log.entries).toHaveLength(0);
  });
});
