import { expect, it } from 'vitest';
import { defaultDataDir } from '#core/platform/files/data-directory.ts';

it.each([
  ['linux', {}, '/home/o/.config/Ostor Console'],
  ['linux', { XDG_CONFIG_HOME: '/conf' }, '/conf/Ostor Console'],
  ['linux', { XDG_CONFIG_HOME: '' }, '/home/o/.config/Ostor Console'],
  ['darwin', {}, '/home/o/Library/Application Support/Ostor Console'],
  ['win32', { APPDATA: '/roaming' }, '/roaming/Ostor Console'],
] as const)('on %s with %j', (platform, environment, folder) => {
  expect(defaultDataDir(platform, environment, '/home/o')).toBe(folder);
});
