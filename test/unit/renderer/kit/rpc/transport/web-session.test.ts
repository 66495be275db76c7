import { expect, it } from 'vitest';
import { takeCode } from '#renderer/kit/rpc/transport/select.ts';
import { codeOf, createWebSession } from '#renderer/kit/rpc/transport/web-session.ts';

const refused = {
  code: 'CALLER_REFUSED',
  message: 'Signed out.',
  hint: 'Sign in.',
  retryable: false,
};

/** A web shell that gives one token per code, and another per resume while it is asked to. */
class Shell {
  readonly bodies: unknown[] = [];
  knows = true;
  fetch: typeof fetch = async (_, init) => {
    this.bodies.push(init?.method === 'DELETE' ? 'DELETE' : JSON.parse(String(init?.body)));
    const reply = this.knows
      ? { token: `token-${this.bodies.length}` }
      : { ok: false, error: refused };
    return new Response(JSON.stringify(reply), { status: this.knows ? 200 : 401 });
  };
}

it('exchanges the code once and holds the token', async () => {
  const shell = new Shell();
  const session = createWebSession({ code: 'abc', fetch: shell.fetch });
  expect(await Promise.all([session.token(), session.token()])).toEqual(['token-1', 'token-1']);
  expect(shell.bodies).toEqual([{ code: 'abc' }]);
});

it('resumes by cookie after a reload, and when a token was refused, once for all calls', async () => {
  const shell = new Shell();
  const session = createWebSession({ code: null, fetch: shell.fetch });
  const token = await session.token();
  expect(await Promise.all([session.renew(token), session.renew(token)])).toEqual([
    'token-2',
    'token-2',
  ]);
  expect(shell.bodies).toEqual([{}, {}]);
});

it('says that it ended, and starts again with another code', async () => {
  const shell = new Shell();
  shell.knows = false;
  const session = createWebSession({ code: 'abc', fetch: shell.fetch });
  let changes = 0;
  session.onChange(() => {
    changes += 1;
  });
  await expect(session.token()).rejects.toMatchObject({ code: 'CALLER_REFUSED' });
  expect(session.ended()?.message).toBe('Signed out.');
  shell.knows = true;
  await session.open('def');
  expect(session.ended()).toBeNull();
  expect(await session.token()).toBe('token-2');
  await session.signOut();
  expect(session.ended()?.message).toBe('You signed out of the console.');
  expect(changes).toBe(3);
});

it.each([
  ['http://127.0.0.1:8443/#code=abcdefghijklmnop', 'abcdefghijklmnop'],
  [' abcdefghijklmnop\n', 'abcdefghijklmnop'],
  ['short', null],
  ['http://127.0.0.1:8443/', null],
])('reads the code of %j', (text, code) => {
  expect(codeOf(text)).toBe(code);
});

it('takes the code out of the address, and leads on to the page named next to it', () => {
  const shown: unknown[] = [];
  const history = { replaceState: (...parts: unknown[]) => void shown.push(parts[2]) };
  const at = (hash: string) => takeCode({ location: { hash, pathname: '/', search: '' }, history });
  expect(at('#code=abcdefghijklmnop')).toBe('abcdefghijklmnop');
  expect(at('#code=abcdefghijklmnop&path=%2Fc%2Fdemo')).toBe('abcdefghijklmnop');
  expect(at('#/c/demo/users')).toBeNull();
  expect(shown).toEqual(['/#/', '/#/c/demo']);
});
