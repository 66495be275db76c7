import { renderHook, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useDrawnRows } from '#renderer/lists/table/use-drawn-rows.ts';

const height = 32;
const around = 3;

function show(list: string, total = 1000) {
  const rows = new Map<number, { name: string }>();
  const rowAt = (index: number) => {
    const row = rows.get(index) ?? { name: `${list}-${index}` };
    rows.set(index, row);
    return row;
  };
  return (first: number, last: number) => {
    const [from, to] = [Math.max(0, first - around), Math.min(total - 1, last + around)];
    const items = Array.from({ length: to - from + 1 }, (_, at) => ({
      ...{ index: from + at, key: from + at, lane: 0, size: height },
      ...{ start: (from + at) * height, end: (from + at + 1) * height },
    }));
    return { items, rowAt, first, last };
  };
}

function draw(first: ReturnType<ReturnType<typeof show>>) {
  const hook = renderHook(({ items, rowAt, ...inSight }) => useDrawnRows(items, rowAt, inSight), {
    initialProps: first,
  });
  const names = () => hook.result.current.map(({ row }) => row?.name).toSorted();
  return { ...hook, names, slots: () => hook.result.current.map(({ slot }) => slot) };
}

const named = (list: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${list}-${from + at}`).toSorted();

it('a jump draws the rows in sight, and those around them once these are on screen', async () => {
  const list = show('a');
  const { rerender, names, slots } = draw(list(100, 109));
  expect(names()).toEqual(named('a', 100, 109));
  await waitFor(() => expect(names()).toEqual(named('a', 97, 112)));
  rerender(list(500, 509));
  expect(names()).toEqual(expect.arrayContaining(named('a', 500, 509)));
  // the others keep what they hold
  const others = names().filter((name) => !named('a', 500, 509).includes(String(name)));
  expect(others).toHaveLength(6);
  expect(named('a', 97, 112)).toEqual(expect.arrayContaining(others));
  await waitFor(() => expect(names()).toEqual(named('a', 497, 512)));
  expect(new Set(slots()).size).toBe(16);
});

it('jump after jump, another list and a shorter one end with all of their rows', async () => {
  const list = show('a');
  const { rerender, names } = draw(list(100, 109));
  for (const first of [300, 600, 900]) rerender(list(first, first + 9));
  await waitFor(() => expect(names()).toEqual(named('a', 897, 912)));
  const other = show('b');
  rerender(other(900, 909));
  expect(names()).toEqual(expect.arrayContaining(named('b', 900, 909)));
  await waitFor(() => expect(names()).toEqual(named('b', 897, 912)));
  rerender(show('c', 4)(0, 3));
  await waitFor(() => expect(names()).toEqual(named('c', 0, 3)));
});

it('scrolling on draws each row that comes near at once', async () => {
  const list = show('a');
  const { rerender, names } = draw(list(100, 109));
  await waitFor(() => expect(names()).toHaveLength(16));
  rerender(list(102, 111));
  expect(names()).toEqual(named('a', 99, 114));
});
