import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  firstWindowState,
  fitToDisplays,
  WindowStateFile,
} from '../../../src/main/window-state.ts';

const display = { x: 0, y: 0, width: 1920, height: 1080 };

describe('fitToDisplays', () => {
  const kept = { x: 100, y: 50, width: 1200, height: 800, maximized: true };

  it('keeps a place that can be seen', () => {
    expect(fitToDisplays(kept, [display])).toEqual(kept);
  });

  it('keeps a place on a second display', () => {
    const onSecond = { ...kept, x: 2000 };
    const second = { ...display, x: 1920 };
    expect(fitToDisplays(onSecond, [display, second])).toEqual(onSecond);
  });

  it('gives up the place when its display is gone, and keeps the size', () => {
    expect(fitToDisplays({ ...kept, x: 2000 }, [display])).toEqual({
      width: 1200,
      height: 800,
      maximized: true,
    });
  });

  it('is no larger than the display it is moved to', () => {
    const large = { x: 5000, y: 0, width: 3000, height: 2000, maximized: false };
    expect(fitToDisplays(large, [display])).toMatchObject({ width: 1920, height: 1080 });
  });

  it('gives up a place of which only a corner shows', () => {
    expect(fitToDisplays({ ...kept, x: 1900 }, [display])).not.toHaveProperty('x');
  });
});

describe('WindowStateFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'window-state-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads what was written, which only the operator may read', () => {
    const file = new WindowStateFile(folder);
    const state = { x: 1, y: 2, width: 1000, height: 700, maximized: false };
    file.write(state);
    expect(new WindowStateFile(folder).read()).toEqual(state);
    expect(statSync(join(folder, 'window.json')).mode & 0o077).toBe(0);
  });

  it.each(['', '{', '[]', '{"width":"wide"}', '{"width":1,"height":1,"maximized":false}'])(
    'opens as the first time where the file holds %j',
    (text) => {
      writeFileSync(join(folder, 'window.json'), text);
      expect(new WindowStateFile(folder).read()).toEqual(firstWindowState);
    },
  );

  it('continues where the folder can not be written', () => {
    const file = new WindowStateFile(join(folder, 'gone'));
    file.write(firstWindowState);
    expect(file.read()).toEqual(firstWindowState);
  });
});
