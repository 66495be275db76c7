import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const windowState = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(400).max(20_000),
  height: z.int().min(300).max(20_000),
  maximized: z.boolean(),
});

/** Where a window stood, in screen points; without `x` and `y` the system places it. */
type WindowState = z.output<typeof windowState>;

/** A rectangle of the screen, in points. */
type ScreenArea = Record<'x' | 'y' | 'width' | 'height', number>;

/** How large a window opens the first time. */
export const firstWindowState: WindowState = { width: 1360, height: 860, maximized: false };

/** Points of a window that have to be on a display for it to be found and moved there. */
const visiblePart = 120;

function overlap(start: number, length: number, areaStart: number, areaLength: number): number {
  return Math.min(start + length, areaStart + areaLength) - Math.max(start, areaStart);
}

/**
 * The state to open with: as kept, where enough of it is on a display that is there now; else its
 * size alone, no larger than the first display, and the system places it.
 * @param displays work areas of the displays, the primary one first
 */
export function fitToDisplays(state: WindowState, displays: readonly ScreenArea[]): WindowState {
  const { x, y, width, height, maximized } = state;
  const isVisible = displays.some(
    (area) =>
      x !== undefined &&
      y !== undefined &&
      overlap(x, width, area.x, area.width) >= visiblePart &&
      overlap(y, height, area.y, area.height) >= visiblePart,
  );
  if (isVisible) return state;
  const primary = displays[0];
  return {
    width: primary ? Math.min(width, primary.width) : width,
    height: primary ? Math.min(height, primary.height) : height,
    maximized,
  };
}

/** Keeps the window's state in a file of the data folder. What can't be read counts as never kept. */
export class WindowStateFile {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'window.json');
  }

  /** The state last kept, or that of a first start. */
  read(): WindowState {
    try {
      return windowState.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return firstWindowState;
    }
  }

  /** Keeps a state. A full disk costs the place of a window and nothing else. */
  write(state: WindowState): void {
    try {
      writeFileSync(this.#path, JSON.stringify(state), { mode: 0o600 });
    } catch {
      // the next start opens at the first place
    }
  }
}
