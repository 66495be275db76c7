import { useState } from 'react';
import { create } from 'zustand';
import { formatCount } from '../../kit/components/format.ts';

interface RowRange {
  first: number;
  last: number;
  show(first: number, last: number): void;
}

const createRowRange = () =>
  create<RowRange>()((set) => ({ first: 0, last: 0, show: (first, last) => set({ first, last }) }));

/**
 * Keeps the positions of the first and the last row in sight, outside of the page's own state: scrolling
 * draws the rows and {@link RowRangeWords} again, and nothing else.
 */
export function useRowRange() {
  const [range] = useState(createRowRange);
  return { show: range.getState().show, use: range };
}

/** Says which rows are in sight: `1–40 of 100,000`. */
export function RowRangeWords(props: { range: ReturnType<typeof useRowRange>; total: number }) {
  const { range, total } = props;
  const { first, last } = range.use();
  if (total === 0) return null;
  return `${formatCount(first + 1)}–${formatCount(Math.min(last + 1, total))} of ${formatCount(total)}`;
}
