import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Server as SocketServer,
} from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startQuotaConsole } from '#test/fakes/quota-console.ts';
import type { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';
import { checkOnce } from '../../src/collect/check-once.ts';
import { readCheckOptions } from '../../src/collect/options.ts';

describe('what needs a look', () => {
  let started: Awaited<ReturnType<typeof startQuotaConsole>>;
  let console: TestConsole;
  let connectionId: string;

  beforeEach(async () => {
    started = await startQuotaConsole();
    ({ console, connectionId } = started);
  });
  afterEach(() => started.end());

  it('is checked for monitoring: exit status and the same as JSON', async () => {
    const check = (args: string[]) =>
      checkOnce(console.core, readCheckOptions(args), new AbortController().signal);
    expect(await check([])).toMatchObject({ exitStatus: 0, report: { status: 'OK', signals: [] } });
    await started.setQuota('1');
    const { exitStatus, report } = await check(['--connection', 'Lab']);
    expect([exitStatus, report.status]).toEqual([2, 'CRITICAL']);
    expect(report.signals).toEqual((await started.quotas()).rows);
    expect(report.clusters).toMatchObject([{ name: 'Lab', signals: { critical: 1 } }]);
    // nowhere to send it to: the findings are reported all the same
    const unsent = await check(['--connection', 'Lab', '--digest']);
    expect(unsent).toMatchObject({ exitStatus: 2, report: { status: 'CRITICAL' } });
    expect(unsent.report.digestError?.message).toBeTruthy();
    await expect(check(['--connection', 'Elsewhere'])).rejects.toMatchObject({
      ...{ code: 'CONNECTION_NOT_FOUND', hint: 'Name one of these: Lab.' },
    });
    // where nothing is looked at, nothing is known to be well
    await console.call('connections.remove', { id: connectionId });
    await expect(check([])).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  });

  it('ends the command with the status that monitoring knows it by', async () => {
    await started.setQuotaUsed(95);
    await console.core.close();
    const program = programPath(import.meta.url, '../../src/collect/check-main.ts');
    const run = async (connection: string) => {
      const args = [program, '--data-dir', console.dataDir, '--connection', connection];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      return { status, report: JSON.parse(output) };
    };
    expect(await run('Lab')).toMatchObject({
      ...{ status: 1, report: { ok: false, status: 'WARNING', signals: [{ kind: 'quota' }] } },
    });
    expect(await run('Elsewhere')).toMatchObject({
      ...{ status: 3, report: { ok: false, error: { code: 'CONNECTION_NOT_FOUND' } } },
    });
  });

  it('is posted to a webhook by the check, its token from the keychain', async () => {
    const posts: { headers: IncomingHttpHeaders; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      posts.push({ headers: request.headers, body });
      response.statusCode = posts.length === 1 ? 204 : 500;
      response.end();
    });
    const url = `http://127.0.0.1:${await listening(server)}/hooks/1?a=b`;
    try {
      await started.setQuota('1');
      const secret = 'hook-token-1';
      const saved = await console.call('signals.setDigest', { kind: 'webhook', url, secret });
      // the store of this test is one of memory: that is said, and that it is gone with the session
      expect(saved).toEqual({ kind: 'webhook', url, hasSecret: true, secretIn: 'memory' });
      await console.restart();
      const options = readCheckOptions(['--connection', 'Lab', '--digest']);
      const checked = await checkOnce(console.core, options, new AbortController().signal);
      expect(checked).toMatchObject({ exitStatus: 2, report: { digest: { signals: 1 } } });
      expect(posts[0]?.headers.authorization).toBe(`Bearer ${secret}`);
      const body = JSON.parse(posts[0]?.body ?? '');
      expect(body.text).toMatch(/^1 critical .*\n\nCRITICAL {2}Lab {2}Quota reached or near: /);
      expect(body.signals).toHaveLength(1);
      await expect(console.call('signals.sendDigest', {})).rejects.toMatchObject({
        code: 'REQUEST_REFUSED',
      });
      // another server does not get this one's token
      const other = await console.call('signals.setDigest', {
        kind: 'webhook',
        url: 'https://other.example.com/',
      });
      expect(other?.hasSecret).toBe(false);
      await console.call('signals.setDigest', { kind: 'webhook', url, secret });
      // as when the session it was entered in has ended
      await started.secrets.remove('signals-digest');
      expect(await console.call('signals.digest', {})).toMatchObject({ secretIn: 'gone' });
      await expect(console.call('signals.sendDigest', {})).rejects.toMatchObject({
        code: 'CREDENTIAL_MISSING',
      });
    } finally {
      server.close();
    }
  });

  it('refuses a token that would cross the network in clear', async () => {
    const digest = { kind: 'webhook', url: 'http://hooks.example.com/1', secret: 'token' } as const;
    await expect(console.call('signals.setDigest', digest)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: 'Use an https:// address.',
    });
    expect(await console.call('signals.digest', {})).toBeNull();
  });

  it('is mailed with the password of the mail server', async () => {
    const mail = new MailServer();
    const port = await listening(mail.server);
    try {
      const input = {
        kind: 'smtp',
        url: `smtp://127.0.0.1:${port}`,
        username: 'olga',
        secret: 'mail-pass-1',
        ...{ from: 'console@example.com', to: 'ops@example.com' },
      } as const;
      await console.call('signals.setDigest', input);
      await started.setQuota('1');
      expect(await console.call('signals.sendDigest', {})).toEqual({
        signals: 1,
        sentTo: 'ops@example.com',
      });
      expect(mail.commands).toContain('RCPT TO:<ops@example.com>');
      expect(mail.credential).toBe('\0olga\0mail-pass-1');
      expect(mail.data).toMatch(/Subject: \[Ostor Console\] 1 critical/);
      expect(mail.data.replaceAll('=\n', '')).toContain('Quota reached or near');
      await console.call('signals.removeDigest', {});
      await expect(console.call('signals.sendDigest', {})).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    } finally {
      mail.server.close();
    }
  });
});

async function listening(server: Server | SocketServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Speaks as much SMTP as one mail needs. */
class MailServer {
  readonly commands: string[] = [];
  data = '';
  credential = '';
  readonly server = createSocketServer((socket) => {
    let inData = false;
    let rest = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    say('220 mail ready');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = `${rest}${chunk.toString('utf8')}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (inData) {
          if (line !== '.') this.data += `${line}\n`;
          else {
            inData = false;
            say('250 taken');
          }
          continue;
        }
        this.commands.push(line);
        if (line.startsWith('EHLO')) say('250-mail\r\n250 AUTH PLAIN');
        else if (line.startsWith('AUTH PLAIN ')) {
          this.credential = Buffer.from(line.slice(11), 'base64').toString('utf8');
          say('235 welcome');
        } else if (line === 'DATA') {
          inData = true;
          say('354 go ahead');
        } else say(line === 'QUIT' ? '221 bye' : '250 ok');
      }
    });
  });
}
