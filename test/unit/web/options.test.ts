import { describe, expect, it } from 'vitest';
import { readWebOptions } from '../../../src/web/options.ts';

describe('readWebOptions', () => {
  it('reads every option', () => {
    const args =
      '--port 8420 --data-dir=/d --socket /s --token-file /t --idle 5 --browsers 2 --no-demo';
    expect(readWebOptions(args.split(' '))).toEqual({
      ...{ port: 8420, dataDir: '/d', socket: '/s', tokenFile: '/t' },
      ...{ idleMinutes: 5, browsers: 2, demo: false },
    });
  });

  it('takes a free port, the usual folder, one browser and an hour by default', () => {
    const { dataDir, ...rest } = readWebOptions([]);
    const usual = { port: 0, socket: null, tokenFile: null, idleMinutes: 60, browsers: 1 };
    expect(rest).toEqual({ ...usual, demo: true });
    expect(dataDir).toMatch(/Ostor Console$/);
  });

  it.each(['x', '-1', '65536', '80.5', ''])('refuses the port %j', (port) => {
    expect(() => readWebOptions([`--port=${port}`])).toThrow(/--port takes a number/);
  });

  it.each(['--idle=0', '--idle=1441', '--browsers=0', '--browsers=17'])('refuses %s', (option) => {
    expect(() => readWebOptions([option])).toThrow(/takes a number/);
  });

  it('refuses what it does not know', () => {
    expect(() => readWebOptions(['--prot', '1'])).toThrow(/prot/);
  });
});
