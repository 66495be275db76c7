import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settlesAt, useSettled } from '#renderer/app/settled-tasks.ts';
import type { CallOutput } from '#shared/contract/index.ts';

type Task = CallOutput<'tasks.list'>[number];

const now = Date.parse('2026-11-21T12:03:20.000Z');

beforeEach(() => vi.useFakeTimers({ now }));
afterEach(() => vi.useRealTimers());

function ended(taskId: string, secondsAgo: number, update: Partial<Task> = {}): Task {
  return {
    taskId,
    connectionId: null,
    kind: 'usage.collect',
    title: taskId,
    state: 'succeeded',
    done: 1,
    total: 1,
    failed: 0,
    startedAt: '2026-11-21T12:00:00.000Z',
    endedAt: new Date(now - secondsAgo * 1000).toISOString(),
    canPause: false,
    read: false,
    ...update,
  };
}

test('settles what ended well six seconds after its end, and errors a minute after they are shown', () => {
  const tasks = [
    ended('old', 60),
    ended('fresh', 1),
    ended('failed', 60, { state: 'failed' }),
    ended('partly', 60, { failed: 1 }),
  ];
  const interrupted = { id: 'run', at: null };
  const { result } = renderHook(() => useSettled([...tasks.map(settlesAt), interrupted], false));
  act(() => vi.advanceTimersByTime(0));
  expect([...result.current]).toEqual(['old']);
  act(() => vi.advanceTimersByTime(4900));
  expect([...result.current]).toEqual(['old']);
  act(() => vi.advanceTimersByTime(200));
  expect([...result.current]).toEqual(['old', 'fresh']);
  act(() => vi.advanceTimersByTime(54_800));
  expect(result.current.size).toBe(2);
  act(() => vi.advanceTimersByTime(200));
  expect([...result.current]).toEqual(['old', 'fresh', 'failed', 'partly', 'run']);
});

test('settles nothing under the pointer or the focus', () => {
  const tasks = [settlesAt(ended('old', 60)), { id: 'run', at: null }];
  const { result, rerender } = renderHook(({ held }) => useSettled(tasks, held), {
    initialProps: { held: true },
  });
  act(() => vi.advanceTimersByTime(600_000));
  expect(result.current.size).toBe(0);
  rerender({ held: false });
  act(() => vi.advanceTimersByTime(0));
  expect([...result.current]).toEqual(['old', 'run']);
});

test('counts the minute of an error from when it was first shown, also where another page shows it', () => {
  const tasks = [settlesAt(ended('failed', 0, { state: 'failed' })), { id: 'run', at: null }];
  const first = renderHook(() => useSettled(tasks, false));
  act(() => vi.advanceTimersByTime(50_000));
  first.unmount();
  const { result } = renderHook(() => useSettled(tasks, false));
  act(() => vi.advanceTimersByTime(9900));
  expect(result.current.size).toBe(0);
  act(() => vi.advanceTimersByTime(200));
  expect([...result.current]).toEqual(['failed', 'run']);
});
