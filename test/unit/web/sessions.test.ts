import { beforeEach, describe, expect, it } from 'vitest';
import { minute } from '#shared/durations.ts';
import { type OpenedSession, Sessions } from '../../../src/web/sessions.ts';

let now = 0;
let takenOver = 0;
let deserted = 0;
let sessions: Sessions;

function opened(result: ReturnType<Sessions['open']>): OpenedSession {
  if ('error' in result) throw result.error;
  return result;
}

const signIn = (): OpenedSession => opened(sessions.open(sessions.issueCode()));
const find = (token: string, used = true) => sessions.find(`Bearer ${token}`, used);
const reasonOf = (result: object): string =>
  'error' in result ? (result.error as Error).message : 'signed in';

beforeEach(() => {
  now = 1_000_000;
  takenOver = 0;
  deserted = 0;
  sessions = new Sessions({
    idleMilliseconds: 30 * minute,
    browsers: 1,
    onTakenOver: () => {
      takenOver += 1;
    },
    onDeserted: () => {
      deserted += 1;
    },
    now: () => now,
  });
});

describe('codes', () => {
  it('serve once', () => {
    const code = sessions.issueCode();
    expect(reasonOf(find(opened(sessions.open(code)).token))).toBe('signed in');
    expect(reasonOf(sessions.open(code))).toMatch(/not valid/);
  });

  it('expire after 60 s, and are spent then', () => {
    const code = sessions.issueCode();
    now += minute;
    expect(reasonOf(sessions.open(code))).toMatch(/expired/);
    expect(reasonOf(sessions.open(code))).toMatch(/not valid/);
  });

  it('are void once a newer one was issued; a wrong one spends nothing', () => {
    const [former, newer] = [sessions.issueCode(), sessions.issueCode()];
    expect(reasonOf(sessions.open(former))).toMatch(/not valid/);
    expect(reasonOf(sessions.open(newer))).toBe('signed in');
  });
});

describe('tokens', () => {
  it.each([undefined, '', 'abc', 'Bearer', 'Bearer ', 'Bearer abc', 'Basic abc'])(
    'refuses %j',
    (authorization) => {
      signIn();
      const result = sessions.find(authorization, true);
      expect('error' in result && result.status).toBe(401);
      expect(JSON.stringify(result)).not.toContain('abc');
    },
  );

  it('of a browser end when nobody uses it, whatever its page sends unattended', () => {
    const { token } = signIn();
    for (let minutes = 0; minutes < 29; minutes += 1) {
      now += minute;
      expect(reasonOf(find(token, false))).toBe('signed in');
    }
    now += minute;
    expect(reasonOf(find(token, false))).toMatch(/nobody used it/);
  });

  it('of scripts last until the shell ends', () => {
    const token = sessions.issueScriptToken();
    now += 1000 * minute;
    expect(reasonOf(find(token))).toBe('signed in');
    sessions.close();
    expect(reasonOf(find(token))).toMatch(/shutting down/);
  });

  it('are void after sign-out, as the cookie is; the stream of events ends', () => {
    const { token, cookie } = signIn();
    const session = find(token);
    if ('error' in session) throw session.error;
    sessions.signOut(session);
    expect(session.ended.aborted).toBe(true);
    expect(reasonOf(find(token))).toBe('You signed out of the console.');
    expect(reasonOf(sessions.resume(cookie ?? ''))).toBe('You signed out of the console.');
  });
});

describe('browsers', () => {
  it('are one: another signs the earlier out, and the operator is informed', () => {
    const former = signIn();
    const later = signIn();
    expect(reasonOf(find(former.token))).toMatch(/opened in another browser/);
    expect(reasonOf(find(later.token))).toBe('signed in');
    expect(takenOver).toBe(1);
  });

  it('that are gone, unused or signed out leave the console alone, which is informed', () => {
    sessions.issueScriptToken();
    const { token } = signIn();
    signIn(); // takes its place: somebody is there
    expect(deserted).toBe(0);
    now += 31 * minute;
    find(token);
    expect(deserted).toBe(1);
    const session = find(signIn().token);
    if ('error' in session) throw session.error;
    sessions.signOut(session);
    expect(deserted).toBe(2);
    signIn();
    sessions.close();
    expect(deserted).toBe(2);
  });

  it('are as many as allowed', () => {
    sessions = new Sessions({ idleMilliseconds: minute, browsers: 2, now: () => now });
    const tokens = [signIn(), signIn(), signIn()].map(({ token }) => token);
    expect(tokens.map((token) => 'error' in find(token))).toEqual([true, false, false]);
  });
});

describe('cookies', () => {
  it('resume a session while a page of it is open, and for 60 s after the last one closed', () => {
    const { token, cookie } = signIn();
    const session = find(token);
    if ('error' in session) throw session.error;
    const leave = session.enterPage();
    now += 10 * minute;
    const resumed = opened(sessions.resume(cookie ?? ''));
    expect(reasonOf(find(resumed.token))).toBe('signed in');
    leave();
    now += minute - 1;
    expect(reasonOf(sessions.resume(cookie ?? ''))).toBe('signed in');
    now += minute;
    expect(reasonOf(sessions.resume(cookie ?? ''))).toMatch(/closed more than 60 s ago/);
    expect('error' in find(token)).toBe(true);
  });

  it.each([undefined, '', 'another'])('open nothing where they are %j', (cookie) => {
    signIn();
    expect('error' in sessions.resume(cookie)).toBe(true);
  });

  it('are not tokens, nor tokens cookies', () => {
    const { token, cookie } = signIn();
    expect('error' in find(cookie ?? '')).toBe(true);
    expect('error' in sessions.resume(token)).toBe(true);
  });
});
