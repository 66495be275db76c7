import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { StaticAssets } from '#core/platform/files/static-assets.ts';
import { contract } from '#shared/contract/index.ts';
import { ScriptedCore } from '#test/fakes/scripted-core.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { mostAnonymous } from '../../src/web/front-door.ts';
import { listen } from '../../src/web/listen.ts';
import { longestText } from '../../src/web/rpc-route.ts';
import { Sessions } from '../../src/web/sessions.ts';
import { createWebServer } from '../../src/web/web-server.ts';

let folder: string;
let core: ScriptedCore;
let sessions: Sessions;
let server: ReturnType<typeof createWebServer>;
let port: number;
let origin: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'web-shell-'));
  writeFileSync(join(folder, 'index.html'), '<title>console</title>');
  core = new ScriptedCore();
  core.script = async ({ input }) => ({ ok: true, value: input });
  sessions = new Sessions({ idleMilliseconds: 60_000, browsers: 1 });
  server = createWebServer({ core, files: new StaticAssets(folder), sessions });
  port = await listen(server, { port: 0, socket: null });
  origin = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Sends bytes as they are; yields all that came back. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (part: Buffer) => {
      answer += part.toString();
    });
    socket.on('error', () => undefined); // what was left unread may be answered by a reset
    socket.once('close', () => resolve(answer));
  });
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify(body), headers });

async function tokenOf(reply: Response): Promise<string> {
  return ((await reply.json()) as { token: string }).token;
}

describe('session', () => {
  it('is opened by a code once, resumed by its cookie from a page, and ended by signing out', async () => {
    const code = sessions.issueCode();
    const first = await post('/session', { code });
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      new RegExp(`^ostor-console-${port}=[\\w-]{43}; Path=/session; HttpOnly; SameSite=Strict$`),
    );
    const token = await tokenOf(first);
    expect((await post('/session', { code })).status).toBe(401);

    const own = { cookie: cookie.split(';')[0] ?? '', origin };
    const resumed = await tokenOf(await post('/session', {}, own));
    expect((await post('/session', {}, { cookie: own.cookie })).status).toBe(401);
    const foreign = { ...own, origin: 'http://127.0.0.1:9' };
    expect((await post('/session', {}, foreign)).status).toBe(403);

    for (const known of [token, resumed]) {
      const reply = await post('/rpc/app.info', {}, { authorization: `Bearer ${known}` });
      expect(reply.status).toBe(200);
    }
    expect((await post('/rpc/app.info', {}, { cookie: own.cookie, origin })).status).toBe(401);
    const signedOut = await fetch(`${origin}/session`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(signedOut.headers.get('set-cookie')).toContain('Max-Age=0');
    const after = await post('/rpc/app.info', {}, { authorization: `Bearer ${resumed}` });
    expect(await after.json()).toMatchObject({
      error: { code: 'CALLER_REFUSED', message: 'You signed out of the console.' },
    });
    expect((await post('/session', {}, own)).status).toBe(401);
  });

  it('ends the stream of events with it', async () => {
    const token = await tokenOf(await post('/session', { code: sessions.issueCode() }));
    const headers = { authorization: `Bearer ${token}` };
    const stream = await fetch(`${origin}/events`, { headers });
    await fetch(`${origin}/session`, { method: 'DELETE', headers });
    expect(await stream.text()).toContain(': connected');
  });

  it('refuses what is no code with a code', async () => {
    for (const body of [{ code: 7 }, [], 'text', { code: 'x'.repeat(300) }]) {
      const reply = await post('/session', body);
      expect([400, 401]).toContain(reply.status);
      expect(await reply.json()).toMatchObject({ ok: false });
    }
    expect((await post('/session', { code: 'x'.repeat(5000) })).status).toBe(413);
  });
});

describe('every answer', () => {
  const line = (text: string, host = `127.0.0.1:${port}`): string =>
    `${text} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
  const cases: [name: string, text: () => string, status: number][] = [
    ['a page', () => `${line('GET /')}\r\n`, 200],
    ['nothing there', () => `${line('GET /nothing.js')}\r\n`, 404],
    ['another method', () => `${line('PUT /rpc/app.info')}\r\n`, 404],
    ['no token', () => `${line('POST /rpc/app.info')}Content-Length: 0\r\n\r\n`, 401],
    ['another host', () => `${line('GET /', 'console.example')}\r\n`, 403],
    ['another host, bad path', () => `${line('GET /%zz', 'console.example')}\r\n`, 403],
    ['no host', () => 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 403],
    ['an expectation', () => `${line('GET /')}Expect: tea\r\n\r\n`, 200],
    ['a path that is none', () => `${line('GET /%zz')}\r\n`, 400],
    ['a path that is long', () => `${line(`POST /rpc/${'x'.repeat(500)}`)}\r\n`, 414],
    ['no HTTP', () => 'hello\r\n\r\n', 400],
    [
      'two lengths',
      () => `${line('POST /')}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a NUL in the path', () => `${line('GET /\0')}\r\n`, 400],
    [
      'an address of another host',
      () => `${line('GET http://evil.example/', 'evil.example')}\r\n`,
      403,
    ],
    ['a way out of the folder', () => `${line('GET /../../package.json')}\r\n`, 404],
    [
      'a large body without a token',
      () => `${line('POST /rpc/plans.open')}Content-Length: 150000000\r\n\r\nx`,
      401,
    ],
    [
      'a large body for a code',
      () => `${line('POST /session')}Content-Length: 5000\r\n\r\n${'x'.repeat(5000)}`,
      413,
    ],
    ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a header that is long', () => `${line('GET /')}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a proxy request', () => `${line('CONNECT example.com:443')}\r\n`, 405],
  ];

  it.each(cases)('has the security headers: %s', async (_, text, status) => {
    const answer = await sendRaw(text());
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const head = (answer.split('\r\n\r\n')[0] ?? '').toLowerCase();
    for (const header of [
      "content-security-policy: default-src 'none'",
      'x-content-type-options: nosniff',
      'x-frame-options: deny',
      'referrer-policy: no-referrer',
      'cache-control: no-store',
    ]) {
      expect(head).toContain(header);
    }
    expect(head).not.toContain('access-control');
  });

  it('comes through a tunnel at another port', async () => {
    const through = await sendRaw(`${line('GET /', 'localhost:9999')}\r\n`);
    expect(through).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('bodies', () => {
  it('of the longest text that a call takes pass', () => {
    const longest = Object.values(contract).map(({ input }) => {
      const schema = JSON.stringify(z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' }));
      return Math.max(
        0,
        ...[...schema.matchAll(/"maxLength":(\d+)/g)].map(([, most]) => Number(most)),
      );
    });
    expect(Math.max(...longest)).toBe(longestText);
  });

  it('of 17 MB and of 150 MB pass', async () => {
    core.script = async ({ input }) => {
      const { content } = input as { content: string };
      return { ok: true, value: { length: content.length } };
    };
    const headers = { authorization: `Bearer ${sessions.issueScriptToken()}` };
    for (const length of [17_000_000, 50_000_000]) {
      const reply = await post('/rpc/plans.open', { content: '€'.repeat(length) }, headers);
      expect(await reply.json()).toEqual({ ok: true, value: { length } });
    }
  });
});

describe('connections', () => {
  it('without a token can not keep others out, nor drop those that have one', async () => {
    const authorization = `Bearer ${sessions.issueScriptToken()}`;
    const stream = await fetch(`${origin}/events`, { headers: { authorization } });
    const silent: Socket[] = [];
    for (let count = 0; count < mostAnonymous * 3; count += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      silent.push(socket);
      await new Promise((resolve) => socket.once('connect', resolve));
    }
    for (let count = 0; count < 5; count += 1) {
      expect((await post('/rpc/app.info', {}, { authorization })).status).toBe(200);
    }
    const count = await new Promise<number>((resolve, reject) =>
      server.server.getConnections((error, open) => (error ? reject(error) : resolve(open))),
    );
    expect(count).toBeLessThanOrEqual(mostAnonymous + 10);
    const reader = stream.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('connected');
    await reader?.cancel();
    for (const socket of silent) socket.destroy();
  });

  it('wait for a request for a bounded time', () => {
    const { headersTimeout, requestTimeout } = server.server;
    expect(headersTimeout).toBe(10_000);
    expect(requestTimeout).toBe(300_000);
  });
});

describe.skipIf(process.platform === 'win32')('a Unix socket', () => {
  const path = (): string => join(folder, 'console.sock');
  let own: ReturnType<typeof createWebServer>;
  beforeEach(() => {
    own = createWebServer({ core, files: new StaticAssets(folder), sessions });
  });
  afterEach(() => own.close());

  it('is for its owner alone and answers as the port does; the one of a dead console is replaced', async () => {
    expect(await listen(own, { port: 0, socket: path() })).toBe(8443);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    const status = await new Promise((resolve, reject) => {
      const headers = { host: '127.0.0.1:8443' };
      request({ socketPath: path(), path: '/', headers }, (reply) => resolve(reply.statusCode))
        .once('error', reject)
        .end();
    });
    expect(status).toBe(200);
    const second = createWebServer({ core, files: new StaticAssets(folder), sessions });
    await expect(listen(second, { port: 0, socket: path() })).rejects.toThrow(/listens on it/);
    await second.close();
  });

  it('never takes the place of a file', async () => {
    writeFileSync(path(), 'precious');
    await expect(listen(own, { port: 0, socket: path() })).rejects.toThrow(/file of that name/);
  });
});

it('has a port of the loopback interface alone', () => {
  expect((server.server.address() as AddressInfo).address).toBe('127.0.0.1');
});

it('keeps what was selected for the next shell of the same data, on whatever port', async () => {
  const console_ = await TestConsole.start();
  const askShell = async (call: string, input: object): Promise<unknown> => {
    const shell = createWebServer({
      core: console_.core,
      files: new StaticAssets(folder),
      sessions,
    });
    const own = await listen(shell, { port: 0, socket: null });
    try {
      const reply = await fetch(`http://127.0.0.1:${own}/rpc/${call}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sessions.issueScriptToken()}` },
        body: JSON.stringify(input),
      });
      return await reply.json();
    } finally {
      await shell.close();
    }
  };
  try {
    const changes = { theme: 'dark', 'firstStepsDismissed/rack-7': true };
    expect(await askShell('preferences.set', { changes })).toEqual({ ok: true, value: null });
    await console_.restart();
    expect(await askShell('preferences.get', {})).toEqual({ ok: true, value: changes });
  } finally {
    await console_.end();
  }
});
