import type { EventEmitter } from 'node:events';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeInOrder } from '#core/platform/close-in-order.ts';

const shell = vi.hoisted(() => ({
  app: null as unknown as EventEmitter & { quit(): void; exit(status: number): void },
  exits: [] as number[],
}));

vi.mock('electron', async () => {
  const { EventEmitter: Events } = await import('node:events');
  const quit = () => {
    const event = { preventDefault: () => undefined };
    shell.app.emit('before-quit', event);
    shell.app.emit('will-quit', event);
  };
  const exit = (status: number) => void shell.exits.push(status);
  shell.app = Object.assign(new Events(), { quit, exit });
  return { app: shell.app, dialog: {}, powerMonitor: new Events() };
});

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
  shell.exits.length = 0;
  shell.app.removeAllListeners();
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
    const close = closeInOrder({ [what]: hangs, archives });
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
  expect(shell.exits).toEqual([0]);
  expect(kill).not.toHaveBeenCalled();
});
