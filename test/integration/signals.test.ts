import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forGood } from '#shared/contract/signals.ts';
import { startQuotaConsole } from '#test/fakes/quota-console.ts';
import type { TestConsole } from '#test/fakes/test-console.ts';

const longAway = new Date(Date.now() + 86_400_000).toISOString();

describe('a signal', () => {
  let started: Awaited<ReturnType<typeof startQuotaConsole>>;
  let console: TestConsole;
  let connectionId: string;
  let userId: string;

  beforeEach(async () => {
    started = await startQuotaConsole();
    ({ console, connectionId, userId } = started);
  });
  afterEach(() => started.end());

  it('needs no file of customers where there are none', async () => {
    const made = () => existsSync(join(console.dataDir, 'customers.sqlite'));
    expect((await started.quotas()).rows).toEqual([]);
    await console.call('pressure.list', { connectionId, of: 'user', offset: 0, limit: 10 });
    expect(await console.call('billing.list', {})).toEqual([]);
    expect(made()).toBe(false);
    await console.call('customers.list', { offset: 0, limit: 10 });
    expect(made()).toBe(true);
    expect((await started.quotas()).rows).toEqual([]);
  });

  it('concludes nothing from a cluster of which nothing was read yet', async () => {
    const { url: endpoint, accessKeyId, secretKey } = started.simulator;
    const keys = { accessKeyId, secretKey, environment: 'lab' } as const;
    await console.call('connections.save', { name: 'New', endpoint, ...keys });
    const { incomplete } = await console.call('signals.list', {});
    expect(incomplete.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^Users and/)]);
  });

  it('appears with its cause, can be previewed away, and goes with it', async () => {
    expect((await started.quotas()).rows).toEqual([]);
    await started.setQuota('1');
    const { rows, counts } = await started.quotas();
    expect(rows).toMatchObject([
      { kind: 'quota', severity: 'critical', subject: { id: userId }, connectionName: 'Lab' },
    ]);
    expect(counts.critical).toBe(1);
    const action = rows[0]?.action;
    const input = { connectionId, ...action?.input };
    const preview = await console.call('operations.preview', {
      ...{ connectionId, operation: action?.operation as 'quotas.set', input: input as never },
    });
    expect(preview.target.id).toBe(userId);
    await started.setQuota(String(action?.input?.sizeGb));
    expect((await started.quotas()).rows).toEqual([]);
  });

  it('is found by text and kind, among the kinds there are', async () => {
    await started.setQuota('1');
    const list = (filter: object) => console.call('signals.list', { filter });
    const { rows, kinds, asOf } = await list({ search: ' QUOTA reached' });
    expect(rows).toMatchObject([{ kind: 'quota' }]);
    expect(kinds).toEqual([{ kind: 'quota', title: 'Quota reached or near', signals: 1 }]);
    expect(Date.parse(asOf ?? '')).toBeLessThanOrEqual(Date.now());
    expect((await list({ search: 'no such words' })).total).toBe(0);
    const other = await list({ kind: 'backup' });
    expect([other.total, other.kinds]).toEqual([0, kinds]);
  });

  it('is snoozed with a reason, counted, on record, and back afterwards', async () => {
    await started.setQuota('1');
    const signalId = (await started.quotas()).rows[0]?.signalId ?? '';
    await expect(
      console.call('signals.snooze', { signalId, until: longAway }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID', message: 'A snooze needs a reason.' });
    await console.call('signals.snooze', { signalId, until: longAway, reason: 'Ordered more' });
    expect(await started.quotas()).toMatchObject({ total: 0, snoozed: 1, counts: { critical: 0 } });
    const muted = { filter: { kind: 'quota', snoozed: true } } as const;
    expect((await console.call('signals.list', muted)).rows).toMatchObject([
      { snoozed: { reason: 'Ordered more' } },
    ]);
    await console.restart();
    expect((await started.quotas()).total).toBe(0);
    await console.call('signals.snooze', { signalId, until: null });
    expect((await started.quotas()).total).toBe(1);
    const journal = await console.call('journal.list', { connectionId });
    expect(journal.rows.slice(0, 2).map(({ title }) => title)).toEqual([
      'End snooze',
      'Snooze signal',
    ]);
    expect(journal.rows[1]?.after).toMatchObject({
      reason: 'Ordered more',
      snoozedUntil: longAway,
    });
  });

  it('comes back once it is more severe than it was when it was snoozed', async () => {
    await started.setQuotaUsed(95);
    const [warned] = (await started.quotas()).rows;
    expect(warned?.severity).toBe('warning');
    const signalId = warned?.signalId ?? '';
    await console.call('signals.snooze', { signalId, until: longAway, reason: 'Known' });
    expect(await started.quotas()).toMatchObject({ total: 0, snoozed: 1 });
    await started.setQuota('1');
    expect(await started.quotas()).toMatchObject({
      total: 1,
      snoozed: 0,
      rows: [{ severity: 'critical', snoozed: { severity: 'warning', overtaken: true } }],
    });
    const [glance] = await console.call('signals.clusters', {});
    expect(glance).toMatchObject({ snoozed: 0, signals: { critical: 1 } });
  });

  it('of what happened can be snoozed for good, and comes back where it happens again', async () => {
    const thresholds = await console.call('signals.thresholds', { connectionId });
    const workFrom = (new Date().getHours() + 2) % 24;
    const shift = { workFrom, workTo: workFrom + 1 };
    await console.call('signals.setThresholds', { connectionId, ...thresholds, ...shift });
    const { keys } = await console.call('users.get', { connectionId, userId });
    const accessKeyId = keys[0]?.accessKeyId ?? '';
    const reveal = () => console.call('keys.reveal', { connectionId, userId, accessKeyId });
    const reveals = () => console.call('signals.list', { filter: { kind: 'reveal-hours' } });
    await reveal();
    const { rows } = await reveals();
    expect(rows).toMatchObject([
      { evidence: [expect.stringContaining('1 secret key'), expect.stringContaining('rotate')] },
    ]);
    const input = { signalId: rows[0]?.signalId ?? '', until: forGood, reason: 'On call' };
    await console.call('signals.snooze', input);
    expect(await reveals()).toMatchObject({ total: 0, snoozed: 1 });
    await reveal();
    expect(await reveals()).toMatchObject({
      ...{ total: 1, snoozed: 0 },
      rows: [{ severity: 'information', snoozed: { severity: 'information', overtaken: true } }],
    });
    await console.call('signals.snooze', input);
    await console.restart();
    expect(await reveals()).toMatchObject({ total: 0, snoozed: 1 });
    const journal = await console.call('journal.list', { connectionId });
    expect(journal.rows[0]?.after).toMatchObject({ snoozedUntil: 'for good' });
  });

  it('is back for good once it was more severe, and at once where it is already', async () => {
    const snooze = async (severity: 'warning' | 'critical') => {
      const signalId = (await started.quotas()).rows[0]?.signalId ?? '';
      const input = { signalId, until: longAway, reason: 'Known', severity };
      return (await console.call('signals.snooze', input)).snoozed;
    };
    await started.setQuotaUsed(95);
    await snooze('warning');
    await started.setQuota('1');
    expect((await started.quotas()).total).toBe(1);
    await started.setQuotaUsed(95);
    const warned = { rows: [{ severity: 'warning', snoozed: { overtaken: true } }] };
    expect(await started.quotas()).toMatchObject({ total: 1, snoozed: 0, ...warned });
    await console.restart();
    expect(await started.quotas()).toMatchObject(warned);
    // snoozed again, as more severe than it is, and as less severe than it became since it was shown
    expect(await snooze('critical')).toMatchObject({ severity: 'warning' });
    expect(await started.quotas()).toMatchObject({ total: 0, snoozed: 1 });
    await started.setQuota('1');
    expect(await snooze('warning')).toMatchObject({ severity: 'warning' });
    expect(await started.quotas()).toMatchObject({ total: 1, rows: [{ severity: 'critical' }] });
    expect(await snooze('critical')).toMatchObject({ severity: 'critical' });
    expect((await started.quotas()).total).toBe(0);
  });

  it('follows the thresholds of its cluster, which are on record', async () => {
    await started.setQuotaUsed(50);
    expect((await started.quotas()).total).toBe(0);
    const set = await console.call('signals.setThresholds', { connectionId, quotaPercent: 40 });
    expect(set).toMatchObject({ quotaPercent: 40, certificateDays: 30 });
    expect((await started.quotas()).total).toBe(1);
    const journal = await console.call('journal.list', { connectionId, limit: 1 });
    expect(journal.rows[0]).toMatchObject({
      operation: 'signals.setThresholds',
      before: { thresholds: 'quotaPercent 80' },
      after: { thresholds: 'quotaPercent 40' },
    });
  });

  it('tells clusters at a glance, also while the gateway is away', async () => {
    await started.setQuota('1');
    await started.simulator.stop();
    await expect(console.call('sync.refresh', { connectionId })).rejects.toThrow();
    const [glance] = await console.call('signals.clusters', {});
    expect(glance).toMatchObject({ name: 'Lab', state: 'offline', buckets: 8, growthBytes: null });
    expect(Number(glance?.bytes)).toBeGreaterThan(0);
    expect(glance?.signals).toMatchObject({ critical: 1, warning: 1 });
    const { rows } = await console.call('signals.list', { connectionId });
    expect(rows.map(({ kind }) => kind)).toEqual(['quota', 'unreachable']);
  });
});
