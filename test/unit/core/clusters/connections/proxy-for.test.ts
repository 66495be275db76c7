import { describe, expect, it } from 'vitest';
import { routeFor, separatePassword } from '#core/clusters/connections/proxy-for.ts';

const endpoint = 'https://s3.example.com:9000';
const none = async (): Promise<null> => null;

describe('routeFor', () => {
  const system = async (url: string): Promise<string> => `http://proxy-for/${url}`;

  it('asks the system where nothing else is selected', async () => {
    const asked = { proxy: `http://proxy-for/${endpoint}`, why: 'The proxy of the system.' };
    expect(await routeFor({ endpoint }, system, none)).toEqual(asked);
    expect(await routeFor({ endpoint, proxy: { mode: 'system' } }, system, none)).toEqual(asked);
  });

  it.each(['http://127.0.0.1:8080', 'https://localhost:8443', 'https://[::1]:8443'])(
    'asks nobody for the way to %s: a proxy’s own loopback is another machine',
    async (here) => {
      const { proxy, why } = await routeFor({ endpoint: here }, system, none);
      expect([proxy, why]).toEqual([null, 'No proxy: the address is this machine.']);
    },
  );

  it('takes none, or its own, where that is selected', async () => {
    const direct = await routeFor({ endpoint, proxy: { mode: 'direct' } }, system, none);
    expect(direct.proxy).toBeNull();
    const own = { mode: 'manual' as const, url: 'http://own:3128' };
    expect(await routeFor({ endpoint, proxy: own }, system, none)).toEqual({
      proxy: 'http://own:3128',
      why: 'The proxy of this connection.',
    });
  });

  it('puts the user name and the password that is asked for into the address', async () => {
    const own = {
      mode: 'manual' as const,
      url: 'socks5://own:1080',
      username: 'op@site',
      hasPassword: true,
    };
    const { proxy } = await routeFor({ endpoint, proxy: own }, system, async () => 'a:b c');
    expect(proxy).toBe('socks5://op%40site:a%3Ab%20c@own:1080');
  });
});

describe('separatePassword', () => {
  const stored = { mode: 'manual' as const, url: 'http://proxy:3128', username: 'op' };

  it('takes the user name and password out of a pasted address', () => {
    expect(
      separatePassword({ mode: 'manual', url: 'http://op:open%20sesame@proxy:3128/' }, undefined),
    ).toEqual({ proxy: { ...stored, hasPassword: true }, password: 'open sesame' });
  });

  it('keeps the stored password for the same user of the same proxy alone', () => {
    const before = { ...stored, hasPassword: true };
    expect(separatePassword(stored, before).proxy).toEqual(before);
    expect(separatePassword({ ...stored, url: 'http://other:3128' }, before).proxy).toEqual({
      ...stored,
      url: 'http://other:3128',
    });
    expect(separatePassword({ ...stored, username: 'someone' }, before).proxy).toEqual({
      ...stored,
      username: 'someone',
    });
  });

  it('forgets the stored password where null is entered in its place', () => {
    const entered = { ...stored, password: null };
    expect(separatePassword(entered, { ...stored, hasPassword: true })).toEqual({
      proxy: stored,
      password: null,
    });
  });

  it('takes a percent sign that encodes nothing as one, and a password only with a user name', () => {
    const pasted = { mode: 'manual' as const, url: 'http://op:100%25%20or%@proxy:3128' };
    expect(separatePassword(pasted, undefined).password).toBe('100% or%');
    const nameless = { mode: 'manual' as const, url: 'http://proxy:3128', password: 'pw' };
    expect(() => separatePassword(nameless, undefined)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('keeps nothing of a proxy that is not selected', () => {
    const entered = { mode: 'system' as const, url: 'http://op:pw@proxy:1' };
    expect(separatePassword(entered, undefined)).toEqual({
      proxy: { mode: 'system' },
      password: null,
    });
  });

  it.each([undefined, 'ftp://op:pw@proxy', 'http://', 'quic://proxy:1'])('refuses %s', (url) => {
    const refused = expect.objectContaining({
      code: 'INPUT_INVALID',
      message: expect.not.stringContaining('pw'),
    });
    expect(() => separatePassword({ mode: 'manual', url }, undefined)).toThrow(refused);
  });
});
