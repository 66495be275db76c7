import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { minute } from '#shared/durations.ts';
import { app, powerMonitor } from '#test/fakes/fake-electron.ts';

vi.mock('electron', () => import('#test/fakes/fake-electron.ts'));

const { IdleLock } = await import('../../../src/main/idle-lock.ts');

const clearClipboard = vi.fn(async () => undefined);
const dispatch = vi.fn(async () => ({ ok: true, value: {} }) as never);
let lock: InstanceType<typeof IdleLock>;

function start(idleMinutes: number | undefined): EventEmitter {
  const policy = { settings: { idleMinutes } } as never;
  lock = new IdleLock({ core: { dispatch, policy }, clearClipboard });
  const contents = new EventEmitter();
  app.emit('web-contents-created', {}, contents);
  return contents;
}

beforeEach(() => {
  vi.useFakeTimers();
  dispatch.mockClear();
  clearClipboard.mockClear();
  powerMonitor.removeAllListeners();
  app.removeAllListeners();
  powerMonitor.idleState = 'active';
});
afterEach(() => {
  lock.close();
  vi.useRealTimers();
});

test('a console that nobody uses for the minutes of the policy is secured, once', () => {
  const contents = start(10);
  vi.advanceTimersByTime(9 * minute);
  contents.emit('input-event', {}, { type: 'mouseMove' });
  vi.advanceTimersByTime(9 * minute);
  expect(dispatch).not.toHaveBeenCalled();
  vi.advanceTimersByTime(minute);
  expect(dispatch).toHaveBeenCalledExactlyOnceWith('app.secure', {}, expect.anything());
  expect(clearClipboard).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60 * minute);
  expect(dispatch).toHaveBeenCalledOnce();
  contents.emit('input-event', {}, { type: 'keyDown' });
  vi.advanceTimersByTime(10 * minute);
  expect(dispatch).toHaveBeenCalledTimes(2);
});

test('without minutes of a policy nothing is secured for being unused', () => {
  start(undefined);
  vi.advanceTimersByTime(24 * 60 * minute);
  expect(dispatch).not.toHaveBeenCalled();
});

test.each(['lock-screen', 'suspend'])('%s secures the console, whatever the policy', (event) => {
  start(undefined);
  powerMonitor.emit(event);
  expect(dispatch).toHaveBeenCalledOnce();
});

test('a locked screen is noticed where the system tells of none', () => {
  start(undefined);
  powerMonitor.idleState = 'locked';
  vi.advanceTimersByTime(15_000);
  expect(dispatch).toHaveBeenCalledOnce();
});

test('what was due while the computer slept is done as it wakes', () => {
  const contents = start(10);
  powerMonitor.emit('suspend');
  contents.emit('input-event', {}, { type: 'keyDown' });
  vi.setSystemTime(Date.now() + 20 * minute); // no timer ran
  powerMonitor.emit('resume');
  expect(dispatch).toHaveBeenCalledTimes(2);
});

test('what a change in progress held up is secured by a later look, unless somebody is back', async () => {
  const reply = (inProgress: number) => ({ ok: true, value: { locked: 0, inProgress } }) as never;
  dispatch.mockResolvedValueOnce(reply(1)).mockResolvedValueOnce(reply(1));
  const contents = start(undefined);
  powerMonitor.emit('lock-screen');
  await vi.advanceTimersByTimeAsync(15_000);
  expect(dispatch).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(15_000); // The change has ended.
  await vi.advanceTimersByTimeAsync(10 * minute);
  expect(dispatch).toHaveBeenCalledTimes(3);
  expect(clearClipboard).toHaveBeenCalledOnce();

  contents.emit('input-event', {}, { type: 'keyDown' });
  dispatch.mockResolvedValueOnce(reply(1));
  powerMonitor.emit('lock-screen');
  await vi.advanceTimersByTimeAsync(1);
  contents.emit('input-event', {}, { type: 'keyDown' });
  await vi.advanceTimersByTimeAsync(10 * minute);
  expect(dispatch).toHaveBeenCalledTimes(4);
});
