import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { Attention } from '#core/attention/attention.ts';
import { noFacts } from '#core/attention/evaluate.ts';
import { EventBus } from '#core/platform/events.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { minute } from '#shared/durations.ts';
import { labConnection } from '#test/fakes/one-cluster.ts';
import { anna, StagedCluster } from '#test/fakes/staged-cluster.ts';

let base: Awaited<ReturnType<typeof StagedCluster.base>>;
let staged: StagedCluster;

beforeAll(async () => {
  base = await StagedCluster.base();
});
afterAll(() => base.remove());
beforeEach(async () => {
  staged = await StagedCluster.open(base.path);
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await staged.end();
});

/** Attention to the staged cluster, where reading the snapshot or the customers can fail. */
function attentionTo({ archive, snapshot }: StagedCluster) {
  const failing = { snapshot: false, customers: false };
  const events = new EventBus();
  const connection = labConnection({ endpoint: 'https://s3.example.com', accessKeyId: 'aa01' });
  const ask: Snapshot['ask'] = async (name, ...input) => {
    const isOfQuotas = JSON.stringify(input).includes('quota');
    if (failing.snapshot && isOfQuotas) throw new Error('The disk did not answer.');
    return snapshot.ask(name, ...input);
  };
  const unpaid = { ...noFacts, unpaid: { users: 1, bytes: 5 } };
  const attention = new Attention({
    clusters: {
      get: async () => ({ connection, snapshot: async () => ({ ask }) }),
      directory: async () => base.path,
      onRelease: () => undefined,
    },
    archives: { get: async () => archive },
    events,
    connections: { list: async () => [connection] },
    customers: {
      unread: async () => ({ customers: false, plans: false, statistics: false }),
      facts: async () => {
        if (failing.customers) throw new Error('The file of customers is busy.');
        return new Map([[connection.id, unpaid]]);
      },
      tariffs: async () => () => undefined,
    },
    sync: { status: async () => ({ state: 'online', asOf: null }), seen: async () => ({}) },
    tasks: { list: () => [] },
  } as never);
  return { attention, failing, events };
}

it('says since when a signal exists, also after a look that failed', async () => {
  await staged.quota('user', anna, 1);
  const { attention, failing, events } = attentionTo(staged);
  const look = async () => {
    vi.setSystemTime(Date.now() + minute);
    events.emit('customers.changed', {});
    const { rows, incomplete } = await attention.list({ filter: {}, offset: 0, limit: 100 });
    const shown = rows.filter(({ kind }) => kind === 'quota' || kind === 'unpaid');
    return { since: shown.map(({ kind, since }) => [kind, since]), incomplete };
  };
  const first = await look();
  expect(first.since.map(([kind]) => kind).sort()).toEqual(['quota', 'unpaid']);
  Object.assign(failing, { snapshot: true, customers: true });
  const failed = await look();
  expect(failed.since).toEqual([]);
  expect(failed.incomplete.length).toBeGreaterThanOrEqual(2);
  Object.assign(failing, { snapshot: false, customers: false });
  expect((await look()).since).toEqual(first.since);
  // what was looked for and is gone begins again
  await staged.quota('user', anna, 1000);
  await look();
  await staged.quota('user', anna, 1);
  const again = new Map((await look()).since as [string, string][]);
  expect(again.get('quota')).not.toBe(new Map(first.since as [string, string][]).get('quota'));
});
