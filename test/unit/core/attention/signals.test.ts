import { describe, expect, it, vi } from 'vitest';
import { noFacts, signalTable } from '#core/attention/evaluate.ts';
import type { SignalGround, SignalKind } from '#core/attention/signal.ts';
import { roomierQuota } from '#core/attention/store-signals.ts';
import { signalKinds, signalThresholds } from '#shared/contract/signals.ts';
import { day, hour } from '#shared/durations.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';
import { anna, ben, carl, StagedCluster, stageForEach } from '#test/fakes/staged-cluster.ts';

const gigabyte = 1e9;
const second = '8000000000000066';

describe('signals', () => {
  let staged: StagedCluster;
  stageForEach((one) => {
    staged = one;
  });

  it('are silent on a sound cluster, and all of them are computed', async () => {
    const { found, incomplete } = await staged.evaluate();
    expect(found.map(({ kind, evidence }) => [kind, ...evidence])).toEqual([]);
    expect(incomplete).toEqual([]);
  });

  it('arise from nothing that was not read yet, which is said', async () => {
    const unpaid = { users: 3, bytes: 5e12 };
    const drift = [{ planId: 'p', planName: 'Gold', users: 2, since: 0 }];
    const found = async (unread?: Record<'customers' | 'plans' | 'statistics', boolean>) => {
      const customers = { unpaid, drift, ...(unread && { unread }) };
      const { found: all, incomplete, failed } = await staged.evaluate({ customers });
      return { kinds: all.map(({ kind }) => kind), incomplete, failed };
    };
    expect(await found()).toMatchObject({ kinds: ['drift', 'unpaid'], incomplete: [] });
    const ofCustomers = await found({ customers: true, plans: false, statistics: false });
    expect(ofCustomers.kinds).toEqual(['drift']);
    const first = await found({ customers: true, plans: true, statistics: true });
    expect(first.kinds).toEqual([]);
    expect(first.incomplete).toEqual([
      'Statistics are still being read: signals about them follow.',
      'Customers were not read yet: signals about them follow.',
    ]);
    // since when they are is not forgotten meanwhile
    expect(first.failed).toEqual(expect.arrayContaining(['unpaid', 'drift', 'collection-late']));
  });

  it('quota: own and default, of users and buckets, until there is room', async () => {
    await staged.quota('user', anna, 105);
    await staged.quota('default', 'user', 9);
    await staged.quota('bucket', 'photos', 1);
    // whether ben has a quota of his own was never read
    const [first] = await staged.find('quota');
    expect(first).toMatchObject({ severity: 'warning', subject: { id: ben } });
    expect(first?.evidence).toContain(
      'The default quota of every user applies, unless it has its own: that is not loaded yet.',
    );
    await staged.quota('user', ben, null);
    const found = await staged.find('quota');
    expect(found[0]?.evidence).toContain('The default quota of every user applies.');
    expect(found.map(({ subject, severity }) => [subject.id, severity])).toEqual([
      [ben, 'critical'],
      ['photos', 'critical'],
      [anna, 'warning'],
    ]);
    expect(found.map(({ stake }) => stake?.payer)).toEqual([ben, carl, anna]);
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

  it('days to full: says whose growth it looked at where more are close to their quota', async () => {
    const close = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        listedBucket(`b-${index}`, { owner_id: anna, current: 6 * gigabyte }),
      );
    const notLookedAt = async (count: number): Promise<string[]> => {
      await staged.snapshot.refresh(feedOf([listedUser(anna, 'anna@example.com')], close(count)));
      await staged.quota('default', 'bucket', 10);
      return (await staged.evaluate()).incomplete;
    };
    expect(await notLookedAt(20_001)).toEqual([
      'Quota soon reached: only the 20,000 users and buckets that use most of their quota were checked for growth. Pressure ranks all of them by days to full.',
    ]);
    expect(await notLookedAt(100)).toEqual([]);
  });

  it('rate limit: hours at the limit, unless it is far away', async () => {
    await staged.limits(anna, { opsGet: '0.03' });
    const [found] = await staged.find('rate-limit');
    expect(found?.evidence).toEqual([
      'Get operations: 24 hours of the last day at its limit of 0.03 ops/s.',
    ]);
    expect(found?.action?.input).toEqual({ target: { user: anna }, limits: { opsGet: 0.06 } });
    expect(found).toMatchObject({
      subject: { name: 'anna@example.com' },
      alternatives: [{ operation: 'limits.clear', input: { target: { user: anna } } }],
    });
    await staged.limits(anna, { opsGet: '1' });
    expect(await staged.find('rate-limit')).toEqual([]);
    await staged.limits('logs', { opsGet: '0.03' }, 'bucket');
    expect(await staged.find('rate-limit')).toMatchObject([
      {
        subject: { kind: 'bucket', id: 'logs' },
        action: { input: { target: { bucket: 'logs' }, limits: { opsGet: 0.06 } } },
      },
    ]);
  });

  it('egress: against the four weeks before, above a floor', async () => {
    await staged.traffic(2, 1, [{ bucket: 'logs', userId: anna, downloaded: 30e9 }]);
    const [found] = await staged.find('egress');
    expect(found).toMatchObject({ severity: 'critical', subject: { name: 'anna@example.com' } });
    expect(await staged.find('egress', { thresholds: { egressGb: 100 } })).toEqual([]);
    expect(await staged.find('egress', { thresholds: { egressFactor: 100 } })).toEqual([]);
  });

  it('egress: of who never sent anything, above the floor', async () => {
    await staged.traffic(2, 1, [{ bucket: 'backup', userId: ben, downloaded: 30e9 }]);
    const [found] = await staged.find('egress');
    expect(found).toMatchObject({ severity: 'warning', subject: { id: ben } });
    expect(found?.evidence).toEqual([
      '27.9 GiB out in a day, no traffic out in the four weeks before.',
    ]);
    expect(await staged.find('egress', { thresholds: { egressGb: 31 } })).toEqual([]);
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

  it('disabled user: by another tool, counted from when that was first seen', async () => {
    await staged.traffic(6, 2, [{ bucket: 'photos', userId: carl, get: 7 }], second);
    // who was disabled already at the first look: since when is not known
    const first = await staged.evaluate();
    const found = first.found.find(({ kind }) => kind === 'disabled-user');
    expect(found).toMatchObject({ severity: 'warning', action: { page: `users/${carl}` } });
    expect(first.memory.disabled).toEqual({ firstLook: first.at, seen: { [carl]: first.at } });
    const firstLook = staged.now - 30 * day;
    const seenAt = (at: number) => ({
      memory: { ...first.memory, disabled: { firstLook, seen: { [carl]: at } } },
    });
    expect(await staged.find('disabled-user', seenAt(staged.now - hour))).toEqual([]);
    await staged.keys(carl, ['k1'], 1);
    expect(await staged.find('disabled-user', seenAt(staged.now - 4 * hour))).toMatchObject([
      {
        severity: 'critical',
        evidence: [expect.stringMatching(/^14 operations/)],
        action: { operation: 'keys.revoke', input: { userId: carl, accessKeyId: 'k1' } },
      },
    ]);
    // who is no longer disabled is forgotten
    await staged.refresh(undefined, []);
    expect((await staged.evaluate(seenAt(firstLook))).memory.disabled?.seen).toEqual({});
  });

  it('disabled user: remembers nothing where the lists were not read, and forgets nothing', async () => {
    const unread = await StagedCluster.open();
    try {
      const failed = { status: { state: 'offline' } } as const;
      expect((await unread.evaluate(failed)).memory.disabled).toBeNull();
      // a snapshot that was set aside: the gateway answered, and its lists are still to be fetched
      const disabled = {
        firstLook: staged.now - 30 * day,
        seen: { [carl]: staged.now - 20 * day },
      };
      const { memory } = await staged.evaluate();
      const lost = await unread.evaluate({ memory: { ...memory, disabled } });
      expect(lost.memory.disabled).toEqual(disabled);
      await unread.refresh();
      const refetched = await unread.evaluate({ memory: lost.memory });
      expect(refetched.memory.disabled).toEqual(disabled);
    } finally {
      await unread.end();
    }
  });

  it('implausible: an hour that no network can do, and figures of the lists', async () => {
    await staged.traffic(2, 1, [{ bucket: 'logs', userId: anna, downloaded: 2n ** 60n }]);
    expect(await staged.find('implausible')).toMatchObject([
      { subject: { id: anna }, evidence: [expect.stringMatching(/ in one hour, more than/), {}] },
    ]);
    await staged.traffic(6, 2, [{ bucket: 'logs', userId: anna, downloaded: 2n ** 60n }], second);
    const once = await staged.find('implausible');
    expect(once).toMatchObject([{ subject: { id: anna }, since: staged.now - 6 * hour }]);
    expect(once[0]?.evidence[0]).toMatch(/ an hour in 5 hours, more than/);
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

  it('hours missing: since the last month began, before a silence too', async () => {
    await staged.traffic(26 * 24, 20 * 24, [], second);
    await staged.traffic(19 * 24, 2, [], second);
    const [found] = await staged.find('hours-missing');
    expect(found).toMatchObject({
      severity: 'critical',
      subject: { id: second },
      since: staged.now - 20 * day,
    });
    expect(found?.evidence[0]).toMatch(/^24 hours since .* statistics, 0 of them in the last week/);
  });

  it('hours missing: of a silent gateway, those of the last week before it fell silent', async () => {
    await staged.traffic(26 * 24, 20 * 24, [], second);
    await staged.traffic(19 * 24, 4 * 24, [], second);
    const evidence = async () => (await staged.find('hours-missing'))[0]?.evidence[0];
    expect(await evidence()).toMatch(/^24 hours since .*, 0 of them in the last week/);
    const third = '8000000000000067';
    await staged.traffic(8 * 24, 6 * 24, [], third);
    await staged.traffic(6 * 24 - 5, 4 * 24, [], third);
    const found = await staged.find('hours-missing');
    expect(found.find(({ subject }) => subject.id === third)?.evidence[0]).toMatch(
      /^5 hours since .*, 5 of them in the last week/,
    );
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

  it('collection late, backup: never, from the first refresh on', async () => {
    const fresh = await StagedCluster.open();
    await fresh.refresh();
    await fresh.sizes({ [anna]: gigabyte });
    const kinds = async () =>
      (await fresh.evaluate()).found.flatMap(({ kind, evidence }) =>
        ['collection-late', 'backup'].includes(kind) ? [[kind, evidence[0]]] : [],
      );
    try {
      expect(await kinds()).toEqual([]);
      vi.useFakeTimers({ toFake: ['Date'], now: fresh.now + 8 * day });
      expect(await kinds()).toEqual([
        ['collection-late', 'Statistics were never collected; the first refresh was 8 days ago.'],
        ['backup', 'The archive was never backed up; its oldest data is 8 days old.'],
      ]);
    } finally {
      vi.useRealTimers();
      await fresh.end();
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
        ...noFacts,
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
