import { describe, expect, it } from 'vitest';
import { readDesktopOptions } from '../../../src/main/options.ts';

describe('readDesktopOptions', () => {
  it('reads the data folder in both notations', () => {
    expect(readDesktopOptions(['--data-dir', '/d'])).toEqual({ dataDir: '/d', files: [] });
    expect(readDesktopOptions(['--data-dir=/d'])).toEqual({ dataDir: '/d', files: [] });
  });

  it("leaves Chromium's switches alone", () => {
    expect(readDesktopOptions(['--remote-debugging-port=0', '--inspect', 'file'])).toEqual({
      files: [],
    });
    expect(readDesktopOptions(['--no-sandbox', '--data-dir', '/d'])).toEqual({
      dataDir: '/d',
      files: [],
    });
  });

  it('resolves what is relative, since Electron takes absolute paths only', () => {
    const options = readDesktopOptions(['--data-dir', 'd', 'raise.ostorplan'], '/here');
    expect(options).toEqual({ dataDir: '/here/d', files: ['/here/raise.ostorplan'] });
  });

  it('passes over a folder left empty', () => {
    expect(readDesktopOptions(['--data-dir='])).toEqual({ files: [] });
    expect(readDesktopOptions(['--data-dir'])).toEqual({ files: [] });
  });
});
