import type { Page } from '@playwright/test';

/** How a list was drawn while it was scrolled. */
export interface Frames {
  /** Milliseconds from frame to frame. */
  times: number[];
  /** Rows that stood empty, summed over all frames. */
  blankRows: number;
  /** Frames on end with an empty row in sight, at the worst. */
  blankFrames: number;
}

declare global {
  interface Window {
    frameMeter?: { times: number[]; blankRows: number; blankFrames: number; stop(): void };
  }
}

/** Runs in the page: times its frames, and looks in each for rows in sight that hold nothing yet. */
function startInPage(): void {
  const grid = document.querySelector('[role="grid"]');
  const rowHeight = 32;
  const meter = { times: [] as number[], blankRows: 0, blankFrames: 0, stop: () => {} };
  window.frameMeter = meter;
  let last = performance.now();
  let blankOnEnd = 0;
  let next = 0;
  const blankRowsNow = () => {
    const view = grid?.getBoundingClientRect();
    if (!view) return 0;
    const top = view.top + rowHeight;
    let filled = 0;
    let lowest = top;
    for (const row of grid?.querySelectorAll('[aria-rowindex]') ?? []) {
      const box = row.getBoundingClientRect();
      if (row.getAttribute('aria-rowindex') === '1') continue;
      filled += Math.max(0, Math.min(box.bottom, view.bottom) - Math.max(box.top, top));
      lowest = Math.max(lowest, box.bottom);
    }
    // a list that is shorter than its room has nothing below its last row
    const isShort = grid !== null && grid.scrollHeight <= grid.clientHeight + 1;
    const room =
      (isShort ? Math.min(lowest, view.bottom) : view.top + (grid?.clientHeight ?? 0)) - top;
    return Math.max(0, Math.round((room - filled) / rowHeight));
  };
  const onFrame = () => {
    const now = performance.now();
    meter.times.push(now - last);
    last = now;
    const blank = blankRowsNow();
    meter.blankRows += blank;
    blankOnEnd = blank > 0 ? blankOnEnd + 1 : 0;
    meter.blankFrames = Math.max(meter.blankFrames, blankOnEnd);
    next = requestAnimationFrame(onFrame);
  };
  next = requestAnimationFrame(onFrame);
  meter.stop = () => cancelAnimationFrame(next);
}

/** Measures the frames of the page's list while something is done with it. */
export async function framesOf(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(startInPage);
  await act();
  return page.evaluate(() => {
    const meter = window.frameMeter;
    meter?.stop();
    return {
      times: meter?.times ?? [],
      blankRows: meter?.blankRows ?? 0,
      blankFrames: meter?.blankFrames ?? 0,
    };
  });
}

/** Megabytes of the page's own heap that are in use once garbage is collected. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}
