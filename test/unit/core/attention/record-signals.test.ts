import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { day } from '#shared/durations.ts';
import { anna, ben, type StagedCluster, stageForEach } from '#test/fakes/staged-cluster.ts';

describe('signals of keys, of the journal and of the console', () => {
  let staged: StagedCluster;
  stageForEach((one) => {
    staged = one;
  });

  it('old keys: by when they were first seen', async () => {
    await staged.keys(anna, ['k1', 'k2'], 400);
    const [found] = await staged.find('old-keys');
    expect(found?.evidence[0]).toBe('2 keys of 1 user first seen more than 365 days ago.');
    expect(await staged.find('old-keys', { thresholds: { keyAgeDays: 500 } })).toEqual([]);
  });

  it('two keys: once the younger one is older than a rotation takes', async () => {
    await staged.keys(anna, ['k1'], 100);
    await staged.keys(anna, ['k1', 'k2'], 20);
    expect(await staged.find('two-keys')).toMatchObject([{ subject: { id: anna } }]);
    await staged.keys(anna, ['k2'], 1);
    expect(await staged.find('two-keys')).toEqual([]);
  });

  it('two keys: of accounts too, and where a campaign works on them, the way there', async () => {
    await staged.keys(anna, ['k1', 'k2'], 100, 'backups');
    const [open] = await staged.find('two-keys');
    expect(open).toMatchObject({ action: { operation: 'campaigns.start' } });
    expect(open?.evidence).toContain('Of the accounts backups.');
    const campaign = { campaignId: 'c1', title: 'Autumn', comment: '', createdBy: 'olga' };
    const key = { userId: anna, email: '', oldAccessKeyId: 'k1', newAccessKeyId: 'k2' };
    const state = { oldFirstSeen: '2026-01-01T00:00:00.000Z', state: 'generated', reason: null };
    await staged.archive.write('createCampaign', {
      campaign: { ...campaign, kind: 'finish' },
      keys: [{ ...key, ...state, accountName: 'backups' }] as never,
    });
    const [held] = await staged.find('two-keys');
    expect(held?.action).toEqual({ label: 'Open campaign', page: 'campaigns/c1' });
    expect(held?.evidence).toContain('Under way in the key campaign "Autumn".');
    await staged.archive.write('updateCampaign', { campaignId: 'c1', closed: true, by: 'olga' });
    expect((await staged.find('two-keys'))[0]?.action).toEqual(open?.action);
  });

  it('overdue raises: one finding a target, with the way back', async () => {
    const raise = (id: string, part: 'quota' | 'limits', until: number) => ({
      ...{ raiseId: `${id}-${part}`, target: { kind: 'user' as const, id, name: id }, part },
      ...{ until: new Date(until).toISOString(), createdBy: 'olga', reason: 'Migration' },
    });
    const raises = [
      raise(anna, 'quota', staged.now - day),
      raise(anna, 'limits', staged.now - day),
      raise(ben, 'quota', Date.now() + day),
    ] as never;
    const found = await staged.find('overdue-raises', { customers: { raises } });
    expect(found).toMatchObject([
      {
        subject: { kind: 'user', id: anna },
        since: staged.now - day,
        evidence: [
          expect.stringContaining('olga raised its quota until'),
          expect.stringContaining('olga raised its rate limits until'),
        ],
        action: { operation: 'pressure.putBack', input: { raiseId: `${anna}-quota` } },
      },
    ]);
  });

  it('users in another state than their service: both ways, without those that are as they should be', async () => {
    const look = (stopped: object) =>
      staged.find('suspension', { customers: { stopped: stopped as never } });
    expect(await look({ enabled: 2, disabled: 1, bytes: 5e9 })).toMatchObject([
      {
        ...{ severity: 'warning', weight: 5e9, since: null, page: 'customers/checks' },
        evidence: [
          expect.stringMatching(/^2 users of suspended or ended services enabled, with /),
          '1 user of active services disabled.',
        ],
      },
    ]);
    expect(await look({ enabled: 0, disabled: 0, bytes: 0 })).toEqual([]);
  });

  it('cancellations: from the days on that a step may take', async () => {
    const cancellation = (offboardingId: string, days: number) => ({
      ...{ offboardingId, customerName: 'Northwind', step: 'empty' as const },
      ...{ since: Date.now() - days * day - 1000, words: '3 buckets hold data.' },
    });
    const cancellations = [cancellation('old', 9), cancellation('young', 6)];
    const look = (cancellationDays?: number) =>
      staged.find('cancellations', {
        customers: { cancellations },
        thresholds: cancellationDays ? { cancellationDays } : {},
      });
    const [old] = cancellations;
    expect(await look()).toMatchObject([
      {
        subject: { id: 'old', name: 'Northwind' },
        since: (old?.since ?? 0) + 7 * day,
        evidence: ['No step was done for 9 days. Next: empty the buckets.', '3 buckets hold data.'],
        action: { label: 'Open cancellation', page: 'customers/offboarding/old' },
      },
    ]);
    expect(await look(5)).toHaveLength(2);
    expect(await look(30)).toEqual([]);
  });

  describe('reveal of a secret, on a Wednesday at noon', () => {
    const revealed = (date: number, atHour: number) =>
      staged.journal('keys.reveal', new Date(2026, 10, date, atHour).getTime(), 'done');
    const reveals = async (workFrom: number, workTo: number) =>
      (await staged.find('reveal-hours', { thresholds: { workFrom, workTo } })).map(
        ({ evidence }) => evidence[0],
      );

    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 10, 18, 12) });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('is a signal outside working hours, by the local clock, and on a weekend', async () => {
      const [tuesday, saturday] = [17, 14];
      await revealed(tuesday, 3);
      expect(await reveals(7, 19)).toEqual(['1 secret key revealed in the last week by olga.']);
      expect(await reveals(0, 24)).toEqual([]);
      await revealed(saturday, 12);
      expect(await reveals(0, 24)).toEqual(['1 secret key revealed in the last week by olga.']);
    });

    it('is found for a week', async () => {
      const saturday = 14;
      await revealed(saturday, 12);
      vi.setSystemTime(new Date(2026, 10, saturday + 7, 11));
      expect(await reveals(7, 19)).toEqual([expect.stringMatching(/^1 secret key /)]);
      vi.setSystemTime(new Date(2026, 10, saturday + 7, 13));
      expect(await reveals(7, 19)).toEqual([]);
    });

    it('is none within a shift over midnight, unless that began on a weekend', async () => {
      const [tuesday, monday, saturday] = [17, 16, 14];
      await revealed(tuesday, 3);
      expect(await reveals(22, 6)).toEqual([]);
      expect(await reveals(5, 5)).toEqual([]);
      await revealed(tuesday, 12);
      expect(await reveals(22, 6)).toEqual([expect.stringMatching(/^1 secret key /)]);
      // the night from Friday to Saturday, and the one from Sunday to Monday
      await revealed(saturday, 3);
      expect(await reveals(22, 6)).toEqual([expect.stringMatching(/^1 secret key /)]);
      await revealed(monday, 3);
      expect(await reveals(22, 6)).toEqual([expect.stringMatching(/^2 secret keys /)]);
    });
  });

  it('changes not confirmed: until they are verified', async () => {
    await staged.journal('quotas.set', staged.now - day, 'sent');
    await staged.journal('quotas.set', staged.now - day);
    await staged.journal('quotas.set', staged.now - day, 'verified');
    expect(await staged.find('unverified-writes')).toHaveLength(2);
  });

  it('changes not confirmed: however long ago, also where later looks begin after them', async () => {
    await staged.journal('quotas.set', staged.now - 200 * day, 'sent');
    await staged.journal('quotas.set', staged.now - 100 * day, 'verified', 500);
    const { memory } = await staged.evaluate();
    expect(memory.unsettled).toMatchObject({ until: 1002, ids: [expect.any(String)] });
    await staged.journal('quotas.set', staged.now - day, 'sent');
    const found = await staged.find('unverified-writes', { memory });
    expect(found.map(({ since }) => since)).toEqual([staged.now - day, staged.now - 200 * day]);
    // the archive of a backup is shorter than what was looked through
    const longer = { ...memory, unsettled: { until: 9999, ids: [] } };
    expect(await staged.find('unverified-writes', { memory: longer })).toHaveLength(2);
  });

  it('runs: failed or interrupted, not those that run', async () => {
    await staged.run('r1', 'finished', 'failed');
    await staged.run('r2', 'running', 'verified');
    await staged.run('r3', 'finished', 'verified');
    expect((await staged.find('runs')).map(({ subject }) => subject.id).sort()).toEqual([
      'r1',
      'r2',
    ]);
    expect(await staged.find('runs', { runningRuns: ['r2'] })).toHaveLength(1);
  });

  it('runs: over after a month or the days of the threshold, but for what is not confirmed', async () => {
    await staged.run('failed', 'finished', 'failed', 31);
    await staged.run('lately', 'finished', 'failed', 29);
    await staged.run('stopped', 'stopped', 'failed', 31);
    await staged.run('unconfirmed', 'finished', 'sent', 31);
    await staged.run('interrupted', 'running', 'verified', 31);
    const runs = async (runDays?: number) => {
      const found = await staged.find('runs', { thresholds: runDays ? { runDays } : {} });
      return found.map(({ subject }) => subject.id).sort();
    };
    expect(await runs()).toEqual(['lately', 'unconfirmed']);
    expect(await runs(90)).toEqual(['failed', 'interrupted', 'lately', 'stopped', 'unconfirmed']);
    expect(await runs(1)).toEqual(['unconfirmed']);
  });

  it('runs: a failed row is over once its change was verified by another way, after the run', async () => {
    await staged.run('r1', 'stopped', 'failed', 2);
    const count = async () => (await staged.find('runs')).length;
    await staged.journal('quotas.set', staged.now - 3 * day, 'verified', 1, anna);
    await staged.journal('quotas.set', staged.now - day, 'sent', 1, anna);
    await staged.journal('limits.set', staged.now - day, 'verified', 1, anna);
    await staged.journal('quotas.set', staged.now - day, 'verified', 1, ben);
    expect(await count()).toBe(1);
    await staged.journal('quotas.set', staged.now - day, 'verified', 1, anna);
    expect(await count()).toBe(0);
  });

  it('backup: once it is older than a week', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: staged.now + 10 * day });
    try {
      expect(await staged.find('backup')).toMatchObject([
        { severity: 'information', action: { operation: 'archive.backup' } },
      ]);
      expect(await staged.find('backup', { thresholds: { backupDays: 20 } })).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});
