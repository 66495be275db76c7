import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { signalTable } from '#core/attention/evaluate.ts';
import type { SignalGround, SignalKind } from '#core/attention/signal.ts';
import { roomierQuota } from '#core/attention/store-signals.ts';
import { signalKinds, signalThresholds } from '#shared/contract/signals.ts';
import { anna, ben, carl, StagedCluster } from '#test/fakes/staged-cluster.ts';

const hour = 3_600_000;
const day = 24 * hour;
const gigabyte = 1e9;
const second = '8000000000000066';

describe('signals', () => {
  let base: Awaited<ReturnType<typeof StagedCluster.base>>;
  let staged: StagedCluster;

  beforeAll(async () => {
    base = await StagedCluster.base();
  });
  afterAll(() => base.remove());
  beforeEach(async () => {
    staged = await StagedCluster.open(base.path);
  });
  afterEach(() => staged.end());

  it('are silent on a sound cluster, and all of them are computed', async () => {
    const { found, incomplete } = await staged.evaluate();
    expect(found.map(({ kind, evidence }) => [kind, ...evidence])).toEqual([]);
    expect(incomplete).toEqual([]);
  });

  it('quota: own and default, of users and buckets, until there is room', async () => {
    await staged.quota('user', anna, 105);
    await staged.quota('default', 'user', 9);
    await staged.quota('bucket', 'photos', 1);
    const found = await staged.find('quota');
    expect(found.map(({ subject, severity }) => [subject.id, severity])).toEqual([
      [ben, 'critical'],
      ['photos', 'critical'],
      [anna, 'warning'],
    ]);
    expect(found[2]).toMatchObject({
      evidence: ['Stores 93.1 GiB, 95 % of 105 GB.', 'Its own quota applies.'],
      action: { operation: 'quotas.set', input: { target: { user: anna }, sizeGb: '130' } },
    });
    expect(await staged.find('quota', { thresholds: { quotaPercent: 96 } })).toHaveLength(2);
    await staged.quota('user', anna, 1000);
    await staged.quota('user', ben, 1000);
    await staged.quota('bucket', 'photos', 1000);
    expect(await staged.find('quota')).toEqual([]);
  });

  it('days to full: at the growth of two weeks, until it slows down', async () => {
    await staged.quota('user', anna, 200);
    await staged.refresh({ [anna]: 185 * gigabyte });
    const [found] = await staged.find('days-to-full');
    expect(found).toMatchObject({ severity: 'critical', subject: { id: anna } });
    expect(found?.evidence[0]).toMatch(/^Full in 2 days at 5\.\d+ GiB a day\.$/);
    await staged.refresh({ [anna]: 101 * gigabyte });
    expect(await staged.find('days-to-full')).toEqual([]);
  });

  it('rate limit: hours at the limit, unless it is far away', async () => {
    await staged.limits(anna, { opsGet: '0.03' });
    const [found] = await staged.find('rate-limit');
    expect(found?.evidence).toEqual([
      'Get operations: 24 hours of the last day at its limit of 0.03 ops/s.',
    ]);
    expect(found?.action?.input).toEqual({ target: { user: anna }, limits: { opsGet: 0.06 } });
    await staged.limits(anna, { opsGet: '1' });
    expect(await staged.find('rate-limit')).toEqual([]);
  });

  it('egress: against the four weeks before, above a floor', async () => {
    await staged.traffic(2, 1, [{ bucket: 'logs', userId: anna, downloaded: 30e9 }]);
    const [found] = await staged.find('egress');
    expect(found).toMatchObject({ severity: 'critical', subject: { name: 'anna@example.com' } });
    expect(await staged.find('egress', { thresholds: { egressGb: 100 } })).toEqual([]);
    expect(await staged.find('egress', { thresholds: { egressFactor: 100 } })).toEqual([]);
  });

  it('deletions: most of what was stored a day ago is gone, but the user is not', async () => {
    await staged.sizes({ [anna]: 5 * gigabyte, [ben]: 10 * gigabyte });
    expect(await staged.find('deletions')).toMatchObject([
      {
        subject: { id: anna },
        severity: 'critical',
        action: { operation: 'users.disable', input: { userId: anna } },
      },
      { subject: { id: carl } },
    ]);
    expect(await staged.find('deletions', { thresholds: { shrinkPercent: 100 } })).toHaveLength(1);
  });

  it('dormant user: traffic after a month without, but not of who is always there', async () => {
    await staged.traffic(2, 1, [{ bucket: 'backup', userId: ben, get: 3 }]);
    const found = await staged.find('dormant-user');
    expect(found).toMatchObject([
      {
        subject: { id: ben },
        evidence: [/^3 operations after/, '0 bytes out.'].map((e) =>
          typeof e === 'string' ? e : expect.stringMatching(e),
        ),
      },
    ]);
    await staged.traffic(100, 99, [{ bucket: 'backup', userId: ben, get: 3 }], second);
    expect(await staged.find('dormant-user')).toEqual([]);
  });

  it('disabled user: traffic that is younger than disabling it', async () => {
    await staged.traffic(3, 2, [{ bucket: 'photos', userId: carl, get: 7, downloaded: 5 }], second);
    const [found] = await staged.find('disabled-user');
    expect(found?.evidence[0]).toMatch(/^7 operations and 5 bytes out/);
    await staged.journal('users.disable', staged.now - hour, 'verified');
    expect(await staged.find('disabled-user')).toEqual([]);
  });

  it('implausible: an hour that no network can do, and figures of the lists', async () => {
    await staged.traffic(2, 1, [{ bucket: 'logs', userId: anna, downloaded: 2n ** 60n }]);
    expect(await staged.find('implausible')).toMatchObject([{ subject: { id: anna } }]);
    const rows = [{ list: 'buckets', name: 'logs', field: 'size', value: '-1' }] as const;
    const implausible = { total: 1, rows: [...rows] };
    expect(await staged.find('implausible', { status: { implausible } })).toHaveLength(2);
  });

  it('hours missing and a gateway without statistics: each its own, and none once it is accepted', async () => {
    await staged.traffic(160, 100, [], second);
    expect(await staged.find('hours-missing')).toEqual([]);
    const silent = await staged.find('service-silent');
    expect(silent).toMatchObject([{ subject: { id: second }, action: { page: 'usage/coverage' } }]);
    const thresholds = { silentDays: 6 };
    expect(await staged.find('service-silent', { thresholds })).toEqual([]);
    expect(await staged.find('hours-missing', { thresholds })).toMatchObject([
      { severity: 'critical', subject: { id: second } },
    ]);
    await staged.traffic(100, 2, [], second);
    expect(await staged.find('hours-missing', { thresholds })).toEqual([]);
  });

  it('a gateway without statistics: since its last hour, however long ago', async () => {
    await staged.traffic(20 * 24, 15 * 24, [], second);
    const [found] = await staged.find('service-silent');
    expect(found?.evidence[0]).toBe('No statistics for 15 days while other gateways wrote.');
    expect(found?.since).toBe(staged.now - 15 * day);
  });

  it('collection late: until the list is read again', async () => {
    await staged.collected(0);
    vi.useFakeTimers({ toFake: ['Date'], now: staged.now + 30 * hour });
    try {
      expect(await staged.find('collection-late')).toMatchObject([
        { evidence: ['Statistics were last collected 30 hours ago.'] },
      ]);
      expect(await staged.find('collection-late', { thresholds: { collectionHours: 40 } })).toEqual(
        [],
      );
    } finally {
      vi.useRealTimers();
    }
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

  it('reveal outside working hours, by the local clock', async () => {
    const night = new Date(staged.now - 2 * day);
    night.setHours(3);
    await staged.journal('keys.reveal', night.getTime(), 'done');
    expect(await staged.find('reveal-hours')).toMatchObject([
      { evidence: ['1 secret key revealed in the last week by olga.'] },
    ]);
    const weekday = [0, 6].includes(night.getDay());
    const thresholds = { workFrom: 0, workTo: 24 };
    expect(await staged.find('reveal-hours', { thresholds })).toHaveLength(weekday ? 1 : 0);
  });

  it('changes not confirmed: until they are verified', async () => {
    await staged.journal('quotas.set', staged.now - day, 'sent');
    await staged.journal('quotas.set', staged.now - day);
    await staged.journal('quotas.set', staged.now - day, 'verified');
    expect(await staged.find('unverified-writes')).toHaveLength(2);
  });

  it('runs: failed or interrupted, not those that run', async () => {
    await staged.run('r1', 'done', true);
    await staged.run('r2', 'running', false);
    await staged.run('r3', 'done', false);
    expect((await staged.find('runs')).map(({ subject }) => subject.id).sort()).toEqual([
      'r1',
      'r2',
    ]);
    expect(await staged.find('runs', { runningRuns: ['r2'] })).toHaveLength(1);
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

describe('signals of records', () => {
  const thresholds = signalThresholds.parse({});
  const find = (kind: SignalKind, ground: Partial<SignalGround>) =>
    signalTable
      .find((signal) => signal.kind === kind)
      ?.find({
        name: 'Lab',
        now: Date.now(),
        thresholds,
        drift: [],
        unpaid: null,
        ...ground,
      } as SignalGround);

  it('are described once each', () => {
    expect(signalTable.map(({ kind }) => kind).sort()).toEqual([...signalKinds].sort());
  });

  it('certificate: before it expires', async () => {
    const until = (days: number) => ({
      seen: { certificateUntil: new Date(Date.now() + days * day + hour).toISOString() },
    });
    expect(await find('certificate', until(20))).toMatchObject([{ severity: 'warning' }]);
    expect(await find('certificate', until(-3))).toMatchObject([{ severity: 'critical' }]);
    expect(await find('certificate', until(90))).toEqual([]);
  });

  it('clock skew: beyond a minute', async () => {
    expect(await find('clock-skew', { seen: { skewSeconds: -90 } })).toMatchObject([
      { severity: 'warning' },
    ]);
    expect(await find('clock-skew', { seen: { skewSeconds: 5 } })).toEqual([]);
  });

  it('drift and unpaid users: as customers and plans say', async () => {
    const drift = [{ planId: 'p1', planName: 'Silver', users: 3, since: 0 }];
    expect(await find('drift', { drift })).toMatchObject([
      { evidence: ['3 users differ from Silver.'], action: { page: 'customers/drift?plan=p1' } },
    ]);
    const unpaid = { users: 2, bytes: 5 * gigabyte };
    expect(await find('unpaid', { unpaid })).toMatchObject([{ weight: 5 * gigabyte }]);
    expect(await find('unpaid', { unpaid: { users: 0, bytes: 0 } })).toEqual([]);
  });

  it('disk space and a cluster out of reach', async () => {
    const disk = (free: number) => find('disk-space', { disk: { free, total: 100 } });
    expect(await disk(9)).toMatchObject([{ severity: 'warning' }]);
    expect(await disk(2)).toMatchObject([{ severity: 'critical' }]);
    expect(await disk(10)).toEqual([]);
    const error = {
      code: 'TIMED_OUT',
      message: 'No answer.',
      hint: 'Wait.',
      retryable: true,
    } as const;
    const status = { state: 'offline', error, offlineSince: new Date().toISOString() };
    expect(await find('unreachable', { status } as never)).toHaveLength(1);
    expect(await find('unreachable', { status: { state: 'online' } } as never)).toEqual([]);
  });

  it('suggest a quota with a quarter more room, in two figures', () => {
    expect(roomierQuota(100e9, 105)).toBe('130');
    expect(roomierQuota(0, 1)).toBe('2');
    expect(roomierQuota(22_840e9, 1000)).toBe('29000');
  });
});
