import { describe, expect, it } from 'vitest';
import { readDesktopOptions } from '../../../src/main/options.ts';

describe('readDesktopOptions', () => {
  it('reads the data folder in both notations', () => {
    expect(readDesktopOptions(['--data-dir', '/d'])).toEqual({ dataDir: '/d' });
    expect(readDesktopOptions(['--data-dir=/d'])).toEqual({ dataDir: '/d' });
  });

  it("leaves Chromium's switches alone", () => {
    expect(readDesktopOptions(['--remote-debugging-port=0', '--inspect', 'file'])).toEqual({});
    expect(readDesktopOptions(['--no-sandbox', '--data-dir', '/d'])).toEqual({ dataDir: '/d' });
  });

  it('passes over a folder left empty', () => {
    expect(readDesktopOptions(['--data-dir='])).toEqual({});
    expect(readDesktopOptions(['--data-dir'])).toEqual({});
  });
});
