import { describe, expect, it } from 'vitest';
import { readWebOptions } from '../../../src/web/options.ts';

describe('readWebOptions', () => {
  it('reads port and folder', () => {
    expect(readWebOptions(['--port', '8420', '--data-dir=/d'])).toEqual({
      port: 8420,
      dataDir: '/d',
    });
  });

  it('takes a free port and the usual folder by default', () => {
    const { port, dataDir } = readWebOptions([]);
    expect(port).toBe(0);
    expect(dataDir).toMatch(/Ostor Console$/);
  });

  it.each(['x', '-1', '65536', '80.5', ''])('refuses the port %j', (port) => {
    expect(() => readWebOptions([`--port=${port}`])).toThrow(/--port takes a number/);
  });

  it('refuses what it does not know', () => {
    expect(() => readWebOptions(['--prot', '1'])).toThrow(/prot/);
  });
});
