import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { standardTariff as tariff } from '#test/fakes/billed-cluster.ts';
import { taskEnd, taskPause } from '#test/fakes/task-end.ts';
import { collect, type Workstation, workstation } from './workstation.ts';

const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-20T00:00:00Z' };
const simulated = { usage: 60, users: 6, buckets: 10, now: Date.UTC(2026, 9, 20) };

let simulator: Simulator;
let here: Workstation;
let there: Workstation;

/** Merges what is there into the archive here. */
async function merge(path = there.path, sameCluster = false) {
  const { console_, connectionId } = here;
  const preview = await console_.call('archive.mergePreview', { connectionId, path });
  const { digest } = preview;
  const { taskId } = await console_.call('archive.merge', {
    connectionId,
    path,
    digest,
    sameCluster,
  });
  return { preview, task: await taskEnd(console_, taskId) };
}

function change(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** Files that are no archive to merge, by what they are. */
const unusable: Record<string, (path: string) => void> = {
  damaged: (path) => writeFileSync(path, readFileSync(there.path).fill(0x5a, 8192, 16_384)),
  newer: (path) => {
    copyFileSync(there.path, path);
    change(path, 'PRAGMA user_version = 9999');
  },
  'no archive': (path) => change(path, 'CREATE TABLE something (one INTEGER)'),
};

async function totalsOf({ console_, connectionId }: Workstation) {
  return console_.call('usage.report', { connectionId, ...period, groupBy: 'bucket' });
}

beforeEach(async () => {
  simulator = await startSimulator(simulated);
  here = await workstation(simulator);
  there = await workstation(simulator);
});

afterEach(async () => {
  await here.console_.end();
  await there.console_.end();
  await simulator.stop();
});

/** Each workstation collects half of the objects and deletes it: exactly and disjointly. */
async function collectDisjointly(): Promise<void> {
  const { usage } = simulator.state;
  const names = [...usage.names()];
  usage.hide(names.filter((_, index) => index % 2 === 0));
  expect(await collect(here, true)).toMatchObject({ collected: 30, removed: 30 });
  usage.show();
  expect(await collect(there, true)).toMatchObject({ collected: 30, removed: 30 });
  expect(usage.names()).toEqual([]);
}

describe('two archives of one cluster', () => {
  it('merge to the whole truth, with both journals, and once more to the same', async () => {
    await collectDisjointly();
    const { preview, task } = await merge();
    expect(preview).toMatchObject({
      cluster: 'same',
      objects: { new: 30, same: 0, conflicting: 0, grown: 0, unreadable: 0 },
      journals: [{ entries: 2, new: 2, ok: true }],
    });
    expect(task).toMatchObject({
      state: 'succeeded',
      result: { objects: { new: 30 }, journalEntries: 2 },
    });
    const truth = simulator.state.usage.truth('bucket-epoch');
    const { rows, totals } = await totalsOf(here);
    expect(
      new Map(rows.map((row) => [`${row.bucket}#${row.epoch}`, BigInt(row.downloaded)])),
    ).toEqual(new Map([...truth].map(([name, { downloaded }]) => [name, downloaded])));
    expect(BigInt(totals.put)).toBe([...truth.values()].reduce((sum, { put }) => sum + put, 0n));

    const { console_, connectionId } = here;
    const [chain, ...more] = await console_.call('journal.chains', { connectionId });
    expect(more).toEqual([]);
    expect(chain).toMatchObject({ entries: 2, ok: true, source: 'archive.sqlite' });
    const merged = await console_.call('journal.list', {
      connectionId,
      filter: { chain: chain?.chain ?? '' },
      limit: 10,
    });
    expect(merged.rows).toMatchObject([{ operation: 'usage.removeObjects', result: 'verified' }]);
    const own = await console_.call('journal.list', { connectionId, limit: 10 });
    expect(own.rows.map(({ operation, result }) => [operation, result])).toEqual([
      ['archive.merge', 'done'],
      ['usage.removeObjects', 'verified'],
    ]);
    expect(own.rows[0]?.after.archive).toContain('30 new statistics objects');
    expect(await console_.call('journal.verify', { connectionId })).toMatchObject({ ok: true });

    expect((await merge()).task.result).toMatchObject({
      objects: { new: 0, same: 30 },
      journalEntries: 0,
      sizes: 0,
    });
    expect((await totalsOf(here)).totals).toEqual(totals);

    // And the other way: what came from there is not taken for new.
    const back = await there.console_.call('archive.mergePreview', {
      connectionId: there.connectionId,
      path: here.path,
    });
    expect(back.objects).toMatchObject({ new: 30, same: 30 });
    expect(back.journals.map((journal) => journal.new)).toEqual([6, 0]);
    expect(readdirSync(join(here.path, '..')).filter((name) => name.startsWith('merging'))).toEqual(
      [],
    );
  });

  it('merge the registers: issued statements with their numbers, and bulk runs that ended', async () => {
    const input = { ...period, tariffId: '' };
    for (const { console_, connectionId } of [here, there]) {
      await console_.call('sync.refresh', { connectionId });
      await collect(console_ === here.console_ ? here : there);
    }
    const { tariffId } = await there.console_.call('tariffs.save', {
      connectionId: there.connectionId,
      tariff,
    });
    const issueThere = (userIds: string[]) =>
      there.console_.call('statements.issue', {
        connectionId: there.connectionId,
        ...input,
        tariffId,
        userIds,
      });
    const { rows: users } = await here.console_.call('users.list', {
      connectionId: here.connectionId,
      filter: { system: false },
      limit: 3,
    });
    const [first = '', second = '', third = ''] = users.map(({ userId }) => userId);
    const theirs = [await issueThere([first]), await issueThere([second])];
    const preview = await there.console_.call('bulk.preview', {
      connectionId: there.connectionId,
      source: {
        from: 'users',
        userIds: [first, second],
        change: { change: 'setQuota', sizeGb: 9 },
      },
    });
    const run = { connectionId: there.connectionId, runId: preview.runId };
    const { taskId } = await there.console_.call('bulk.apply', { ...run, canary: 'none' });
    await taskEnd(there.console_, taskId);

    const named = { connectionId: there.connectionId };
    await there.console_.call('plans.add', {
      ...{ ...named, name: 'Night' },
      change: { operation: 'quotas.set', input: { target: { user: third }, sizeGb: '7' } },
    });
    const { keys } = await there.console_.call('users.get', { ...named, userId: third });
    const of = { keys: [{ userId: third, accessKeyId: keys[0]?.accessKeyId ?? '' }] };
    const autumn = { ...named, title: 'Autumn', of };
    const { campaignId } = await there.console_.call('campaigns.start', autumn);

    // One merge brings the tariff; then both issue what the other has not seen.
    const came = { statements: 2, runs: 1, plans: 1, campaigns: 1 };
    expect((await merge()).task.result).toMatchObject(came);
    const { console_, connectionId } = here;
    const { rows } = await console_.call('journal.list', { connectionId, limit: 1 });
    expect(rows[0]?.after.archive).toContain('1 change plan; 1 key campaign');
    const plans = await console_.call('plans.list', { connectionId });
    expect(plans).toMatchObject([{ name: 'Night', changes: 1 }]);
    const campaign = await console_.call('campaigns.get', { connectionId, campaignId });
    expect(campaign).toMatchObject({ title: 'Autumn', total: 1, taskId: null });
    const issueHere = (userIds: string[]) =>
      console_.call('statements.issue', { connectionId, ...input, tariffId, userIds });
    expect((await issueHere([first])).statementId).toBe(theirs[0]?.statementId);
    const ours = await issueHere([third]);
    theirs.push(await issueThere([third]));
    expect(ours.statementId).not.toBe(theirs[2]?.statementId);
    const { preview: again, task } = await merge();
    expect(again.registers).toEqual({ statements: 1, runs: 0, plans: 0, campaigns: 0 });
    expect(task.result).toMatchObject({ statements: 1, damagedStatements: 0, runs: 0 });
    const issued = await console_.call('statements.issued', { connectionId, limit: 10 });
    expect(new Map(issued.rows.map((row) => [row.statementId, row.number]))).toEqual(
      new Map([...theirs, ours].map((row) => [row.statementId, row.number])),
    );
    for (const { statementId, total, digest } of theirs) {
      const kept = await console_.call('statements.get', { connectionId, statementId });
      expect(kept.issued).toMatchObject({ total, digest });
    }
    expect(await console_.call('bulk.get', { connectionId, runId: run.runId })).toMatchObject({
      state: 'finished',
      total: 2,
      counts: { verified: 2 },
    });
    expect((await merge()).task.result).toMatchObject({ statements: 0, runs: 0 });
    const numbers = (await console_.call('statements.issued', { connectionId, limit: 10 })).rows;
    expect(numbers).toHaveLength(4);

    // the plan is applied there, and then no longer waits here
    const { planId } = (await there.console_.call('plans.list', named))[0] ?? { planId: '' };
    const { runId } = await there.console_.call('plans.check', { ...named, planId });
    const applied = await there.console_.call('bulk.apply', { ...named, runId });
    await taskEnd(there.console_, applied.taskId);
    const last = await merge();
    expect(last.preview.registers).toMatchObject({ runs: 1, plans: 1 });
    expect(last.task.result).toMatchObject({ runs: 1, plans: 1 });
    expect(await console_.call('plans.list', { connectionId })).toMatchObject([{ runId }]);
  });

  it('a bulk run at work there is a copy here, never resumed here, and continues with later merges', async () => {
    const { console_, connectionId } = here;
    const theirs = { connectionId: there.connectionId };
    await console_.call('sync.refresh', { connectionId });
    await there.console_.call('sync.refresh', theirs);
    const tenants = { ...theirs, filter: { system: false } };
    const { rows: users } = await there.console_.call('users.list', tenants);
    const userIds = users.map(({ userId }) => userId);
    const source = { from: 'users', userIds, change: { change: 'setQuota', sizeGb: 11 } } as const;
    const { runId } = await there.console_.call('bulk.preview', { ...theirs, source });
    const asked = { connectionId, runId };
    expect((await merge()).task.result).toMatchObject({ runs: 0 });
    const { taskId } = await there.console_.call('bulk.apply', { ...theirs, runId, canary: 'ask' });
    await taskPause(there.console_, taskId);
    const { task, preview } = await merge();
    expect(preview.registers).toMatchObject({ runs: 1 });
    expect(task.result).toMatchObject({ runs: 1 });
    const atWork = { state: 'running', taskId: null, mergedAt: expect.any(String) };
    expect(await console_.call('bulk.get', asked)).toMatchObject(atWork);
    expect((await console_.call('bulk.rows', asked)).total).toBe(userIds.length);
    const filter = { runId };
    const entries = await console_.call('journal.list', { connectionId, filter });
    // reversed where they were made alone
    const own = await there.console_.call('journal.list', { ...theirs, filter });
    expect(own.rows.map(({ inverse }) => inverse?.operation)).not.toContain(undefined);
    expect(entries).toEqual({ ...own, rows: own.rows.map(({ inverse, ...row }) => row) });
    expect(entries.total).toBe(3);
    const ofOne = { connectionId, filter: { runId, targetId: entries.rows[0]?.target.id ?? '' } };
    expect((await console_.call('journal.list', ofOne)).total).toBe(1);
    for (const call of ['bulk.resume', 'bulk.recheck'] as const) {
      await expect(console_.call(call, asked)).rejects.toThrow('another workstation');
    }
    expect((await merge()).task.result).toMatchObject({ runs: 0 });
    await there.console_.call('tasks.resume', { taskId });
    await taskEnd(there.console_, taskId);
    expect((await merge()).task.result).toMatchObject({ runs: 1 });
    const { state, counts } = await console_.call('bulk.get', asked);
    expect([state, counts.verified]).toEqual(['finished', userIds.length]);
    expect((await merge()).task.result).toMatchObject({ runs: 0 });
  });

  it('keep both contents where they differ, until somebody decides', async () => {
    const [name = ''] = simulator.state.usage.names();
    await collect(here);
    simulator.state.usage.alter(name);
    await collect(there);
    const { preview, task } = await merge();
    expect(preview.objects).toMatchObject({ new: 0, same: 59, conflicting: 1 });
    expect(task.result).toMatchObject({ objects: { same: 59, conflicting: 1 } });
    const { console_, connectionId } = here;
    const conflicts = await console_.call('usage.conflicts', { connectionId });
    expect(conflicts).toMatchObject([{ name, resolution: null }]);
    // Kept already: merging again makes no second conflict of it.
    expect((await merge()).preview.objects).toMatchObject({ same: 60, conflicting: 0 });
    await console_.call('usage.resolveConflict', {
      connectionId,
      name,
      digest: conflicts[0]?.digest ?? '',
      take: 'variant',
    });
    expect((await totalsOf(here)).totals).toEqual((await totalsOf(there)).totals);
  });

  it('unite their sizes', async () => {
    await collect(there);
    for (const one of [here, there, here]) {
      await one.console_.call('sync.refresh', { connectionId: one.connectionId });
    }
    const { preview, task } = await merge();
    expect(preview.sizes).toEqual({ all: 1, new: 1 });
    expect(task.result).toMatchObject({ sizes: 1 });
    const database = new DatabaseSync(here.path, { readOnly: true });
    expect(database.prepare('SELECT count(*) AS n FROM size_refresh').get()).toEqual({ n: 3 });
    database.close();
    expect((await merge()).preview.sizes).toEqual({ all: 1, new: 0 });
  });

  it('are refused where the other is of another cluster', async () => {
    const elsewhere = await startSimulator({ ...simulated, seed: 99 });
    const stranger = await workstation(elsewhere);
    try {
      await collect(here);
      await collect(stranger);
      await expect(merge(stranger.path)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('another cluster'),
      });
    } finally {
      await stranger.console_.end();
      await elsewhere.stop();
    }
  });

  it('are merged without users to compare only on somebody’s word', async () => {
    await collect(there);
    await expect(merge()).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    expect((await merge(there.path, true)).task.result).toMatchObject({ objects: { new: 60 } });
  });

  it('are refused where the file changed since the preview', async () => {
    await collectDisjointly();
    const { console_, connectionId } = here;
    const path = join(there.console_.dataDir, 'copy.sqlite');
    await there.console_.restart();
    copyFileSync(there.path, path);
    const { digest } = await console_.call('archive.mergePreview', { connectionId, path });
    change(path, "INSERT INTO setting VALUES ('later', '1')");
    const { taskId } = await console_.call('archive.merge', { connectionId, path, digest });
    expect(await taskEnd(console_, taskId)).toMatchObject({
      state: 'failed',
      error: { code: 'TARGET_CHANGED' },
    });
    const { rows } = await console_.call('journal.list', { connectionId, limit: 1 });
    expect(rows).toMatchObject([{ operation: 'archive.merge', result: 'refused' }]);
  });

  it('are refused where the file is damaged, newer, no archive, not there or its own', async () => {
    await collect(here);
    await collect(there);
    await there.console_.restart();
    for (const [what, code] of [
      ['damaged', 'ARCHIVE_DAMAGED'],
      ['newer', 'ARCHIVE_NEWER'],
      ['no archive', 'INPUT_INVALID'],
      ['not there', 'INPUT_INVALID'],
      ['its own', 'INPUT_INVALID'],
    ] as const) {
      const make = unusable[what];
      const path = what === 'its own' ? here.path : join(there.console_.dataDir, `${what}.sqlite`);
      make?.(path);
      const before = make ? readFileSync(path) : null;
      await expect(merge(path), what).rejects.toMatchObject({ code });
      if (before) expect(readFileSync(path).equals(before), what).toBe(true);
      expect(readdirSync(join(here.path, '..')).join(), what).not.toContain('merging');
    }
  });
});

it('does not begin while statistics are being collected, nor they while it runs', async () => {
  await collect(there);
  const { console_, connectionId } = here;
  const { digest } = await console_.call('archive.mergePreview', {
    connectionId,
    path: there.path,
  });
  const input = { connectionId, path: there.path, digest, sameCluster: true };
  const answered = Promise.withResolvers<void>();
  const held = simulator.faults.add({ kind: 'latency', until: answered.promise });
  const { taskId } = await console_.call('usage.collect', { connectionId });
  await expect(console_.call('archive.merge', input)).rejects.toMatchObject({
    code: 'TASK_BUSY',
    details: { taskId },
  });
  held.remove();
  answered.resolve();
  expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'succeeded' });
  const merge = await console_.call('archive.merge', input);
  await expect(console_.call('usage.collect', { connectionId })).rejects.toMatchObject({
    code: 'TASK_BUSY',
    details: { taskId: merge.taskId },
  });
  expect(await taskEnd(console_, merge.taskId)).toMatchObject({ state: 'succeeded' });
});
