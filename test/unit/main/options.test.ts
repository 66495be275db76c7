import { describe, expect, it } from 'vitest';
import { readDesktopOptions } from '../../../src/main/options.ts';

describe('readDesktopOptions', () => {
  it('reads the data folder in both notations', () => {
    expect(readDesktopOptions(['--data-dir', '/d'])).toEqual({
      dataDir: '/d',
      files: [],
      demo: true,
    });
    expect(readDesktopOptions(['--data-dir=/d'])).toEqual({ dataDir: '/d', files: [], demo: true });
  });

  it("leaves Chromium's switches alone", () => {
    expect(readDesktopOptions(['--remote-debugging-port=0', '--inspect', 'file'])).toEqual({
      files: [],
      demo: true,
    });
    expect(readDesktopOptions(['--no-sandbox', '--data-dir', '/d'])).toEqual({
      dataDir: '/d',
      files: [],
      demo: true,
    });
  });

  it('resolves what is relative, since Electron takes absolute paths only', () => {
    const options = readDesktopOptions(['--data-dir', 'd', 'raise.ostorplan'], '/here');
    expect(options).toEqual({ dataDir: '/here/d', files: ['/here/raise.ostorplan'], demo: true });
  });

  it('passes over a folder left empty', () => {
    expect(readDesktopOptions(['--data-dir='])).toEqual({ files: [], demo: true });
    expect(readDesktopOptions(['--data-dir'])).toEqual({ files: [], demo: true });
  });

  it('shows no demo cluster where none is wanted', () => {
    expect(readDesktopOptions(['--no-demo'])).toEqual({ files: [], demo: false });
  });
});
