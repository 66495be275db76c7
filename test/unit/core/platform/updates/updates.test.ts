import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '#core/platform/events.ts';
import { openLog } from '#core/platform/log/console-log.ts';
import { NoticeBoard } from '#core/platform/notice-board.ts';
import { readPolicy } from '#core/platform/policy.ts';
import { TaskRegistry } from '#core/platform/tasks/task-registry.ts';
import { type Updater, Updates } from '#core/platform/updates/updates.ts';
import { AppError } from '#shared/errors.ts';
import { eventually } from '#test/fakes/eventually.ts';

const feed = 'https://updates.example.com/console/';

/** A feed with one newer version; does at once what it is asked. */
class FakeUpdater implements Updater {
  unsupported: string | null = null;
  asked: string[] = [];
  installs = 0;
  failure: AppError | null = null;

  async check(feedUrl: string): Promise<{ version: string } | null> {
    this.asked.push(feedUrl);
    if (this.failure) throw this.failure;
    return { version: '2.0.0' };
  }

  async download(_signal: AbortSignal, onPercent: (percent: number) => void): Promise<void> {
    onPercent(50);
    if (this.failure) throw this.failure;
  }

  install(): void {
    this.installs += 1;
  }
}

let dataDir: string;
let updater: FakeUpdater;
let tasks: TaskRegistry;
let notices: NoticeBoard;
let updates: Updates;

async function open(version = '1.0.0', policy: object | null = null): Promise<void> {
  const path = join(dataDir, 'policy.json');
  if (policy) await writeFile(path, JSON.stringify({ version: 1, settings: policy }));
  const events = new EventBus();
  tasks = new TaskRegistry(events);
  notices = new NoticeBoard(events);
  updates = await Updates.open({
    ...{ version, dataDir, updater, tasks, notices },
    policy: await readPolicy({ system: path, trial: undefined }),
    log: openLog(join(dataDir, 'log', 'console.log')),
  });
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ostor-console-updates-'));
  updater = new FakeUpdater();
});
afterEach(async () => {
  updates.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function downloaded(): Promise<void> {
  await updates.setFeed(feed);
  await eventually(() => expect(updates.status().state).toBe('available'));
  updates.download();
  await eventually(() => expect(updates.status().state).toBe('ready'));
}

describe('updates', () => {
  it('are off at first: nothing is asked', async () => {
    await open();
    expect(updates.status()).toMatchObject({ state: 'off', feedUrl: null, reason: null });
    await expect(updates.check()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(updater.asked).toEqual([]);
  });

  it.each(['http://updates.example.com/', 'https://u:p@updates.example.com/', 'file:///etc', 'x'])(
    'come from no feed at %s',
    async (feedUrl) => {
      await open();
      await expect(updates.setFeed(feedUrl)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      expect([updates.status().state, updater.asked]).toEqual(['off', []]);
    },
  );

  it('are found, downloaded as a task, and known to be installed after the next start', async () => {
    await open();
    await downloaded();
    expect(notices.list().map(({ message }) => message)).toEqual([
      'Version 2.0.0 of the console is available.',
    ]);
    expect(tasks.list()[0]).toMatchObject({
      kind: 'app.download',
      title: 'Download version 2.0.0',
    });
    await updates.install();
    expect(updater.installs).toBe(1);
    updates.close();
    await open('2.0.0');
    expect(updates.status().history).toEqual([
      expect.objectContaining({ from: '1.0.0', to: '2.0.0', feedUrl: feed, installed: true }),
    ]);
    expect(notices.list()[0]?.message).toBe('The console was updated from version 1.0.0 to 2.0.0.');
  });

  it('that did not take are said at the next start', async () => {
    await open();
    await downloaded();
    await updates.install();
    updates.close();
    await open('1.0.0');
    expect(updates.status().history).toMatchObject([{ to: '2.0.0', installed: false }]);
    expect(notices.list()[0]?.message).toBe('Version 2.0.0 of the console was not installed.');
  });

  it('wait for work in progress', async () => {
    await open();
    await downloaded();
    const work = Promise.withResolvers<null>();
    const { finished } = tasks.start({
      ...{ kind: 'bulk.apply', title: 'Disable 300 users', connectionId: null },
      run: () => work.promise,
    });
    const refused = updates.install();
    await expect(refused).rejects.toMatchObject({ code: 'TASK_BUSY' });
    await expect(refused).rejects.toThrow('Disable 300 users');
    expect(updater.installs).toBe(0);
    work.resolve(null);
    await finished;
    await updates.install();
    expect(updater.installs).toBe(1);
  });

  it('keep their feed while it is asked or downloaded from', async () => {
    await open();
    await updates.setFeed(feed);
    await eventually(() => expect(updates.status().state).toBe('available'));
    const work = Promise.withResolvers<void>();
    updater.download = () => work.promise;
    updates.download();
    const other = updates.setFeed('https://other.example.com/');
    await expect(other).rejects.toMatchObject({ code: 'TASK_BUSY' });
    work.resolve();
    await eventually(() => expect(updates.status().state).toBe('ready'));
    await updates.setFeed('https://other.example.com/');
    expect(updates.status().feedUrl).toBe('https://other.example.com/');
  });

  it('say why a check or a download failed, and install nothing', async () => {
    await open();
    updater.failure = new AppError({ code: 'UPDATE_FAILED', message: 'No.', hint: 'Wait.' });
    await updates.setFeed(feed);
    await eventually(() => expect(updates.status().error).toMatchObject({ message: 'No.' }));
    updater.failure = null;
    await updates.check();
    updater.failure = new AppError({ code: 'UPDATE_FAILED', message: 'Other file.', hint: '' });
    updates.download();
    await eventually(() =>
      expect(updates.status().error).toMatchObject({ message: 'Other file.' }),
    );
    expect(updates.status().state).toBe('available');
    await expect(updates.install()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('are the administrator’s where the policy names a feed, or none', async () => {
    await open('1.0.0', { updateFeed: feed });
    await eventually(() => expect(updater.asked).toEqual([feed]));
    expect(updates.status()).toMatchObject({ feedUrl: feed, setByPolicy: true });
    await expect(updates.setFeed(null)).rejects.toMatchObject({ code: 'POLICY_FORBIDS' });
    updates.close();
    await open('1.0.0', { updateFeed: null });
    expect(updates.status()).toMatchObject({ state: 'off', setByPolicy: true });
    await expect(updates.setFeed(feed)).rejects.toMatchObject({ code: 'POLICY_FORBIDS' });
    expect(updater.asked).toHaveLength(1);
  });

  it('are off where the installation can not replace itself', async () => {
    updater.unsupported = 'This copy was extracted.';
    await open('1.0.0', { updateFeed: feed });
    expect(updates.status()).toMatchObject({ state: 'off', reason: 'This copy was extracted.' });
    expect(updater.asked).toEqual([]);
  });
});
