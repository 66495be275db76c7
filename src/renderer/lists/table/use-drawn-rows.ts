import type { VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react';

/** A row as it is drawn, in one of the elements that rows take turns in. */
export interface DrawnRow<Row> {
  slot: number;
  index: number;
  start: number;
  /** Undefined while its page is on its way. */
  row: Row | undefined;
}

interface InSight {
  first: number;
  last: number;
}

/**
 * Returns the rows to draw, in the order of their elements, none of which is then taken out and put in
 * elsewhere. Where all rows in sight are others than before, as after a jump or with another search, they
 * are drawn alone: the elements of the rows around them keep what they hold until the next frame.
 */
export function useDrawnRows<Row>(
  items: readonly VirtualItem[],
  rowAt: (index: number) => Row | undefined,
  { first, last }: InSight,
): DrawnRow<Row>[] {
  const slots = useMost(items.length);
  const drawn = useRef<ReadonlyMap<number, DrawnRow<Row>>>(new Map());
  const isAwaited = useRef(false);
  const [turn, nextTurn] = useReducer((before: number) => before + 1, 0);

  const all = items.map(
    ({ index, start }): DrawnRow<Row> => ({ slot: index % slots, index, start, row: rowAt(index) }),
  );
  const inSight = all.filter(({ index }) => index >= first && index <= last);
  const isAsBefore = ({ slot, index, row }: DrawnRow<Row>): boolean => {
    const before = drawn.current.get(slot);
    return before?.index === index && before.row === row;
  };
  const areOthers = inSight.length > 0 && !inSight.some(isAsBefore);
  const isPart = inSight.length < all.length && (areOthers || isAwaited.current);
  const around = [...drawn.current.values()].filter(({ index }) => index < first || index > last);
  const rows = bySlot(isPart ? [...around, ...inSight] : all);

  useLayoutEffect(() => {
    drawn.current = rows;
    isAwaited.current = isPart;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each turn that draws a part again
  useEffect(() => {
    if (!isPart) return;
    return afterNextFrame(() => {
      isAwaited.current = false;
      nextTurn();
    });
  }, [isPart, turn]);
  return [...rows.values()].toSorted((one, other) => one.slot - other.slot);
}

/** Rows by their elements; of two in one the last counts. */
function bySlot<Row>(rows: readonly DrawnRow<Row>[]): ReadonlyMap<number, DrawnRow<Row>> {
  return new Map(rows.map((row) => [row.slot, row]));
}

/** Calls back once the current frame is on screen. @returns a function that cancels it */
function afterNextFrame(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(act);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** Returns the largest value so far. */
function useMost(value: number): number {
  const [most, setMost] = useState(value);
  if (value > most) setMost(value);
  return Math.max(value, most);
}
