import { beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '#core/platform/events.ts';
import {
  type TaskControls,
  TaskRegistry,
  taskDeadline,
} from '#core/platform/tasks/task-registry.ts';
import { AppError } from '#shared/errors.ts';

describe('TaskRegistry', () => {
  let events: EventBus;
  let tasks: TaskRegistry;

  beforeEach(() => {
    events = new EventBus();
    tasks = new TaskRegistry(events);
  });

  const start = <Result>(run: (controls: TaskControls) => Promise<Result>) =>
    tasks.start({ kind: 'test', title: 'Test', connectionId: 'c1', canPause: true, run });

  it('keeps progress and result, and tells listeners how it ended', async () => {
    const states: string[] = [];
    events.subscribe((event) => {
      if (event.name === 'task.changed') states.push(event.payload.task.state);
    });
    const { taskId, finished } = start(async ({ progress }) => {
      progress({ done: 3, total: 4 });
      return { answer: 1 };
    });
    await finished;
    expect(tasks.get(taskId)).toMatchObject({
      state: 'succeeded',
      done: 3,
      total: 4,
      result: { answer: 1 },
    });
    expect(states.at(0)).toBe('running');
    expect(states.at(-1)).toBe('succeeded');
  });

  it('ends work that takes longer than its kind may, and says so', async () => {
    tasks = new TaskRegistry(events, () => 1);
    const { taskId, finished } = start(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
    );
    await expect(finished).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(tasks.get(taskId)).toMatchObject({
      state: 'failed',
      error: { message: expect.stringMatching(/^"Test" was ended after .*longer than/) },
    });
  });

  it('has a deadline for every kind of task, of hours', () => {
    for (const kind of ['sync.refresh', 'usage.collect', 'bulk.apply', 'a kind to come']) {
      expect(taskDeadline(kind)).toBeGreaterThanOrEqual(2 * 3_600_000);
    }
  });

  it('ends as failed with the error as data', async () => {
    const { taskId, finished } = start(async () => {
      throw new AppError({ code: 'GATEWAY_FAILED', message: 'm', hint: 'h' });
    });
    await expect(finished).rejects.toMatchObject({ code: 'GATEWAY_FAILED' });
    expect(tasks.get(taskId)).toMatchObject({ state: 'failed', error: { code: 'GATEWAY_FAILED' } });
  });

  it('ends as cancelled at the next checkpoint', async () => {
    const { taskId, finished } = start(async ({ checkpoint }) => {
      for (;;) {
        await checkpoint();
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    tasks.cancel(taskId);
    await expect(finished).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(tasks.get(taskId).state).toBe('cancelled');
  });

  it('holds at a checkpoint while paused and continues when resumed', async () => {
    let steps = 0;
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { taskId, finished } = start(async ({ checkpoint }) => {
      await gate;
      await checkpoint();
      steps += 1;
    });
    tasks.pause(taskId);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toBe(0);
    expect(tasks.get(taskId).state).toBe('paused');
    tasks.resume(taskId);
    await finished;
    expect(steps).toBe(1);
  });

  it('can be cancelled while paused', async () => {
    const { taskId, finished } = start(async ({ checkpoint }) => {
      await new Promise((resolve) => setImmediate(resolve));
      await checkpoint();
    });
    tasks.pause(taskId);
    tasks.cancel(taskId);
    await expect(finished).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('takes what the same work came to before as read once it is started again', async () => {
    const of = { kind: 'test', title: 'Check', connectionId: null, run: async () => null };
    const [first, other] = ['a', 'b'].map((about) => tasks.start({ ...of, about }));
    await Promise.all([first?.finished, other?.finished]);
    const second = tasks.start({ ...of, about: 'a' });
    const step = tasks.start({ ...of, about: 'a', title: 'Delete' });
    await Promise.all([second.finished, step.finished]);
    const unread = tasks.list().filter(({ read }) => !read);
    expect(unread.map(({ taskId }) => taskId)).toEqual([
      ...[step.taskId, second.taskId, other?.taskId],
    ]);
  });

  it('lists by connection, newest first, and knows what was read', async () => {
    const one = start(async () => 1);
    const other = tasks.start({ kind: 'k', title: 'O', connectionId: 'c2', run: async () => 2 });
    await Promise.all([one.finished, other.finished]);
    tasks.markRead(one.taskId);
    expect(tasks.list().map((task) => task.taskId)).toEqual([other.taskId, one.taskId]);
    expect(tasks.list('c1').map((task) => task.read)).toEqual([true]);
  });

  it('finds the work of some kinds that is under way about one thing, paused too', async () => {
    const about = (what: string) => ({
      kind: 'test',
      title: 'Test',
      connectionId: null,
      about: what,
    });
    const { finished } = tasks.start({ ...about('a done one'), run: async () => undefined });
    await finished;
    const open = tasks.start({
      ...{ ...about('an open one'), canPause: true },
      run: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
    });
    tasks.pause(open.taskId);
    expect(tasks.runningAbout('an open one', 'other', 'test')?.taskId).toBe(open.taskId);
    expect(tasks.runningAbout('an open one', 'other')).toBeUndefined();
    expect(tasks.runningAbout('a done one', 'test')).toBeUndefined();
    await tasks.close();
  });

  it('counts work that names no connection as work on each', async () => {
    const work = Promise.withResolvers<null>();
    const { finished } = tasks.start({
      ...{ kind: 'statements.issueAll', title: 'Issue statements', connectionId: null },
      run: () => work.promise,
    });
    expect(tasks.isRunning('c1')).toBe(true);
    work.resolve(null);
    await finished;
    expect(tasks.isRunning('c1')).toBe(false);
  });

  it('tells work that may change a gateway from what only reads, is paused or has ended', async () => {
    const work = Promise.withResolvers<null>();
    const run = () => work.promise;
    const of = { title: 'Work', connectionId: null, canPause: true };
    const reading = tasks.start({ ...of, kind: 'sync.refresh', connectionId: 'c1', run });
    const writing = tasks.start({ ...of, kind: 'onboarding.start', writesTo: ['c1', 'c2'], run });
    const states = () => ['c1', 'c2', 'c3'].map((id) => tasks.isWriting(id));
    expect(states()).toEqual([true, true, false]);
    tasks.pause(writing.taskId);
    expect(states()).toEqual([false, false, false]);
    tasks.resume(writing.taskId);
    expect(states()).toEqual([true, true, false]);
    work.resolve(null);
    await Promise.all([reading.finished, writing.finished]);
    expect(states()).toEqual([false, false, false]);
  });

  it('says so when it knows no such task', () => {
    expect(() => tasks.get('none')).toThrow(expect.objectContaining({ code: 'TASK_NOT_FOUND' }));
  });

  it('cancels all work when closed', async () => {
    const { taskId } = start(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    await tasks.close();
    expect(tasks.get(taskId).state).toBe('cancelled');
  });
});
