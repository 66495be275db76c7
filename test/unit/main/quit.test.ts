import { EventEmitter } from 'node:events';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeInOrder } from '#core/platform/close-in-order.ts';
import { app, openDialogs, powerMonitor } from '#test/fakes/fake-electron.ts';

vi.mock('electron', () => import('#test/fakes/fake-electron.ts'));

const { Quitting } = await import('../../../src/main/quit.ts');

const kill = vi.spyOn(process, 'kill');
const resources = vi.spyOn(process, 'getActiveResourcesInfo');
const hangs = () => new Promise<void>(() => undefined);
const nothingAsked = { workUnderWay: () => [], finishInBackground: () => undefined };
let listenersBefore: ReadonlyMap<string, readonly unknown[]>;
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

beforeEach(() => {
  vi.useFakeTimers();
  resources.mockReset().mockReturnValue([]); // other tests' files are not the console's
  app.exits.length = 0;
  openDialogs.length = 0;
  powerMonitor.removeAllListeners();
  app.removeAllListeners();
  listenersBefore = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  // In place of the process, what the code does next ends.
  kill.mockReset().mockImplementation(() => {
    throw new Error('killed');
  });
});

afterAll(() => {
  kill.mockRestore();
  resources.mockRestore();
});

afterEach(() => {
  vi.useRealTimers();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!listenersBefore.get(signal)?.includes(listener)) process.off(signal, listener);
    }
  }
});

test('a core that never closes is ended 15 s after the quit, and not before', async () => {
  const close = vi.fn(hangs);
  new Quitting({ ...nothingAsked, close }).quit();
  await vi.advanceTimersByTimeAsync(14_999);
  expect(kill).not.toHaveBeenCalled();
  await expect(vi.advanceTimersByTimeAsync(1)).rejects.toThrow('killed');
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGKILL');
});

test.each(['gateway', 'export', 'disk'])(
  'a hanging %s is not waited for, and what comes after it is still closed',
  async (what) => {
    const archives = vi.fn();
    const close = closeInOrder(undefined, { [what]: hangs, archives });
    new Quitting({ ...nothingAsked, close }).quit();
    await vi.advanceTimersByTimeAsync(14_000);
    expect(archives).toHaveBeenCalledOnce();
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGKILL');
  },
);

test.each(signals)('%s closes core once, however often it comes, and exits', async (signal) => {
  const close = vi.fn(async () => undefined);
  new Quitting({ ...nothingAsked, close });
  process.emit(signal);
  process.emit(signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(close).toHaveBeenCalledOnce();
  expect(app.exits).toEqual([0]);
  expect(kill).not.toHaveBeenCalled();
});

/** A window under Windows, whose session is about to end. */
function windowsWindow(quitting: InstanceType<typeof Quitting>): EventEmitter {
  const window = new EventEmitter();
  quitting.watchSession(window as never);
  return window;
}

function sessionEnd(...reasons: string[]) {
  return { reasons, preventDefault: vi.fn() };
}

const atWork = { workUnderWay: () => ['Set quota'], finishInBackground: () => undefined };

test('the end of a Windows session is held up while work is in progress, and asked about', async () => {
  const close = vi.fn(async () => undefined);
  const window = windowsWindow(new Quitting({ ...atWork, close }));
  const event = sessionEnd('shutdown');
  window.emit('query-session-end', event);
  expect(event.preventDefault).toHaveBeenCalledOnce();
  expect(openDialogs.map(({ message }) => message)).toEqual(['Quit while work is in progress?']);
  expect(close).not.toHaveBeenCalled();
});

test.each([
  ['nothing is in progress', nothingAsked, 'shutdown'],
  ['it can not be held up', atWork, 'critical'],
])('the end of a Windows session is let pass where %s', (_why, work, reason) => {
  const window = windowsWindow(new Quitting({ ...work, close: vi.fn(async () => undefined) }));
  const event = sessionEnd(reason);
  window.emit('query-session-end', event);
  expect(event.preventDefault).not.toHaveBeenCalled();
  expect(openDialogs).toEqual([]);
});

test('a Windows session that ends in any case closes core once', async () => {
  const close = vi.fn(async () => undefined);
  const window = windowsWindow(new Quitting({ ...atWork, close }));
  window.emit('session-end', sessionEnd('shutdown'));
  window.emit('session-end', sessionEnd('shutdown'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(close).toHaveBeenCalledOnce();
  expect(app.exits).toEqual([0]);
});

test('a shutdown of the system waits until core is closed', async () => {
  const close = vi.fn(async () => undefined);
  new Quitting({ ...atWork, close });
  const event = { preventDefault: vi.fn() };
  powerMonitor.emit('shutdown', event);
  expect(event.preventDefault).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(close).toHaveBeenCalledOnce();
});
