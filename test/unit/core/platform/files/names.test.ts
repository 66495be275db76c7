import { describe, expect, it } from 'vitest';
import { defaultDataDir } from '#core/platform/files/data-directory.ts';
import { isLeftPartial, partialName } from '#core/platform/files/write-file-atomically.ts';

describe('default data dir', () => {
  it.each([
    ['linux', {}, '/home/o/.config/Ostor Console'],
    ['linux', { XDG_CONFIG_HOME: '/conf' }, '/conf/Ostor Console'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/o/.config/Ostor Console'],
    ['darwin', {}, '/home/o/Library/Application Support/Ostor Console'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/Ostor Console'],
  ] as const)('on %s with %j', (platform, environment, folder) => {
    expect(defaultDataDir(platform, environment, '/home/o')).toBe(folder);
  });
});

describe('partial files', () => {
  it('knows a partial file whose writer is gone, and leaves every other file alone', () => {
    const own = partialName('part-0.parquet');
    expect(isLeftPartial(own)).toBe(false);
    expect(isLeftPartial(own.replace(`${process.pid}-`, '4194304999-'))).toBe(true);
    for (const name of ['part-0.parquet', '.hidden', 'a.partial', '.a.12-xyz.partial']) {
      expect(isLeftPartial(name)).toBe(false);
    }
  });
});
