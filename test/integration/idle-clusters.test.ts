import { readdirSync, readlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const clusters = 4;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(
  after: number,
  most = 100,
): Promise<{ simulator: Simulator; whole: TestConsole }> {
  const simulator = await startSimulator({ users: 3, buckets: 5, usage: 60 });
  ends.push(() => simulator.stop());
  const whole = await TestConsole.start({ idle: { after, most } });
  ends.push(() => whole.end());
  return { simulator, whole };
}

async function connect(whole: TestConsole, simulator: Simulator, name: string): Promise<string> {
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const signature = 'v2';
  const { id } = await whole.call('connections.save', {
    ...{ name, endpoint, accessKeyId, secretKey, signature, environment: 'lab' },
  });
  return id;
}

/** Everything a cluster can keep open: snapshot, gateway, archive, inventory. */
async function use(whole: TestConsole, connectionId: string): Promise<void> {
  await whole.call('sync.status', { connectionId });
  await whole.call('journal.list', { connectionId, offset: 0, limit: 1 });
  await whole.call('inventory.status', { connectionId });
}

/** Files of the console that this process has open. */
function filesOpen({ dataDir }: TestConsole): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(`${dataDir}/connections/`) ? [path] : [];
    } catch {
      return []; // closed while looked at
    }
  });
}

const threads = (): number => readdirSync('/proc/self/task').length;

describe.runIf(process.platform === 'linux')('Clusters that are not in use', () => {
  it('let go of their threads and files, and open again at the next call', async () => {
    const { simulator, whole } = await start(50);
    const before = threads();
    const ids: string[] = [];
    for (let number = 1; number <= clusters; number += 1) {
      ids.push(await connect(whole, simulator, `Lab ${number}`));
    }
    const woken = ids.slice(0, 3);
    for (const connectionId of woken) await whole.call('sync.refresh', { connectionId });
    for (const id of ids) await use(whole, id);
    await eventually(() => expect(filesOpen(whole)).toEqual([]));
    await eventually(() => expect(threads() - before).toBeLessThan(clusters));
    for (const connectionId of woken) {
      const { total } = await whole.call('users.list', { connectionId, offset: 0, limit: 1 });
      expect(total).toBe(3);
      await whole.call('journal.list', { connectionId, offset: 0, limit: 1 });
    }
    await eventually(() => expect(filesOpen(whole)).toEqual([]));
  });

  it('are closed at once where more are open than a few, those used last not', async () => {
    const { simulator, whole } = await start(600_000, 2);
    const ids: string[] = [];
    for (let number = 1; number <= clusters; number += 1) {
      ids.push(await connect(whole, simulator, `Lab ${number}`));
    }
    for (const connectionId of ids) {
      await whole.call('sync.refresh', { connectionId });
      await use(whole, connectionId);
    }
    const last = ids.at(-1) as string;
    const open = () =>
      ids.filter((id) => filesOpen(whole).some((path) => path.includes(`/${id}/`)));
    await eventually(async () => {
      await use(whole, last);
      expect(open()).toHaveLength(2);
      expect(open()).toContain(last);
    });
    const closed = ids.find((id) => !open().includes(id)) as string;
    const { total } = await whole.call('users.list', { connectionId: closed, offset: 0, limit: 1 });
    expect(total).toBe(3);
  });

  it('keep all of them while they are', async () => {
    const { simulator, whole } = await start(600_000);
    const id = await connect(whole, simulator, 'Lab');
    const before = threads();
    await use(whole, id);
    expect(filesOpen(whole).length).toBeGreaterThan(0);
    expect(threads() - before).toBeGreaterThanOrEqual(3);
  });

  it('are not closed under a task or a call, however long it takes', async () => {
    const { simulator, whole } = await start(1);
    const connectionId = await connect(whole, simulator, 'Lab');
    await use(whole, connectionId);
    simulator.faults.add({ kind: 'latency', ms: 150, match: { service: 'ostor-usage' } });
    const { taskId } = await whole.call('usage.collect', { connectionId, removeCollected: false });
    await eventually(async () => {
      const task = await whole.call('tasks.get', { taskId });
      expect(task.endedAt).not.toBeNull();
    });
    const task = await whole.call('tasks.get', { taskId });
    expect(task).toMatchObject({ state: 'succeeded', result: { failed: 0 } });
    expect((task.result as { collected: number }).collected).toBeGreaterThan(0);
  });
});
