import { describe, expect, it } from 'vitest';
import { isTrayAvailable, type Probe } from '../../../src/main/tray-available.ts';

/** A machine with these programs, by what they print. */
function machine(programs: Readonly<Record<string, string>>): Probe {
  return async (program) => programs[program] ?? null;
}

describe('isTrayAvailable', () => {
  it('asks the first program that is there', async () => {
    expect(await isTrayAvailable('linux', machine({ gdbus: '(<true>,)' }))).toBe(true);
    expect(await isTrayAvailable('linux', machine({ busctl: 'b true' }))).toBe(true);
    expect(await isTrayAvailable('linux', machine({ gdbus: '', busctl: 'b true' }))).toBe(false);
    expect(await isTrayAvailable('linux', machine({ gdbus: '(<false>,)' }))).toBe(false);
  });

  it('counts on no tray where nothing can be asked', async () => {
    expect(await isTrayAvailable('linux', machine({}))).toBe(false);
  });

  it('counts on the tray of Windows and macOS', async () => {
    expect(await isTrayAvailable('win32', machine({}))).toBe(true);
    expect(await isTrayAvailable('darwin', machine({}))).toBe(true);
  });
});
