import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DemoCluster } from '#core/clusters/demo/demo-host.ts';
import type { CallInput } from '#shared/contract/index.ts';
import { startDemoCluster } from '#simulator/demo-cluster.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { packedCluster, zipOf } from '#test/fakes/packed-cluster.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

describe('the demo cluster', () => {
  let subject: TestConsole;
  let running: DemoCluster[];
  let temporary: string;

  const demoDirectories = (): string[] =>
    readdirSync(temporary).filter((name) => name.startsWith('ostor-console-demo-'));

  beforeEach(async () => {
    running = [];
    temporary = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
    vi.stubEnv('TMPDIR', temporary);
    subject = await TestConsole.start({
      startDemo: async () => {
        const demo = await startDemoCluster();
        running.push(demo);
        return demo;
      },
    });
  });

  afterEach(async () => {
    await subject.end();
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });

  it('is shown while no connection is saved, marked so, and fills itself', async () => {
    expect(running).toEqual([]);
    const [demo, ...others] = await subject.call('connections.list', {});
    expect(others).toEqual([]);
    expect(demo).toMatchObject({
      id: 'demo',
      name: 'Demo cluster',
      environment: 'lab',
      demo: true,
      hasCredential: true,
      credentialStore: 'memory',
    });
    expect(JSON.stringify(demo)).not.toContain(running[0]?.secretKey);
    await eventually(async () => {
      const users = await subject.call('users.list', { connectionId: 'demo' });
      expect(users.total).toBeGreaterThan(100);
    });
    expect((await subject.call('connections.test', { id: 'demo' })).ok).toBe(true);
    expect(existsSync(join(subject.dataDir, 'connections'))).toBe(false);
    expect(demoDirectories()).toHaveLength(1);
  });

  it('leaves the list once a field pack is opened', async () => {
    const [demo] = await subject.call('connections.list', {});
    expect(demo).toMatchObject({ id: 'demo' });
    const pack = await zipOf(await packedCluster(mkdtempSync(join(temporary, 'pack-'))));
    const contentBase64 = pack.toString('base64');
    const { id } = await subject.call('connections.openPack', { contentBase64 });
    expect(await subject.call('connections.list', {})).toMatchObject([{ id, name: 'Rack 7' }]);
    expect(demoDirectories()).toEqual([]);
  });

  it('opens next to saved connections when asked for, and is closed again', async () => {
    const other = {
      endpoint: 'https://127.0.0.1:1',
      accessKeyId: 'A',
      environment: 'lab',
    } as const;
    const save = (name: string) => subject.call('connections.save', { ...other, name });
    await save('One');
    const ids = async () => (await subject.call('connections.list', {})).map(({ demo }) => demo);
    expect(await ids()).toEqual([false]);
    expect(await subject.call('connections.openDemo', {})).toMatchObject({
      id: 'demo',
      demo: true,
    });
    expect((await subject.call('connections.test', { id: 'demo' })).ok).toBe(true);
    await save('Two');
    expect(await ids()).toEqual([false, false, true]);
    expect((await subject.call('customers.list', {})).total).toBe(0); // the operator's own
    await subject.call('connections.remove', { id: 'demo' });
    expect(await ids()).toEqual([false, false]);
    expect(demoDirectories()).toEqual([]);
  });

  it('has a WHMCS next to it, filled so far that last month can be billed', async () => {
    await subject.call('connections.list', {});
    // a window begins with it, while the sizes of the past are still being written
    await subject.call('sync.refresh', { connectionId: 'demo' });
    const begun = await subject.call('signals.list', { connectionId: 'demo', limit: 1000 });
    expect(begun.incomplete.map(({ reason }) => reason)).toContain(
      'Statistics are still being read: signals about them follow.',
    );
    expect(begun.rows.map(({ kind }) => kind)).not.toContain('unpaid');
    expect(begun.rows.map(({ kind }) => kind)).not.toContain('collection-late');
    // what is made up and gone with the console needs no backup
    expect(begun.rows.map(({ kind }) => kind)).not.toContain('backup');
    await eventually(async () => {
      const tasks = await subject.call('tasks.list', {});
      const done = tasks.filter(({ state }) => state === 'succeeded').map(({ kind }) => kind);
      expect(done).toContain('inventory.start');
    });
    expect(await subject.call('billing.list', {})).toMatchObject([
      { id: 'demo-whmcs', name: 'Demo WHMCS', demo: true, customers: 236, hasCredential: true },
    ]);
    expect((await subject.call('billing.test', { id: 'demo-whmcs' })).ok).toBe(true);
    await expectListsFilled();
    const page = { offset: 0, limit: 10 };
    expect(await subject.call('customers.unpaid', page)).toMatchObject({ total: 6 });
    expect(await subject.call('customers.suspensionDrift', page)).toMatchObject({
      total: 1,
      rows: [{ serviceStatus: 'Suspended', userState: 'enabled' }],
    });
    const plans = await subject.call('servicePlans.list', {});
    expect(plans.map(({ name }) => name)).toEqual([
      'Object Storage Bronze',
      'Object Storage Silver',
    ]);
    expect(await subject.call('servicePlans.drift', page)).toMatchObject({
      total: 1,
      unknown: 0,
      rows: [{ differences: [{ field: 'quotaGb', found: 5000 }] }],
    });
    const run = await subject.call('onboarding.prepare', {
      ...{ source: { from: 'orders', billingId: 'demo-whmcs' }, connectionId: 'demo' },
    });
    expect(run.rows.map(({ problem, planName }) => [problem, planName !== null])).toEqual([
      [null, true],
      [null, true],
      [null, false],
    ]);
    const { rows } = await subject.call('customers.list', { filter: { users: 'some' } });
    const now = new Date();
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
    // three weeks of last month: long over, whatever the day
    const to = new Date(from.getTime() + 21 * 86_400_000);
    const period = { from: from.toISOString(), to: to.toISOString() };
    const { customerId = '' } = rows[0] ?? {};
    const statement = await subject.call('statements.make', { customerId, ...period });
    expect(statement).toMatchObject({ state: 'final', reasons: [], currency: 'EUR' });
    expect(Number(statement.total)).toBeGreaterThan(0);
    const { statementId } = await subject.call('statements.issue', { customerId, ...period });
    const { taskId } = await subject.call('invoices.draft', {
      ...{ billingId: 'demo-whmcs', statementIds: [statementId] },
    });
    await eventually(async () => {
      const { result } = await subject.call('tasks.get', { taskId });
      expect(result).toMatchObject({ created: 1, failed: 0 });
    });
    await expectNothingLeftToCollect(period);
    const { rows: signals } = await subject.call('signals.list', { limit: 1000 });
    const kinds = new Set(signals.map(({ kind }) => kind));
    for (const kind of ['quota', 'egress', 'dormant-user', 'rate-limit', 'unpaid', 'drift']) {
      expect(kinds).toContain(kind);
    }
    expect(signals.find(({ kind }) => kind === 'unpaid')?.money).toMatchObject({
      ...{ currency: 'EUR', per: 'month' },
    });
  });

  /** Lists say of users and buckets what archive, customers and inventory know. */
  const expectListsFilled = async () => {
    const sort = { by: 'traffic', descending: true } as const;
    await eventually(async () => {
      const { rows } = await subject.call('users.list', { connectionId: 'demo', sort, limit: 1 });
      const [user] = rows;
      expect(user?.traffic?.days).toMatch(/^[0-9a-v]{30}$/);
      expect(Number(user?.traffic?.bytes)).toBeGreaterThan(0);
      expect(user).toMatchObject({
        ...{ customers: [{ name: expect.any(String) }], lastActive: expect.any(String) },
      });
    });
    const filter = { plan: 'Object Storage Bronze', minUsed: 0.01 };
    const planned = await subject.call('users.list', { connectionId: 'demo', filter });
    expect(planned.total).toBeGreaterThan(10);
    const grown = await subject.call('buckets.list', {
      ...{ connectionId: 'demo', filter: { minGrowth: 1 } },
    });
    expect(grown.total).toBeGreaterThan(100);
    const keys = await subject.call('keys.list', { connectionId: 'demo' });
    expect(keys.total).toBeGreaterThan(240);
    expect(keys.inventory).toMatchObject({ users: 240, usersKnown: 240, unfinished: false });
  };

  /** What is in the archive is what a collection finds: it fetched nothing before, and adds nothing. */
  const expectNothingLeftToCollect = async (period: { from: string; to: string }) => {
    const kinds = (await subject.call('tasks.list', {})).map(({ kind }) => kind);
    expect(kinds).not.toContain('usage.collect');
    const report = () =>
      subject.call('usage.report', {
        connectionId: 'demo',
        ...period,
        groupBy: 'user',
        limit: 1000,
      });
    const before = await report();
    const { taskId } = await subject.call('usage.collect', { connectionId: 'demo', verify: true });
    const { result } = await taskEnd(subject, taskId);
    expect(result).toMatchObject({ failed: 0, listComplete: true });
    expect((result as { skipped: number }).skipped).toBeGreaterThan(1000);
    expect((result as { collected: number }).collected).toBeLessThan(5);
    expect((await report()).totals).toEqual(before.totals);
  };

  it('keeps its customers out of the file of one’s own, and they leave with it', async () => {
    await subject.call('connections.list', {});
    const demoListed = () =>
      eventually(async () => {
        expect((await subject.call('customers.list', {})).total).toBe(236);
      });
    await demoListed();
    await expect(
      subject.call('billing.save', { id: 'demo-whmcs', name: 'Mine', kind: 'file', csv: 'id' }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const csv = 'customer id,name,email\n1,Ada,ada@example.com\n';
    const own = await subject.call('billing.save', { name: 'Mine', kind: 'file', csv });
    await subject.call('billing.refresh', { id: own.id });
    const listed = async () =>
      (await subject.call('customers.list', {})).rows.map(({ name }) => name);
    expect(await listed()).toEqual(['Ada']);
    expect((await subject.call('servicePlans.list', {})).length).toBe(0);
    await subject.restart();
    await subject.call('connections.list', {});
    await eventually(async () => {
      expect((await subject.call('users.list', { connectionId: 'demo' })).total).toBe(240);
    });
    expect(await listed()).toEqual(['Ada']);
    await subject.core.close();
    expect(demoDirectories()).toEqual([]);
  });

  it('goes when the first connection is saved, and comes back when the last is removed', async () => {
    await subject.call('connections.list', {});
    const { id } = await subject.call('connections.save', {
      name: 'Own',
      endpoint: 'https://127.0.0.1:1',
      accessKeyId: 'AKID',
      environment: 'lab',
    });
    expect((await subject.call('connections.list', {})).map(({ demo }) => demo)).toEqual([false]);
    await expect(subject.call('users.list', { connectionId: 'demo' })).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
    await expect(fetch(running[0]?.endpoint ?? '')).rejects.toThrow();
    await expect(fetch(running[0]?.billing?.url ?? '')).rejects.toThrow();
    expect(await subject.call('billing.list', {})).toEqual([]);
    await subject.call('connections.remove', { id });
    const [demo] = await subject.call('connections.list', {});
    expect(demo?.demo).toBe(true);
    expect(running).toHaveLength(2);
  });

  it('leaves nothing behind when the console is closed, even at once', async () => {
    expect(await subject.call('connections.list', {})).toHaveLength(1);
    expect(demoDirectories()).toHaveLength(1);
    await subject.core.close();
    await expect(fetch(running[0]?.endpoint ?? '')).rejects.toThrow();
    expect(demoDirectories()).toEqual([]);
  });

  it('lets a cancellation of a customer with data be done to its end', async () => {
    const run = async (input: CallInput<'offboarding.run'>) =>
      taskEnd(subject, (await subject.call('offboarding.run', input)).taskId);
    await subject.call('connections.list', {});
    const customers = await eventually(async () => {
      const { rows } = await subject.call('customers.list', { filter: { users: 'some' } });
      expect(rows.length).toBeGreaterThan(10);
      return rows;
    });
    const bucketsOf = async (userId: string) =>
      (await subject.call('buckets.list', { connectionId: 'demo', ownerId: userId })).total;
    let customer = customers[0];
    for (const one of customers) {
      const [user, second] = one.users;
      if (user && !second && (await bucketsOf(user.userId)) > 0) customer = one;
    }
    if (!customer) throw new Error('no customer');
    const { customerId } = customer;
    const [user] = customer.users;
    const { offboardingId } = await subject.call('offboarding.open', { customerId });
    await run({ offboardingId, step: 'disable' });
    const of = { offboardingId, reason: 'Not looked at here' };
    await subject.call('offboarding.skip', { ...of, step: 'collect' });
    await subject.call('offboarding.skip', { ...of, step: 'statement' });
    await run({ offboardingId, step: 'empty' });
    const waits = await subject.call('offboarding.get', { offboardingId });
    expect(waits.next).toBe('empty');
    // the keys of a disabled user open nothing
    const empty = () => subject.call('offboarding.emptyDemo', { offboardingId });
    await expect(empty()).rejects.toMatchObject({ code: 'CONFLICT' });
    await subject.call('users.enable', { connectionId: 'demo', userId: user?.userId ?? '' });
    expect(await empty()).toEqual({ buckets: waits.steps[3]?.buckets?.length });
    await run({ offboardingId, step: 'empty' });
    await run({ offboardingId, step: 'delete' });
    const ended = await subject.call('offboarding.get', { offboardingId });
    expect(ended).toMatchObject({ state: 'finished', next: null });
  });
});
